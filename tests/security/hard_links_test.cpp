// Goal: a file of somebody else that has a second name among ours is never written to, shortened, given other
// permissions or times, or removed. Method: link one to every name that we might meet, also while we hold.
#include <unistd.h>

#include "support/attack.hpp"

namespace leaselock {
namespace {

using namespace std::chrono_literals;
using namespace testing;

constexpr const char* object = "0123456789abcdef.1.0123456789abcdef0123456789abcdef";

class HardLinks : public Attack {
 protected:
  static void link(const Witness& file, const fs::path& name) {
    boost::system::error_code error;
    fs::create_hard_link(file.path(), name, error);
    EXPECT_FALSE(error) << name << ": " << error.message();
  }
  /// All that is ever done to a lock's files.
  void use_everything() const {
    const LockOptions options = options_of(GetParam());
    std::error_code ignored;
    const auto one = lock();
    one->take();
    one->refresh();
    one->give_back();
    inspect(path(), options, ignored);
    break_expired(path(), options, ignored);
    unsafe_break(path(), options, ignored);
    clean(path(), options, ignored);
  }
};

INSTANTIATE_TEST_SUITE_P(on, HardLinks, all_kinds, name_of_kind);

TEST_P(HardLinks, at_the_names_of_a_lock_leave_the_file_as_it_was) {
  const Witness file(elsewhere / "file");
  for (const std::string& name :
       {std::string("lock"), std::string("lock|fence"), std::string("lock|gate"), std::string("lock|host|4711|123"),
        std::string("lock|host|1|f.") + object + ".1", std::string("lock|host|1|c.") + object + ".1",
        std::string("lock|aside|1.") + object + ".1", std::string("lock|break|1-2-3")}) {
    SCOPED_TRACE(name);
    link(file, directory / name);
    use_everything();
    file.expect_untouched();
    fs::remove(directory / name);
    fs::remove_all(fence());
  }
}

TEST_P(HardLinks, that_look_like_a_lock_file_with_its_claim_cost_the_file_no_more_than_these_names) {
  const Witness file(elsewhere / "file");
  link(file, directory / "lock|host|4711|123");
  link(file, path());
  use_everything();
  file.expect_untouched();
}

TEST_P(HardLinks, in_the_fence_directory_leave_the_file_as_it_was) {
  if (!has_fence()) GTEST_SKIP() << "compat mode has none";
  const Witness file(elsewhere / "file");
  const std::string owner = std::string("|host|1|") + object;
  for (const std::string& name :
       {std::string("stranger"), "q|0|1" + owner, "r|1|1|1000" + owner, "b|0|1|h|1|0|1000" + owner,
        "b|rw|1|h|1|0|1000" + owner, "b|0.2|1|h|1|0|1000" + owner, std::string("b|0|1|f|0|0")}) {
    SCOPED_TRACE(name);
    ASSERT_FALSE(lock()->take());
    link(file, fence() / name);
    use_everything();
    file.expect_untouched();
    fs::remove_all(fence());
    fs::remove(path());
  }
}

TEST_P(HardLinks, in_the_place_of_the_holders_claim_are_not_taken_for_it) {
  if (!has_lock_file()) GTEST_SKIP() << "no claims without a lock file";
  LockOptions options;
  options.lifetime = 300ms;
  const auto lock = this->lock(options);
  ASSERT_FALSE(lock->take());
  const Witness file(elsewhere / "file");
  const fs::path name = claim();
  fs::remove(name);
  link(file, name);
  std::error_code error = lock->refresh();
  // In compat mode its time was the lease; in fenced mode only the mirror is in doubt, when it is due to be refreshed.
  for (int more = 0; !error && more < 10; ++more) {
    ::usleep(50'000);
    error = lock->refresh();
  }
  EXPECT_EQ(error, GetParam() == Kind::compat ? Errc::lease_lost : Errc::mirror_lost) << error.message();
  EXPECT_EQ(lock->may_act(), GetParam() == Kind::fenced);
  lock->give_back();
  EXPECT_TRUE(fs::exists(file.path()));
  EXPECT_EQ(fs::file_size(file.path()), 8U);
}

TEST_P(HardLinks, in_the_place_of_a_claim_that_is_refreshed_do_not_become_our_lock_file) {
  if (!has_lock_file()) GTEST_SKIP() << "no claims without a lock file";
  LockOptions options;
  options.lifetime = 400ms;
  const auto lock = this->lock(options);
  ASSERT_FALSE(lock->take());
  ASSERT_FALSE(lock->give_back());
  const Witness file(elsewhere / "file");
  const fs::path name = claim();
  fs::remove(name);
  link(file, name);
  // So old that it is refreshed before it is linked; in compat mode not so old that it is replaced anyway.
  ::usleep(GetParam() == Kind::compat ? 200'000 : 600'000);
  EXPECT_FALSE(lock->take());
  EXPECT_FALSE(fs::equivalent(path(), file.path()));
}

TEST_P(HardLinks, at_the_gate_do_not_make_us_lock_somebody_elses_file) {
  LockOptions options;
  options.lifetime = 30s;
  const auto holder = lock(options);
  ASSERT_FALSE(holder->take());
  const std::string usual = outcome_at_gate(GetParam(), path(), options);
  if (usual == "not asked") GTEST_SKIP() << "this file system has no gates";
  EXPECT_EQ(usual, "ok") << "nobody else waits";
  fs::remove(directory / "lock|gate");
  const Witness file(elsewhere / "file");
  link(file, directory / "lock|gate");
  EXPECT_EQ(outcome_at_gate(GetParam(), path(), options), "Invalid argument");
  file.expect_untouched();
}

}  // namespace
}  // namespace leaselock
