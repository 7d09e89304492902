#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <string>
#include <vector>

#include "contender.hpp"
#include "pending_step.hpp"
#include "random.hpp"
#include "simulated_client.hpp"
#include "simulated_server.hpp"

namespace leaselock::sim {

/// A long time on a server and some hosts whose clocks drift, on which nothing else goes wrong: one object that holds
/// the lock and refreshes it every five seconds, letting go of it once a day, and others that come, wait for a while
/// and go, each time as a new process.
class LongTime {
 public:
  struct Hold {
    std::uint64_t token = 0;
    std::size_t who = 0;
    TrueTime from;
  };

  LongTime(std::size_t waiters, bool mirror);

  /// `look` is called once an hour of true time.
  void run(Duration length, const std::function<void()>& look);

  std::uint64_t refreshes() const { return refreshes_; }
  std::uint64_t timed_out() const { return timed_out_; }
  const std::vector<Hold>& holds() const { return holds_; }
  /// What went wrong first; empty when all is well.
  const std::string& violation() const { return violation_; }
  /// What the one that holds most of the time knows.
  const protocol::Session& holder() const { return people_.front().contender->engine()->session(); }
  std::vector<std::string> names_in_directory() const { return names(server_.root()); }
  std::vector<std::string> names_in_fence() const;

 private:
  struct Person {
    std::size_t number = 0;
    SimulatedClock clock;
    SimulatedClient client;
    std::optional<Contender> contender;
    OpenDirectories open{};
    std::optional<PendingStep> pending;
    LeaseTime sent{};
    Operation operation = Operation::close;
    TrueTime until;  ///< when the holder lets go
  };
  enum class What : std::uint8_t { act, wake, execute, reply };
  struct Event {
    TrueTime at;
    std::uint64_t order = 0;
    std::size_t who = 0;
    What what = What::act;
    bool operator>(const Event& other) const { return at != other.at ? at > other.at : order > other.order; }
  };

  static bool is_holder(const Person& person) { return person.number == 0; }
  std::vector<std::string> names(Handle directory) const;
  LeaseTime own(const Person& person) const { return LeaseTime(person.clock.at(now_)); }
  ServerTime server_now() const;
  void schedule(Duration after, const Person& person, What what);
  void handle(const Event& event);
  void join(Person& person);
  void act(Person& person);
  void begin(Person& person, Operation operation, std::optional<Duration> length = std::nullopt);
  void follow(Person& person, std::optional<protocol::Step> step);
  void send(Person& person, std::optional<Request> request);
  void resume(Person& person, protocol::Result result);
  void ended(Person& person);
  void took(Person& person);

  bool mirror_;
  Random random_{1};
  SimulatedServer server_;
  SimulatedClock server_clock_;
  std::vector<Person> people_;
  std::vector<Request> requests_;  ///< on their way, by person
  std::vector<Reply> replies_;
  std::priority_queue<Event, std::vector<Event>, std::greater<>> due_;
  TrueTime now_;
  std::uint64_t order_ = 0;
  std::uint64_t joined_ = 0;
  std::uint64_t refreshes_ = 0;
  std::uint64_t timed_out_ = 0;
  std::vector<Hold> holds_;
  std::string violation_;
};

}  // namespace leaselock::sim
