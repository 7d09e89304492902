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

TEST_P(Generations, a_lock_file_that_was_renewed_after_it_was_judged_is_not_broken) {
  const fs::path old = directory / "lock|elsewhere|4711|123";
  Witness(old, old.string()).expect_untouched();
  fs::create_hard_link(old, path());
  bool renewed = false;
  LockOptions options;
  // The mark says that the breaker has judged and goes on. The inode stays what it was.
  options.on_trace = after_step("-> lock|break|", [&] {
    set_modified(old, far_ahead());
    renewed = true;
  });
  EXPECT_EQ(lock(options)->take(), Errc::timed_out);
  EXPECT_TRUE(renewed) << "the test came in at the right moment";
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
