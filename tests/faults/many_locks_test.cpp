// Goal: a process may have ten thousand locks; each takes a known number of descriptors and little memory; and when the
// descriptors are used up, that is said, and nothing that is owned already is lost by it.
#include <gtest/gtest.h>
#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iostream>

#include "leaselock/leaselock.hpp"
#include "support/footprint.hpp"
#include "support/temporary_directory.hpp"
#include "support/thorough.hpp"

namespace leaselock::faults {
namespace {

using namespace std::chrono_literals;
using testing::TemporaryDirectory;

/// Another limit of open descriptors while it lives.
class DescriptorLimit {
 public:
  explicit DescriptorLimit(rlim_t limit) {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit wanted{limit, std::max(limit, before_.rlim_max)};  // the harder limit is root's to raise
    granted_ = ::setrlimit(RLIMIT_NOFILE, &wanted) == 0 ? limit : before_.rlim_max;
    const rlimit most{granted_, before_.rlim_max};
    if (granted_ != limit) ::setrlimit(RLIMIT_NOFILE, &most);
  }
  ~DescriptorLimit() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  DescriptorLimit(const DescriptorLimit&) = delete;
  DescriptorLimit& operator=(const DescriptorLimit&) = delete;

  rlim_t granted() const { return granted_; }

 private:
  rlimit before_{};
  rlim_t granted_ = 0;
};

class ManyLocks : public ::testing::Test {
 protected:
  Lock& add() {
    LockOptions options;
    options.lifetime = 1h;
    options.timeout = 5s;
    return *locks.emplace_back(std::make_unique<Lock>(directory / std::to_string(locks.size()), options));
  }

  TemporaryDirectory directory;
  std::vector<std::unique_ptr<Lock>> locks;
};

TEST_F(ManyLocks, take_two_descriptors_each_and_little_memory) {
  const std::size_t wanted = everything_is_wanted() ? 10'000 : 2'000;
  constexpr std::size_t others = 200;
  const DescriptorLimit limit(2 * wanted + others);
  if (limit.granted() < others + 1000) GTEST_SKIP() << "only " << limit.granted() << " open files are allowed here";
  const std::size_t count = (limit.granted() - others) / 2;
  const Footprint before = footprint();
  const std::size_t memory_before = ::mallinfo2().uordblks;
  for (std::size_t i = 0; i < count; ++i) add().lock();
  for (const auto& lock : locks) lock->refresh();
  EXPECT_EQ(footprint(), (Footprint{before.descriptors + 2 * count, before.threads}));
  const std::size_t memory = (::mallinfo2().uordblks - memory_before) / count;
  std::cout << count << " locks, " << memory << " bytes each\n";
  EXPECT_LT(memory, 16U * 1024);
  for (const auto& lock : locks) lock->unlock();
  EXPECT_EQ(footprint(), (Footprint{before.descriptors + 2 * count, before.threads}));
  locks.clear();
  EXPECT_EQ(footprint(), before);
}

class NoDescriptorsLeft : public ManyLocks {
 protected:
  /// Takes locks until the process may not open any more files.
  void SetUp() override {
    limit.emplace(footprint().descriptors + 40);
    while (told.empty()) {
      try {
        add().lock();
      } catch (const LockError& error) {
        code = error.code();
        told = error.what();
        locks.pop_back();
      }
    }
  }

  std::optional<DescriptorLimit> limit;
  std::error_code code;
  std::string told;
};

TEST_F(NoDescriptorsLeft, is_an_error_that_says_what_to_do) {
  EXPECT_EQ(code, std::error_code(EMFILE, std::system_category()));
  EXPECT_NE(told.find("ulimit -n"), std::string::npos) << told;
  EXPECT_GE(locks.size(), 10U);
}

TEST_F(NoDescriptorsLeft, does_not_touch_what_is_owned) {
  for (const auto& lock : locks) EXPECT_NO_THROW(lock->refresh());
  for (const auto& lock : locks) EXPECT_TRUE(lock->may_act());
  for (const auto& lock : locks) EXPECT_NO_THROW(lock->unlock());
  for (const auto& lock : locks) EXPECT_NO_THROW(lock->lock());
}

class WaitingWithoutDescriptors : public NoDescriptorsLeft, public ::testing::WithParamInterface<FastPath> {};

TEST_P(WaitingWithoutDescriptors, goes_on) {
  const boost::filesystem::path path = locks.front()->lockfile();
  locks.pop_back();  // room for the waiter's two
  LockOptions alone;
  alone.fast_path = GetParam();
  Lock waiter(path, alone);
  EXPECT_FALSE(waiter.try_lock());
  std::vector<int> rest;
  for (int taken = ::dup(0); taken != -1; taken = ::dup(0)) rest.push_back(taken);
  EXPECT_THROW(waiter.lock(100ms), TimeOutError);
  locks.front()->unlock();
  EXPECT_NO_THROW(waiter.lock(5s));
  for (const int taken : rest) ::close(taken);
}

INSTANTIATE_TEST_SUITE_P(, WaitingWithoutDescriptors, ::testing::Values(FastPath::automatic, FastPath::off),
                         [](const auto& path) { return path.param == FastPath::off ? "alone" : "woken"; });

TEST_F(NoDescriptorsLeft, is_over_when_the_limit_is_raised) {
  limit.reset();
  EXPECT_NO_THROW(add().lock());
}

}  // namespace
}  // namespace leaselock::faults
