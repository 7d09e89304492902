// Goal: what the worker says is what the record understands, and its requests are counted from the right mount.
// Method: the program itself on a local directory; the kernel's text as it looks on a host with three mounts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/filesystem.hpp>
#include <cstdio>
#include <set>
#include <sstream>
#include <string>
#include <utility>

#include "mount_counters.hpp"
#include "record/record.hpp"
#include "record/tables.hpp"

namespace leaselock::nfs {
namespace {

using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

class AWorker : public ::testing::Test {
 protected:
  AWorker() : directory_(boost::filesystem::temp_directory_path() / boost::filesystem::unique_path()) {
    boost::filesystem::create_directory(directory_);
  }
  ~AWorker() override { boost::filesystem::remove_all(directory_); }

  // Runs a program on the test's lock and takes what it says into the record.
  void run(const std::string& program, const std::string& options) {
    FILE* pipe = ::popen((program + ' ' + (directory_ / "lock").string() + ' ' + options).c_str(), "r");
    ASSERT_NE(pipe, nullptr);
    std::string line;
    for (int c = ::fgetc(pipe); c != EOF; c = ::fgetc(pipe)) {
      if (c != '\n') {
        line += static_cast<char>(c);
        continue;
      }
      record_.add_line("here", line);
      line.clear();
    }
    EXPECT_EQ(::pclose(pipe), 0);
  }

  void expect_three_good_holds() {
    const Report report = record_.report();
    EXPECT_THAT(complaints(report), IsEmpty());
    EXPECT_THAT(report.notes, IsEmpty());
    EXPECT_EQ(report.count(Ended::released), 3U);
    for (const HeldLock& hold : report.holds) EXPECT_GT(hold.last, hold.first);
  }

  boost::filesystem::path directory_;
  Record record_{1};
};

TEST_F(AWorker, says_what_the_record_understands) {
  run(LEASELOCK_NFS_WORKER " contend", "--holds 3 --hold 1..30 --refresh --lifetime 0.3");
  expect_three_good_holds();
}

TEST_F(AWorker, says_which_slots_it_holds) {
  run(LEASELOCK_NFS_WORKER " contend", "--mode slots-2 --holds 30 --hold 1 --idle 0");
  const Report report = record_.report();
  EXPECT_THAT(complaints(report), IsEmpty());
  EXPECT_THAT(report.notes, IsEmpty());
  std::set<std::size_t> sizes;
  for (const HeldLock& hold : report.holds) sizes.insert(hold.slots.size());
  EXPECT_THAT(sizes, ::testing::ElementsAre(1U, 2U));
}

TEST_F(AWorker, says_whether_it_reads_or_writes_and_when_that_changes) {
  run(LEASELOCK_NFS_WORKER " contend", "--mode shared --holds 40 --hold 1..3 --idle 0");
  const Report report = record_.report();
  EXPECT_THAT(complaints(report), IsEmpty());
  EXPECT_THAT(report.notes, IsEmpty());
  std::set<std::pair<bool, Ended>> seen;
  for (const HeldLock& hold : report.holds) seen.emplace(hold.shared, hold.ended);
  EXPECT_THAT(seen, UnorderedElementsAre(Pair(true, Ended::released), Pair(true, Ended::changed),
                                         Pair(false, Ended::released), Pair(false, Ended::changed)));
}

TEST_F(AWorker, in_python_says_what_the_record_understands) {
  if (std::string(FLUFL_WORKER).empty()) GTEST_SKIP() << "Python's flufl.lock is missing (python3-flufl.lock)";
  run(FLUFL_WORKER, "--holds 3 --hold 1..30");
  expect_three_good_holds();
}

TEST_F(AWorker, that_oversleeps_its_lease_says_that_it_lost_it) {
  run(LEASELOCK_NFS_WORKER " contend", "--holds 1 --hold 60000 --lifetime 0.2");
  const Report report = record_.report();
  EXPECT_THAT(complaints(report), IsEmpty());
  ASSERT_EQ(report.holds.size(), 1U);
  EXPECT_EQ(report.holds[0].ended, Ended::lost);
  EXPECT_EQ(report.holds[0].error, "may_act");
  EXPECT_EQ(report.holds[0].gave_back, "none") << "nobody else was there";
}

const std::string mountstats =
    "device proc mounted on /proc with fstype proc\n"
    "device server:/ mounted on /mnt/a with fstype nfs4 statvers=1.1\n"
    "\topts:\trw,vers=4.2\n"
    "\tage:\t10\n"
    "\tbytes:\t0 0 0\n"
    "\tRPC iostats version: 1.1  p/v: 100003/4 (nfs)\n"
    "\tper-op statistics\n"
    "\t        NULL: 1 1 0 44 24 0 0 0 0\n"
    "\t      RENAME: 7 8 0 44 24 0 0 0 0\n"
    "\n"
    "device server:/ mounted on /mnt/a\\040b with fstype nfs4 statvers=1.1\n"
    "\tper-op statistics\n"
    "\t      RENAME: 3 3 0 44 24 0 0 0 0\n"
    "device server:/ mounted on /mnt/a/inner with fstype nfs statvers=1.1\n"
    "\tper-op statistics\n"
    "\t      LOOKUP: 5 5 0 44 24 0 0 0 0\n";

Counters counters_at(const std::string& path) {
  std::istringstream text(mountstats);
  return counters_in(text, path);
}

TEST(TheCounters, are_those_of_the_innermost_mount) {
  EXPECT_THAT(counters_at("/mnt/a/locks/lock"), UnorderedElementsAre(Pair("NULL", 1), Pair("RENAME", 7)));
  EXPECT_THAT(counters_at("/mnt/a/inner/lock"), UnorderedElementsAre(Pair("LOOKUP", 5)));
  EXPECT_THAT(counters_at("/mnt/a b"), UnorderedElementsAre(Pair("RENAME", 3)));
  EXPECT_THAT(counters_at("/mnt/abc/lock"), IsEmpty());
}

TEST(TheCounters, differ_by_what_happened_in_between) {
  EXPECT_THAT(difference({{"NULL", 1}, {"RENAME", 7}}, {{"NULL", 1}, {"RENAME", 9}, {"LINK", 1}}),
              UnorderedElementsAre(Pair("RENAME", 2), Pair("LINK", 1)));
}

}  // namespace
}  // namespace leaselock::nfs
