#pragma once

#include <optional>
#include <string>
#include <vector>

#include "disk_checker.hpp"
#include "explored_state.hpp"
#include "explorer.hpp"

namespace leaselock::sim {

/// What one action makes of a state: the explorer's only way from one state to the next. Deterministic, so that a path
/// can be walked again for its trace.
class Transitions {
 public:
  explicit Transitions(const Configuration& configuration);

  State initial();
  State apply(const State& state, const Action& action);
  /// Executes a request; a state gets a server of its own only when something changes.
  Reply serve(State& state, const Request& request) const;

  /// Where every step is written from now on.
  void trace_to(std::vector<std::string>* trace) { trace_ = trace; }
  /// What an operation ended with that it must not end with.
  const std::optional<std::string>& violation() const { return violation_; }
  /// A client without a memory: here staleness is a choice and does not come from caches.
  SimulatedClient& client() { return client_; }

 private:
  State warmed(State state, std::size_t who);
  void start(State& state, Actor& actor, Operation operation);
  void execute(State& state, Actor& actor, const Action& action);
  void deliver(State& state, Actor& actor, const Reply& reply);
  void follow(State& state, Actor& actor, std::optional<protocol::Step> step);
  void send(State& state, Actor& actor, std::optional<Request> request);
  void resume(State& state, Actor& actor, protocol::Result result);
  protocol::Result probed(const State& state, const Actor& asking, const protocol::step::ProbeProcess& probe) const;
  void ended(State& state, Actor& actor);
  void give_up(Actor& actor) const;
  void report(std::string what) {
    if (!violation_) violation_ = std::move(what);
  }
  void note(const std::string& text);
  void note(const State& state, const Actor& actor, const std::string& text);

  const Configuration& configuration_;
  DiskChecker disk_;
  SimulatedClient client_;
  std::vector<std::string>* trace_ = nullptr;
  std::optional<std::string> violation_;
};

}  // namespace leaselock::sim
