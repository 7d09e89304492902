#include "long_time.hpp"

#include <algorithm>
#include <utility>

#include "fleet.hpp"

namespace leaselock::sim {

namespace step = protocol::step;
using namespace std::chrono_literals;

namespace {

constexpr Duration server_tick = 4ms;
constexpr Duration one_way = 250us;
constexpr Duration between_refreshes = 5s;
constexpr Duration horizon = 24h * 9;
constexpr std::int64_t drift_ppm = 400;

std::string hex(std::uint64_t number, std::size_t digits) {
  std::string text(digits, '0');
  for (std::size_t i = digits; i-- > 0 && number != 0; number /= 16) text[i] = "0123456789abcdef"[number % 16];
  return text;
}

}  // namespace

LongTime::LongTime(std::size_t waiters, bool mirror)
    : mirror_(mirror),
      server_clock_(SimulatedClock::drifting(random_, epoch, drift_ppm, horizon)),
      requests_(waiters + 1),
      replies_(waiters + 1) {
  SimulatedClient::Policy policy;
  policy.trust = 30s;
  for (std::size_t number = 0; number <= waiters; ++number) {
    Person person;
    person.number = number;
    person.clock = SimulatedClock::drifting(random_, 1h, drift_ppm, horizon);
    person.client = SimulatedClient(policy);
    people_.push_back(std::move(person));
    schedule(static_cast<std::int64_t>(number) * 10s, people_.back(), What::act);
  }
}

void LongTime::run(Duration length, const std::function<void()>& look) {
  TrueTime next_look = now_ + 1h;
  const TrueTime end = now_ + length;
  while (violation_.empty() && due_.top().at <= end) {
    const Event event = due_.top();
    due_.pop();
    now_ = event.at;
    if (now_ >= next_look) {
      look();
      next_look += 1h;
    }
    handle(event);
  }
}

std::vector<std::string> LongTime::names(Handle directory) const {
  std::vector<std::string> all;
  for (const protocol::Entry& entry : server_.listing(directory, 0)) all.push_back(entry.name);
  return all;
}

std::vector<std::string> LongTime::names_in_fence() const {
  const auto fence = server_.find(server_.root(), lock_name + "|fence");
  return fence ? names(*fence) : std::vector<std::string>();
}

ServerTime LongTime::server_now() const {
  const Duration shown = server_clock_.at(now_);
  return ServerTime(shown - shown % server_tick);
}

void LongTime::schedule(Duration after, const Person& person, What what) {
  due_.push({now_ + after, ++order_, person.number, what});
}

void LongTime::handle(const Event& event) {
  Person& person = people_[event.who];
  switch (event.what) {
    case What::act:
      return act(person);
    case What::wake:
      return resume(person, {});
    case What::execute:
      replies_[event.who] = server_.execute(requests_[event.who], server_now());
      return schedule(one_way, person, What::reply);
    case What::reply:
      return send(person, person.pending->resume(person.client, person.open, replies_[event.who], now_));
  }
}

/// A new process with a new object.
void LongTime::join(Person& person) {
  Member member;
  member.host = "host" + std::to_string(person.number);
  member.pid = static_cast<std::int64_t>(1000 + joined_ % 30'000);
  member.start = ++joined_;
  member.boot = hex(person.number + 1, 16);
  member.random = hex(joined_, 32);
  member.mirror = mirror_;
  person.contender.emplace(make_contender(member));
  person.open = {server_.root()};
}

void LongTime::act(Person& person) {
  if (!person.contender) join(person);
  if (!person.contender->belief()) {
    if (is_holder(person)) return begin(person, Operation::lock, std::nullopt);
    return begin(person, Operation::lock, random_.between(Duration(1s), Duration(90s)));
  }
  begin(person, now_ < person.until ? Operation::refresh : Operation::unlock);
}

void LongTime::begin(Person& person, Operation operation, std::optional<Duration> length) {
  person.operation = operation;
  follow(person, person.contender->start(operation, length, own(person)));
}

void LongTime::follow(Person& person, std::optional<protocol::Step> step) {
  if (!step) return ended(person);
  person.sent = own(person);
  if (const auto* wait = std::get_if<step::WaitUntil>(&*step)) {
    return schedule(std::max(person.clock.when(wait->until.time_since_epoch()) - now_, Duration::zero()), person,
                    What::wake);
  }
  if (std::holds_alternative<step::ProbeProcess>(*step)) return schedule(1us, person, What::wake);
  person.pending.emplace(std::move(*step));
  send(person, person.pending->start(person.client, person.open, server_.root(), now_));
}

void LongTime::send(Person& person, std::optional<Request> request) {
  if (!request) return resume(person, person.pending->result());
  request->sender = static_cast<std::uint32_t>(person.number + 1);
  requests_[person.number] = std::move(*request);
  schedule(one_way, person, What::execute);
}

void LongTime::resume(Person& person, protocol::Result result) {
  result.sent = person.sent;
  result.received = own(person);
  follow(person, person.contender->resume(result));
}

void LongTime::ended(Person& person) {
  const Ending ending = person.contender->ending();
  const bool waited_in_vain = person.operation == Operation::lock && ending == Ending::timed_out;
  if (ending != Ending::done && (is_holder(person) || !waited_in_vain)) {
    violation_ =
        to_string(person.operation) + " of " + std::to_string(person.number) + ": " + person.contender->error_text();
  }
  if (waited_in_vain) ++timed_out_;
  switch (person.operation) {
    case Operation::lock:
      if (waited_in_vain) return begin(person, Operation::close);
      took(person);
      return schedule(is_holder(person) ? between_refreshes : Duration(1s), person, What::act);
    case Operation::refresh:
      if (is_holder(person)) ++refreshes_;
      return schedule(between_refreshes, person, What::act);
    case Operation::unlock:
      // The one that holds most of the time comes back when the others had their turns.
      if (is_holder(person)) return schedule(random_.between(Duration(0s), Duration(2s)), person, What::act);
      return begin(person, Operation::close);
    default:
      person.contender.reset();
      return schedule(random_.between(Duration(1s), Duration(300s)), person, What::act);
  }
}

void LongTime::took(Person& person) {
  const auto belief = person.contender->belief();
  for (const Person& other : people_) {
    if (other.number == person.number || !other.contender) continue;
    const auto theirs = other.contender->belief();
    if (theirs && own(other) < theirs->deadline) violation_ = "two holders";
  }
  if (!holds_.empty() && belief->token <= holds_.back().token) violation_ = "the token did not grow";
  holds_.push_back({belief->token, person.number, now_});
  person.until = now_ + (is_holder(person) ? Duration(24h) : Duration(3s));
}

}  // namespace leaselock::sim
