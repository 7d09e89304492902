#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "contender.hpp"
#include "exclusion_checker.hpp"
#include "pending_step.hpp"
#include "simulated_server.hpp"

namespace leaselock::sim {

/// A schedule told by hand: processes move only when the script says so, and as far as it says. For races whose window
/// is too narrow for chance, and for showing one on purpose.
class Stage {
 public:
  struct Role {
    Kind kind = Kind::fenced;
    bool mirror = true;
    bool trust_server_clock = true;
    std::int64_t drift_ppm = 1000;
    std::int64_t rate_ppm = 0;  ///< how fast this process's own clock runs
    protocol::Purpose purpose{};
  };

  /// A request that the server has executed, and what the process was told.
  struct Seen {
    TrueTime when;
    std::size_t who;
    const Request& request;
    const Reply& reply;
  };
  /// Called for each of them from now on, before the process goes on.
  void show(std::function<void(const Seen&)> observer) { observer_ = std::move(observer); }

  /// The process's number.
  std::size_t enter(Role role);

  /// Lets all of one operation happen. `length` as for Contender::start().
  Ending perform(std::size_t who, Operation operation, std::optional<Duration> length = Duration::zero());
  /// Begins an operation and stops before its first request.
  void begin(std::size_t who, Operation operation, std::optional<Duration> length = Duration::zero());
  /// Goes on until the process is about to send such a request whose names contain `name`. False: it ended before.
  bool advance_to(std::size_t who, Request::Kind kind, std::string_view name = {});
  /// Executes the request it stands before.
  void step(std::size_t who);
  /// The same, but tells the process EIO.
  void step_and_fail(std::size_t who);
  /// Goes on to the end of the operation, or to a sleep that lasts longer than `patience`.
  void finish(std::size_t who, Duration patience = std::chrono::seconds(5));

  void pass(Duration time) { now_ += time; }
  /// The server's clock shows this much more than the truth, and whole seconds only.
  void set_server_clock(Duration ahead) { server_ahead_ = ahead; }

  bool believes(std::size_t who) const;
  std::uint64_t token(std::size_t who) const;
  /// Its claim is what lies at the lock path.
  bool lock_file_of(std::size_t who) const;
  /// More than one process believed at once at some time.
  bool overlapped() const { return overlapped_; }

 private:
  struct Actor {
    Role role;
    Contender contender;
    OpenDirectories open;
    std::optional<PendingStep> pending;
    std::optional<Request> request;
    std::optional<LeaseTime> sleeps;
    LeaseTime sent{};
  };
  LeaseTime own(const Actor& actor) const;
  ServerTime server_now() const;
  void follow(Actor& actor, std::optional<protocol::Step> next);
  void send(Actor& actor, std::optional<Request> request);
  void deliver(Actor& actor, const Reply& reply);
  void resume(Actor& actor, protocol::Result result);
  void wake(Actor& actor);
  void watch();

  SimulatedServer server_{false};
  SimulatedClient client_;
  std::vector<Actor> actors_;
  TrueTime now_{std::chrono::seconds(1000)};
  Duration server_ahead_{};
  std::function<void(const Seen&)> observer_;
  bool overlapped_ = false;
};

/// A script and what it shows. Empty: everything that was promised was kept.
struct Script {
  std::string name;
  std::string about;
  std::optional<std::string> (*play)();
  bool must_fail = false;  ///< it shows a fault of flufl.lock's
};

const std::vector<Script>& scripts();
/// Some of them: of shared locks.
std::vector<Script> sharing_scripts();

}  // namespace leaselock::sim
