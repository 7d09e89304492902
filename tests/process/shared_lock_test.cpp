#include <gtest/gtest.h>

#include <boost/filesystem/operations.hpp>
#include <mutex>
#include <shared_mutex>
#include <thread>

#include "leaselock/leaselock.hpp"
#include "support/child.hpp"
#include "support/temporary_directory.hpp"

/// The public class, on a real directory.
namespace leaselock::test {
namespace {

using namespace std::chrono_literals;
using testing::Channel;
using testing::Child;
using testing::TemporaryDirectory;
namespace fs = boost::filesystem;

class ASharedLock : public ::testing::Test {
 protected:
  SharedLock make(Duration lifetime = 20s) const {
    LockOptions options;
    options.lifetime = lifetime;
    return SharedLock(path, options);
  }

  TemporaryDirectory directory;
  fs::path path = directory / "table";
};

TEST_F(ASharedLock, has_many_readers_or_one_writer) {
  SharedLock first = make();
  SharedLock second = make();
  SharedLock writer = make();
  first.lock_shared();
  second.lock_shared();
  EXPECT_TRUE(first.may_act());
  EXPECT_TRUE(second.may_act());
  EXPECT_FALSE(writer.try_lock());
  first.unlock_shared();
  EXPECT_FALSE(writer.try_lock());
  second.unlock_shared();
  EXPECT_TRUE(writer.try_lock());
  EXPECT_FALSE(first.try_lock_shared());
  EXPECT_FALSE(first.try_lock_shared_until(std::chrono::system_clock::now() + 5ms));
  EXPECT_FALSE(second.try_lock());
  writer.unlock();
  EXPECT_TRUE(first.try_lock_shared_for(1s));
}

TEST_F(ASharedLock, gives_a_writer_a_token_above_all_before_it) {
  SharedLock first = make();
  SharedLock second = make();
  first.lock_shared();
  second.lock_shared();
  const FencingToken highest = std::max(*first.fencing_token(), *second.fencing_token());
  first.unlock_shared();
  second.unlock_shared();
  first.lock();
  EXPECT_GT(*first.fencing_token(), highest);
}

TEST_F(ASharedLock, works_with_the_standard_guards) {
  SharedLock reader = make();
  SharedLock other = make();
  {
    const std::shared_lock one(reader);
    const std::shared_lock two(other, std::try_to_lock);
    EXPECT_TRUE(two.owns_lock());
    SharedLock writer = make();
    const std::unique_lock none(writer, 1ms);
    EXPECT_FALSE(none.owns_lock());
  }
  const std::unique_lock writing(reader);
  EXPECT_TRUE(reader.holds_exclusive());
}

TEST_F(ASharedLock, is_given_back_in_the_way_it_was_taken) {
  SharedLock lock = make();
  std::error_code error;
  lock.lock_shared();
  lock.unlock(error);
  EXPECT_EQ(error, Errc::not_locked);
  EXPECT_TRUE(lock.holds_shared());
  lock.lock_shared(error);
  EXPECT_EQ(error, Errc::already_locked);
  lock.unlock_shared();
  lock.lock();
  lock.unlock_shared(error);
  EXPECT_EQ(error, Errc::not_locked);
  EXPECT_TRUE(lock.may_act());
}

TEST_F(ASharedLock, lets_a_waiting_writer_go_before_readers_who_come_later) {
  SharedLock reader = make();
  reader.lock_shared();
  std::thread writes([&] {
    SharedLock writer = make();
    writer.lock();
    std::this_thread::sleep_for(50ms);
    writer.unlock();
  });
  SharedLock later = make();
  while (later.try_lock_shared()) later.unlock_shared();
  reader.unlock_shared();
  writes.join();
  EXPECT_TRUE(later.try_lock_shared_for(5s));
}

TEST_F(ASharedLock, does_not_wait_for_a_reader_whose_lease_ran_out) {
  SharedLock reader = make(300ms);
  SharedLock writer = make();
  reader.lock_shared();
  EXPECT_TRUE(writer.try_lock_for(10s));
  EXPECT_FALSE(reader.may_act());
  std::error_code error;
  reader.refresh(error);
  EXPECT_EQ(error, Errc::lease_lost);
  reader.unlock_shared(error);
  EXPECT_EQ(error, Errc::lease_lost);
  EXPECT_TRUE(writer.may_act());
}

/// What only somebody outside the protocol does: the file that is the lock's state is gone, a reader's is still there.
class ASharedLockWithoutItsState : public ASharedLock {
 protected:
  void remove_the_state() const {
    const std::string fence = path.string() + "|fence";
    int removed = 0;
    for (const auto& entry : fs::directory_iterator(fence)) {
      if (entry.path().filename().string().starts_with("b|")) removed += fs::remove(entry.path()) ? 1 : 0;
    }
    ASSERT_EQ(removed, 1);
  }
};

TEST_F(ASharedLockWithoutItsState, is_refused_while_a_reader_may_act) {
  SharedLock reader = make();
  SharedLock writer = make();
  reader.lock_shared();
  remove_the_state();
  std::error_code error;
  EXPECT_FALSE(writer.try_lock(error));
  EXPECT_EQ(error, Errc::fence_damaged);
  EXPECT_TRUE(reader.may_act());
}

TEST_F(ASharedLockWithoutItsState, is_made_anew_once_the_readers_lease_has_ended) {
  SharedLock reader = make(300ms);
  SharedLock writer = make();
  reader.lock_shared();
  remove_the_state();
  std::error_code error = Errc::fence_damaged;
  while (error == Errc::fence_damaged && !writer.try_lock(error)) std::this_thread::sleep_for(20ms);
  EXPECT_FALSE(error) << error.message();
  EXPECT_TRUE(writer.may_act());
  EXPECT_FALSE(reader.may_act());
}

TEST_F(ASharedLock, says_that_a_readers_lease_does_not_become_longer_than_its_first) {
  SharedLock reader = make(6s);
  reader.lock_shared();
  reader.refresh(60s);
  EXPECT_EQ(reader.lifetime(), 6s);
  KeepAlive keep(reader);
  std::this_thread::sleep_for(50ms);
  EXPECT_EQ(keep.state(), LeaseState::held);
  keep.unlock();
  reader.lock();
  reader.refresh(60s);
  EXPECT_GT(reader.remaining(), 50s);
}

TEST_F(ASharedLock, waits_for_a_reader_that_refreshes) {
  SharedLock reader = make(2s);
  SharedLock writer = make();
  reader.lock_shared();
  KeepAlive keep(reader);
  EXPECT_FALSE(writer.try_lock_for(3s));
  EXPECT_TRUE(keep.may_act());
  keep.unlock();
  EXPECT_TRUE(writer.try_lock_for(5s));
}

TEST_F(ASharedLock, of_its_parent_is_not_held_by_a_forked_child) {
  SharedLock reader = make();
  reader.lock_shared();
  Child child = Child::running([&](Channel& channel) {
    channel.say(reader.holds_shared() ? "held" : "not held");
    std::error_code error;
    reader.unlock_shared(error);
    channel.say(error == Errc::not_locked ? "not locked" : error.message());
  });
  EXPECT_EQ(child.hear(), "not held");
  EXPECT_EQ(child.hear(), "not locked");
  EXPECT_EQ(child.wait(), 0);
  EXPECT_TRUE(reader.holds_shared());
  EXPECT_FALSE(reader.holds_exclusive());
}

TEST_F(ASharedLock, is_upgraded_by_the_only_reader) {
  SharedLock reader = make();
  SharedLock other = make();
  reader.lock_shared();
  other.lock_shared();
  const FencingToken read = *reader.fencing_token();
  EXPECT_FALSE(reader.try_upgrade());
  EXPECT_TRUE(reader.holds_shared());
  EXPECT_EQ(reader.fencing_token(), read);
  EXPECT_TRUE(reader.may_act());
  other.unlock_shared();
  EXPECT_TRUE(reader.try_upgrade());
  EXPECT_TRUE(reader.holds_exclusive());
  EXPECT_GT(*reader.fencing_token(), read);
  EXPECT_FALSE(other.try_lock_shared());
  reader.unlock();
  EXPECT_TRUE(other.try_lock_shared());
}

TEST_F(ASharedLock, is_not_upgraded_after_the_lease) {
  SharedLock reader = make(200ms);
  reader.lock_shared();
  std::this_thread::sleep_for(250ms);
  std::error_code error;
  EXPECT_FALSE(reader.try_upgrade(error));
  EXPECT_EQ(error, Errc::lease_lost);
  EXPECT_FALSE(reader.holds_exclusive());
  SharedLock other = make();
  EXPECT_TRUE(other.try_lock());
  other.unlock();
  other.try_upgrade(error);
  EXPECT_EQ(error, Errc::not_locked);
}

TEST_F(ASharedLock, is_downgraded_without_a_gap) {
  SharedLock writer = make();
  SharedLock other = make();
  writer.lock();
  const FencingToken token = *writer.fencing_token();
  writer.downgrade();
  EXPECT_TRUE(writer.holds_shared());
  EXPECT_TRUE(writer.may_act());
  EXPECT_EQ(writer.fencing_token(), token);
  EXPECT_FALSE(other.try_lock());
  EXPECT_TRUE(other.try_lock_shared());
  std::error_code error;
  writer.downgrade(error);
  EXPECT_EQ(error, Errc::not_locked);
  EXPECT_TRUE(writer.may_act());
}

TEST_F(ASharedLock, shows_its_readers) {
  SharedLock first = make();
  SharedLock second = make();
  first.lock_shared();
  second.lock_shared();
  const LockStatus status = first.status();
  EXPECT_EQ(status.kind, LockKind::shared_lock);
  ASSERT_EQ(status.holders.size(), 2U);
  EXPECT_TRUE(status.holders[0].shared);
  EXPECT_LT(*status.holders[0].token, *status.holders[1].token);
  EXPECT_EQ(status.state, LockState::unknown);
  first.unlock_shared();
  second.unlock_shared();
  EXPECT_EQ(first.status().state, LockState::unlocked);
  first.lock();
  EXPECT_FALSE(first.status().holders.at(0).shared);
}

TEST_F(ASharedLock, leaves_nothing_when_it_is_cleaned) {
  {
    SharedLock reader = make();
    reader.lock_shared();
  }
  std::this_thread::sleep_for(250ms);  // a hold younger than the grace is not removed
  clean(path);
  EXPECT_TRUE(fs::is_empty(directory.path()));
}

TEST_F(ASharedLock, can_be_held_for_a_piece_of_work_either_way) {
  SharedLock lock = make();
  hold_shared(lock, [&] { EXPECT_TRUE(lock.holds_shared()); });
  hold(lock, [&] { EXPECT_TRUE(lock.holds_exclusive()); });
  EXPECT_FALSE(lock.may_act());
}

}  // namespace
}  // namespace leaselock::test
