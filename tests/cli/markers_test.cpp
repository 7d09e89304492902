#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <boost/filesystem/operations.hpp>
#include <ctime>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

#include "support/cli_test.hpp"
#include "support/processes.hpp"
#include "support/slow_server.hpp"

// Goal: `run --markers` shows who waits and who runs, to everybody who can list a directory, and a crash leaves nothing
// that stays. Method: runs that the test holds up, kills, or lets meet markers that others are made to have left.
namespace leaselock::cli_test {
namespace {

namespace fs = boost::filesystem;

class Markers : public CliTest {
 protected:
  Markers() { fs::create_directory(markers()); }

  std::string markers() const { return scratch("markers"); }
  std::string path(const std::string& name) const { return markers() + '/' + name; }
  Words marked(const Words& options, const std::string& script) const {
    Words words = {"run", "--markers", markers(), "--name", "processA"};
    words.insert(words.end(), options.begin(), options.end());
    words.insert(words.end(), {lockfile(), "--", "/bin/sh", "-c", script});
    return words;
  }
  /// Runs until the test makes the file "end".
  std::unique_ptr<Child> start_holder(const Words& options) const {
    auto child = start(marked(options, "echo \"<$LEASELOCK_SLOT|$LEASELOCK_TOKEN>\"; while ! test -e " +
                                           scratch("end") + "; do sleep 0.02; done"));
    EXPECT_TRUE(child->says(">")) << child->err();
    return child;
  }
  void end_holders() const { std::ofstream(scratch("end")).flush(); }

  /// Neither process can do anything for the other.
  static void kill_as_a_whole(Child& run) {
    const pid_t keeper = descendant_named(run.pid(), "leaselock-keep");
    ASSERT_NE(keeper, 0);
    run.send(SIGSTOP);
    ASSERT_TRUE(eventually([&run] { return state_of(run.pid()) == 'T'; }));
    kill(keeper, SIGKILL);
    run.send(SIGKILL);
    run.wait();
  }

  std::vector<std::string> all() const {
    std::vector<std::string> result;
    for (const fs::directory_entry& entry : fs::directory_iterator(markers())) {
      result.push_back(entry.path().filename().string());
    }
    return result;
  }
  std::vector<std::string> ending_with(const std::string& end) const {
    std::vector<std::string> result = all();
    std::erase_if(result, [&](const std::string& name) { return !name.ends_with(end); });
    return result;
  }
  std::map<std::string, std::string> fields(const std::string& name) const {
    std::map<std::string, std::string> result;
    std::istringstream text(contents(path(name)));
    for (std::string line; std::getline(text, line);) {
      result[line.substr(0, line.find(": "))] = line.substr(line.find(": ") + 2);
    }
    return result;
  }
  /// As a run on another host writes it, `age` ago.
  void forge(const std::string& name, const std::string& token, std::chrono::seconds age) const {
    std::ofstream(path(name)) << "state: running\nhost: web9\npid: 4711\nlock: " << lockfile()
                              << "\nkind: slots\ntoken: " << token
                              << "\nslot: 0\nlifetime_ms: 15000\nboot: elsewhere\nprocess_start: 1\n";
    fs::last_write_time(path(name), std::time(nullptr) - age.count());
  }
};

const std::string forged = "web9.4711.0123abcd_processA.running";
constexpr std::chrono::seconds recent{0}, old{60};

TEST_F(Markers, SayThatARunWaitsAndThenThatItRunsAndAreGoneAfterwards) {
  Lock holder = held(lockfile());
  const auto run = start(marked({"--trace"}, "ls " + markers() + "; cat " + markers() + "/*.running"));
  ASSERT_TRUE(run->says("wait until"));
  ASSERT_EQ(all().size(), 1U);
  const std::string name = all().front();
  const std::string keeper = std::to_string(descendant_named(run->pid(), "leaselock-keep"));
  EXPECT_TRUE(name.starts_with(holder.hostname() + '.' + keeper + '.')) << name;
  EXPECT_TRUE(name.ends_with("_processA.ready")) << name;
  EXPECT_EQ(fields(name)["state"], "ready");
  holder.unlock();
  const Result result = run->wait();
  EXPECT_EQ(result.status, 0) << result.err;
  const std::string stem = name.substr(0, name.rfind('.'));
  EXPECT_TRUE(result.out.starts_with(stem + ".running\nstate: running\n")) << result.out;
  EXPECT_TRUE(all().empty()) << all().front();
}

TEST_F(Markers, SayWhoRunsSinceWhenAndWithWhat) {
  const auto run = start_holder({"--slots", "2"});
  ASSERT_EQ(ending_with("_processA.running").size(), 1U);
  auto marker = fields(ending_with("_processA.running").front());
  EXPECT_EQ(marker["host"], Lock(lockfile()).hostname());
  EXPECT_EQ(marker["pid"], std::to_string(descendant_named(run->pid(), "leaselock-keep")));
  EXPECT_EQ(marker["lock"], lockfile());
  EXPECT_EQ('<' + marker["slot"] + '|' + marker["token"] + ">\n", run->out());
  EXPECT_EQ(marker["started"].size(), std::string("2026-11-21T07:15:30.250Z").size());
  end_holders();
}

TEST_F(Markers, OfRunsThatHoldSlotsAreAsMany) {
  const auto first = start_holder({"--slots", "2"});
  const auto second = start_holder({"--slots", "2"});
  const auto third = start(marked({"--slots", "2"}, "true"));
  EXPECT_TRUE(eventually([this] { return ending_with(".ready").size() == 1; }));
  EXPECT_EQ(ending_with(".running").size(), 2U);
  end_holders();
  for (const auto& run : {first.get(), second.get(), third.get()}) EXPECT_EQ(run->wait().status, 0) << run->err();
  EXPECT_TRUE(all().empty());
}

TEST_F(Markers, AreRemovedWhenTheRunDoesNotGetTheLock) {
  const Lock holder = held(lockfile());
  EXPECT_EQ(run(marked({"--timeout", "200ms"}, "true")).status, 75);
  EXPECT_TRUE(all().empty());
  const auto waiter = start(marked({"--trace"}, "true"));
  ASSERT_TRUE(waiter->says("wait until"));
  waiter->send(SIGTERM);
  EXPECT_EQ(waiter->wait().status, 128 + SIGTERM);
  EXPECT_TRUE(all().empty());
}

TEST_F(Markers, ThatCannotBeMadeKeepTheCommandFromRunning) {
  fs::remove(markers());
  const Result missing = run(marked({}, "echo ran"));
  EXPECT_EQ(missing.status, 73);
  EXPECT_EQ(missing.out, "");
  EXPECT_TRUE(contains(missing.err, markers())) << missing.err;
  EXPECT_EQ(lines(missing.err), 1U) << missing.err;
  std::ofstream(markers()) << "a file\n";
  EXPECT_EQ(run(marked({}, "echo ran")).out, "");
  EXPECT_EQ(run({"run", "--no-wait", lockfile(), "true"}).status, 0);
}

TEST_F(Markers, ThatCannotBecomeRunningKeepTheCommandFromRunningToo) {
  Lock holder = held(lockfile());
  const auto waiter = start(marked({"--trace"}, "echo ran"));
  ASSERT_TRUE(waiter->says("wait until"));
  fs::remove_all(markers());
  holder.unlock();
  const Result result = waiter->wait();
  EXPECT_EQ(result.status, 73);
  EXPECT_EQ(result.out, "");
  EXPECT_TRUE(contains(result.err, markers())) << result.err;
  EXPECT_EQ(run({"run", "--no-wait", lockfile(), "true"}).status, 0) << "the lock was given back";
}

TEST_F(Markers, AreRemovedByTheFrontWhenTheKeeperIsKilled) {
  const auto run = start_holder({"--lifetime", "3s"});
  ASSERT_TRUE(send_to_keeper(run->pid(), SIGKILL));
  EXPECT_EQ(run->wait().status, 76);
  EXPECT_TRUE(all().empty());
}

TEST_F(Markers, AreRemovedByTheKeeperWhenTheFrontIsKilled) {
  const auto run = start_holder({"--lifetime", "3s"});
  run->send(SIGKILL);
  EXPECT_TRUE(eventually([this] { return all().empty(); }));
}

TEST_F(Markers, OfARunThatIsKilledAsAWholeAreRemovedByTheNext) {
  const auto doomed = start_holder({"--slots", "2"});
  kill_as_a_whole(*doomed);
  EXPECT_EQ(all().size(), 1U) << doomed->err();
  const Result next = run(marked({"--slots", "2"}, "ls " + markers()));
  EXPECT_EQ(lines(next.out), 1U) << next.out;
  EXPECT_TRUE(all().empty());
  end_holders();
}

TEST_F(Markers, OfAHostThatCrashedAreRemovedWhenTheirTimeIsOver) {
  forge(forged, "1", old);
  EXPECT_EQ(run(marked({}, "ls " + markers() + " | wc -l")).out, "1\n");
}

TEST_F(Markers, OfAHostThatMayLiveAreLeftAlone) {
  forge(forged, "1", recent);
  EXPECT_EQ(run(marked({}, "ls " + markers() + " | wc -l")).out, "2\n");
  EXPECT_EQ(all(), std::vector<std::string>{forged});
}

TEST_F(Markers, OfTheHolderBeforeUsAreRemovedBeforeWeSeemToRunBesideIt) {
  forge(forged, "1", recent);
  const std::string slot = run(marked({"--slots", "1"}, "ls " + markers() + " | wc -l")).out;
  EXPECT_EQ(slot, "1\n") << "slot 0 cannot have two holders";
  forge(forged, "18446744073709551615", recent);
  EXPECT_EQ(run(marked({"--slots", "1"}, "ls " + markers() + " | wc -l")).out, "2\n") << "one that came after us";
}

TEST_F(Markers, AreRemovedByAWaiterToo) {
  const Lock holder = held(lockfile());
  const auto waiter = start(marked({"--trace", "--lifetime", "1s"}, "true"));
  ASSERT_TRUE(waiter->says("wait until"));
  forge(forged, "1", old);
  EXPECT_TRUE(eventually([this] { return all().size() == 1; }));
  EXPECT_EQ(ending_with(".ready").size(), 1U);
}

TEST_F(Markers, AreRemovedOnlyWhereTheNameIsExactlyAMarkers) {
  const std::vector<std::string> others = {"web9.4711.0123abcd_processB.running",
                                           "web9.4711.0123abcd_processA.done",
                                           "web9.4711.0123abcd_processA",
                                           "web9.4711.0123ABCD_processA.ready",
                                           "web9.0123abcd_processA.ready",
                                           "4711.0123abcd_processA.ready",
                                           "job7_processA.running",
                                           "processA.ready",
                                           "web9.x.0123abcd_processA.ready"};
  for (const std::string& name : others) forge(name, "1", old);
  fs::create_symlink(path(others.front()), path("web9.1.0123abcd_processA.ready"));
  fs::create_directory(path("web9.2.0123abcd_processA.ready"));
  ASSERT_EQ(mkfifo(path("web9.3.0123abcd_processA.ready").c_str(), 0600), 0);
  EXPECT_EQ(run(marked({}, "true")).status, 0);
  EXPECT_EQ(all().size(), others.size() + 3);
}

TEST_F(Markers, ThatSomebodyRemovedComeBackWhileTheRunLasts) {
  const auto run = start_holder({"--lifetime", "1s"});
  const std::string name = ending_with(".running").front();
  fs::remove(path(name));
  EXPECT_TRUE(eventually([&] { return fs::exists(path(name)); }));
  EXPECT_EQ(fields(name)["state"], "running");
  end_holders();
}

TEST_F(Markers, AreTouchedAsLongAsTheRunLasts) {
  const auto run = start_holder({"--lifetime", "1s"});
  const std::string name = path(ending_with(".running").front());
  fs::last_write_time(name, 1000000000);
  EXPECT_TRUE(eventually([&] { return fs::last_write_time(name) > 1000000000; }));
  end_holders();
}

TEST_F(Markers, ThatRunAreNeverMoreThanTheSlotsNotEvenAfterACrash) {
  std::vector<std::unique_ptr<Child>> runs;
  runs.push_back(start_holder({"--slots", "2"}));
  for (int i = 0; i < 7; ++i) runs.push_back(start(marked({"--slots", "2"}, "sleep 0.2")));
  kill_as_a_whole(*runs.front());
  std::vector<std::string> before;
  ASSERT_TRUE(eventually([&] {
    // Whoever is in two listings was there all the time between them.
    std::vector<std::string> now = ending_with(".running"), both;
    std::sort(now.begin(), now.end());
    std::set_intersection(before.begin(), before.end(), now.begin(), now.end(), std::back_inserter(both));
    EXPECT_LE(both.size(), 2U);
    before = now;
    for (const std::string& name : all()) EXPECT_TRUE(name.find("_processA.") != std::string::npos) << name;
    return std::all_of(runs.begin(), runs.end(), [](const auto& run) { return run->has_ended(); });
  }));
  EXPECT_TRUE(all().empty());
}

TEST_F(Markers, WhoseFileSystemHangsDoNotKeepARunFromBeingEnded) {
  SlowServer server(SlowServer::Files::others);
  Settings how = settings();
  how.before_exec = SlowServer::intercept;
  server.hang();
  const auto hanging = start(marked({}, "echo ran"), how);
  if (!server.attach(hanging->pid())) GTEST_SKIP() << "the kernel does not let this user intercept system calls";
  ASSERT_TRUE(eventually([&] { return server.is_waited_for(); }));
  hanging->send(SIGINT);
  hanging->send(SIGTERM);
  const Result result = hanging->wait();
  EXPECT_GT(result.status, 128);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(run({"run", "--no-wait", lockfile(), "true"}).status, 0) << "the lock was not even asked for";
}

}  // namespace
}  // namespace leaselock::cli_test
