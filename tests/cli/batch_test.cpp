#include <algorithm>
#include <boost/filesystem/directory.hpp>
#include <boost/filesystem/operations.hpp>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "support/example_test.hpp"

// Goal: the scripts of docs/examples/batch.md and queue.md do what these pages say. Method: they are run on one
// machine; tests/nfs runs the batch on several, which crash.
namespace leaselock::cli_test {
namespace {

namespace fs = boost::filesystem;
using Names = std::vector<std::string>;

class Batch : public ExampleTest {
 protected:
  Batch() {
    fs::create_directory(directory() / "jobs");
    fs::create_directory(directory() / "running");
    stand_in("work",
             "mkdir at.$$; test $(ls -d at.* | wc -l) -le 2 || echo too many; sleep 0.1; rmdir at.$$; cat \"$1\"");
  }
  /// A job's file, which says the job's name.
  void put(const std::string& place, const std::string& name) const {
    std::ofstream((directory() / place / name).string()) << name.substr(0, name.find('@')) << '\n';
  }
  /// Without what tells one attempt from another.
  Names in(const std::string& place) const {
    Names result;
    for (const fs::directory_entry& entry : fs::directory_iterator(directory() / place)) {
      const std::string name = entry.path().filename().string();
      result.push_back(place == "done" ? name.substr(0, name.find('@')) : name);
    }
    std::ranges::sort(result);
    return result;
  }
  std::string outputs() const {
    std::string text;
    for (const fs::directory_entry& entry : fs::directory_iterator(directory() / "done")) {
      text += contents((directory() / "output" / entry.path().filename()).string());
    }
    return text;
  }
};

TEST_F(Batch, EveryJobIsDoneOnceAndTwoRunAtOnceAtMost) {
  for (int job = 10; job < 18; ++job) put("jobs", std::to_string(job));
  const Result result = shell("for i in 1 2 3 4; do $EXAMPLES/batch.sh . work & done; wait\n");
  EXPECT_EQ(in("done"), (Names{"10", "11", "12", "13", "14", "15", "16", "17"})) << result.out << result.err;
  EXPECT_EQ(in("jobs"), Names());
  EXPECT_EQ(in("running"), Names());
  EXPECT_FALSE(contains(outputs(), "too many"));
  EXPECT_EQ(lines(outputs()), 8U);
  EXPECT_EQ(in("markers"), Names());
}

TEST_F(Batch, WhatACrashedHostLeftIsRunAgainOrReported) {
  put("running", "10@elsewhere@5");
  put("running", "11.once@elsewhere@6");
  put("jobs", "12.once");
  const Result result = shell("$EXAMPLES/batch.sh . work\n");
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(in("done"), (Names{"10", "12.once"}));
  EXPECT_EQ(in("lost"), Names{"11.once@elsewhere@6"});
  EXPECT_TRUE(contains(result.out, "batch: lost: 11.once@elsewhere@6\n")) << result.out;
}

TEST_F(Batch, AJobThatFailsIsReported) {
  put("jobs", "10");
  const Result result = shell("$EXAMPLES/batch.sh . false\n");
  EXPECT_EQ(in("failed").size(), 1U) << result.err;
  EXPECT_TRUE(contains(result.out, "batch: failed: 10@")) << result.out;
}

TEST_F(Batch, AnAttemptThatIsLateMovesNothing) {
  put("jobs", "10");
  stand_in("slow-work", "mv \"$1\" running/10@elsewhere@8");  // meanwhile somebody else took it up
  const Result result = shell("mkdir done failed output\nLEASELOCK_TOKEN=7 $EXAMPLES/batch_job.sh . 10 slow-work\n");
  EXPECT_TRUE(contains(result.err, "came too late")) << result.err;
  EXPECT_EQ(in("running"), Names{"10@elsewhere@8"});
  EXPECT_EQ(in("done"), Names());
  EXPECT_EQ(in("failed"), Names());
}

TEST_F(Batch, AJobThatCannotBeMovedEndsTheScriptRatherThanBeingTriedForEver) {
  put("jobs", "10");
  stand_in("mv", "exit 1");
  const Result result = shell("$EXAMPLES/batch.sh . work\n");
  EXPECT_EQ(result.status, 1);
  EXPECT_EQ(result.err, "batch: ./jobs/10 cannot be moved\n");
  EXPECT_EQ(in("jobs"), Names{"10"});
}

TEST_F(Batch, AnAttemptThatIsStoppedLeavesTheJobToOthers) {
  put("jobs", "10");
  const Result result = shell("mkdir output\nLEASELOCK_TOKEN=7 $EXAMPLES/batch_job.sh . 10 sh -c 'kill -TERM $$'\n");
  EXPECT_EQ(result.status, 143);
  EXPECT_EQ(in("running").size(), 1U);
}

class Queue : public ExampleTest {};

TEST_F(Queue, ContainersAreServedInTheOrderInWhichTheyCame) {
  if (shell("unshare --fork --pid --mount-proc --uts true || unshare --map-root-user --fork --pid --mount-proc --uts "
            "true")
          .status != 0) {
    GTEST_SKIP() << "no name spaces can be made here";
  }
  const Result result = shell("PAUSE=2 $EXAMPLES/queue.sh queue.lck 4 3\n");
  std::istringstream said(result.out);
  Names order;
  for (std::string line; std::getline(said, line);) order.push_back(line.substr(0, line.find(' ')));
  EXPECT_EQ(order, (Names{"server-1", "server-2", "server-3", "server-4"})) << result.out << result.err;
}

}  // namespace
}  // namespace leaselock::cli_test
