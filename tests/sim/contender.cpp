#include "contender.hpp"

#include <algorithm>

#include "leaselock/error.hpp"

namespace leaselock::sim {

using protocol::Engine;
using protocol::Step;

bool is_lock(Operation operation) {
  return operation == Operation::lock || operation == Operation::lock_shared || operation == Operation::lock_all;
}

std::string to_string(Operation operation) {
  switch (operation) {
    case Operation::lock:
      return "lock";
    case Operation::lock_shared:
      return "lock_shared";
    case Operation::lock_all:
      return "lock_all";
    case Operation::upgrade:
      return "upgrade";
    case Operation::downgrade:
      return "downgrade";
    case Operation::refresh:
      return "refresh";
    case Operation::unlock:
      return "unlock";
    case Operation::destroy:
      return "destroy";
    case Operation::inspect:
      return "inspect";
    case Operation::sweep:
      return "sweep";
    case Operation::close:
      return "close";
  }
  return {};
}

namespace {

std::optional<Step> start_engine(Engine& engine, Operation operation, std::optional<Duration> length, LeaseTime now) {
  switch (operation) {
    case Operation::lock:
    case Operation::lock_shared:
    case Operation::lock_all: {
      protocol::AcquireRequest request;
      request.give_up_at = length ? now + *length : LeaseTime::max();
      request.shared = operation == Operation::lock_shared;
      if (operation == Operation::lock_all) request.slots = engine.session().settings.purpose.slots;
      return engine.start_acquire(std::move(request), now);
    }
    case Operation::upgrade:
      return engine.start_upgrade(now);
    case Operation::downgrade:
      return engine.start_downgrade(now);
    case Operation::refresh:
      return engine.start_refresh(length, now);
    case Operation::unlock:
      return engine.start_release(now);
    case Operation::destroy:
      return engine.start_destroy(now);
    case Operation::inspect:
      return engine.start_inspect(now);
    case Operation::sweep:
      return engine.start_sweep(now);
    case Operation::close:
      return engine.start_close(now);
  }
  return std::nullopt;
}

Ending ending_of(const std::error_code& error) {
  if (!error) return Ending::done;
  if (error == make_error_code(Errc::timed_out)) return Ending::timed_out;
  if (error == make_error_code(Errc::lease_lost)) return Ending::lost;
  if (error == make_error_code(Errc::not_locked)) return Ending::not_held;
  return Ending::failed;
}

Ending ending_of(FluflPeer::Outcome outcome) {
  switch (outcome) {
    case FluflPeer::Outcome::none:
    case FluflPeer::Outcome::done:
      return Ending::done;
    case FluflPeer::Outcome::not_locked:
      return Ending::lost;
    case FluflPeer::Outcome::timed_out:
      return Ending::timed_out;
    case FluflPeer::Outcome::already_locked:
    case FluflPeer::Outcome::failed:
      return Ending::failed;
  }
  return Ending::failed;
}

}  // namespace

std::optional<Step> Contender::start(Operation operation, std::optional<Duration> length, LeaseTime now) {
  idle_ = false;
  if (auto* engine = std::get_if<Engine>(&lock_)) return start_engine(*engine, operation, length, now);
  auto& peer = std::get<FluflPeer>(lock_);
  switch (operation) {
    case Operation::lock:
      return peer.start_lock(length, now);
    case Operation::refresh:
      return peer.start_refresh(now);
    case Operation::unlock:
    case Operation::destroy:
      return peer.start_unlock(now);
    default:
      idle_ = true;
      return std::nullopt;
  }
}

std::optional<Step> Contender::resume(const protocol::Result& result) {
  return std::visit([&](auto& lock) { return lock.resume(result); }, lock_);
}

void Contender::give_up() {
  if (auto* engine = std::get_if<Engine>(&lock_)) engine->give_up();
}

Ending Contender::ending() const {
  if (idle_) return Ending::done;
  if (const Engine* ours = engine()) return ending_of(ours->error());
  return ending_of(flufl()->outcome());
}

std::string Contender::error_text() const {
  if (const Engine* ours = engine()) return ours->error() ? ours->error().message() : "ok";
  return idle_ ? "ok" : "flufl outcome " + std::to_string(static_cast<int>(flufl()->outcome()));
}

std::optional<Belief> Contender::belief() const {
  if (const FluflPeer* peer = flufl()) {
    if (!peer->holds()) return std::nullopt;
    return Belief{0, peer->expiry()};
  }
  const std::vector<Belief> all = beliefs();
  if (all.empty()) return std::nullopt;
  Belief first = all.front();
  for (const Belief& other : all) first.deadline = std::min(first.deadline, other.deadline);
  return first;
}

std::vector<Belief> Contender::beliefs() const {
  std::vector<Belief> all;
  if (engine() == nullptr) return all;
  const protocol::Session& session = engine()->session();
  const auto add = [&](const protocol::Hold& hold) {
    if (!hold.owner) return;
    all.push_back({session.settings.fenced ? hold.baton.number : 0, hold.deadline, hold.baton.slot, hold.shared});
  };
  if (session.hold) add(*session.hold);
  for (const protocol::Hold& hold : session.more) add(hold);
  return all;
}

}  // namespace leaselock::sim
