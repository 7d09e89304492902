// Goal: in a directory like /tmp, where everybody may make files and nobody may remove those of others, another user
// can keep us from the lock but never make us believe that we have it, nor make us harm files. Method: two real users.
#include <sys/stat.h>

#include "support/attack.hpp"
#include "support/other_user.hpp"

namespace leaselock {
namespace {

using namespace std::chrono_literals;
using namespace testing;

class ForeignOwners : public Attack {
 protected:
  void SetUp() override {
    if (!can_become_others()) GTEST_SKIP() << needs_root;
    ASSERT_EQ(::chmod(directory.path().c_str(), 01777), 0);
  }
  /// What becomes of one attempt of this user.
  std::string attempt_of(uid_t user) const {
    return answer_of(user, [&] {
      const auto lock = this->lock();
      const std::error_code error = lock->take();
      if (!error) lock->give_back();
      return error ? error.message() : "taken";
    });
  }
  void planted_by(uid_t user, const std::function<void()>& body) const {
    ASSERT_EQ(answer_of(user,
                        [&] {
                          body();
                          return std::string("planted");
                        }),
              "planted");
  }
  static std::string message(Errc error) { return make_error_code(error).message(); }
};

INSTANTIATE_TEST_SUITE_P(of, ForeignOwners, all_kinds, name_of_kind);

TEST_P(ForeignOwners, of_a_fence_directory_are_refused) {
  if (!has_fence()) GTEST_SKIP() << "compat mode has none";
  planted_by(alice, [&] { fs::create_directory(fence()); });
  EXPECT_EQ(attempt_of(bob), message(Errc::fence_untrusted));
  fs::remove(fence());
  // With a baton in it that says whatever he likes.
  EXPECT_EQ(attempt_of(alice), "taken");
  EXPECT_EQ(attempt_of(bob), message(Errc::fence_untrusted));
  EXPECT_NE(attempt_of(alice), "no answer");
}

TEST_P(ForeignOwners, of_what_is_at_the_lock_path_can_keep_us_out_and_no_more) {
  if (!has_lock_file()) GTEST_SKIP() << "no lock file";
  planted_by(alice, [&] {
    const fs::path claim = directory / "lock|host|4711|123";
    Witness(claim, claim.string()).expect_untouched();
    fs::create_hard_link(claim, path());
  });
  // It looks like a lock whose owner died long ago, but in such a directory nobody else may take it away.
  EXPECT_NE(attempt_of(bob), "taken");
  EXPECT_TRUE(fs::exists(path()));
  EXPECT_TRUE(fs::exists(directory / "lock|host|4711|123"));
  fs::remove(path());
  fs::remove_all(fence());
  planted_by(alice, [&] {
    Witness(path(), "no lock file").expect_untouched();
    ::chmod(path().c_str(), 0644);
  });
  EXPECT_EQ(attempt_of(bob), message(Errc::not_a_lock_file));
}

TEST_P(ForeignOwners, of_a_directory_in_preparation_do_not_get_our_lock_into_it) {
  if (!has_fence()) GTEST_SKIP() << "compat mode has none";
  LockOptions options;
  // As if another user had been quicker with the name.
  options.on_trace = after_step("mkdir lock_directory/lock|boot|", [&] {
    for (const std::string& name : directory.names()) {
      if (!name.starts_with("lock|boot|")) continue;
      EXPECT_EQ(::chown((directory / name).c_str(), alice, alice), 0);
    }
  });
  EXPECT_EQ(lock(options)->take(), Errc::fence_untrusted);
}

TEST_P(ForeignOwners, of_the_gate_cost_us_its_use_and_no_more) {
  LockOptions options;
  options.lifetime = 30s;
  options.permissions = 0666;
  options.trust = Trust::anyone;
  const auto holder = lock(options);
  ASSERT_FALSE(holder->take());
  planted_by(alice, [&] {
    Witness(directory / "lock|gate", "");
    ::chmod((directory / "lock|gate").c_str(), 0600);
  });
  const std::string outcome = answer_of(bob, [&] { return outcome_at_gate(GetParam(), path(), options); });
  if (outcome == "not asked") GTEST_SKIP() << "this file system has no gates";
  EXPECT_EQ(outcome, "Permission denied");
}

TEST_P(ForeignOwners, of_leftovers_do_not_make_clean_fail_or_touch_them) {
  planted_by(alice, [&] {
    Witness(directory / "lock|host|1|f.0123456789abcdef.1.0123456789abcdef0123456789abcdef.1", "");
    fs::create_directory(directory / "lock|boot|1.0123456789abcdef.1.0123456789abcdef0123456789abcdef.1");
  });
  const auto before = directory.names();
  EXPECT_EQ(answer_of(bob,
                      [&] {
                        std::error_code error;
                        clean(path(), options_of(GetParam()), error);
                        return error ? error.message() : std::string("cleaned");
                      }),
            "cleaned");
  EXPECT_EQ(directory.names(), before);
}

}  // namespace
}  // namespace leaselock
