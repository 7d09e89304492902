#include <signal.h>

#include <fstream>

#include "support/cli_test.hpp"
#include "support/processes.hpp"

// Goal: `run --shared` and `run --exclusive` are the two sides of one reader-writer lock. Method: commands that run
// until the test lets them end, and others that may not wait.
namespace leaselock::cli_test {
namespace {

class Shared : public CliTest {
 protected:
  /// Runs until the test makes the file `end`.
  std::unique_ptr<Child> start_holder(const std::string& kind, const std::string& end) const {
    auto child = start({"run", kind, "--lifetime", "3s", lockfile(), "--", "/bin/sh", "-c",
                        "echo \"<$LEASELOCK_TOKEN>\"; while ! test -e " + scratch(end) + "; do sleep 0.02; done"});
    EXPECT_TRUE(child->says(">")) << child->err();
    return child;
  }
  void let_end(const std::string& end) const { std::ofstream(scratch(end)).flush(); }
  int attempt(const std::string& kind) const { return run({"run", kind, "--no-wait", lockfile(), "true"}).status; }
};

std::uint64_t token_in(const std::string& out) { return std::stoull(out.substr(1)); }

TEST_F(Shared, ReadersRunBesideOneAnotherAndKeepAWriterOut) {
  const auto first = start_holder("--shared", "end");
  const auto second = start_holder("--shared", "end");
  EXPECT_EQ(attempt("--exclusive"), 75);
  EXPECT_EQ(attempt("--shared"), 0);
  let_end("end");
  EXPECT_EQ(first->wait().status, 0);
  EXPECT_EQ(second->wait().status, 0);
  EXPECT_EQ(attempt("--exclusive"), 0);
}

TEST_F(Shared, AWriterKeepsEverybodyOut) {
  const auto writer = start_holder("--exclusive", "end");
  EXPECT_EQ(attempt("--shared"), 75);
  EXPECT_EQ(attempt("--exclusive"), 75);
  let_end("end");
  EXPECT_EQ(writer->wait().status, 0);
  EXPECT_EQ(attempt("--shared"), 0);
}

TEST_F(Shared, AWriterWaitsForTheLastReaderAndHasAGreaterToken) {
  const auto first = start_holder("--shared", "first");
  const auto second = start_holder("--shared", "second");
  const auto writer =
      start({"run", "--exclusive", "--trace", lockfile(), "--", "/bin/sh", "-c", "echo \"<$LEASELOCK_TOKEN>\""});
  ASSERT_TRUE(writer->says("wait until"));
  let_end("first");
  EXPECT_EQ(first->wait().status, 0);
  EXPECT_EQ(writer->out(), "");
  let_end("second");
  EXPECT_EQ(second->wait().status, 0);
  const Result result = writer->wait();
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_GT(token_in(result.out), token_in(first->out()));
  EXPECT_GT(token_in(result.out), token_in(second->out()));
}

TEST_F(Shared, AReaderThatIsKilledLeavesTheOthersAlone) {
  const auto killed = start_holder("--shared", "end");
  const auto living = start_holder("--shared", "end");
  ASSERT_TRUE(send_to_keeper(killed->pid(), SIGKILL));
  EXPECT_EQ(killed->wait().status, 76);
  EXPECT_EQ(run({"run", "--exclusive", "--timeout", "4s", lockfile(), "true"}).status, 75) << "the other one reads";
  EXPECT_FALSE(living->has_ended());
  let_end("end");
  EXPECT_EQ(living->wait().status, 0);
  EXPECT_EQ(run({"run", "--exclusive", "--timeout", "20s", lockfile(), "true"}).status, 0);
}

TEST_F(Shared, IsAnotherKindThanAPlainLock) {
  EXPECT_EQ(attempt("--shared"), 0);
  const Result result = run({"run", "--no-wait", lockfile(), "true"});
  EXPECT_EQ(result.status, 64);
  EXPECT_TRUE(contains(result.err, lockfile())) << result.err;
}

TEST_F(Shared, IsRefusedOnThePathOfAPlainLock) {
  EXPECT_EQ(run({"run", lockfile(), "true"}).status, 0);
  EXPECT_EQ(attempt("--shared"), 64);
  EXPECT_EQ(attempt("--exclusive"), 64);
}

}  // namespace
}  // namespace leaselock::cli_test
