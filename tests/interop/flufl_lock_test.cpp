// Goal: processes that use Python's flufl.lock and processes that use this library share a lock path as
// docs/guarantees.md promises. Method: real processes of both kinds, in both modes.
#include "flufl_peer.hpp"
#include "support/hold_log.hpp"

namespace leaselock {
namespace {

using namespace std::chrono_literals;
using testing::Channel;
using testing::Child;
using testing::HoldLog;
using testing::TemporaryDirectory;

/// Takes the lock and holds it until it is told otherwise or killed.
Child our_holder(const boost::filesystem::path& lockfile, const LockOptions& options) {
  return Child::running([=](Channel& channel) {
    Lock lock(lockfile, options);
    lock.lock();
    channel.say("locked");
    channel.hear(1h);
    channel.say(lock.may_act() ? "may act" : "may not act");
    std::error_code error;
    lock.unlock(error);
    channel.say(error == Errc::lease_lost ? "lease lost" : error ? error.message() : "unlocked");
  });
}

std::int64_t milliseconds(WallTime time) {
  return std::chrono::round<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

INSTANTIATE_TEST_SUITE_P(in, WithFluflLock, testing::both_modes, testing::name_of_mode);

TEST_P(WithFluflLock, a_python_holder_excludes_us) {
  Child peer = flufl_peer(path());
  ASSERT_EQ(peer.ask("lock"), "locked");
  Lock lock(path(), options());
  EXPECT_FALSE(lock.try_lock());
  EXPECT_FALSE(lock.try_lock_for(300ms));
  EXPECT_EQ(peer.ask("is_locked"), "True");
  EXPECT_EQ(peer.ask("unlock"), "unlocked");
  EXPECT_TRUE(lock.try_lock());
}

TEST_P(WithFluflLock, we_exclude_a_python_contender) {
  Lock lock(path(), options());
  lock.lock();
  Child peer = flufl_peer(path());
  EXPECT_EQ(peer.ask("lock 1"), "TimeOutError");
  EXPECT_TRUE(lock.is_locked());
  lock.unlock();
  EXPECT_EQ(peer.ask("lock 5"), "locked");
  EXPECT_FALSE(lock.try_lock());
}

TEST_P(WithFluflLock, we_wait_for_a_python_holder) {
  Child peer = flufl_peer(path());
  ASSERT_EQ(peer.ask("lock"), "locked");
  Child waiter = our_holder(path(), options());
  EXPECT_EQ(waiter.hear(300ms), std::nullopt) << "it did not wait";
  EXPECT_EQ(peer.ask("unlock"), "unlocked");
  EXPECT_EQ(waiter.hear(), "locked");
  EXPECT_EQ(peer.ask("lock 1"), "TimeOutError");
}

TEST_P(WithFluflLock, a_python_contender_waits_for_us) {
  Lock lock(path(), options());
  lock.lock();
  Child peer = flufl_peer(path());
  peer.say("lock");
  EXPECT_EQ(peer.hear(1s), std::nullopt) << "it did not wait";
  lock.refresh();
  lock.unlock();
  EXPECT_EQ(peer.hear(), "locked");
  EXPECT_FALSE(lock.try_lock());
  EXPECT_EQ(peer.ask("unlock"), "unlocked");
}

TEST_P(WithFluflLock, we_read_who_the_python_holder_is) {
  Child peer = flufl_peer(path());
  ASSERT_EQ(peer.ask("lock"), "locked");
  Lock lock(path(), options());
  EXPECT_EQ(lock.details().hostname, peer.ask("hostname"));
  EXPECT_EQ(lock.details().pid, peer.pid());
  EXPECT_EQ(std::to_string(milliseconds(lock.expiration())), peer.ask("expiration_ms"));
  EXPECT_EQ(lock.state(), LockState::unknown);
  const LockStatus status = inspect(path(), options());
  ASSERT_TRUE(status.holder);
  EXPECT_EQ(status.holder->pid, peer.pid());
  EXPECT_EQ(status.problem, "");
}

TEST_P(WithFluflLock, a_python_process_reads_who_we_are) {
  Lock lock(path(), options());
  lock.lock();
  Child peer = flufl_peer(path());
  EXPECT_EQ(peer.ask("details"), lock.hostname() + ' ' + std::to_string(::getpid()) + ' ' + path().string());
  EXPECT_EQ(peer.ask("expiration_ms"), std::to_string(milliseconds(lock.expiration())));
  EXPECT_EQ(peer.ask("is_locked"), "False");
  EXPECT_NE(peer.ask("state"), "unlocked");
  lock.unlock();
  EXPECT_EQ(peer.ask("details"), "NotLockedError");
  EXPECT_EQ(peer.ask("state"), "unlocked");
}

TEST_P(WithFluflLock, a_python_process_breaks_the_lock_of_our_killed_holder) {
  Child holder = our_holder(path(), options(1s));
  ASSERT_EQ(holder.hear(), "locked");
  holder.kill();
  Child peer = flufl_peer(path(), 15, 1);
  EXPECT_EQ(peer.ask("lock"), "locked");
  Lock lock(path(), options());
  EXPECT_FALSE(lock.try_lock()) << "a dead holder's baton is no way around a live Python holder";
  EXPECT_EQ(peer.ask("is_locked"), "True");
  EXPECT_EQ(peer.ask("unlock"), "unlocked");
  EXPECT_TRUE(lock.try_lock_for(5s));
}

TEST_P(WithFluflLock, our_sleeping_holder_whose_lock_python_broke_does_no_harm_to_it) {
  Child sleeper = our_holder(path(), options(1s));
  ASSERT_EQ(sleeper.hear(), "locked");
  sleeper.stop();
  Child peer = flufl_peer(path(), 15, 1);
  EXPECT_EQ(peer.ask("lock"), "locked");
  sleeper.go_on();
  EXPECT_EQ(sleeper.ask("let go"), "may not act");
  EXPECT_EQ(sleeper.hear(), "lease lost");
  EXPECT_EQ(sleeper.wait(), 0);
  EXPECT_EQ(peer.ask("is_locked"), "True");
  Lock lock(path(), options());
  EXPECT_FALSE(lock.try_lock());
  EXPECT_EQ(peer.ask("unlock"), "unlocked");
}

TEST_P(WithFluflLock, a_storm_of_both_kinds_of_workers_never_overlaps) {
  constexpr int workers_each = 3;
  constexpr int python_holds_each = 5;
  const TemporaryDirectory records;
  const std::string log = (records / "holds").string();
  std::vector<Child> workers;
  std::vector<Child> peers;
  for (int i = 0; i < workers_each; ++i) {
    peers.push_back(flufl_peer(path()));
    peers.back().say("work " + std::to_string(python_holds_each) + " 0.005 " + log);
    // Ours go on until the slower ones are done, and leave the lock free for most of the time.
    workers.push_back(Child::running([&](Channel& channel) {
      HoldLog own(log);
      Lock lock(path(), options());
      do {
        lock.lock();
        own.record(lock, 2ms);
        lock.unlock();
      } while (!channel.hear(20ms));
    }));
  }
  for (Child& peer : peers) EXPECT_EQ(peer.hear(), "done");
  for (Child& worker : workers) worker.say("stop");
  for (Child& worker : workers) EXPECT_EQ(worker.wait(), 0);
  const auto holds = testing::read_holds(log);
  EXPECT_GT(holds.size(), static_cast<std::size_t>(workers_each * python_holds_each + 50));
  EXPECT_GT(testing::turns(holds), 50U);
  EXPECT_EQ(testing::overlaps(holds), 0U);
}

}  // namespace
}  // namespace leaselock
