#include "stage.hpp"

#include <algorithm>
#include <cerrno>

#include "fleet.hpp"

namespace leaselock::sim {

namespace step_kind = protocol::step;
using protocol::Result;
using protocol::Step;
using namespace std::chrono_literals;

std::size_t Stage::enter(Role role) {
  Member member = Member::numbered(role.kind, actors_.size());
  member.mirror = role.mirror;
  member.trust_server_clock = role.trust_server_clock;
  member.drift_ppm = role.drift_ppm;
  member.purpose = role.purpose;
  actors_.push_back({role, make_contender(member, actors_.size()), {server_.root()}, {}, {}, {}, {}});
  return actors_.size() - 1;
}

LeaseTime Stage::own(const Actor& actor) const {
  const Duration since = now_ - TrueTime{};
  return LeaseTime(since + since / 1'000'000 * actor.role.rate_ppm);
}

ServerTime Stage::server_now() const {
  const Duration shown = epoch + (now_ - TrueTime{}) + server_ahead_;
  return ServerTime(server_ahead_ == Duration::zero() ? shown : shown - shown % 1s);
}

Ending Stage::perform(std::size_t who, Operation operation, std::optional<Duration> length) {
  begin(who, operation, length);
  finish(who);
  return actors_[who].contender.ending();
}

void Stage::begin(std::size_t who, Operation operation, std::optional<Duration> length) {
  Actor& actor = actors_[who];
  const bool takes_length = is_lock(operation) || length != Duration::zero();
  auto next = actor.contender.start(operation, takes_length ? length : std::nullopt, own(actor));
  watch();
  follow(actor, std::move(next));
}

bool Stage::advance_to(std::size_t who, Request::Kind kind, std::string_view name) {
  Actor& actor = actors_[who];
  for (;;) {
    if (actor.sleeps) wake(actor);
    if (!actor.request) return false;
    const Request& request = *actor.request;
    const bool named = request.name.find(name) != std::string::npos || request.new_name.find(name) != std::string::npos;
    if (request.kind == kind && named) return true;
    step(who);
  }
}

void Stage::step(std::size_t who) {
  Actor& actor = actors_[who];
  deliver(actor, server_.execute(*actor.request, server_now()));
}

void Stage::step_and_fail(std::size_t who) {
  Actor& actor = actors_[who];
  server_.execute(*actor.request, server_now());
  Reply reply;
  reply.error = EIO;
  deliver(actor, reply);
}

void Stage::finish(std::size_t who, Duration patience) {
  Actor& actor = actors_[who];
  while (actor.request || actor.sleeps) {
    if (actor.sleeps) {
      if (*actor.sleeps - own(actor) > patience) return;
      wake(actor);
    } else {
      step(who);
    }
  }
}

bool Stage::believes(std::size_t who) const {
  const auto belief = actors_[who].contender.belief();
  return belief && own(actors_[who]) < belief->deadline;
}

std::uint64_t Stage::token(std::size_t who) const {
  const auto belief = actors_[who].contender.belief();
  return belief ? belief->token : 0;
}

bool Stage::lock_file_of(std::size_t who) const {
  const auto& claim = actors_[who].contender.engine()->session().claim;
  const auto lock = server_.find(server_.root(), lock_name);
  return claim && lock && server_.find(server_.root(), claim->name) == lock;
}

void Stage::follow(Actor& actor, std::optional<Step> next) {
  if (!next) return;
  actor.sent = own(actor);
  if (const auto* wait = std::get_if<step_kind::WaitUntil>(&*next)) {
    actor.sleeps = wait->until;
    return;
  }
  if (std::holds_alternative<step_kind::ProbeProcess>(*next)) return resume(actor, {});
  actor.pending.emplace(std::move(*next));
  send(actor, actor.pending->start(client_, actor.open, server_.root(), now_));
}

void Stage::send(Actor& actor, std::optional<Request> request) {
  if (!request) return resume(actor, actor.pending->result());
  request->sender = static_cast<std::uint32_t>(&actor - actors_.data() + 1);
  actor.request = std::move(request);
}

void Stage::deliver(Actor& actor, const Reply& reply) {
  if (observer_) observer_({now_, static_cast<std::size_t>(&actor - actors_.data()), *actor.request, reply});
  actor.request.reset();
  send(actor, actor.pending->resume(client_, actor.open, reply, now_));
}

void Stage::resume(Actor& actor, Result result) {
  result.sent = actor.sent;
  result.received = own(actor);
  auto next = actor.contender.resume(result);
  watch();
  follow(actor, std::move(next));
}

void Stage::wake(Actor& actor) {
  while (own(actor) < *actor.sleeps) now_ += std::max(Duration(1us), *actor.sleeps - own(actor));
  actor.sleeps.reset();
  resume(actor, {});
}

void Stage::watch() {
  std::size_t believers = 0;
  for (std::size_t who = 0; who < actors_.size(); ++who) believers += believes(who) ? 1U : 0U;
  overlapped_ = overlapped_ || believers > 1;
}

}  // namespace leaselock::sim
