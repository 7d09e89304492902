// Goal: no symbolic link, wherever and whenever somebody puts it, leads us out of the lock's directory. Method: put
// them before we come and while we hold; at what they lead to nothing may change. The lock file's own and the gate's
// are in process/weaknesses (W4) and process/ports, the fence directory's of a lock in unit/fence.
#include "support/attack.hpp"

namespace leaselock {
namespace {

using namespace std::chrono_literals;
using namespace testing;

class SymbolicLinks : public Attack {
 protected:
  void use(AnyLock& lock) const {
    lock.take();
    lock.refresh();
    lock.give_back();
    std::error_code ignored;
    inspect(path(), options_of(GetParam()), ignored);
    clean(path(), options_of(GetParam()), ignored);
  }
};

INSTANTIATE_TEST_SUITE_P(on, SymbolicLinks, all_kinds, name_of_kind);

TEST_P(SymbolicLinks, at_every_name_that_may_be_met_lead_nowhere) {
  const Witness file(elsewhere / "file");
  fs::create_directory(elsewhere / "place");
  const Witness inside(elsewhere / "place/file");
  for (const char* name : {"lock", "lock|fence", "lock|gate", "lock|elsewhere|4711|123", "lock|break|1-2-3"}) {
    for (const char* target : {"file", "place", "absent"}) {
      fs::create_symlink(elsewhere / target, directory / name);
      use(*lock());
      EXPECT_EQ(elsewhere.names(), (std::vector<std::string>{"file", "place", "place/file"})) << name;
      // clean() takes away the gate with the rest, whatever it is.
      const bool may_go = name == std::string("lock|gate");
      EXPECT_TRUE(may_go || fs::is_symlink(fs::symlink_status(directory / name))) << name << " to " << target;
      fs::remove(directory / name);
      fs::remove_all(fence());
    }
  }
  file.expect_untouched();
  inside.expect_untouched();
}

TEST_P(SymbolicLinks, in_the_place_of_the_fence_directory_under_a_holder_are_not_followed) {
  if (!has_fence()) GTEST_SKIP() << "compat mode has none";
  const auto lock = this->lock();
  ASSERT_FALSE(lock->take());
  const Witness same_name(elsewhere / baton().filename().string(), "");
  fs::rename(fence(), directory / "moved");
  fs::create_symlink(elsewhere.path(), fence());
  EXPECT_FALSE(lock->refresh()) << "what was opened once counts";
  EXPECT_FALSE(lock->give_back());
  EXPECT_NE(make_lock(GetParam(), path())->take(), std::error_code()) << "newcomers find the link";
  same_name.expect_untouched();
  EXPECT_EQ(elsewhere.names().size(), 1U);
}

TEST_P(SymbolicLinks, in_the_place_of_the_lock_directory_under_a_holder_are_not_followed) {
  const fs::path home = directory / "home";
  fs::create_directory(home);
  const auto lock = make_lock(GetParam(), home / "lock");
  ASSERT_FALSE(lock->take());
  // Everything that it has there exists elsewhere, too.
  for (fs::recursive_directory_iterator entry(home), end; entry != end; ++entry) {
    const fs::path twin = elsewhere.path() / entry->path().lexically_relative(home);
    fs::is_directory(entry->path()) ? void(fs::create_directory(twin)) : Witness(twin).expect_untouched();
  }
  const Witness lock_file(elsewhere / "lock");
  const auto before = elsewhere.names();
  fs::rename(home, directory / "moved");
  fs::create_symlink(elsewhere.path(), home);
  EXPECT_FALSE(lock->refresh());
  EXPECT_FALSE(lock->give_back());
  EXPECT_EQ(elsewhere.names(), before);
  EXPECT_FALSE(fs::exists(directory / "moved/lock"));
  lock_file.expect_untouched();
}

TEST_P(SymbolicLinks, in_the_place_of_a_claim_are_neither_followed_nor_believed) {
  if (!has_lock_file()) GTEST_SKIP() << "no claims without a lock file";
  const Witness target(elsewhere / "file");
  const auto lock = this->lock();
  ASSERT_FALSE(lock->take());
  const fs::path name = claim();
  fs::rename(name, elsewhere / "claim");
  fs::create_symlink(target.path(), name);
  lock->refresh();
  EXPECT_EQ(make_lock(GetParam(), path())->take(), Errc::timed_out);
  lock->give_back();
  use(*this->lock());
  target.expect_untouched();
}

TEST_P(SymbolicLinks, in_the_place_of_a_claim_that_is_about_to_be_linked_give_no_name_to_what_they_lead_to) {
  if (!has_lock_file()) GTEST_SKIP() << "no claims without a lock file";
  const Witness target(elsewhere / "file");
  LockOptions options;
  bool exchanged = false;
  options.on_trace = after_step("touch lock_directory/lock|", [&] {
    const fs::path name = claim();
    fs::rename(name, elsewhere / "claim");
    fs::create_symlink(target.path(), name);
    exchanged = true;
  });
  const auto lock = this->lock(options);
  lock->take();
  EXPECT_TRUE(exchanged) << "the test came in at the right moment";
  EXPECT_EQ(fs::hard_link_count(target.path()), 1U);
  target.expect_untouched();
}

TEST_P(SymbolicLinks, in_the_place_of_a_directory_that_is_being_prepared_are_not_followed) {
  if (!has_fence()) GTEST_SKIP() << "compat mode has none";
  LockOptions options;
  options.on_trace = after_step("mkdir lock_directory/lock|boot|", [&] {
    for (const std::string& name : directory.names()) {
      if (!name.starts_with("lock|boot|")) continue;
      fs::remove(directory / name);
      fs::create_symlink(elsewhere.path(), directory / name);
    }
  });
  EXPECT_NE(lock(options)->take(), std::error_code());
  EXPECT_EQ(elsewhere.names(), std::vector<std::string>{});
}

}  // namespace
}  // namespace leaselock
