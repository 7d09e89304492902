// Goal: an uncontended lock() and unlock() cost the system calls that protocol.md section 13 promises, and not one
// more. Method: strace a program that does so 10 times and 30 times; the difference is 20 warm cycles exactly.
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <map>
#include <optional>

#include "leaselock/lock.hpp"
#include "support/child.hpp"
#include "support/temporary_directory.hpp"

namespace leaselock {
namespace {

using testing::Child;
using testing::TemporaryDirectory;

using Calls = std::map<std::string, int>;
constexpr const char* strace = "/usr/bin/strace";

bool can_trace() {
  return ::access(strace, X_OK) == 0 && Child::executing({strace, "-qq", "-o", "/dev/null", "/bin/true"}).wait() == 0;
}

/// System calls by name, on a lock of its own unless one is given; those that only concern the process's own memory are
/// left out.
Calls calls_of(const std::string& mode, int cycles, const std::optional<boost::filesystem::path>& lock) {
  const TemporaryDirectory directory;
  const std::string trace = (directory / "trace").string();
  Child traced = Child::executing({strace, "-qq", "-f", "-E", "ASAN_OPTIONS=detect_leaks=0", "-o", trace, LOCK_CYCLES,
                                   mode, std::to_string(cycles), lock.value_or(directory / "lock").string()});
  EXPECT_EQ(traced.wait(), 0);
  Calls calls;
  std::ifstream lines(trace);
  std::string process;
  std::string rest;
  while (lines >> process >> std::ws && std::getline(lines, rest)) {
    const auto end = rest.find('(');
    if (end != std::string::npos && rest[0] != '<') ++calls[rest.substr(0, end)];
  }
  for (const char* memory : {"brk", "mmap", "munmap", "madvise"}) calls.erase(memory);
  return calls;
}

Calls calls_of_20_warm_cycles(const std::string& mode, const std::optional<boost::filesystem::path>& lock = {}) {
  Calls difference = calls_of(mode, 30, lock);
  for (const auto& [name, count] : calls_of(mode, 10, lock)) difference[name] -= count;
  std::erase_if(difference, [](const auto& entry) { return entry.second == 0; });
  return difference;
}

class AWarmLockAndUnlock : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!can_trace()) GTEST_SKIP() << "strace is missing, or tracing is not allowed here";
  }
};

TEST_F(AWarmLockAndUnlock, costs_4_calls_in_fenced_mode_with_the_mirror_and_one_look) {
  const Calls expected = {{"renameat", 40}, {"linkat", 20}, {"statx", 20}, {"unlinkat", 20}};
  EXPECT_EQ(calls_of_20_warm_cycles("fenced"), expected);
}

TEST_F(AWarmLockAndUnlock, costs_no_more_calls_when_somebody_listens_and_counts) {
  EXPECT_EQ(calls_of_20_warm_cycles("listened-to"), calls_of_20_warm_cycles("fenced"));
}

TEST_F(AWarmLockAndUnlock, costs_2_calls_in_fenced_mode_without_the_mirror) {
  const Calls expected = {{"renameat", 40}};
  EXPECT_EQ(calls_of_20_warm_cycles("fenced-without-mirror"), expected);
}

TEST_F(AWarmLockAndUnlock, costs_2_calls_in_compat_mode_and_one_look_while_the_claim_needs_no_new_time) {
  const Calls expected = {{"linkat", 20}, {"statx", 20}, {"unlinkat", 20}};
  EXPECT_EQ(calls_of_20_warm_cycles("compat"), expected);
}

TEST_F(AWarmLockAndUnlock, refused_reads_once_what_the_kernel_says_of_the_holders_process) {
  const TemporaryDirectory directory;
  Lock holder(directory / "lock");
  holder.lock();
  Calls calls = calls_of_20_warm_cycles("refused", directory / "lock");
  EXPECT_EQ(calls["openat"], 20);
  EXPECT_EQ(calls["kill"], 20);
}

}  // namespace
}  // namespace leaselock
