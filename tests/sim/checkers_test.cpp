#include <gtest/gtest.h>

#include "exclusion_checker.hpp"
#include "gates.hpp"
#include "queue_checker.hpp"
#include "simulated_clock.hpp"

/// The parts that everything else is judged by.
namespace leaselock::sim {
namespace {

using namespace std::chrono_literals;
using Belief = ExclusionChecker::TrueBelief;

TrueTime at(Duration since) { return TrueTime{} + since; }

TEST(ExclusionChecker, SeesTwoBeliefsThatMeet) {
  ExclusionChecker checker({});
  checker.observe(0, Kind::fenced, Belief{1, at(10s)}, at(1s));
  checker.observe(1, Kind::fenced, Belief{2, at(20s)}, at(9s));
  EXPECT_TRUE(checker.violation());
}

TEST(ExclusionChecker, LetsOneFollowTheOther) {
  ExclusionChecker checker({});
  checker.observe(0, Kind::fenced, Belief{1, at(10s)}, at(1s));
  checker.observe(1, Kind::fenced, Belief{2, at(20s)}, at(10s));
  checker.observe(1, Kind::fenced, std::nullopt, at(11s));
  checker.observe(0, Kind::fenced, Belief{3, at(30s)}, at(12s));
  EXPECT_FALSE(checker.violation());
  EXPECT_EQ(checker.holds(), 3U);
}

TEST(ExclusionChecker, SeesABeliefThatIsProlongedIntoAnother) {
  ExclusionChecker checker({});
  checker.observe(0, Kind::fenced, Belief{1, at(5s)}, at(1s));
  checker.observe(1, Kind::fenced, Belief{2, at(20s)}, at(6s));
  EXPECT_FALSE(checker.violation());
  checker.observe(0, Kind::fenced, Belief{1, at(15s)}, at(7s));
  EXPECT_TRUE(checker.violation());
}

TEST(ExclusionChecker, SeesATokenThatDoesNotGrow) {
  ExclusionChecker checker({});
  checker.observe(0, Kind::fenced, Belief{7, at(5s)}, at(1s));
  checker.observe(0, Kind::fenced, std::nullopt, at(2s));
  checker.observe(1, Kind::fenced, Belief{7, at(9s)}, at(3s));
  EXPECT_TRUE(checker.violation());
}

TEST(ExclusionChecker, BlamesNobodyForFluflLockWhereNothingIsPromised) {
  ExclusionChecker checker({});
  checker.observe(0, Kind::fenced, Belief{1, at(10s)}, at(1s));
  checker.observe(1, Kind::flufl, Belief{0, at(10s)}, at(2s));
  EXPECT_FALSE(checker.violation());
}

TEST(SimulatedClock, ReachesAReadingWhenItSays) {
  Random random(3);
  for (int i = 0; i < 100; ++i) {
    const SimulatedClock clock = SimulatedClock::drifting(random, 1000s, 47'000, 600s);
    for (const Duration reading : {Duration(1000s), Duration(1001s), Duration(1234567891234ns), Duration(1500s)}) {
      const TrueTime moment = clock.when(reading);
      EXPECT_GE(clock.at(moment), reading);
      EXPECT_TRUE(moment == TrueTime{} || clock.at(moment - 1us) < reading);
    }
  }
}

/// A fence directory in which names come and go, and two who wait.
struct Queue {
  Queue() {
    Request request;
    request.kind = Request::Kind::make_directory;
    request.object = server.root();
    request.name = "fence";
    fence = server.execute(request, ServerTime{}).handle;
    checker.judge_by({.patience = 1s, .longest_poll = 2s});
  }
  void make(const std::string& name, Duration when) {
    Request request;
    request.kind = Request::Kind::create;
    request.object = fence;
    request.name = name;
    server.execute(request, ServerTime(when));
    checker.observe(server, fence, waiters, at(when));
  }
  void rename(const std::string& from, const std::string& to, Duration when) {
    Request request;
    request.kind = Request::Kind::rename;
    request.object = fence;
    request.name = from;
    request.new_name = to;
    server.execute(request, ServerTime(when));
    checker.observe(server, fence, waiters, at(when));
  }

  SimulatedServer server;
  Handle fence;
  QueueChecker checker{};
  std::vector<QueueChecker::Waiter> waiters{{"first", true, TrueTime{}}, {"second", true, TrueTime{}}};
  const std::string held = "b|0|5|h|9000|0|5000|host|1|boot.1.holder";
  const std::string free = "b|0|5|f|20000|5000";
  const std::string taken_by_second = "b|0|6|h|30000|0|5000|host|3|boot.1.second";
  void two_wait() {
    make(held, 1s);
    make("q|0|2000|host|2|boot.1.first", 2s);
    make("q|0|3000|host|3|boot.1.second", 3s);
    rename(held, free, 20s);
  }
};

TEST(QueueChecker, SeesAWaiterPassedOver) {
  Queue queue;
  queue.two_wait();
  queue.rename(queue.free, queue.taken_by_second, 20100ms);
  EXPECT_TRUE(queue.checker.violation());
}

TEST(QueueChecker, AllowsPassingOneWhoDoesNotActForLong) {
  Queue queue;
  queue.two_wait();
  queue.rename(queue.free, queue.taken_by_second, 21100ms);
  EXPECT_EQ(queue.checker.violation(), std::nullopt);
}

TEST(QueueChecker, AllowsPassingTheDeadAtOnce) {
  Queue queue;
  queue.two_wait();
  queue.waiters.erase(queue.waiters.begin());
  queue.rename(queue.free, queue.taken_by_second, 20100ms);
  EXPECT_EQ(queue.checker.violation(), std::nullopt);
}

TEST(QueueChecker, SeesAFreeLockThatNobodyTakes) {
  Queue queue;
  queue.two_wait();
  queue.rename(queue.free, queue.taken_by_second, 25s);
  EXPECT_TRUE(queue.checker.violation());
}

TEST(Gates, LetPeopleInInOrderOfArrival) {
  Gates gates;
  EXPECT_TRUE(gates.enter(0, "gate", 1));
  EXPECT_FALSE(gates.enter(0, "gate", 2));
  EXPECT_FALSE(gates.enter(0, "gate", 3));
  EXPECT_TRUE(gates.enter(1, "gate", 4));
  EXPECT_FALSE(gates.leave(3));
  EXPECT_EQ(gates.leave(1), 2U);
}

TEST(Gates, StayShutWhenAChildKeepsTheDescriptor) {
  Gates gates;
  gates.enter(0, "gate", 1);
  gates.enter(0, "gate", 2);
  gates.leave_shut(1);
  EXPECT_FALSE(gates.enter(0, "gate", 2));
}

TEST(Gates, AreTwoAfterTheFileWasDeleted) {
  Gates gates;
  gates.enter(0, "gate", 1);
  gates.delete_files();
  EXPECT_TRUE(gates.enter(0, "gate", 2));
}

}  // namespace
}  // namespace leaselock::sim
