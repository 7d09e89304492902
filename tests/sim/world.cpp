#include "world.hpp"

#include <algorithm>
#include <cerrno>

#include "describe.hpp"
#include "hashing.hpp"

namespace leaselock::sim {

namespace step = protocol::step;
using protocol::Result;
using protocol::Step;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t most_requests = 60'000;

}  // namespace

Outcome World::run() {
  for (Process& process : processes_) {
    Event event;
    event.process = process.number;
    event.incarnation = process.incarnation;
    schedule(now_ + random_.between(Duration::zero(), lifetime_), std::move(event));
  }
  const auto failed = [this] {
    return exclusion_.violation() || sharing_.violation() || disk_.violation() || queue_.violation();
  };
  const bool only_flufl = scenario_.has_only(Kind::flufl);
  const auto all_finished = [this, only_flufl] {
    return std::ranges::all_of(processes_, [only_flufl](const Process& process) {
      return process.finished || (process.kind == Kind::flufl && !only_flufl);
    });
  };
  while (!due_.empty() && !failed() && !all_finished()) {
    const Due due = due_.top();
    due_.pop();
    now_ = due.at;
    if (healed()) heal();
    if (planted_expiry_ && server_now() >= *planted_expiry_) release_planted();
    if (now_ > end_ || outcome_.requests > most_requests) break;
    Event event = std::move(slots_[due.slot]);
    free_slots_.push_back(due.slot);
    handle(event);
  }
  if (!failed()) check_end();
  for (const auto& violation : {exclusion_.violation(), sharing_.violation(), disk_.violation(), queue_.violation()}) {
    if (violation && !outcome_.violation) outcome_.violation = violation;
  }
  outcome_.holds = is_shared() ? sharing_.holds() : exclusion_.holds();
  if (outcome_.violation) note("VIOLATION: " + *outcome_.violation);
  return std::move(outcome_);
}

void World::schedule(TrueTime at, Event event) {
  std::size_t slot = slots_.size();
  if (free_slots_.empty()) {
    slots_.push_back(std::move(event));
  } else {
    slot = free_slots_.back();
    free_slots_.pop_back();
    slots_[slot] = std::move(event);
  }
  due_.push({at, ++order_, slot});
}

World::Event World::event_for(const Process& process, Event::What what) const {
  Event event;
  event.what = what;
  event.process = process.number;
  event.incarnation = process.incarnation;
  return event;
}

void World::handle(Event& event) {
  if (event.what == Event::What::execute) return execute(event);
  Process& process = processes_[event.process];
  if (event.incarnation != process.incarnation) return;  // it died in the meantime
  if (now_ < process.stopped_until) return schedule(process.stopped_until, std::move(event));
  switch (event.what) {
    case Event::What::next:
      return next(process);
    case Event::What::step:
      return start_step(process, std::move(event.step));
    case Event::What::wake: {
      if (!process.asleep || event.sleep != process.sleeps) return;  // woken before
      process.asleep = false;
      process.wait.reset();
      Result result;
      result.error = event.error;
      result.gone = event.gone;
      result.runs = event.runs;
      return resume(process, std::move(result));
    }
    case Event::What::reply: {
      Host& host = hosts_[process.host];
      const bool changed = event.request.modifies() && event.answer.error == 0;
      process.changed_last = changed ? event.request.object : Handle{};
      return proceed(process, process.pending->resume(host.client, process.open, event.answer, now_));
    }
    case Event::What::restart:
      return restart(process);
    case Event::What::look:
      if (process.judge && event.sleep == process.looks) look(process);
      return;
    case Event::What::execute:
      return;
  }
}

LeaseTime World::own(const Process& process) const { return LeaseTime(hosts_[process.host].clock.at(now_)); }

TrueTime World::true_time(const Process& process, LeaseTime moment) const {
  // Nobody's deadline is further away than the clock's horizon, except "for ever".
  if (moment == LeaseTime::max()) return TrueTime::max();
  return hosts_[process.host].clock.when(moment.time_since_epoch());
}

ServerTime World::server_now() const {
  const Duration shown = server_clock_.at(now_);
  return ServerTime(shown - shown % granularity_);
}

void World::begin(Process& process, Operation operation, std::optional<Duration> length) {
  process.operation = operation;
  process.waiting = is_lock(operation);
  process.decided = now_;
  process.attentive = std::max(process.attentive, now_);
  process.saw_old_listing = false;
  const auto belief = process.contender->belief();
  process.deadline_before = belief ? belief->deadline : LeaseTime{};
  process.token_before = belief ? belief->token : 0;
  process.shown_before = shows_hold(process);
  process.lock_file_before = shows_claim(process);
  if (tracing_) note(process, "begins " + to_string(operation));
  auto next = process.contender->start(operation, length, own(process));
  watch(process);
  follow(process, std::move(next));
}

void World::follow(Process& process, std::optional<Step> step) {
  if (!step) return ended(process);
  if (++outcome_.requests > most_requests) return;
  process.looked = process.decided;
  process.decided = now_;
  const bool removal = removes_lock(*step);
  if (faults_->crashes() && !removal) return faults_->takes_host_along() ? reboot(process.host) : crash(process);
  const Duration pause = faults_->pause(removal);
  process.sent = own(process);
  if (pause == Duration::zero()) return start_step(process, std::move(*step));
  // The driver reads its clock before the pause or after it.
  process.reads_clock_late = random_.chance(500);
  if (tracing_) note(process, "pauses for " + describe(pause));
  process.attentive = now_ + pause;
  const TrueTime until = std::min(now_ + pause, std::max(heal_, now_));
  // The whole process, and not only the thread that wanted this step.
  if (process.judge && random_.chance(500)) process.stopped_until = until;
  Event event = event_for(process, Event::What::step);
  event.step = std::move(*step);
  schedule(until, std::move(event));
}

void World::start_step(Process& process, Step step) {
  if (process.reads_clock_late) process.sent = own(process);
  process.reads_clock_late = false;
  if (tracing_) note(process, protocol::to_string(step));
  if (start_waiting(process, step)) return;
  process.pending.emplace(std::move(step));
  Host& host = hosts_[process.host];
  proceed(process, process.pending->start(host.client, process.open, server_.root(), now_));
}

void World::proceed(Process& process, std::optional<Request> request) {
  if (request) return send(process, std::move(*request));
  Result result = process.pending->result();
  result.local = result.wakes = scenario_.local;
  resume(process, std::move(result));
}

void World::send(Process& process, Request request) {
  request.sender = static_cast<std::uint32_t>(process.number + 1);
  if (request.name.find('/') != std::string::npos || request.new_name.find('/') != std::string::npos) {
    return disk_.report("a path is used where a name belongs: " + describe(request));
  }
  if (orphan(process, request)) return;
  Fate fate = faults_->fate(request, removes_lock(process.pending->step()));
  if (request.object == process.changed_last) fate.listing_age = 0;
  // What one process was shown of an old state, others of its host find in the cache that they share.
  const bool old = fate.listing_age > 0 || fate.torn;
  if (old) {
    process.saw_old_listing = true;
    for (Process& other : processes_) {
      if (other.host == process.host) other.attentive = std::max(other.attentive, now_ + 20 * round_trip_);
    }
  }
  if (request.kind == Request::Kind::list) hosts_[process.host].has_old_listing = old;
  const Duration left = std::max(Duration::zero(), heal_ - now_);
  if (!healed()) fate.end_within(left);

  Event event = event_for(process, Event::What::execute);
  event.request = std::move(request);
  event.fate = fate;
  event.disturbed = fate.disturbed(round_trip_) || now_ - process.looked > late_after(round_trip_);
  event.unlocking = process.operation == Operation::unlock || process.operation == Operation::destroy;
  if (tracing_ && fate.is_fault()) note(process, "    meets " + describe(fate));
  if (event.disturbed || fate.is_fault()) excused_tickets_.insert(event.request.name);
  if (event.disturbed || fate.is_fault() || fate.after > late_after(round_trip_)) {
    process.attentive = now_ + fate.before + fate.after + fate.again.value_or(Duration::zero());
  }
  if (fate.error != 0 || fate.zombie) {
    Event reply = event_for(process, Event::What::reply);
    reply.answer.error = fate.error != 0 ? fate.error : EIO;
    schedule(now_ + fate.before + fate.after, std::move(reply));
    event.answers = false;
    if (!fate.executed) return;
    fate.before = *fate.executed;
  }
  if (fate.again) {
    Event first = event;
    first.answers = false;
    schedule(now_ + fate.before, std::move(first));
    fate.before += *fate.again;
  }
  schedule(now_ + fate.before, std::move(event));
}

void World::execute(Event& event) {
  // A local kernel has made the whole call when a process dies, or none of it.
  if (scenario_.local && event.incarnation != processes_[event.process].incarnation) return;
  follow_file(event);
  const auto lock_before = disk_.lock_file(server_);
  Reply reply = server_.execute(event.request, server_now());
  if (event.request.kind == Request::Kind::list && reply.error == 0 && !read_listing(event, reply)) return;
  if (event.request.modifies()) {
    disk_.after_change(server_, scenario_.has(Kind::flufl));
    if (event.disturbed && event.request.kind == Request::Kind::touch) disturbed_files_.insert(event.request.object);
    if (!event.disturbed) check_removal(event, lock_before);
    if (reply.error == 0) notice_change(event.request, processes_[event.process].host);
    check_queue();
  }
  if (tracing_ && (event.disturbed || !event.answers)) {
    note("    the server executes " + describe(event.request) + " of p" + std::to_string(event.process) + ": " +
         describe_error(reply.error));
  }
  if (!event.answers) return;
  Event answer = std::move(event);
  answer.what = Event::What::reply;
  answer.answer = std::move(reply);
  const Duration after = answer.fate.after;
  schedule(now_ + after, std::move(answer));
}

/// Old or torn listings. False when the second half has still to be read.
bool World::read_listing(Event& event, Reply& reply) {
  if (event.fate.listing_age > 0) reply.entries = server_.listing(event.request.object, event.fate.listing_age);
  if (!event.fate.torn) return true;
  if (!event.half_read) {
    event.half_read = true;
    event.first_half = std::move(reply.entries);
    Event second = std::move(event);
    schedule(now_ + random_.between(Duration::zero(), 10 * round_trip_), std::move(second));
    return false;
  }
  const auto in_first_half = [](const protocol::Entry& entry) {
    std::uint64_t hash = 0;
    mix(hash, entry.name);
    return hash % 2 == 0;
  };
  std::erase_if(reply.entries, in_first_half);
  for (protocol::Entry& entry : event.first_half) {
    if (in_first_half(entry)) reply.entries.push_back(std::move(entry));
  }
  return true;
}

void World::resume(Process& process, Result result) {
  result.sent = process.sent;
  result.received = own(process);
  process.pending.reset();
  if (tracing_) note(process, "    " + describe(result));
  if (scenario_.cancels && process.waiting && !process.final_round && random_.chance(50)) {
    if (tracing_) note(process, "gives up");
    process.contender->give_up();
  }
  auto next = process.contender->resume(result);
  watch(process);
  follow(process, std::move(next));
}

}  // namespace leaselock::sim
