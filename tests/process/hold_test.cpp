// Goal: hold() cannot forget to give the lock back, and cannot hide that it was lost.
#include "leaselock/hold.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "leaselock/leaselock.hpp"
#include "support/lease_log.hpp"
#include "support/step_gate.hpp"
#include "support/temporary_directory.hpp"

namespace leaselock {
namespace {

using namespace std::chrono_literals;
using testing::StepGate;
using testing::TemporaryDirectory;

class Hold : public ::testing::Test {
 protected:
  LockOptions options(Duration lifetime = 20s) {
    LockOptions options;
    options.lifetime = lifetime;
    options.timeout = 0s;
    options.on_trace = gate.hook();
    return options;
  }
  bool is_free() const {
    Lock other(path);
    return other.try_lock();
  }

  TemporaryDirectory directory;
  boost::filesystem::path path = directory / "job.lock";
  StepGate gate;
  Lock lock{path, options()};
};

TEST_F(Hold, returns_what_the_work_returns_and_gives_the_lock_back) {
  EXPECT_EQ(hold(lock, [&](std::stop_token stop) { return lock.may_act() && !stop.stop_requested() ? 5 : 0; }), 5);
  EXPECT_TRUE(is_free());
  EXPECT_EQ(*hold(lock, [] { return std::make_unique<std::string>("moved"); }), "moved");
  int called = 0;
  hold(lock, [&](KeepAlive& keep) { called += keep.may_act() ? 1 : 0; });
  EXPECT_EQ(called, 1);
  int& same = hold(lock, [&]() -> int& { return called; });
  EXPECT_EQ(&same, &called);
  EXPECT_TRUE(is_free());
}

TEST_F(Hold, lets_an_exception_of_the_work_pass_after_giving_the_lock_back) {
  EXPECT_THROW(hold(lock, [] { throw std::out_of_range("the work's own"); }), std::out_of_range);
  EXPECT_TRUE(is_free());
}

TEST_F(Hold, does_not_call_the_work_when_the_lock_is_not_ours) {
  Lock other(path);
  other.lock();
  int called = 0;
  EXPECT_THROW(hold(lock, [&] { ++called; }), TimeOutError);
  KeepAliveOptions wrong;
  wrong.margin = 0s;
  other.unlock();
  EXPECT_THROW(hold(
                   lock, [&] { ++called; }, wrong),
               LockError);
  EXPECT_EQ(called, 0);
  EXPECT_TRUE(is_free());
}

TEST_F(Hold, reports_a_loss_although_the_work_returned) {
  Lock short_one(path, options(3s));
  testing::LeaseLog log;
  KeepAliveOptions logged;
  logged.on_change = log.hook();
  bool done = false;
  const auto work = [&] {
    unsafe_break(path);
    log.wait_for(LeaseState::lost);
    done = true;
    return 5;
  };
  try {
    hold(short_one, work, logged);
    ADD_FAILURE() << "the loss was hidden";
  } catch (const NotLockedError& error) {
    EXPECT_EQ(error.code(), Errc::lease_lost);
  }
  EXPECT_TRUE(done);
  EXPECT_TRUE(is_free());
}

TEST_F(Hold, asks_the_work_to_stop_while_the_lease_still_runs) {
  Lock short_one(path, options(3s));
  testing::LeaseLog log;
  KeepAliveOptions logged;
  logged.on_change = log.hook();
  const auto work = [&](std::stop_token stop) {
    gate.stop_at(1);
    const LeaseReport doubtful = log.wait_for(LeaseState::doubtful);
    EXPECT_GT(doubtful.remaining, 0s);
    EXPECT_TRUE(stop.stop_requested());
    gate.open();
    return stop.stop_requested();
  };
  EXPECT_TRUE(hold(short_one, work, logged));
  EXPECT_TRUE(is_free());
}

}  // namespace
}  // namespace leaselock
