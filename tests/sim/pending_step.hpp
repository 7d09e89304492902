#pragma once

#include <optional>
#include <string>

#include "protocol/step.hpp"
#include "simulated_client.hpp"

namespace leaselock::sim {

/// One protocol step that a host's client performs: answered from the client's memory, or by one to three requests.
/// A value without references, so that it can be copied with the world it belongs to. It does no waiting and probes no
/// process; whoever runs it does.
class PendingStep {
 public:
  explicit PendingStep(protocol::Step step) : step_(std::move(step)) {}

  /// The first request; none when the step has its result already.
  std::optional<Request> start(SimulatedClient& client, OpenDirectories& open, Handle root, TrueTime now);
  /// The next request; none when the step has its result.
  std::optional<Request> resume(SimulatedClient& client, OpenDirectories& open, const Reply& reply, TrueTime now);

  const protocol::Step& step() const { return step_; }
  const protocol::Result& result() const { return result_; }

 private:
  enum class Phase : std::uint8_t { resolving, acting, writing };

  std::optional<Request> resolve(SimulatedClient& client, TrueTime now);
  std::optional<Request> act(SimulatedClient& client, OpenDirectories& open, TrueTime now);
  std::optional<Request> absorb(SimulatedClient& client, OpenDirectories& open, const Reply& reply, TrueTime now);
  std::optional<Request> done(int error);
  std::optional<Request> done(const protocol::FileStatus& status);
  Request request(Request::Kind kind) const;

  protocol::Step step_;
  Phase phase_ = Phase::acting;
  Handle directory_;  ///< that `name_` is in
  std::string name_;
  Handle file_;         ///< what the name was resolved to
  bool fresh_ = false;  ///< `file_` comes from a reply just now and not from memory
  protocol::FileStatus found_;
  bool retried_ = false;
  protocol::Result result_;
};

}  // namespace leaselock::sim
