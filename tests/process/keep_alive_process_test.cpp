// Goal: what happens to a whole process happens to its heartbeat: it is stopped, it forks, it gets signals.
#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <optional>
#include <thread>

#include "leaselock/leaselock.hpp"
#include "support/child.hpp"
#include "support/lease_log.hpp"
#include "support/temporary_directory.hpp"

namespace leaselock {
namespace {

using namespace std::chrono_literals;
using testing::Channel;
using testing::Child;
using testing::TemporaryDirectory;

/// A process that keeps a lock of 2 s alive, says when it is lost, and gives it back when it is told to and sure of it.
Child start_keeper(const boost::filesystem::path& path) {
  return Child::running([path](Channel& channel) {
    LockOptions options;
    options.lifetime = 2s;
    options.break_dead = false;
    Lock lock(path, options);
    lock.lock();
    KeepAliveOptions with;
    with.patience = 1h;
    with.on_change = [&](const LeaseReport& report) {
      if (report.state == LeaseState::lost) channel.say("lost");
    };
    KeepAlive keep(lock, with);
    channel.say("ready");
    if (!channel.hear()) return;
    while (!keep.may_act() && keep.state() != LeaseState::lost) std::this_thread::sleep_for(1ms);
    std::error_code error;
    keep.unlock(error);
    channel.say(error ? error.message() : "given back");
  });
}

TEST(AProcessThatWasStopped, looks_before_it_gives_its_lock_up) {
  const TemporaryDirectory directory;
  Child keeper = start_keeper(directory / "lock");
  ASSERT_EQ(keeper.hear(), "ready");
  keeper.stop();
  std::this_thread::sleep_for(2500ms);  // longer than the lease
  keeper.go_on();
  keeper.say("end");
  EXPECT_EQ(keeper.hear(), "given back") << "nobody had taken it";
}

TEST(AProcessThatWasStopped, learns_that_somebody_else_has_its_lock) {
  const TemporaryDirectory directory;
  Child keeper = start_keeper(directory / "lock");
  ASSERT_EQ(keeper.hear(), "ready");
  keeper.stop();
  Lock next(directory / "lock");
  next.lock();
  keeper.go_on();
  EXPECT_EQ(keeper.hear(), "lost");
  EXPECT_TRUE(next.may_act());
}

TEST(AForkedChildOfAKeeper, holds_nothing_and_ends_without_its_parents_threads) {
  const TemporaryDirectory directory;
  Lock lock(directory / "lock");
  lock.lock();
  std::optional<KeepAlive> keep(std::in_place, lock);
  Child child = Child::running([&](Channel& channel) {
    channel.say(keep->may_act() ? "may act" : "may not act");
    channel.say(to_string(keep->state()) + to_string(keep->report().state));
    std::error_code error;
    keep->unlock(error);
    channel.say(error == Errc::not_locked ? "not locked" : "unlocked");
    keep->stop();
    keep.reset();
    channel.say("gone");
  });
  EXPECT_EQ(child.hear(), "may not act");
  EXPECT_EQ(child.hear(), "lostlost");
  EXPECT_EQ(child.hear(), "not locked");
  EXPECT_EQ(child.hear(), "gone");
  EXPECT_EQ(child.wait(), 0);
  EXPECT_TRUE(keep->may_act());
  keep->unlock();
}

TEST(ThreadsOfAKeeper, get_none_of_the_programs_signals) {
  const TemporaryDirectory directory;
  Lock lock(directory / "lock");
  lock.lock();
  sigset_t mine;
  sigset_t before;
  ::sigemptyset(&mine);
  ::sigaddset(&mine, SIGUSR1);
  KeepAlive keep(lock);
  ::pthread_sigmask(SIG_BLOCK, &mine, &before);
  ::kill(::getpid(), SIGUSR1);  // would end the process if one of the threads took it
  int got = 0;
  ::sigwait(&mine, &got);
  EXPECT_EQ(got, SIGUSR1);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  sigset_t now;
  ::pthread_sigmask(SIG_SETMASK, nullptr, &now);
  EXPECT_EQ(::sigismember(&now, SIGTERM), 0) << "and the program's own mask is as it was";
  keep.unlock();
}

}  // namespace
}  // namespace leaselock
