#pragma once

#include <cstdint>
#include <optional>
#include <queue>
#include <vector>

#include "contender.hpp"
#include "pending_step.hpp"
#include "random.hpp"
#include "simulated_client.hpp"
#include "simulated_server.hpp"

namespace leaselock::sim {

/// Many processes that want one lock on a server behind a network on which nothing goes wrong, though some messages may
/// be late: for counting what waiting costs. Every request on the wire is counted, a listing as often as the Linux
/// client asks for the next page: it begins with 4 KiB and doubles that until all fits.
class Crowd {
 public:
  struct Setting {
    std::size_t hosts = 4;
    Duration round_trip = std::chrono::microseconds(500);
    Duration lifetime = std::chrono::seconds(15);
    bool mirror = false;
    Duration late{};  ///< one message in ten is late, by up to so much: machines that share too few processors
  };
  /// What one process does: one lock() without a timeout, a hold, an unlock().
  struct Plan {
    Duration comes{};
    Duration holds{};
    std::optional<Duration> idle{};  ///< and comes again after that; empty: never
  };
  /// One possession.
  struct Hold {
    TrueTime from;   ///< lock() returned
    TrueTime until;  ///< unlock() was called
    TrueTime came;   ///< lock() was called
    std::size_t who = 0;
  };

  explicit Crowd(Setting setting);
  void add(Plan plan);
  /// Lets time pass until then, or until everybody has had the lock.
  void run_until(Duration moment);

  std::uint64_t requests() const { return requests_; }
  const std::vector<Hold>& holds() const { return holds_; }
  std::size_t waiting() const { return waiting_; }

 private:
  struct Person {
    Contender contender;
    std::size_t host;
    Plan plan;
    OpenDirectories open{};
    std::optional<PendingStep> pending;
    LeaseTime sent{};
    Operation operation = Operation::close;
    TrueTime hold_until;
    bool done = false;
    TrueTime came{};
  };
  struct Event {
    enum class What : std::uint8_t { act, wake, execute, reply };
    What what = What::act;
    std::size_t who = 0;
    Request request;
    Reply answer;
  };
  struct Due {
    TrueTime at;
    std::uint64_t order;
    std::size_t slot;
    bool operator>(const Due& other) const { return at != other.at ? at > other.at : order > other.order; }
  };

  LeaseTime own() const { return LeaseTime((now_ - TrueTime{}) + std::chrono::hours(1)); }
  ServerTime server_now() const;
  Duration one_way();
  void schedule(TrueTime at, Event event);
  void handle(Event& event);
  void act(std::size_t who);
  void begin(std::size_t who, Operation operation);
  void follow(std::size_t who, std::optional<protocol::Step> step);
  void send(std::size_t who, std::optional<Request> request);
  void resume(std::size_t who, protocol::Result result);
  void ended(std::size_t who);

  Setting setting_;
  Random random_{1};
  SimulatedServer server_;
  std::vector<SimulatedClient> clients_;
  std::vector<Person> people_;
  TrueTime now_;
  std::vector<Event> slots_;
  std::vector<std::size_t> free_slots_;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
  std::uint64_t order_ = 0;
  std::uint64_t requests_ = 0;
  std::size_t waiting_ = 0;
  std::vector<Hold> holds_;
};

}  // namespace leaselock::sim
