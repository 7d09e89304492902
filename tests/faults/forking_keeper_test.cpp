// Goal: a program whose locks are kept alive by other threads may fork at any time.
// Method: one thread forks again and again while the others refresh a short lease; each child looks at what it
// inherited, and then owns and keeps a lock of its own, which takes every lock in the library once.
#include <gtest/gtest.h>
#include <unistd.h>

#include "leaselock/leaselock.hpp"
#include "support/child.hpp"
#include "support/temporary_directory.hpp"

namespace leaselock::faults {
namespace {

using namespace std::chrono_literals;
using testing::Channel;
using testing::Child;
using testing::TemporaryDirectory;

TEST(AKeepersChild, owns_nothing_and_can_own_something_whenever_it_was_forked) {
  const TemporaryDirectory directory;
  LockOptions options;
  options.lifetime = 1s;
  std::vector<std::unique_ptr<Lock>> locks;
  std::vector<std::unique_ptr<KeepAlive>> keepers;
  for (int i = 0; i < 8; ++i) {
    locks.push_back(std::make_unique<Lock>(directory / ("kept" + std::to_string(i)), options));
    locks.back()->lock();
    KeepAliveOptions patient;
    patient.patience = 1h;
    keepers.push_back(std::make_unique<KeepAlive>(*locks.back(), patient));
  }
  const LeaseTime end = LeaseClock::now() + 3s;  // three lifetimes, some 9 refreshes of each
  for (int forks = 0; forks < 6 || LeaseClock::now() < end; ++forks) {
    Child child = Child::running([&](Channel& channel) {
      ::alarm(60);
      std::string found;
      std::error_code error;
      for (auto& keeper : keepers) {
        if (keeper->may_act() || keeper->state() != LeaseState::lost) found += "it may act; ";
        keeper->unlock(error);
        if (error != Errc::not_locked) found += error.message();
      }
      Lock own(directory / ("own" + std::to_string(::getpid())));
      own.lock();
      KeepAlive(own).unlock();
      channel.say(found + "done");
    });
    ASSERT_EQ(child.hear(), "done");
    ASSERT_EQ(child.wait(), 0);
  }
  for (auto& keeper : keepers) {
    std::error_code error;
    keeper->unlock(error);
    EXPECT_FALSE(error) << error.message();
  }
}

}  // namespace
}  // namespace leaselock::faults
