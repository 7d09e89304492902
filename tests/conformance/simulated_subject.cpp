#include "pending_step.hpp"
#include "simulated_client.hpp"
#include "simulated_server.hpp"
#include "subject.hpp"

namespace leaselock::conformance {

namespace {

/// What all clients of one simulated directory share.
struct SimulatedWorld {
  sim::SimulatedServer server;
  sim::TrueTime now{std::chrono::hours(1)};

  ServerTime stamp() const { return ServerTime(std::chrono::hours(400'000) + now.time_since_epoch()); }
};

/// The simulator's client as a port: every request reaches the server at once and every reply comes back.
class SimulatedFileSystem final : public ports::FileSystem {
 public:
  SimulatedFileSystem(std::shared_ptr<SimulatedWorld> world, sim::SimulatedClient::Policy policy)
      : world_(std::move(world)), client_(policy) {}

  void perform(const protocol::Step& step, protocol::Result& result) noexcept override {
    sim::PendingStep pending(step);
    auto request = pending.start(client_, open_, world_->server.root(), world_->now);
    while (request) {
      world_->now += std::chrono::microseconds(1);
      const sim::Reply reply = world_->server.execute(*request, world_->stamp());
      request = pending.resume(client_, open_, reply, world_->now);
    }
    result = pending.result();
  }

 private:
  std::shared_ptr<SimulatedWorld> world_;
  sim::SimulatedClient client_;
  sim::OpenDirectories open_;
};

class SimulatedSubject final : public Subject {
 public:
  explicit SimulatedSubject(sim::SimulatedClient::Policy policy) : policy_(policy) {}

  std::unique_ptr<ports::FileSystem> client() override {
    return std::make_unique<SimulatedFileSystem>(world_, policy_);
  }
  void pass(Duration length) override { world_->now += length; }
  Duration granularity() const override { return Duration(1); }
  Duration tick() const override { return std::chrono::milliseconds(1); }

 private:
  std::shared_ptr<SimulatedWorld> world_ = std::make_shared<SimulatedWorld>();
  sim::SimulatedClient::Policy policy_;
};

SubjectKind kind(const std::string& name, sim::SimulatedClient::Policy policy) {
  return {name, [policy] { return std::make_unique<SimulatedSubject>(policy); }};
}

}  // namespace

std::vector<SubjectKind> simulated_subjects() {
  constexpr Duration trust = std::chrono::seconds(30);
  return {kind("simulated_without_cache", {}), kind("simulated_with_change_counter", {trust, false, {}}),
          kind("simulated_with_change_times", {trust, true, {}})};
}

}  // namespace leaselock::conformance
