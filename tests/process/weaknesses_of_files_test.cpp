// Goal: no file is touched, lost or misread where flufl.lock is known to go wrong with files and their names.
// Method: see weakness.hpp.
#include <unistd.h>

#include "weakness.hpp"

namespace leaselock {
namespace {

namespace fs = boost::filesystem;
using namespace std::chrono_literals;
using testing::Channel;
using testing::Child;
using testing::TemporaryDirectory;

class Files : public Weakness {};

INSTANTIATE_TEST_SUITE_P(in, Files, testing::both_modes, testing::name_of_mode);

// W3
TEST_P(Files, W3_a_path_found_in_the_lock_file_is_never_removed_in_another_directory) {
  const TemporaryDirectory elsewhere;
  for (const std::string name : {"precious", "lock|host|123|456"}) {
    const fs::path victim = elsewhere / name;
    plant(victim, "precious");
    plant(path(), victim.string());
    Lock lock(path(), options());
    std::error_code error;
    lock.lock(0s, error);
    EXPECT_TRUE(fs::exists(victim)) << name;
    EXPECT_EQ(contents_of(victim), "precious");
    lock.unlock(unconditionally, error);
    EXPECT_TRUE(fs::exists(victim)) << name;
    boost::system::error_code ignored;
    fs::remove(path(), ignored);
  }
}

TEST_P(Files, W3_a_file_of_this_directory_is_never_removed_unless_it_is_the_claim_of_what_was_broken) {
  for (const std::string name : {"precious", "lockless|host|1|2", "lock|precious", "lock|host|1|2"}) {
    for (const std::string& text : {name, (directory / name).string(), "../" + name}) {
      plant(directory / name, "precious");
      plant(path(), text);
      Lock lock(path(), options());
      std::error_code error;
      lock.lock(0s, error);
      lock.unlock(unconditionally, error);
      EXPECT_EQ(contents_of(directory / name), "precious") << text;
      boost::system::error_code ignored;
      fs::remove(path(), ignored);
    }
  }
}

// W4
TEST_P(Files, W4_a_symbolic_link_at_the_lock_path_is_an_error_and_its_target_is_not_touched) {
  const fs::path target = directory / "target";
  plant(target, "precious");
  const timespec before = mtime_of(target);
  fs::create_symlink(target, path());
  Lock lock(path(), options());
  std::error_code error;
  lock.lock(0s, error);
  EXPECT_EQ(error, Errc::not_a_lock_file) << error.message();
  EXPECT_TRUE(same(mtime_of(target), before));
  EXPECT_EQ(contents_of(target), "precious");
  EXPECT_TRUE(fs::is_symlink(fs::symlink_status(path())));
}

TEST_P(Files, W4_a_directory_or_fifo_at_the_lock_path_is_an_error_and_stays) {
  fs::create_directory(path());
  std::error_code error;
  Lock(path(), options()).lock(0s, error);
  EXPECT_EQ(error, Errc::not_a_lock_file) << error.message();
  EXPECT_TRUE(fs::is_directory(path()));
  fs::remove(path());
  ASSERT_EQ(::mkfifo(path().c_str(), 0600), 0);
  Lock(path(), options()).lock(0s, error);
  EXPECT_EQ(error, Errc::not_a_lock_file) << error.message();
  EXPECT_TRUE(fs::exists(path()));
}

// W5
TEST_P(Files, W5_a_link_that_was_made_although_its_reply_was_lost_is_taken_for_what_it_is) {
  Lock lock(path(), options());
  lock.lock();
  const fs::path claim = lock.claimfile();
  lock.unlock();
  ASSERT_TRUE(fs::exists(claim)) << "the claim is kept for the next lock()";
  fs::create_hard_link(claim, path());  // as if the server had executed a request whose reply never came
  std::error_code error;
  lock.lock(0s, error);
  EXPECT_FALSE(error) << error.message();
  EXPECT_TRUE(lock.is_locked());
  lock.unlock();
  EXPECT_FALSE(fs::exists(path()));
}

// W6
TEST_P(Files, W6_a_third_link_made_by_a_backup_program_changes_nothing) {
  Lock lock(path(), options());
  lock.lock();
  fs::create_hard_link(lock.claimfile(), directory / "backup");
  EXPECT_TRUE(lock.is_locked());
  EXPECT_NO_THROW(lock.refresh());
  EXPECT_NO_THROW(lock.unlock());
  EXPECT_FALSE(fs::exists(path()));
  EXPECT_TRUE(fs::exists(directory / "backup"));
  EXPECT_TRUE(lock.try_lock());
}

// W7
TEST_P(Files, W7_locking_what_one_holds_already_is_an_error_that_leaves_the_lock_file_as_it_was) {
  Lock lock(path(), options());
  lock.lock();
  const std::string text = contents_of(path());
  const ino_t inode = inode_of(path());
  const timespec expiry = mtime_of(path());
  EXPECT_THROW(lock.lock(), AlreadyLockedError);
  EXPECT_EQ(contents_of(path()), text);
  EXPECT_EQ(inode_of(path()), inode);
  EXPECT_TRUE(same(mtime_of(path()), expiry));
  EXPECT_TRUE(lock.is_locked());
}

// W13
TEST_P(Files, W13_a_separator_in_the_directory_part_of_the_path_confuses_nobody) {
  const fs::path odd = directory / "a|b|1|2";
  fs::create_directory(odd);
  Lock lock(odd / "lock", options());
  lock.lock();
  EXPECT_EQ(lock.details().pid, ::getpid());
  EXPECT_EQ(lock.details().hostname, lock.hostname());
  EXPECT_EQ(lock.state(), LockState::ours);
  Lock other(odd / "lock", options());
  EXPECT_EQ(other.details().pid, ::getpid());
  EXPECT_FALSE(other.try_lock());
}

// W14
TEST_P(Files, W14_a_name_too_long_for_its_claims_is_refused_before_anything_is_written) {
  Lock lock(directory / std::string(230, 'n'), options());
  std::error_code error;
  lock.lock(0s, error);
  EXPECT_EQ(error, Errc::name_too_long) << error.message();
  EXPECT_EQ(directory.names(), std::vector<std::string>{});
}

// W18
TEST_P(Files, W18_claims_of_killed_waiters_are_cleaned_away) {
  Child first = holder(options());
  Child waiter = Child::running([&](Channel& channel) {
    LockOptions waiting = options();
    bool told = false;
    waiting.on_wait = [&](const Waiting&) {
      if (!told) channel.say("waiting");
      told = true;
    };
    Lock(path(), waiting).lock();
  });
  ASSERT_EQ(waiter.hear(), "waiting");
  waiter.kill();
  EXPECT_EQ(first.ask("let go"), "unlocked");
  EXPECT_EQ(first.wait(), 0);
  clean(path(), options());
  EXPECT_EQ(directory.names(), std::vector<std::string>{});
}

}  // namespace
}  // namespace leaselock
