#include <unistd.h>

#include <boost/json.hpp>
#include <fstream>
#include <sstream>

#include "leaselock/format_time.hpp"
#include "support/cli_test.hpp"
#include "support/processes.hpp"

// Goal: `status` tells people and scripts the truth and changes nothing. Method: locks in each state.
namespace leaselock::cli_test {
namespace {

namespace json = boost::json;

class Status : public CliTest {
 protected:
  json::object as_json(const Words& words, int expected_status) {
    const Result result = run(words);
    EXPECT_EQ(result.status, expected_status) << result.err;
    EXPECT_EQ(lines(result.out), 1U);
    return json::parse(result.out).as_object();
  }
  /// The one of `run`'s two processes that waits.
  static pid_t keeper_of(const Child& run) { return descendant_named(run.pid(), "leaselock-keep"); }
};

TEST_F(Status, OfALockThatNeverWasIsUnlocked) {
  const Result result = run({"status", lockfile()});
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.out, lockfile() + ": unlocked\n");
  EXPECT_TRUE(names().empty()) << "looking leaves nothing";
}

TEST_F(Status, OfAHeldLockShowsTheHolder) {
  const Lock holder = held(lockfile());
  const Result result = run({"status", lockfile()});
  EXPECT_EQ(result.status, 1);
  EXPECT_TRUE(result.out.starts_with(lockfile() + ": held\n")) << result.out;
  EXPECT_TRUE(contains(result.out, "host " + holder.hostname() + ", pid " + std::to_string(getpid()))) << result.out;
  EXPECT_TRUE(contains(result.out, std::to_string(*holder.fencing_token()))) << result.out;
  EXPECT_TRUE(contains(result.out, "(in ")) << result.out;
}

TEST_F(Status, InJsonHasTheDocumentedKeys) {
  const Lock holder = held(lockfile());
  const json::object status = as_json({"status", "--json", lockfile()}, 1);
  EXPECT_EQ(status.size(), 14U);
  EXPECT_EQ(status.at("lockfile"), json::value(lockfile()));
  EXPECT_EQ(status.at("state"), json::value("unknown")) << "flufl.lock's word for somebody else's lock";
  EXPECT_EQ(status.at("host"), json::value(holder.hostname()));
  EXPECT_EQ(status.at("pid").to_number<int>(), getpid());
  EXPECT_EQ(status.at("claim"), json::value(holder.claimfile().filename().string()));
  EXPECT_TRUE(status.at("expires").as_string().ends_with("Z"));
  EXPECT_EQ(status.at("token").to_number<FencingToken>(), holder.fencing_token());
  EXPECT_TRUE(status.at("queue").as_array().empty());
  EXPECT_TRUE(status.at("waiters").as_array().empty());
  EXPECT_TRUE(status.at("leftovers").as_array().empty());
  EXPECT_TRUE(status.at("problem").is_null());
}

TEST_F(Status, InJsonIsNullWhereNothingIsKnown) {
  const json::object status = as_json({"status", "--json", lockfile()}, 0);
  EXPECT_EQ(status.at("state"), json::value("unlocked"));
  for (const char* key : {"host", "pid", "claim", "expires", "token", "problem"}) {
    EXPECT_TRUE(status.at(key).is_null()) << key;
  }
}

TEST_F(Status, InJsonIsOneLineForEachLock) {
  const Lock holder = held(lockfile());
  const std::string other = (directory() / "other.lck").string();
  const Result result = run({"status", "--json", other, lockfile(), other});
  EXPECT_EQ(result.status, 1) << "the worst of all";
  std::istringstream stream(result.out);
  std::vector<std::string> lockfiles;
  for (std::string line; std::getline(stream, line);) {
    lockfiles.emplace_back(json::parse(line).at("lockfile").as_string());
  }
  EXPECT_EQ(lockfiles, (std::vector<std::string>{other, lockfile(), other}));
}

TEST_F(Status, InJsonIsUtf8WhateverTheNames) {
  const std::string odd = (directory() / "odd\xff\x1b[31m").string();
  const json::object status = as_json({"status", "--json", odd}, 0);
  EXPECT_TRUE(contains(std::string(status.at("lockfile").as_string()), "odd\xef\xbf\xbd"));
}

TEST_F(Status, ShowsNoControlCharactersFromNames) {
  const Result result = run({"status", (directory() / "odd\x1b[31m").string()});
  EXPECT_FALSE(contains(result.out, "\x1b")) << result.out;
  EXPECT_TRUE(contains(result.out, "odd\\x1b[31m")) << result.out;
}

TEST_F(Status, OfAReleasedLockShowsItsLastToken) {
  Lock holder = held(lockfile());
  const std::string token = std::to_string(*holder.fencing_token());
  holder.unlock();
  const Result result = run({"status", lockfile()});
  EXPECT_EQ(result.status, 0);
  EXPECT_TRUE(contains(result.out, "last token " + token)) << result.out;
}

TEST_F(Status, OfAnExpiredLeaseSaysSoAndNamesTheNextCommand) {
  const Lock holder = held(lockfile(), std::chrono::milliseconds(500));
  Result result;
  EXPECT_TRUE(eventually([&] {
    result = run({"status", lockfile()});
    return contains(result.out, "held, but the lease has run out");
  })) << result.out;
  EXPECT_EQ(result.status, 1);
  EXPECT_TRUE(contains(result.out, "ago)")) << result.out;
  EXPECT_TRUE(contains(result.out, "leaselock break " + lockfile())) << result.out;
}

TEST_F(Status, OfADeadHolderWhoseLeaseHasRunOutNamesTheNextCommand) {
  leave_held(lockfile(), std::chrono::milliseconds(500));
  EXPECT_TRUE(eventually([&] { return contains(run({"status", lockfile()}).out, "leaselock break " + lockfile()); }));
}

TEST_F(Status, OfADeadHolderOnThisHostSaysSo) {
  leave_held(lockfile(), std::chrono::seconds(60));
  const Result result = run({"status", lockfile()});
  EXPECT_EQ(result.status, 1);
  EXPECT_TRUE(contains(result.out, "held by a process that is gone")) << result.out;
  EXPECT_EQ(as_json({"status", "--json", lockfile()}, 1).at("state"), json::value("stale"));
}

TEST_F(Status, OfAFencedLockShowsTheQueueInOrderOfArrival) {
  const Lock holder = held(lockfile(), std::chrono::seconds(60));
  std::vector<std::unique_ptr<Child>> waiters;
  for (std::size_t place = 1; place <= 2; ++place) {
    waiters.push_back(start({"run", "--fast-path", "off", lockfile(), "true"}));
    ASSERT_TRUE(eventually([&] {
      return as_json({"status", "--json", lockfile()}, 1).at("queue").as_array().size() == place;
    }));
  }
  const json::object status = as_json({"status", "--json", lockfile()}, 1);
  for (std::size_t place = 0; place < 2; ++place) {
    EXPECT_EQ(status.at("queue").as_array()[place].at("pid").to_number<int>(), keeper_of(*waiters[place]));
  }
  const std::string text = run({"status", lockfile()}).out;
  EXPECT_LT(text.find("1. host"), text.find("2. host")) << text;
}

TEST_F(Status, OfACompatLockShowsHolderAndWaiters) {
  const Lock holder = held(lockfile(), std::chrono::seconds(60), Mode::compat);
  const auto waiter = start({"run", "--compat", lockfile(), "true"});
  ASSERT_TRUE(eventually([this] { return claims().size() == 2; }));
  const json::object status = as_json({"status", "--compat", "--json", lockfile()}, 1);
  EXPECT_EQ(status.at("pid").to_number<int>(), getpid());
  EXPECT_TRUE(status.at("token").is_null());
  ASSERT_EQ(status.at("waiters").as_array().size(), 1U);
  EXPECT_TRUE(
      contains(std::string(status.at("waiters").as_array()[0].as_string()), std::to_string(keeper_of(*waiter))));
  EXPECT_TRUE(contains(run({"status", "--compat", lockfile()}).out, "waiting")) << "people see it too";
}

TEST_F(Status, OfWhatIsNoLockIsAProblem) {
  std::ofstream(lockfile()) << "nonsense";
  const json::object status = as_json({"status", "--json", lockfile()}, 2);
  EXPECT_TRUE(status.at("problem").is_string());
  const Result result = run({"status", lockfile()});
  EXPECT_EQ(result.status, 2);
  EXPECT_TRUE(contains(result.out, "problem")) << result.out;
}

TEST_F(Status, GoesOnAfterALockThatCannotBeLookedAt) {
  const Result result = run({"status", (directory() / "missing" / "x.lck").string(), lockfile()});
  EXPECT_EQ(result.status, 2);
  EXPECT_TRUE(contains(result.err, "missing")) << result.err;
  EXPECT_TRUE(contains(result.out, "unlocked")) << result.out;
}

TEST_F(Status, IsSilentWhenQuiet) {
  const Lock holder = held(lockfile());
  const Result result = run({"status", "--quiet", lockfile()});
  EXPECT_EQ(result.status, 1);
  EXPECT_EQ(result.out + result.err, "");
}

TEST_F(Status, ChangesNothing) {
  const Lock holder = held(lockfile());
  const std::vector<std::string> before = names();
  run({"status", lockfile()});
  EXPECT_EQ(names(), before);
  EXPECT_TRUE(holder.may_act());
}

TEST_F(Status, HasColoursOnATerminalUnlessNoColorIsSet) {
  Settings how = settings();
  how.on_terminal = true;
  how.environment = {{"TERM", "xterm"}};
  EXPECT_TRUE(contains(run({"status", lockfile()}, how).out, "\x1b[32munlocked"));
  how.environment.emplace_back("NO_COLOR", "1");
  EXPECT_FALSE(contains(run({"status", lockfile()}, how).out, "\x1b"));
  EXPECT_FALSE(contains(run({"status", lockfile()}).out, "\x1b")) << "in a pipe";
}

}  // namespace
}  // namespace leaselock::cli_test
