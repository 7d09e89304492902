// Goal: what others wrote into files and names is shown, and a hint at most. Method: write lies about a living holder.

#include <fstream>

#include "support/attack.hpp"

namespace leaselock {
namespace {

using namespace std::chrono_literals;
using namespace testing;

class ForgedRecords : public Attack {
 protected:
  void SetUp() override {
    holder_ = lock(long_lived());
    ASSERT_FALSE(holder_->take());
  }
  static LockOptions long_lived() {
    LockOptions options;
    options.lifetime = 60s;
    return options;
  }
  void expect_still_held() {
    EXPECT_EQ(contender(), Errc::timed_out);
    EXPECT_TRUE(holder_->may_act());
    EXPECT_FALSE(holder_->refresh());
    EXPECT_FALSE(holder_->give_back());
  }
  std::error_code contender() const {
    LockOptions options;
    options.timeout = 0s;
    return wait_for_all(GetParam(), path(), options);
  }
  static pid_t dead_process() {
    Child child = Child::running([](Channel&) {});
    const pid_t pid = child.pid();
    child.wait();
    return pid;
  }

  std::unique_ptr<AnyLock> holder_;
};

INSTANTIATE_TEST_SUITE_P(on, ForgedRecords, all_kinds, name_of_kind);

TEST_P(ForgedRecords, of_a_dead_process_in_the_lock_file_do_not_break_a_living_lock) {
  if (!has_lock_file()) GTEST_SKIP() << "no lock file";
  const std::string host = Lock(path()).hostname();
  for (const std::string& text :
       {"lock|" + host + "|" + std::to_string(dead_process()) + "|123", std::string("lock|elsewhere|1|123"),
        std::string("lock|") + host + "|0|123", std::string(), std::string(4096, 'x'), std::string("\0\xFF\n", 3)}) {
    std::ofstream(path().string(), std::ios::binary) << text;
    // Writing has set the time of the lock file: the past, as far as compat mode and flufl.lock are concerned.
    set_modified(path(), far_ahead());
    EXPECT_EQ(contender(), Errc::timed_out) << text;
  }
  expect_still_held();
}

TEST_P(ForgedRecords, of_another_claim_for_the_same_file_do_not_break_a_living_lock) {
  if (!has_lock_file()) GTEST_SKIP() << "no lock file";
  const std::string host = Lock(path()).hostname();
  fs::create_hard_link(path(), directory / ("lock|" + host + "|" + std::to_string(dead_process()) + "|123"));
  expect_still_held();
}

TEST_P(ForgedRecords, of_batons_with_impossible_numbers_are_nobodys) {
  if (!has_fence()) GTEST_SKIP() << "compat mode has none";
  const std::string place = GetParam() == Kind::fenced ? "0" : GetParam() == Kind::shared ? "rw" : "0.2";
  for (const char* rest : {"18446744073709551615|f|0|0", "9000000000000001|f|0|0", "1|f|9223372036854775807|0",
                           "1|h|9223372036854775807|0|1|h|1|0123456789abcdef.1.0123456789abcdef0123456789abcdef"}) {
    std::ofstream((fence() / ("b|" + place + "|" + rest)).string());
  }
  std::ofstream((fence() / "b|0.4294967295|1|f|0|0").string());
  expect_still_held();
  const LockStatus status = inspect(path(), options_of(GetParam()));
  EXPECT_LE(status.slots, 2U);
}

TEST_P(ForgedRecords, of_the_last_number_are_not_followed_by_one_that_nobody_could_read) {
  if (!has_fence()) GTEST_SKIP() << "compat mode has none";
  ASSERT_FALSE(holder_->give_back());
  const std::string name = baton().filename().string();
  const std::string forged = name.substr(0, name.find('|', 2)) + "|9000000000000000|f|0|0";
  fs::rename(baton(), fence() / forged);
  EXPECT_EQ(contender(), Errc::fence_damaged);
  EXPECT_TRUE(fs::exists(fence() / forged));
}

TEST_P(ForgedRecords, of_tickets_from_the_end_of_time_cost_those_who_wait_no_more_than_their_patience) {
  if (!has_fence()) GTEST_SKIP() << "compat mode has none";
  const std::string owner = "|host|1|0123456789abcdef.1.0123456789abcdef0123456789abcdef";
  for (const char* stamp : {"0", "1", "9223372036854775807"}) {
    std::ofstream((fence() / ("q|0|" + std::string(stamp) + owner)).string());
  }
  EXPECT_FALSE(holder_->give_back());
  LockOptions options;
  options.timeout = 30s;
  const std::error_code error = wait_for_all(GetParam(), path(), options);
  EXPECT_FALSE(error) << error.message();
}

TEST_P(ForgedRecords, of_many_tickets_cost_no_more_than_those_of_a_few) {
  if (!has_fence()) GTEST_SKIP() << "compat mode has none";
  const std::string owner = "|host|1|0123456789abcdef.1.0123456789abcdef0123456789abcdef";
  for (int stamp = 0; stamp < 1000; ++stamp) {
    std::ofstream((fence() / ("q|0|" + std::to_string(stamp) + owner)).string());
  }
  EXPECT_FALSE(holder_->give_back());
  LockOptions options;
  options.timeout = 20s;
  const std::error_code error = wait_for_all(GetParam(), path(), options);
  EXPECT_FALSE(error) << error.message();
}

class ForgedTimes : public Attack {};

INSTANTIATE_TEST_SUITE_P(on, ForgedTimes, kinds_with_lock_file, name_of_kind);

TEST_P(ForgedTimes, that_cannot_be_counted_in_nanoseconds_are_still_to_come_or_long_over) {
  const Witness old(directory / "lock|elsewhere|4711|123", "lock|elsewhere|4711|123");
  fs::create_hard_link(old.path(), path());
  set_modified(path(), 10'000'000'000);
  EXPECT_EQ(lock()->take(), Errc::timed_out);
  EXPECT_TRUE(fs::exists(old.path())) << "a living lock was broken";
  set_modified(path(), -10'000'000'000);
  EXPECT_FALSE(lock()->take());
}

TEST(ForgedHosts, with_control_characters_are_in_no_name_that_is_believed) {
  const TemporaryDirectory directory;
  const fs::path fence = directory / "lock|fence";
  fs::create_directory(fence);
  std::ofstream((fence / "b|0|5|f|0|0").string());
  const std::string owner = "|evil\n\x1B[2J|1|0123456789abcdef.1.0123456789abcdef0123456789abcdef";
  std::ofstream((fence / ("q|0|1" + owner)).string());
  std::ofstream((fence / ("b|0|6|h|8000000000000|0|1000" + owner)).string());
  std::ofstream((directory / "lock|evil\x1B[2J|1|123").string());
  const LockStatus status = inspect(directory / "lock");
  EXPECT_EQ(status.token, 5U);
  EXPECT_FALSE(status.holder);
  EXPECT_TRUE(status.queue.empty());
}

}  // namespace
}  // namespace leaselock
