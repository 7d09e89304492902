#include "crowd.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "fleet.hpp"

namespace leaselock::sim {

namespace step = protocol::step;
using namespace std::chrono_literals;

namespace {

constexpr Duration server_tick = 4ms;

std::uint64_t requests_for(const std::vector<protocol::Entry>& entries) {
  constexpr std::size_t beside_the_name = 130;  // cookie, file handle and attributes
  std::size_t left = 0;
  for (const protocol::Entry& entry : entries) left += entry.name.size() + beside_the_name;
  std::uint64_t count = 1;
  for (std::size_t page = 4096; left > page; page = std::min<std::size_t>(2 * page, 1 << 20)) {
    left -= page;
    ++count;
  }
  return count;
}

std::string digits(const char* format, std::size_t number) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), format, number);
  return text.data();
}

}  // namespace

Crowd::Crowd(Setting setting) : setting_(setting) {
  SimulatedClient::Policy policy;
  policy.trust = 30s;
  clients_.assign(setting.hosts, SimulatedClient(policy));
}

void Crowd::add(Plan plan) {
  const std::size_t number = people_.size();
  Member member;
  member.host = "host" + std::to_string(number % setting_.hosts);
  member.pid = static_cast<std::int64_t>(1000 + number);
  member.start = number;
  member.boot = digits("%016zx", number % setting_.hosts);
  member.random = digits("%032zx", number * 7919 % 1'000'003);
  member.lifetime = setting_.lifetime;
  member.mirror = setting_.mirror;
  people_.push_back({make_contender(member), number % setting_.hosts, plan, {server_.root()}, {}, {}, {}, {}, {}, {}});
  ++waiting_;
  Event event;
  event.who = number;
  schedule(TrueTime{} + plan.comes, std::move(event));
}

void Crowd::run_until(Duration moment) {
  while (!due_.empty() && due_.top().at <= TrueTime{} + moment) {
    if (std::ranges::all_of(people_, &Person::done)) return;
    const Due due = due_.top();
    due_.pop();
    now_ = due.at;
    Event event = std::move(slots_[due.slot]);
    free_slots_.push_back(due.slot);
    handle(event);
  }
}

ServerTime Crowd::server_now() const {
  const Duration shown = epoch + (now_ - TrueTime{});
  return ServerTime(shown - shown % server_tick);
}

Duration Crowd::one_way() {
  const Duration half = setting_.round_trip / 2;
  if (setting_.late == Duration::zero() || !random_.chance(100)) return half;
  return half + random_.between(Duration::zero(), setting_.late);
}

void Crowd::schedule(TrueTime at, Event event) {
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

void Crowd::handle(Event& event) {
  Person& person = people_[event.who];
  switch (event.what) {
    case Event::What::act:
      return act(event.who);
    case Event::What::wake:
      return resume(event.who, {});
    case Event::What::execute:
      event.answer = server_.execute(event.request, server_now());
      requests_ += event.request.kind == Request::Kind::list ? requests_for(event.answer.entries) : 1;
      event.what = Event::What::reply;
      return schedule(now_ + one_way(), std::move(event));
    case Event::What::reply:
      return send(event.who, person.pending->resume(clients_[person.host], person.open, event.answer, now_));
  }
}

/// Comes, refreshes, or lets go.
void Crowd::act(std::size_t who) {
  Person& person = people_[who];
  if (!person.contender.belief()) {
    person.came = now_;
    return begin(who, Operation::lock);
  }
  if (now_ < person.hold_until) return begin(who, Operation::refresh);
  holds_.back().until = now_;
  begin(who, Operation::unlock);
}

void Crowd::begin(std::size_t who, Operation operation) {
  people_[who].operation = operation;
  follow(who, people_[who].contender.start(operation, std::nullopt, own()));
}

void Crowd::follow(std::size_t who, std::optional<protocol::Step> step) {
  if (!step) return ended(who);
  Person& person = people_[who];
  person.sent = own();
  Event event;
  event.what = Event::What::wake;
  event.who = who;
  if (const auto* wait = std::get_if<step::WaitUntil>(&*step)) {
    return schedule(std::max(now_, now_ + (wait->until - own())), std::move(event));
  }
  if (std::holds_alternative<step::ProbeProcess>(*step)) return schedule(now_ + 1us, std::move(event));
  person.pending.emplace(std::move(*step));
  send(who, person.pending->start(clients_[person.host], person.open, server_.root(), now_));
}

void Crowd::send(std::size_t who, std::optional<Request> request) {
  if (!request) return resume(who, people_[who].pending->result());
  request->sender = static_cast<std::uint32_t>(who + 1);
  Event event;
  event.what = Event::What::execute;
  event.who = who;
  event.request = std::move(*request);
  schedule(now_ + one_way(), std::move(event));
}

void Crowd::resume(std::size_t who, protocol::Result result) {
  Person& person = people_[who];
  result.sent = person.sent;
  result.received = own();
  follow(who, person.contender.resume(result));
}

void Crowd::ended(std::size_t who) {
  Person& person = people_[who];
  if (person.operation == Operation::unlock) {
    person.done = !person.plan.idle;
    if (person.done) return;
    ++waiting_;
    Event event;
    event.who = who;
    return schedule(now_ + *person.plan.idle, std::move(event));
  }
  if (person.operation == Operation::lock) {
    --waiting_;
    person.hold_until = now_ + person.plan.holds;
    holds_.push_back({now_, {}, person.came, who});
  }
  Event event;
  event.who = who;
  schedule(std::min(person.hold_until, now_ + setting_.lifetime / 3), std::move(event));
}

}  // namespace leaselock::sim
