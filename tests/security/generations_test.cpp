// Goal: an inode number is no identity. A lock file that has become another lock's since it was judged is left alone,
// though it has the same number; and all holds of a fenced lock are one inode, which nobody's patience is counted by.
// Method: exchange what is judged between two steps of the breaker.
#include <sys/stat.h>
#include <unistd.h>

#include <set>

#include "support/attack.hpp"

namespace leaselock {
namespace {

using namespace std::chrono_literals;
using namespace testing;

class Generations : public Attack {};

INSTANTIATE_TEST_SUITE_P(of, Generations, kinds_with_lock_file, name_of_kind);

TEST_P(Generations, a_lock_file_that_was_refreshed_after_it_was_judged_is_not_broken) {
  const fs::path old = directory / "lock|elsewhere|4711|123";
  Witness(old, old.string()).expect_untouched();
  fs::create_hard_link(old, path());
  bool refreshed = false;
  LockOptions options;
  // The mark says that the breaker has judged and goes on. The inode stays what it was.
  options.on_trace = after_step("-> lock|break|", [&] {
    set_modified(old, far_ahead());
    refreshed = true;
  });
  EXPECT_EQ(lock(options)->take(), Errc::timed_out);
  EXPECT_TRUE(refreshed) << "the test came in at the right moment";
  EXPECT_TRUE(fs::exists(path())) << "a living lock was broken";
  EXPECT_TRUE(fs::exists(old)) << "and its claim removed";
}

TEST_P(Generations, a_lock_file_that_was_exchanged_while_it_was_moved_away_is_put_back) {
  const fs::path old = directory / "lock|elsewhere|4711|123";
  const fs::path successor = directory / "lock|elsewhere|4712|124";
  Witness(old, old.string()).expect_untouched();
  fs::create_hard_link(old, path());
  bool exchanged = false;
  LockOptions options;
  // Between the last look and the rename nothing can be checked any more.
  options.on_trace = [&, looks = 0](const std::string& line) mutable {
    if (line.find("-> lock|break|") != line.npos) looks = 1;
    if (looks == 0 || exchanged || line.find("look! lock_directory/lock: ok") == line.npos) return;
    exchanged = true;
    fs::remove(path());
    Witness(successor, successor.string());
    set_modified(successor, far_ahead());
    fs::create_hard_link(successor, path());
  };
  EXPECT_EQ(lock(options)->take(), Errc::timed_out);
  EXPECT_TRUE(exchanged) << "the test came in at the right moment";
  EXPECT_TRUE(fs::equivalent(path(), successor)) << "the successor's lock file is back";
}

TEST_P(Generations, a_file_of_the_same_age_that_took_the_place_of_what_was_judged_stays) {
  const fs::path old = directory / "lock|elsewhere|4711|123";
  Witness(old, old.string()).expect_untouched();
  fs::create_hard_link(old, path());
  LockOptions options;
  options.on_trace = after_step("-> lock|break|", [&] {
    fs::remove(path());
    Witness(path()).expect_untouched();
  });
  EXPECT_EQ(lock(options)->take(), Errc::not_a_lock_file);
  EXPECT_TRUE(fs::exists(path())) << "somebody's file was removed";
}

TEST_P(Generations, a_lock_file_that_was_exchanged_while_its_holder_unlocks_late_is_put_back) {
  if (GetParam() != Kind::compat) GTEST_SKIP() << "a fenced holder refreshes its lock first";
  const fs::path successor = directory / "lock|elsewhere|4712|124";
  bool exchanged = false;
  LockOptions options;
  options.lifetime = 2s;
  options.on_trace = [&](const std::string& line) {
    // The last look before the rename; while the lock is taken there is none.
    if (exchanged || !line.starts_with("look! lock_directory/lock|")) return;
    exchanged = true;
    fs::remove(path());
    Witness(successor, successor.string());
    set_modified(successor, far_ahead());
    fs::create_hard_link(successor, path());
  };
  const auto late = lock(options);
  ASSERT_FALSE(late->take());
  ::usleep(1'700'000);  // so little of the lease is left that it may be over by the time it is given back
  late->give_back();
  EXPECT_TRUE(exchanged) << "the test came in at the right moment";
  EXPECT_TRUE(fs::exists(path()) && fs::equivalent(path(), successor)) << "the successor's lock file is back";
}

TEST_P(Generations, a_lock_file_that_is_a_successors_by_now_is_not_refreshed) {
  if (GetParam() != Kind::compat) GTEST_SKIP() << "a fenced holder goes by the baton";
  const auto late = lock();
  ASSERT_FALSE(late->take());
  const Witness successor(directory / "lock|elsewhere|4712|124");
  fs::remove(path());
  fs::create_hard_link(successor.path(), path());
  EXPECT_EQ(late->refresh(), Errc::lease_lost);
  EXPECT_FALSE(late->may_act());
  late->give_back();
  EXPECT_TRUE(fs::exists(path()));
  successor.expect_untouched();
}

TEST_P(Generations, the_death_of_an_owner_says_nothing_of_a_later_lock_file_with_the_same_number) {
  if (GetParam() != Kind::compat) GTEST_SKIP() << "a fenced lock has no owner but the baton's";
  LockOptions options;
  options.lifetime = 60s;
  Child owner = Child::running([&](Channel& channel) {
    const auto one = lock(options);
    channel.say(one->take() ? "not taken" : "taken");
    channel.hear(1h);
  });
  ASSERT_EQ(owner.hear(), "taken");
  const fs::path first = claim();
  bool exchanged = false;
  options.timeout = 2s;
  // As soon as the waiter has seen that the owner lives, another one follows it, and then it ends.
  options.on_trace = after_step(": ok alive", [&] {
    fs::rename(first, directory / "lock|elsewhere|4711|123");
    set_modified(path(), far_ahead());
    owner.kill();
    exchanged = true;
  });
  EXPECT_EQ(wait_for_all(GetParam(), path(), options), Errc::timed_out);
  EXPECT_TRUE(exchanged) << "the test came in at the right moment";
  EXPECT_TRUE(fs::exists(path())) << "a living lock was broken";
}

TEST(GenerationsOfABaton, are_told_apart_by_name_although_they_are_one_inode) {
  const TemporaryDirectory directory;
  LockOptions options;
  options.mirror = false;
  options.trust_server_clock = false;  // then age is only what was watched
  options.lifetime = 2s;
  Lock holder(directory / "lock", options);
  Lock watcher(directory / "lock", options);
  std::error_code error;
  std::set<std::uint64_t> inodes;
  for (int hold = 0; hold < 50; ++hold) {
    holder.lock();
    watcher.lock(0s, error);
    ASSERT_EQ(error, Errc::timed_out) << "the age of an earlier hold was inherited";
    for (const std::string& name : directory.names()) {
      struct stat facts {};
      if (name.find("|h|") != name.npos && ::stat((directory / name).c_str(), &facts) == 0) inodes.insert(facts.st_ino);
    }
    holder.unlock();
    ::usleep(60'000);
  }
  EXPECT_EQ(inodes.size(), 1U) << "what the test is about";
}

}  // namespace
}  // namespace leaselock
