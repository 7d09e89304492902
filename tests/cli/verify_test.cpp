#include <boost/filesystem/operations.hpp>
#include <boost/json.hpp>
#include <csignal>
#include <ctime>

#include "support/cli_test.hpp"

// Goal: `verify` judges a lock by using it, alone and with other hosts, and leaves nothing behind. Method: the real
// command on a local directory; two of them pose as two hosts.
namespace leaselock::cli_test {
namespace {

namespace fs = boost::filesystem;
namespace json = boost::json;

class Verify : public CliTest {
 protected:
  std::string there() const { return directory().string(); }
  /// Short leases, so that whoever must be waited for is not waited for long.
  Words words(const Words& more) const {
    Words result{"verify", "--lifetime", "1s", "--hold", "2ms"};
    result.insert(result.end(), more.begin(), more.end());
    result.push_back(there());
    return result;
  }
  std::unique_ptr<Child> join(const Words& more) const {
    Words result{"--join", "test", "--workers", "2"};
    result.insert(result.end(), more.begin(), more.end());
    return start(words(result));
  }
  bool is_under_way() const {
    const std::vector<std::string> found = names();
    return found.size() == 1 && fs::exists(directory() / found[0] / "start");
  }
};

TEST_F(Verify, OfALockThatExcludesIsCleanAndLeavesNothing) {
  const Result result = run(words({"--workers", "3", "--holds", "20"}));
  EXPECT_EQ(result.status, 0) << result.out << result.err;
  EXPECT_TRUE(contains(result.out, "CLEAN")) << result.out;
  EXPECT_TRUE(contains(result.out, "longest wait")) << result.out;
  EXPECT_TRUE(contains(result.out, "It cannot show that hosts exclude each other")) << result.out;
  EXPECT_EQ(result.err, "");
  EXPECT_TRUE(names().empty());
}

TEST_F(Verify, WorksInEveryMode) {
  for (const char* mode : {"--compat", "--no-mirror"}) {
    const Result result = run(words({"--holds", "10", "--quiet", mode}));
    EXPECT_EQ(result.status, 0) << mode << result.err;
    EXPECT_EQ(result.out + result.err, "") << mode;
  }
  EXPECT_TRUE(names().empty());
}

TEST_F(Verify, InJsonHasTheDocumentedKeys) {
  const Result result = run(words({"--workers", "2", "--holds", "5", "--json"}));
  EXPECT_EQ(lines(result.out), 1U);
  const json::object found = json::parse(result.out).as_object();
  EXPECT_EQ(found.size(), 19U);
  EXPECT_EQ(found.at("verdict"), json::value("clean"));
  EXPECT_EQ(found.at("holds").to_number<int>(), 10);
  EXPECT_EQ(found.at("reported").to_number<int>(), 1);
  EXPECT_EQ(found.at("directory"), json::value(there()));
  for (const char* key : {"overlaps", "meetings", "unclear_meetings", "repeated_tokens", "disordered_tokens",
                          "lost_early", "lost_updates", "overstayed"}) {
    EXPECT_EQ(found.at(key).to_number<int>(), 0) << key;
  }
  EXPECT_TRUE(found.at("reasons").as_array().empty());
  EXPECT_TRUE(found.at("notes").as_array().empty());
  EXPECT_GT(found.at("fairness").as_double(), 0.1);
  EXPECT_TRUE(found.at("shown").is_string());
  EXPECT_TRUE(found.at("not_shown").is_string());
  ASSERT_EQ(found.at("hosts").as_array().size(), 1U);
  EXPECT_EQ(found.at("hosts").as_array()[0].at("mounts").to_number<int>(), 1);
  ASSERT_EQ(found.at("workers").as_array().size(), 2U);
  const json::object& worker = found.at("workers").as_array()[1].as_object();
  EXPECT_EQ(worker.at("worker").to_number<int>(), 2);
  EXPECT_EQ(worker.at("holds").to_number<int>(), 5);
  EXPECT_EQ(worker.at("mount"), json::value(there()));
  EXPECT_TRUE(worker.at("trouble").is_null());
}

TEST_F(Verify, UsesEveryMountThatItIsGiven) {
  const fs::path other = scratch("other");
  fs::create_directory_symlink(directory(), other);
  const Result result = run({"verify", "--workers", "2", "--holds", "3", there(), other.string()});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_TRUE(contains(result.out, other.string())) << result.out;
}

TEST_F(Verify, TwoHostsMeetAndReportTheSame) {
  const auto one = join({"--holds", "10", "--json"});
  const auto two = join({"--holds", "10", "--json"});
  const Result of_one = one->wait();
  const Result of_two = two->wait();
  EXPECT_EQ(of_one.status, 0) << of_one.out << of_one.err;
  EXPECT_EQ(of_two.status, 0) << of_two.out << of_two.err;
  EXPECT_EQ(of_one.out, of_two.out);
  const json::object found = json::parse(of_one.out).as_object();
  EXPECT_EQ(found.at("hosts").as_array().size(), 2U);
  EXPECT_EQ(found.at("holds").to_number<int>(), 40);
  EXPECT_TRUE(names().empty());
}

// These two modes do not exclude each other, and the documents say so: a lock that fails, at hand without planting one.
TEST_F(Verify, CatchesALockThatDoesNotExclude) {
  const auto one = join({"--seconds", "1", "--no-mirror", "--json"});
  const auto two = join({"--seconds", "1", "--compat", "--json"});
  const Result of_one = one->wait();
  const Result of_two = two->wait();
  EXPECT_EQ(of_one.status, 1) << of_one.out << of_one.err;
  EXPECT_EQ(of_two.status, 1);
  const json::object found = json::parse(of_one.out).as_object();
  EXPECT_EQ(found.at("verdict"), json::value("broken"));
  EXPECT_GT(found.at("meetings").to_number<int>(), 0);
  EXPECT_EQ(found.at("overlaps").to_number<int>(), 0) << "on each host the lock does exclude";
  EXPECT_FALSE(found.at("reasons").as_array().empty());
  EXPECT_FALSE(found.at("notes").as_array().empty()) << "says that the options differ";
  EXPECT_TRUE(names().empty());
}

TEST_F(Verify, SaysThatAHostDidNotCome) {
  const Result result = run(words({"--join", "test", "--wait", "300ms"}));
  EXPECT_EQ(result.status, 75);
  EXPECT_TRUE(contains(result.err, "only 1 of 2 hosts came")) << result.err;
  EXPECT_TRUE(contains(result.err, "leaselock verify --join test " + there())) << result.err;
  EXPECT_EQ(result.out, "");
  EXPECT_TRUE(names().empty());
}

TEST_F(Verify, ReportsWithoutAHostThatVanished) {
  const auto vanishing = join({"--seconds", "1"});
  const auto other = join({"--seconds", "1"});
  ASSERT_TRUE(eventually([this] { return is_under_way(); }));
  vanishing->send(SIGKILL);
  const Result result = other->wait();
  EXPECT_EQ(result.status, 2) << result.out << result.err;
  EXPECT_TRUE(contains(result.out, "UNPROVEN")) << result.out;
  EXPECT_TRUE(contains(result.out, "did not report in time")) << result.out;
  EXPECT_TRUE(names().empty()) << "the last one clears up";
}

TEST_F(Verify, TellsTheOthersWhenItIsInterrupted) {
  const auto leaving = join({"--seconds", "20"});
  const auto other = join({"--seconds", "2"});
  ASSERT_TRUE(eventually([this] { return is_under_way(); }));
  leaving->send(SIGTERM);
  EXPECT_EQ(leaving->wait().status, 128 + SIGTERM);
  const Result result = other->wait();
  EXPECT_EQ(result.status, 2) << result.out;
  EXPECT_TRUE(contains(result.out, "was interrupted")) << result.out;
  EXPECT_TRUE(names().empty());
}

TEST_F(Verify, RefusesToJoinARunThatHasBegun) {
  const auto one = join({"--seconds", "2"});
  const auto two = join({"--seconds", "2"});
  ASSERT_TRUE(eventually([this] { return is_under_way(); }));
  const Result late = join({})->wait();
  EXPECT_EQ(late.status, 75) << late.err;
  EXPECT_TRUE(contains(late.err, "has begun without this host")) << late.err;
  EXPECT_EQ(one->wait().status, 0);
  EXPECT_EQ(two->wait().status, 0);
  EXPECT_TRUE(names().empty());
}

TEST_F(Verify, DoesNotCountAHostThatWasKilledWhileItWaited) {
  const auto killed = join({});
  const fs::path run = directory() / "leaselock-verify-test";
  const auto member = [&run] {
    boost::system::error_code missing;
    for (const fs::directory_entry& entry : fs::directory_iterator(run, missing)) {
      if (entry.path().filename().string().starts_with("member.")) return entry.path();
    }
    return fs::path();
  };
  ASSERT_TRUE(eventually([&] { return !member().empty(); }));
  killed->send(SIGKILL);
  killed->wait();
  fs::last_write_time(member(), std::time(nullptr) - 60);
  const Result result = join({"--wait", "500ms"})->wait();
  EXPECT_EQ(result.status, 75) << result.out;
  EXPECT_TRUE(contains(result.err, "only 1 of 2 hosts came")) << result.err;
  EXPECT_TRUE(names().empty());
}

TEST_F(Verify, IsStoppedByASignalAndLeavesNothing) {
  for (const Words& more : {Words{"--seconds", "60"}, Words{"--join", "test"}}) {
    const auto child = start(words(more));
    ASSERT_TRUE(eventually([this] { return !names().empty(); }));
    child->send(SIGINT);
    const Result result = child->wait();
    EXPECT_EQ(result.status, 130) << result.out << result.err;
    EXPECT_TRUE(contains(result.err, "stopped before the end")) << result.err;
    EXPECT_TRUE(names().empty()) << more[0];
  }
}

TEST_F(Verify, IsNotCleanWhenTheTimeIsTooShort) {
  const Result result = run(words({"--holds", "100000", "--seconds", "500ms"}));
  EXPECT_EQ(result.status, 2) << result.out;
  EXPECT_TRUE(contains(result.out, "not 100000")) << result.out;
}

TEST_F(Verify, RefusesWhatCannotBe) {
  const Words refused[] = {{"verify"},
                           {"verify", "--workers", "0", there()},
                           {"verify", "--holds", "0", there()},
                           {"verify", "--hosts", "2", there()},
                           {"verify", "--wait", "1s", there()},
                           {"verify", "--join", "a/b", there()},
                           {"verify", "--compat", "--no-mirror", there()},
                           {"verify", "--lifetime", "1ms", there()},
                           {"verify", "--seconds", "0", there()},
                           {"verify", there(), fs::path(scratch("x")).parent_path().string()}};
  for (const Words& words : refused) {
    const Result result = run(words);
    EXPECT_EQ(result.status, 64) << result.err;
    EXPECT_FALSE(result.err.empty());
    EXPECT_TRUE(names().empty()) << result.err;
  }
}

TEST_F(Verify, SaysWhyADirectoryCannotBeUsed) {
  const Result result = run({"verify", there() + "/missing"});
  EXPECT_EQ(result.status, 73);
  EXPECT_TRUE(contains(result.err, there() + "/missing")) << result.err;
}

TEST_F(Verify, ShowsItsProgressOnATerminalOnly) {
  Settings how = settings();
  how.on_terminal = true;
  how.environment = {{"TERM", "xterm"}};
  const Result shown = run(words({"--seconds", "1"}), how);
  EXPECT_EQ(shown.status, 0);
  EXPECT_TRUE(contains(shown.out, "holds on this host")) << shown.out;
  EXPECT_TRUE(contains(shown.out, "\x1b[32mCLEAN")) << shown.out;
}

}  // namespace
}  // namespace leaselock::cli_test
