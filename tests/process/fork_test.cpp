// Goal: a forked child's copy of a Lock holds nothing, can do nothing to its parent's lock, and starts over by itself.
// Method: fork while holding, in both modes.
#include <gtest/gtest.h>

#include "leaselock/leaselock.hpp"
#include "support/child.hpp"
#include "support/modes.hpp"
#include "support/temporary_directory.hpp"

namespace leaselock {
namespace {

using namespace std::chrono_literals;
using testing::Channel;
using testing::Child;
using testing::TemporaryDirectory;

class AForkedChild : public ::testing::TestWithParam<Mode> {
 protected:
  AForkedChild() : lock(std::make_unique<Lock>(directory / "lock", options())) {}

  static LockOptions options() {
    LockOptions options;
    options.mode = GetParam();
    return options;
  }

  TemporaryDirectory directory;
  std::unique_ptr<Lock> lock;
};

TEST_P(AForkedChild, holds_nothing) {
  lock->lock();
  Child child = Child::running([&](Channel& channel) {
    channel.say(lock->may_act() ? "may act" : "may not act");
    channel.say(lock->remaining() > Duration::zero() ? "time left" : "no time left");
    channel.say(lock->fencing_token() ? "token" : "no token");
    channel.say(lock->is_locked() ? "locked" : "not locked");
    channel.say(lock->state() == LockState::ours ? "ours" : "not ours");
  });
  EXPECT_EQ(child.hear(), "may not act");
  EXPECT_EQ(child.hear(), "no time left");
  EXPECT_EQ(child.hear(), "no token");
  EXPECT_EQ(child.hear(), "not locked");
  EXPECT_EQ(child.hear(), "not ours");
  EXPECT_EQ(child.wait(), 0);
  EXPECT_TRUE(lock->may_act());
}

TEST_P(AForkedChild, cannot_unlock_refresh_or_destroy_its_parents_lock) {
  lock->lock();
  Child child = Child::running([&](Channel& channel) {
    const auto tell = [&](const std::error_code& error) {
      channel.say(error == Errc::not_locked ? "not locked" : error.message());
    };
    std::error_code error;
    lock->unlock(error);
    tell(error);
    lock->refresh(error);
    tell(error);
    lock->destroy(error);
    tell(error);
    lock->unlock(unconditionally);
  });
  EXPECT_EQ(child.hear(), "not locked");
  EXPECT_EQ(child.hear(), "not locked");
  EXPECT_EQ(child.hear(), "not locked");
  EXPECT_EQ(child.wait(), 0);
  EXPECT_TRUE(lock->is_locked());
  EXPECT_NO_THROW(lock->refresh());
  EXPECT_NO_THROW(lock->unlock());
}

TEST_P(AForkedChild, leaves_everything_as_it_is_when_it_destroys_its_copy) {
  lock->lock();
  const auto before = directory.names();
  Child child = Child::running([&](Channel&) { lock.reset(); });
  EXPECT_EQ(child.wait(), 0);
  EXPECT_EQ(directory.names(), before);
  EXPECT_TRUE(lock->is_locked());
  EXPECT_NO_THROW(lock->unlock());
}

TEST_P(AForkedChild, is_excluded_by_its_parent_and_takes_turns_with_it) {
  lock->lock();
  Child child = Child::running([&](Channel& channel) {
    channel.say(lock->try_lock() ? "locked" : "excluded");
    channel.hear();
    lock->lock(30s);
    channel.say(lock->is_locked() ? "locked" : "not locked");
    channel.hear();
    lock->unlock();
    channel.say("unlocked");
  });
  EXPECT_EQ(child.hear(), "excluded");
  lock->unlock();
  EXPECT_EQ(child.ask("your turn"), "locked");
  EXPECT_FALSE(lock->try_lock());
  EXPECT_EQ(child.ask("enough"), "unlocked");
  EXPECT_EQ(child.wait(), 0);
  EXPECT_TRUE(lock->try_lock());
}

TEST_P(AForkedChild, has_an_identity_of_its_own) {
  lock->lock();
  const auto claim = lock->claimfile();
  lock->unlock();
  Child child = Child::running([&](Channel& channel) {
    lock->lock();
    channel.say(lock->claimfile().string());
    channel.say(std::to_string(lock->details().pid));
    lock->unlock();
  });
  EXPECT_NE(child.hear(), claim.string());
  EXPECT_EQ(child.hear(), std::to_string(child.pid()));
  EXPECT_EQ(child.wait(), 0);
}

INSTANTIATE_TEST_SUITE_P(in, AForkedChild, testing::both_modes, testing::name_of_mode);

}  // namespace
}  // namespace leaselock
