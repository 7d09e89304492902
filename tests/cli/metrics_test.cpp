#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/filesystem/operations.hpp>
#include <fstream>
#include <iterator>

#include "leaselock/maintenance.hpp"
#include "support/cli_test.hpp"
#include "support/prometheus_text.hpp"
#include "support/slow_server.hpp"

// Goal: `run --metrics FILE` keeps a file that Prometheus can read at any moment and that tells the truth, and that
// never stands in the way of the command. Method: commands that look at the file while they run; a strict parser.
namespace leaselock::cli_test {
namespace {

namespace fs = boost::filesystem;
using namespace std::chrono_literals;

class Metrics : public CliTest {
 protected:
  Metrics() { fs::create_directory(directory_of_file()); }

  std::string directory_of_file() const { return scratch("textfiles"); }
  std::string file() const { return directory_of_file() + "/job.prom"; }
  PrometheusText::Labels labels() const { return {{"lock", lockfile()}, {"run", "job"}}; }
  PrometheusText::Labels with_reason(const std::string& reason) const {
    PrometheusText::Labels all = labels();
    all["reason"] = reason;
    return all;
  }

  /// What the file holds now; a file that cannot be read is a failure.
  PrometheusText read() const { return read(file()); }
  PrometheusText read(const std::string& path) const {
    const PrometheusText text(contents(path));
    EXPECT_EQ(text.problem, "");
    return text;
  }
  std::optional<double> value(const std::string& name) const { return read().value("leaselock_" + name, labels()); }
  bool shows(const std::string& name, double number) const {
    return eventually([&] {
      const PrometheusText now(contents(file()));
      return now.value("leaselock_" + name, labels()) == number;
    });
  }

  Words metered(const Words& words) const {
    Words all = {"run", "--metrics", file()};
    all.insert(all.end(), words.begin(), words.end());
    return all;
  }
};

TEST_F(Metrics, ShowAfterwardsWhatTheRunDid) {
  const Result result = run(metered({lockfile(), "--", "sh", "-c", "exit 3"}));
  EXPECT_EQ(result.status, 3);
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(value("held"), 0);
  EXPECT_EQ(value("waiting"), 0);
  EXPECT_EQ(value("exit_status"), 3);
  EXPECT_EQ(value("acquisitions_total"), 1);
  EXPECT_EQ(value("releases_total"), 1);
  EXPECT_EQ(value("losses_total"), 0);
  EXPECT_EQ(value("wait_seconds_count"), 1);
  EXPECT_EQ(value("hold_seconds_count"), 1);
  EXPECT_GT(*value("fencing_token"), 1e15);
  EXPECT_GT(*value("requests_total"), 3);
  EXPECT_FALSE(value("held_since_timestamp_seconds"));
  EXPECT_FALSE(value("lease_expiry_timestamp_seconds"));
  EXPECT_EQ(fs::directory_iterator(directory_of_file())->path(), file()) << "something else was left there";
}

TEST_F(Metrics, AreThereWhileTheCommandRuns) {
  const auto child = start(metered({"--lifetime", "600ms", lockfile(), "--", "sleep", "60"}));
  ASSERT_TRUE(shows("held", 1));
  EXPECT_FALSE(value("exit_status"));
  EXPECT_GE(*value("held_since_timestamp_seconds"), *value("start_timestamp_seconds"));
  const double expiry = *value("lease_expiry_timestamp_seconds");
  EXPECT_GT(expiry, *value("held_since_timestamp_seconds"));
  EXPECT_TRUE(eventually([&] { return *value("refreshes_total") >= 2; }));
  EXPECT_GT(*value("lease_expiry_timestamp_seconds"), expiry);
  child->send(SIGTERM);
  EXPECT_EQ(child->wait().status, 128 + SIGTERM);
  EXPECT_EQ(value("exit_status"), 128 + SIGTERM);
  EXPECT_EQ(value("held"), 0);
}

TEST_F(Metrics, TellOfAWaitWhileItLastsAndOfItsEnd) {
  Lock holder = held(lockfile());
  const auto child = start(metered({"-q", lockfile(), "--", "true"}));
  ASSERT_TRUE(shows("waiting", 1));
  EXPECT_EQ(value("held"), 0);
  EXPECT_GE(*value("waiting_since_timestamp_seconds"), *value("start_timestamp_seconds") - 0.001);
  holder.unlock();
  EXPECT_EQ(child->wait().status, 0);
  EXPECT_EQ(value("waiting"), 0);
  EXPECT_FALSE(value("waiting_since_timestamp_seconds"));
  EXPECT_EQ(value("waits_total"), 1);
  EXPECT_GT(*value("wait_seconds_sum"), 0);
}

TEST_F(Metrics, TellThatTheLockWasNotHadInTime) {
  const Lock holder = held(lockfile());
  EXPECT_EQ(run(metered({"-q", "-n", lockfile(), "--", "true"})).status, 75);
  EXPECT_EQ(value("exit_status"), 75);
  EXPECT_EQ(value("timeouts_total"), 1);
  EXPECT_EQ(value("acquisitions_total"), 0);
}

TEST_F(Metrics, TellThatTheLeaseWasLost) {
  const auto child = start(metered({"--lifetime", "600ms", "-k", "100ms", lockfile(), "--", "sleep", "60"}));
  ASSERT_TRUE(shows("held", 1));
  ASSERT_TRUE(unsafe_break(lockfile()));
  EXPECT_EQ(child->wait().status, 76);
  EXPECT_EQ(value("losses_total"), 1);
  EXPECT_EQ(value("exit_status"), 76);
  EXPECT_EQ(value("held"), 0);
}

TEST_F(Metrics, TellUntilWhenALockIsKeptThatCouldNotBeGivenBackSinceTheServerHung) {
  SlowServer server(SlowServer::Files::of_locks);
  Settings how = settings();
  how.before_exec = SlowServer::intercept;
  const auto child = start(metered({"--lifetime", "1500ms", "-k", "100ms", lockfile(), "--", "sleep", "60"}), how);
  if (!server.attach(child->pid())) GTEST_SKIP() << "the kernel does not let this user intercept system calls";
  ASSERT_TRUE(shows("held", 1));
  server.hang();
  EXPECT_EQ(child->wait().status, 76);
  EXPECT_EQ(value("exit_status"), 76);
  EXPECT_EQ(value("held"), 0);
  EXPECT_TRUE(value("lease_expiry_timestamp_seconds"));
}

TEST_F(Metrics, TellThatADeadHoldersLockWasTaken) {
  leave_held(lockfile(), 100ms);
  EXPECT_EQ(run(metered({"-q", lockfile(), "--", "true"})).status, 0);
  const PrometheusText text = read();
  const double breaks = *text.value("leaselock_breaks_total", with_reason("expired")) +
                        *text.value("leaselock_breaks_total", with_reason("died"));
  EXPECT_EQ(breaks, 1);
}

TEST_F(Metrics, OfALockWithAnUglyNameCanBeRead) {
  const std::string ugly = (directory() / "a \"b\\\nc\xC3\xA4\xFF.lck").string();
  EXPECT_EQ(run(metered({ugly, "--", "true"})).status, 0);
  PrometheusText::Labels all = labels();
  all["lock"] = (directory() / "a \"b\\\nc\xC3\xA4\xEF\xBF\xBD.lck").string();
  EXPECT_EQ(read().value("leaselock_acquisitions_total", all), 1);
}

TEST_F(Metrics, AreOfTheLastOneWhereSeveralRunsShareAFile) {
  EXPECT_EQ(run(metered({lockfile(), "--", "true"})).status, 0);
  EXPECT_EQ(run(metered({lockfile(), "--", "false"})).status, 1);
  EXPECT_EQ(value("exit_status"), 1);
  EXPECT_EQ(value("acquisitions_total"), 1);
}

TEST_F(Metrics, AreReplacedAsAWholeSoThatNobodyReadsHalf) {
  const auto child = start(metered({"--lifetime", "600ms", lockfile(), "--", "sleep", "60"}));
  ASSERT_TRUE(shows("held", 1));
  std::ifstream early(file());
  const double before = *value("refreshes_total");
  EXPECT_TRUE(eventually([&] { return *value("refreshes_total") >= before + 2; }));
  const PrometheusText text(std::string(std::istreambuf_iterator<char>(early), {}));
  EXPECT_EQ(text.problem, "");
  EXPECT_LT(*text.value("leaselock_refreshes_total", labels()), before + 2);
  child->send(SIGTERM);
  child->wait();
}

TEST_F(Metrics, AreReadableForThoseWhomTheUmaskLets) {
  run(metered({lockfile(), "--", "true"}));
  struct stat status {};
  ASSERT_EQ(stat(file().c_str(), &status), 0);
  const mode_t mask = umask(0);
  umask(mask);
  EXPECT_EQ(status.st_mode & 0777U, 0666U & ~mask);
}

TEST_F(Metrics, ThatCannotBeWrittenAreAWarningAndNothingElse) {
  const Result result = run({"run", "--metrics", scratch("missing/job.prom"), lockfile(), "--", "echo", "done"});
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.out, "done\n");
  EXPECT_TRUE(contains(result.err, "warning: the metrics are not written to ")) << result.err;
  EXPECT_TRUE(contains(result.err, "No such file or directory")) << result.err;
  EXPECT_EQ(lines(result.err), 1U) << "said more than once";
}

TEST_F(Metrics, OnAServerThatHangsKeepNeitherTheCommandNorTheEndFromComing) {
  SlowServer server(SlowServer::Files::others);
  server.hang();
  Settings how = settings();
  how.before_exec = SlowServer::intercept;
  const auto child = start(metered({lockfile(), "--", "echo", "done"}), how);
  if (!server.attach(child->pid())) GTEST_SKIP() << "the kernel does not let this user intercept system calls";
  const Result result = child->wait();
  EXPECT_TRUE(server.is_waited_for());
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(result.out, "done\n");
  EXPECT_EQ(run({"run", "--no-wait", lockfile(), "true"}).status, 0) << "the lock was given back";
}

TEST_F(Metrics, NeverTakeThePlaceOfWhatIsNoFile) {
  ASSERT_EQ(mkdir(scratch("directory").c_str(), 0755), 0);
  ASSERT_EQ(mkfifo(scratch("pipe").c_str(), 0600), 0);
  ASSERT_EQ(symlink("/dev/null", scratch("link").c_str()), 0);
  for (const std::string place : {"directory", "pipe", "link"}) {
    const std::string path = scratch(place);
    struct stat before {};
    struct stat after {};
    ASSERT_EQ(lstat(path.c_str(), &before), 0);
    const Result result = run({"run", "--metrics", path, lockfile(), "--", "true"});
    EXPECT_EQ(result.status, 0);
    EXPECT_TRUE(contains(result.err, "something that is no file is there")) << result.err;
    ASSERT_EQ(lstat(path.c_str(), &after), 0);
    EXPECT_EQ(after.st_ino, before.st_ino);
  }
}

TEST_F(Metrics, ComeBesideTheEventsOfATrace) {
  const Result result = run(metered({"--trace", lockfile(), "--", "true"}));
  EXPECT_EQ(result.status, 0);
  EXPECT_TRUE(contains(result.err, " event=acquired lock=")) << result.err;
  EXPECT_TRUE(contains(result.err, " event=released lock=")) << result.err;
  EXPECT_TRUE(contains(result.err, "leaselock: rename fence/")) << result.err;
  EXPECT_EQ(value("acquisitions_total"), 1);
}

}  // namespace
}  // namespace leaselock::cli_test
