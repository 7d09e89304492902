// Goal: who listens is told of everything that becomes of a lock, once, in order, with the facts a log needs. Method:
// locks on real files.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <boost/filesystem/fstream.hpp>
#include <boost/filesystem/operations.hpp>
#include <thread>

#include "support/event_log.hpp"

namespace leaselock::test {
namespace {

using namespace std::chrono_literals;
namespace fs = boost::filesystem;
using enum EventKind;
using Kinds = std::vector<EventKind>;

using Events = EventLog;

TEST_F(Events, of_a_hold_are_that_it_was_acquired_refreshed_and_released_with_its_token) {
  Lock lock(path, heard());
  lock.lock();
  const auto token = lock.fencing_token();
  lock.refresh();
  lock.unlock();
  ASSERT_EQ(kinds(), (Kinds{acquired, refreshed, released}));
  for (const Event& event : events) {
    EXPECT_EQ(event.token, token);
    EXPECT_EQ(event.lockfile, path);
    EXPECT_FALSE(event.error);
    EXPECT_FALSE(event.holder);
    EXPECT_GT(event.time.time_since_epoch(), Duration::zero());
  }
  EXPECT_EQ(events[0].predecessor, PredecessorEnd::none);
  EXPECT_TRUE(events[0].waited);
  EXPECT_FALSE(events[0].held);
  EXPECT_GT(*events[0].remaining, 15s);
  EXPECT_GT(*events[1].remaining, 15s);
  EXPECT_GE(*events[2].held, *events[1].held);
  EXPECT_FALSE(events[2].remaining);
  lock.lock();
  EXPECT_EQ(last().predecessor, PredecessorEnd::released);
}

TEST_F(Events, of_an_upgrade_and_a_downgrade_have_the_token_that_counts_from_then_on) {
  SharedLock lock(path, heard());
  lock.lock_shared();
  const auto read = lock.fencing_token();
  ASSERT_TRUE(lock.try_upgrade());
  const auto written = lock.fencing_token();
  ASSERT_NE(read, written);
  lock.downgrade();
  lock.unlock_shared();
  ASSERT_EQ(kinds(), (Kinds{acquired, upgraded, downgraded, released}));
  EXPECT_EQ(events[0].token, read);
  for (const int after : {1, 2, 3}) EXPECT_EQ(events[static_cast<std::size_t>(after)].token, written);
  EXPECT_TRUE(events[1].remaining);
}

TEST_F(Events, tell_of_an_upgrade_only_if_it_was_done_or_cost_the_hold) {
  LockOptions shortly = heard();
  shortly.lifetime = 100ms;
  SharedLock lock(path, shortly);
  SharedLock other(path, options());
  other.lock_shared();
  lock.lock_shared();
  EXPECT_FALSE(lock.try_upgrade());
  ASSERT_EQ(kinds(), (Kinds{acquired}));
  other.unlock_shared();
  while (lock.may_act()) std::this_thread::sleep_for(5ms);
  std::error_code error;
  EXPECT_FALSE(lock.try_upgrade(error));
  ASSERT_EQ(kinds(), (Kinds{acquired, lost}));
  EXPECT_EQ(last().error, Errc::lease_lost);
}

TEST_F(Events, have_no_token_in_compat_mode) {
  LockOptions compat = heard();
  compat.mode = Mode::compat;
  Lock lock(path, compat);
  lock.lock();
  lock.unlock();
  ASSERT_EQ(kinds(), (Kinds{acquired, released}));
  EXPECT_FALSE(events[0].token);
}

TEST_F(Events, tell_once_whom_a_wait_is_for_and_that_it_was_given_up) {
  Lock holder(path, options());
  holder.lock();
  Lock waiter(path, heard());
  EXPECT_FALSE(waiter.try_lock_for(20ms));
  ASSERT_EQ(kinds(), (Kinds{waiting, gave_up}));
  for (const Event& event : events) {
    ASSERT_TRUE(event.holder);
    EXPECT_EQ(event.holder->pid, ::getpid());
    EXPECT_EQ(event.holder->token, holder.fencing_token());
    EXPECT_FALSE(event.token);
  }
  EXPECT_EQ(events[1].error, Errc::timed_out);
  EXPECT_GE(*events[1].waited, 20ms);
}

TEST_F(Events, tell_a_wait_that_was_cancelled_from_one_that_took_too_long) {
  Lock holder(path, options());
  holder.lock();
  std::stop_source stop;
  LockOptions stoppable = heard();
  stoppable.stop = stop.get_token();
  stoppable.on_wait = [&](const Waiting&) { stop.request_stop(); };
  Lock waiter(path, stoppable);
  std::error_code error;
  waiter.lock(error);
  EXPECT_EQ(error, Errc::cancelled);
  ASSERT_EQ(kinds(), (Kinds{waiting, gave_up}));
  EXPECT_EQ(last().error, Errc::cancelled);
}

TEST_F(Events, of_a_lock_that_was_granted_and_given_back_since_a_stop_was_requested_are_both) {
  std::stop_source stop;
  LockOptions stoppable = heard();
  stoppable.stop = stop.get_token();
  stoppable.on_trace = [&](const std::string& line) {
    if (line.starts_with("link ")) stop.request_stop();
  };
  Lock lock(path, stoppable);
  std::error_code error;
  lock.lock(error);
  EXPECT_EQ(error, Errc::cancelled);
  EXPECT_EQ(kinds(), (Kinds{acquired, released}));
}

TEST_F(Events, tell_what_kept_a_lock_from_being_tried) {
  Lock lock(directory.path() / "missing" / "job.lock", heard());
  std::error_code error;
  lock.lock(error);
  ASSERT_EQ(kinds(), Kinds{failed});
  EXPECT_EQ(last().error, std::errc::no_such_file_or_directory);
}

TEST_F(Events, do_not_mention_misuse) {
  Lock lock(path, heard());
  std::error_code error;
  lock.unlock(error);
  lock.refresh(error);
  lock.lock();
  lock.lock(error);
  EXPECT_EQ(error, Errc::already_locked);
  EXPECT_EQ(kinds(), Kinds{acquired});
}

TEST_F(Events, tell_whose_lease_had_run_out_when_it_was_broken) {
  LockOptions brief = options();
  brief.lifetime = 100ms;
  Lock holder(path, brief);
  holder.lock();
  const auto token = holder.fencing_token();
  Lock successor(path, heard());
  successor.lock();
  ASSERT_EQ(kinds(), (Kinds{waiting, broke, acquired}));
  for (const std::size_t i : {1U, 2U}) {
    EXPECT_EQ(events[i].predecessor, PredecessorEnd::expired);
    ASSERT_TRUE(events[i].holder);
    EXPECT_EQ(events[i].holder->token, token);
    EXPECT_EQ(events[i].holder->pid, ::getpid());
  }
  EXPECT_GT(last().token, token);
}

TEST_F(Events, of_several_slots_tell_once_of_the_one_that_was_broken) {
  LockOptions brief = options();
  brief.lifetime = 100ms;
  Semaphore late(path, 2, brief);
  late.acquire();
  const auto token = late.fencing_token();
  Semaphore living(path, 2, options());
  living.acquire();
  std::this_thread::sleep_for(500ms);  // the lease and the grace
  LockOptions taking = heard();
  taking.on_wait = [&](const Waiting&) {
    if (living.may_act()) living.release();
  };
  Semaphore successor(path, 2, taking);
  successor.acquire(2);
  EXPECT_EQ(successor.predecessor().end, PredecessorEnd::expired);
  ASSERT_TRUE(successor.predecessor().holder);
  EXPECT_EQ(successor.predecessor().holder->token, token);
  EXPECT_EQ(std::ranges::count(kinds(), broke), 1);
}

TEST_F(Events, tell_whose_forgotten_lock_file_was_broken) {
  const fs::path claim = path.string() + "|elsewhere|4711|123456789";
  fs::ofstream(claim) << claim.string();
  fs::create_hard_link(claim, path);
  fs::last_write_time(path, std::time(nullptr) - 3600);
  Lock lock(path, heard());
  lock.lock();
  ASSERT_EQ(kinds(), (Kinds{broke, acquired}));
  EXPECT_EQ(events[0].predecessor, PredecessorEnd::expired);
  ASSERT_TRUE(events[0].holder);
  EXPECT_EQ(events[0].holder->host, "elsewhere");
  EXPECT_EQ(events[0].holder->pid, 4711);
  EXPECT_EQ(events[1].predecessor, PredecessorEnd::expired);
}

TEST_F(Events, tell_once_that_a_lease_was_lost_when_a_refresh_finds_out) {
  Lock lock(path, heard());
  lock.lock();
  const auto token = lock.fencing_token();
  ASSERT_TRUE(unsafe_break(path, options()));
  std::error_code error;
  lock.refresh(error);
  lock.refresh(error);
  lock.unlock(error);
  EXPECT_EQ(error, Errc::lease_lost);
  ASSERT_EQ(kinds(), (Kinds{acquired, lost}));
  EXPECT_EQ(last().token, token);
  EXPECT_EQ(last().error, Errc::lease_lost);
}

TEST_F(Events, tell_that_a_lease_was_lost_when_nobody_asked_before_the_lock_was_taken_again) {
  LockOptions brief = heard();
  brief.lifetime = 100ms;
  Lock lock(path, brief);
  lock.lock();
  const auto first = lock.fencing_token();
  Lock other(path, options());
  other.lock();
  other.unlock();
  lock.lock();
  ASSERT_EQ(kinds(), (Kinds{acquired, lost, acquired}));
  EXPECT_EQ(events[1].token, first);
}

TEST_F(Events, of_a_refresh_that_extended_nothing_tell_what_is_left_of_the_lease) {
  Lock lock(path, heard());
  lock.lock();
  std::error_code error;
  lock.refresh(20ms, error);
  ASSERT_EQ(kinds(), (Kinds{acquired, refresh_failed}));
  EXPECT_EQ(last().error, Errc::lifetime_too_short);
  EXPECT_GT(*last().remaining, 15s);
}

TEST_F(Events, tell_that_the_lock_file_is_somebody_elses_by_now) {
  Lock lock(path, heard());
  lock.lock();
  fs::remove(path);
  fs::remove(lock.claimfile());
  fs::ofstream(path) << "not ours";
  std::error_code error;
  lock.refresh(60s, error);
  ASSERT_EQ(kinds(), (Kinds{acquired, mirror_lost}));
  EXPECT_EQ(last().error, Errc::mirror_lost);
  EXPECT_TRUE(lock.may_act());
}

TEST_F(Events, come_also_from_a_lock_that_is_destroyed_or_whose_object_goes_away) {
  {
    Lock lock(path, heard());
    lock.lock();
    lock.destroy();
    lock.lock();
  }
  EXPECT_EQ(kinds(), (Kinds{acquired, released, acquired, released}));
}

TEST_F(Events, of_maintenance_are_none) {
  Lock lock(path, options());
  lock.lock();
  ASSERT_TRUE(unsafe_break(path, heard()));
  clean(path, heard());
  EXPECT_TRUE(events.empty());
}

}  // namespace
}  // namespace leaselock::test
