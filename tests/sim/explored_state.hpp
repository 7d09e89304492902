#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "contender.hpp"
#include "exclusion_checker.hpp"
#include "pending_step.hpp"
#include "simulated_server.hpp"

namespace leaselock::sim {

/// A process in a state. Never changed in place: whoever acts gets a copy, all other states go on sharing the old one.
struct Actor {
  Actor(Kind made_kind, Contender made, char letter, Handle root)
      : kind(made_kind), contender(std::move(made)), open{root}, owner(32, letter) {}

  Kind kind;
  Contender contender;
  OpenDirectories open;
  std::optional<PendingStep> pending;
  std::optional<Request> request;  ///< sent, waiting to be executed
  std::optional<LeaseTime> waits;  ///< sleeping instead
  bool repeats = false;            ///< executed once already, its reply was lost
  Handle changed_last;             ///< by its last request: the next listing of it is true

  Operation operation = Operation::lock;
  std::size_t at = 0;  ///< in the program
  unsigned tries = 0;
  bool gone = false;
  std::uint64_t token_before = 0;
  LeaseTime deadline_before{};

  std::uint64_t history = 0;  ///< hash of all results so far, which an engine is a function of
  std::string owner;          ///< the unique part of its names

  std::uint32_t number() const { return static_cast<std::uint32_t>(owner[0] - 'a'); }
};

/// How many faults of each kind may still happen on this path.
struct Budget {
  unsigned jumps, repeated, zombies, stale_lists, torn_lists, absent, stale_handles, crashes;
};

struct State {
  std::shared_ptr<const SimulatedServer> server;
  std::vector<std::shared_ptr<const Actor>> actors;
  std::vector<Request> zombies;
  LeaseTime now{std::chrono::seconds(100)};  ///< of all hosts' clocks, and the server's less the epoch
  Budget left{};
  std::uint64_t highest_token = 0;

  /// Two states with one key have the same future.
  std::uint64_t key() const;
};

/// What may happen next in a state.
struct Action {
  enum class What : std::uint8_t {
    begin,
    execute,
    lose_reply,
    fail_late,
    old_list,
    torn_list,
    absent,
    stale_handle,
    wake,
    crash,
    zombie,
    jump,
  };
  What what;
  std::size_t who = 0;     ///< an actor, or a zombie
  std::size_t detail = 0;  ///< which old or torn listing
  LeaseTime until{};
};

/// Everything in a session that its next operation can depend on.
std::uint64_t hash_of(const protocol::Session& session, const OpenDirectories& open);

}  // namespace leaselock::sim
