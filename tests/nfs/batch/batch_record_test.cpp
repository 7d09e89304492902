#include "batch_record.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

/// The judge of the batch, with what it must find planted. One cycle is a microsecond here.
namespace leaselock::nfs {
namespace {

using ::testing::HasSubstr;

std::string began(int job, int pid, int at) {
  return "began first " + std::to_string(job) + " pid=" + std::to_string(pid) +
         " parent=1 first=" + std::to_string(at) + " tsc=" + std::to_string(at + 5) + " .";
}
std::string gone(int job, int pid, int at) {
  return "gone first " + std::to_string(job) + " pid=" + std::to_string(pid) + " last=" + std::to_string(at) +
         " tsc=" + std::to_string(at + 5) + " .";
}

/// Two jobs, two at once, both done on one host; the second may be begun once.
class TwoJobs : public ::testing::Test {
 protected:
  void run(int job, int pid, int from, int to, const std::string& attempt, const std::string& host = "host1") {
    record_.add_message(host, "batch: " + attempt + " begins, slot 1");
    record_.add_sighting(host, began(job, pid, from));
    if (to != 0) record_.add_sighting(host, gone(job, pid, to));
  }
  std::string complaints() {
    record_.settle();
    return record_.complaints();
  }
  BatchRecord record_{2, 2};
};

TEST_F(TwoJobs, NothingIsWrongWhenEachIsDoneOnce) {
  run(1, 10, 1000, 2000, "1@host1@7");
  run(2, 11, 1500, 2500, "2.once@host1@8");
  record_.add_file("done", "1@host1@7");
  record_.add_file("done", "2.once@host1@8");
  EXPECT_EQ(complaints(), "");
  EXPECT_EQ(record_.most_at_once(), 2U);
  EXPECT_EQ(record_.runs()[0].slot, 1U);
}

TEST_F(TwoJobs, AThirdRunAtTheSameMomentIsFound) {
  run(1, 10, 1000, 2000, "1@host1@7");
  run(2, 11, 1500, 2500, "2.once@host1@8");
  run(1, 12, 1999, 2100, "1@host2@9", "host2");
  record_.add_file("done", "1@host1@7");
  record_.add_file("done", "2.once@host1@8");
  EXPECT_THAT(complaints(), HasSubstr("3 runs were alive at once"));
}

TEST_F(TwoJobs, ARunThatBeginsAfterTheLastSignOfAnotherOneIsNotBesideIt) {
  run(1, 10, 1000, 2000, "1@host1@7");
  run(2, 11, 2001, 2500, "2.once@host1@8");
  record_.settle();
  EXPECT_EQ(record_.most_at_once(), 1U);
}

TEST_F(TwoJobs, AJobThatIsNowhereOrTwiceIsFound) {
  run(1, 10, 1000, 2000, "1@host1@7");
  record_.add_file("done", "1@host1@7");
  record_.add_file("running", "1@host2@9");
  EXPECT_EQ(complaints(), "job 1 is in 2 places: running/1@host2@9 done/1@host1@7\njob 2 is in 0 places:\n");
}

TEST_F(TwoJobs, AJobThatACrashInterruptedIsDoneByAnotherAttempt) {
  run(1, 10, 1000, 0, "1@host1@7");
  record_.crash(1200, "host1");
  run(1, 10, 9000, 9900, "1@host2@9", "host2");
  run(2, 11, 1500, 2500, "2.once@host2@8", "host2");
  record_.add_file("done", "1@host2@9");
  record_.add_file("done", "2.once@host2@8");
  EXPECT_EQ(complaints(), "");
  EXPECT_EQ(record_.runs()[0].end, RunEnd::crashed);
  EXPECT_EQ(record_.runs()[0].last, 1200U);
}

TEST_F(TwoJobs, AJobThatMustNotBeginTwiceIsReportedOrFound) {
  run(1, 10, 1000, 2000, "1@host1@7");
  record_.add_file("done", "1@host1@7");
  run(2, 11, 1500, 0, "2.once@host1@8");
  record_.crash(1800, "host1");
  BatchRecord again = record_;
  record_.add_file("lost", "2.once@host1@8");
  EXPECT_EQ(complaints(), "");
  EXPECT_EQ(record_.reported(), 1U);

  again.add_message("host2", "batch: 2.once@host2@9 begins, slot 0");
  again.add_sighting("host2", began(2, 11, 9000));
  again.add_sighting("host2", gone(2, 11, 9500));
  again.add_file("done", "2.once@host2@9");
  again.settle();
  EXPECT_EQ(again.complaints(), "job 2, to be begun once, was begun 2 times\n");
}

TEST_F(TwoJobs, AJobThatIsDoneThoughNoRunOfThatNameEndedIsFound) {
  run(1, 10, 1000, 2000, "1@host1@7");
  record_.add_file("done", "1@host1@99");
  run(2, 11, 1500, 2500, "2.once@host1@8");
  record_.add_file("done", "2.once@host1@8");
  EXPECT_EQ(complaints(), "job 1 has 0 runs that count: done/1@host1@99\n");
}

TEST_F(TwoJobs, ARunWhoseEndNobodySawAndAMarkerThatStaysAreFound) {
  run(1, 10, 1000, 0, "1@host1@7");
  run(2, 11, 1500, 2500, "2.once@host1@8");
  record_.add_file("done", "2.once@host1@8");
  record_.add_file("lost", "1@host1@7");
  record_.add_file("markers", "5_processA.running");
  EXPECT_EQ(complaints(),
            "job 1 was given up, but it could have been run again\n"
            "a marker is left: 5_processA.running\n"
            "nobody saw the end of a run of job 1\n");
}

}  // namespace
}  // namespace leaselock::nfs
