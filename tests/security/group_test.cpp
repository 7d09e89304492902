// Goal: users of one group share a lock whatever their umasks are, by LockOptions::permissions, and let nobody else in.
// Method: two real users of a group in a directory that belongs to it.
#include <sys/stat.h>

#include "support/attack.hpp"
#include "support/other_user.hpp"

namespace leaselock {
namespace {

using namespace std::chrono_literals;
using namespace testing;

constexpr uid_t mallory = 54323;
constexpr gid_t others = 54329;

class Group : public Attack {
 protected:
  void SetUp() override {
    if (!can_become_others()) GTEST_SKIP() << needs_root;
    make_home(0770);
  }
  /// The lock's directory: the group's, or everybody's.
  void make_home(mode_t mode) const {
    ASSERT_EQ(::chown(directory.path().c_str(), 0, staff), 0);
    ASSERT_EQ(::chmod(directory.path().c_str(), mode), 0);
  }
  static LockOptions shared() {
    LockOptions options;
    options.permissions = 0660;
    return options;
  }
  /// What this user is told when he takes the lock, refreshes it and gives it back.
  std::string turn_of(uid_t user, mode_t mask, const LockOptions& options, gid_t group = staff) const {
    return answer_of(
        user,
        [&] {
          ::umask(mask);
          const auto lock = this->lock(options);
          std::error_code error = lock->take();
          if (!error) error = lock->refresh();
          if (!error) error = lock->give_back();
          return error ? error.message() : std::string("done");
        },
        group);
  }
  static mode_t mode_of(const fs::path& path) {
    struct stat facts {};
    return ::lstat(path.c_str(), &facts) == 0 ? facts.st_mode & 07777U : 0;
  }
  static gid_t group_of(const fs::path& path) {
    struct stat facts {};
    return ::lstat(path.c_str(), &facts) == 0 ? facts.st_gid : 0;
  }
};

INSTANTIATE_TEST_SUITE_P(of, Group, all_kinds, name_of_kind);

TEST_P(Group, users_with_narrow_umasks_take_turns) {
  for (const mode_t home : {02770U, 0770U, 03770U}) {
    SCOPED_TRACE(home);
    make_home(home);
    for (int round = 0; round < 2; ++round) {
      EXPECT_EQ(turn_of(alice, 0077, shared()), "done");
      EXPECT_EQ(turn_of(bob, 0022, shared()), "done");
      EXPECT_EQ(turn_of(0, 0077, shared()), "done");
    }
    if (has_fence()) {
      EXPECT_EQ(mode_of(fence()) & 02777U, 0770U | (home & 02000U));
      EXPECT_EQ(group_of(fence()), staff);
    }
    for (fs::directory_iterator entry(directory.path()), end; entry != end; ++entry) fs::remove_all(entry->path());
  }
}

TEST_P(Group, a_user_breaks_the_lock_of_another_who_crashed) {
  LockOptions options = shared();
  options.lifetime = 200ms;
  options.break_dead = false;
  EXPECT_EQ(answer_of(alice,
                      [&] {
                        ::umask(0077);
                        auto* crashed = lock(options).release();  // never given back
                        return crashed->take() ? std::string("not taken") : std::string("taken");
                      }),
            "taken");
  const std::string outcome = answer_of(bob, [&] {
    ::umask(0077);
    LockOptions waiting = options;
    waiting.timeout = 40s;
    const std::error_code error = wait_for_all(GetParam(), path(), waiting);
    return error ? error.message() : std::string("broken");
  });
  EXPECT_EQ(outcome, "broken");
}

TEST_P(Group, waiters_of_two_users_stand_in_one_line_at_the_gate) {
  LockOptions options = shared();
  options.lifetime = 30s;
  ASSERT_EQ(turn_of(alice, 0077, options), "done");
  const auto waits = [&] {
    ::umask(0077);
    return outcome_at_gate(GetParam(), path(), options);
  };
  const auto holder = lock(options);
  ASSERT_FALSE(holder->take());
  const std::string first = answer_of(alice, waits);
  if (first == "not asked") GTEST_SKIP() << "this file system has no gates";
  EXPECT_EQ(first, "ok");
  EXPECT_EQ(answer_of(bob, waits), "ok");
  EXPECT_EQ(mode_of(directory / "lock|gate"), 0660U);
}

TEST_P(Group, without_the_option_the_umask_decides_as_before) {
  const std::string first = turn_of(alice, 0077, LockOptions());
  EXPECT_EQ(first, "done");
  if (!has_fence()) return;
  EXPECT_EQ(mode_of(fence()) & 0777U, 0700U);
  EXPECT_NE(turn_of(bob, 0077, LockOptions()), "done");
}

TEST_P(Group, a_fence_that_somebody_of_another_group_made_is_refused_where_everybody_may_write) {
  if (!has_fence()) GTEST_SKIP() << "compat mode has none";
  make_home(03777);
  EXPECT_EQ(answer_of(
                mallory,
                [&] {
                  fs::create_directory(fence());
                  return std::string("planted");
                },
                others),
            "planted");
  ASSERT_EQ(group_of(fence()), staff) << "the directory hands its group on, so the group proves nothing";
  EXPECT_EQ(turn_of(bob, 0022, shared()), make_error_code(Errc::fence_untrusted).message());
}

TEST_P(Group, whoever_is_not_in_the_directorys_group_does_not_let_his_own_group_in) {
  make_home(0777);
  const std::string outcome = turn_of(mallory, 0022, shared(), others);
  EXPECT_EQ(outcome, std::error_code(EPERM, std::system_category()).message());
  EXPECT_EQ(directory.names(), std::vector<std::string>{});
}

TEST_P(Group, a_lock_for_its_owner_alone_is_just_that) {
  LockOptions options;
  options.permissions = 0600;
  EXPECT_EQ(turn_of(alice, 0, options), "done");
  for (const std::string& name : directory.names()) {
    const bool inside = name.find('/') != name.npos;
    EXPECT_TRUE(inside || (mode_of(directory / name) & 0077U) == 0) << name;
  }
}

TEST(Permissions, that_make_no_sense_are_refused_by_name) {
  for (const std::uint32_t bits : {0U, 0400U, 0060U, 0700U, 0661U, 02660U, 010660U, 0666U, 0662U}) {
    LockOptions options;
    options.permissions = bits;
    EXPECT_THROW(Lock("/nowhere/lock", options), LockError) << bits;
  }
  LockOptions options;
  options.permissions = 0666;
  options.trust = Trust::anyone;
  EXPECT_NO_THROW(Lock("/nowhere/lock", options));
}

}  // namespace
}  // namespace leaselock
