#include <signal.h>

#include <fstream>

#include "support/cli_test.hpp"

// Goal: the number of a lock's slots is changed on purpose, and only when all of them were given back. Method: the
// command beside runs that hold slots.
namespace leaselock::cli_test {
namespace {

class Resize : public CliTest {
 protected:
  std::unique_ptr<Child> start_holder() const {
    auto child = start({"run", "--slots", "2", lockfile(), "--", "/bin/sh", "-c",
                        "echo ready; while ! test -e " + scratch("end") + "; do sleep 0.02; done"});
    EXPECT_TRUE(child->says("ready")) << child->err();
    return child;
  }
  void end_holder() const { std::ofstream(scratch("end")).flush(); }
  int attempt(const std::string& slots) const {
    return run({"run", "--slots", slots, "--no-wait", lockfile(), "true"}).status;
  }
};

TEST_F(Resize, ChangesTheNumberForEverybody) {
  EXPECT_EQ(attempt("2"), 0);
  const Result result = run({"resize", lockfile(), "3"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(result.out, lockfile() + ": 3 slots\n");
  EXPECT_EQ(attempt("3"), 0);
  EXPECT_EQ(attempt("2"), 64);
  EXPECT_EQ(run({"resize", "--quiet", lockfile(), "1"}).out, "");
  EXPECT_EQ(attempt("1"), 0);
}

TEST_F(Resize, WaitsForThoseWhoHoldASlot) {
  const auto holder = start_holder();
  const auto resize = start({"resize", lockfile(), "3"});
  EXPECT_TRUE(eventually([this] { return attempt("2") == 75; })) << "nobody new gets one";
  EXPECT_FALSE(resize->has_ended());
  end_holder();
  EXPECT_EQ(holder->wait().status, 0);
  EXPECT_EQ(resize->wait().status, 0) << resize->err();
  EXPECT_EQ(attempt("3"), 0);
}

TEST_F(Resize, GivesUpWhenTheTimeIsOverAndChangesNothing) {
  const auto holder = start_holder();
  const Result result = run({"resize", "--timeout", "300ms", lockfile(), "3"});
  EXPECT_EQ(result.status, 75);
  EXPECT_TRUE(contains(result.err, lockfile())) << result.err;
  EXPECT_EQ(attempt("2"), 0) << "what it had gathered is free again";
  end_holder();
  EXPECT_EQ(holder->wait().status, 0);
}

TEST_F(Resize, GivesBackWhatItHasGatheredWhenItIsInterrupted) {
  const auto holder = start_holder();
  const auto resize = start({"resize", lockfile(), "3"});
  ASSERT_TRUE(eventually([this] { return attempt("2") == 75; }));
  resize->send(SIGTERM);
  EXPECT_EQ(resize->wait().status, 128 + SIGTERM);
  EXPECT_EQ(attempt("2"), 0);
  end_holder();
}

TEST_F(Resize, RefusesAPathThatIsUsedForAnotherKindOfLock) {
  EXPECT_EQ(run({"run", lockfile(), "true"}).status, 0);
  const Result result = run({"resize", "--timeout", "1s", lockfile(), "3"});
  EXPECT_EQ(result.status, 64);
  EXPECT_TRUE(contains(result.err, lockfile())) << result.err;
  EXPECT_EQ(run({"run", "--no-wait", lockfile(), "true"}).status, 0);
}

}  // namespace
}  // namespace leaselock::cli_test
