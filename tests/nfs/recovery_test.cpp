#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "contest.hpp"
#include "record/cycles.hpp"
#include "record/tables.hpp"
#include "said.hpp"
#include "shared_cluster.hpp"

namespace leaselock::nfs {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 90s;

constexpr const char* modes[] = {"fenced", "compat"};

/// For each mode and NFS version a lock of its own: a holder on host 1, and one who waits for it. One fault hits all.
class Recovery : public testing::Test {
 protected:
  struct Trial {
    std::string mode;
    std::string version;
    std::string lockfile = make_directory("recovery") + "/lock";
    std::unique_ptr<Contest> contest = std::make_unique<Contest>();

    void start(std::size_t host, const std::string& name, std::initializer_list<std::string> more) const {
      std::vector<std::string> words = {"--mode", mode, "--lifetime", "5"};
      words.insert(words.end(), more);
      contest->start(host, name, mounted(host, version, mount_kinds().front()) / lockfile, words);
    }
  };

  void start_holders(std::initializer_list<std::string> how) {
    for (const std::string mode : modes) {
      for (const std::string& version : nfs_versions()) trials_.push_back({mode, version});
    }
    for (const Trial& trial : trials_) {
      trial.start(0, "holder", how);
      ASSERT_TRUE(trial.contest->wait_for_event("held", "holder", patience)) << trial.mode << ", NFSv" << trial.version;
    }
  }

  void start_waiters(std::size_t host) {
    for (const Trial& trial : trials_) trial.start(host, "waiter", {"--hold", "100"});
    for (const Trial& trial : trials_) ASSERT_TRUE(trial.contest->wait_for_event("waiting", "waiter", patience));
  }

  /// Says for each how long after `since` somebody held the lock anew.
  void expect_recovery(const std::string& fault, Cycles since) {
    std::string row = "| " + fault + " |";
    for (const Trial& trial : trials_) {
      Cycles held = 0;
      const auto is_new_hold = [&](const Line& line) {
        if (line.event != "held" || line.number("tsc") <= since) return false;
        held = line.number("tsc");
        return true;
      };
      ASSERT_TRUE(trial.contest->wait_until(is_new_hold, patience)) << trial.mode << ", NFSv" << trial.version;
      std::array<char, 40> cell{};
      std::snprintf(cell.data(), cell.size(), " %.1f s |", static_cast<double>(held - since) / cycles_per_us() / 1e6);
      row += cell.data();
    }
    say("| fault | fenced v3 | v4.0 | v4.1 | v4.2 | compat v3 | v4.0 | v4.1 | v4.2 |\n" + row + '\n');
    for (const Trial& trial : trials_) {
      const Report report = trial.contest->report();
      EXPECT_TRUE(report.overlaps.empty()) << trial.mode << ", NFSv" << trial.version << "\n" << complaints(report);
    }
  }

  void boot_again(std::size_t host) {
    forget_mounts(host);
    shared_cluster().boot(shared_cluster().host(host));
  }

  void TearDown() override {
    for (const Trial& trial : trials_) trial.contest->kill_all();
  }

  std::vector<Trial> trials_;
};

TEST_F(Recovery, AfterTheHoldersProcessWasKilledAWaiterOnTheSameHostGetsTheLock) {
  start_holders({"--hold", "600000", "--refresh"});
  start_waiters(0);
  const Cycles killed = cycles();
  for (const Trial& trial : trials_) trial.contest->kill(0);
  expect_recovery("process killed, waiter on the same host", killed);
}

TEST_F(Recovery, AfterTheHoldersHostCrashedAWaiterElsewhereGetsTheLock) {
  start_holders({"--hold", "600000", "--refresh"});
  start_waiters(1);
  const Cycles crashed = cycles();
  shared_cluster().host(0).crash();
  expect_recovery("host crashed", crashed);
  boot_again(0);
}

TEST_F(Recovery, AfterTheHoldersNetworkWasCutAWaiterElsewhereGetsTheLock) {
  start_holders({"--hold", "600000", "--refresh"});
  start_waiters(1);
  const Cycles cut = cycles();
  shared_cluster().host(0).cut();
  expect_recovery("network cut", cut);
  shared_cluster().host(0).heal();
}

TEST_F(Recovery, AfterTheServerRestartedSomebodyGetsTheLock) {
  start_holders({"--hold", "3000", "--refresh"});
  start_waiters(1);
  const Cycles restarted = cycles();
  shared_cluster().crash_and_restart_server();
  expect_recovery("server crashed and booted again", restarted);
}

TEST_F(Recovery, AHolderThatWasPausedBeyondItsLeaseFindsOutBeforeItActs) {
  start_holders({"--hold", "600000"});
  start_waiters(1);
  const Cycles paused = cycles();
  shared_cluster().host(0).pause();
  expect_recovery("host paused", paused);
  shared_cluster().host(0).resume();
  for (const Trial& trial : trials_) {
    const auto finds_out = [](const Line& line) {
      return line.event == "end" && line.name == "holder" && line.text("how") == "lost" &&
             line.text("error") == "may_act";
    };
    EXPECT_TRUE(trial.contest->wait_until(finds_out, patience));
    const auto is_told = [](const Line& line) {
      return line.event == "gave-back" && line.name == "holder" && line.text("error") == "lease_lost";
    };
    EXPECT_TRUE(trial.contest->wait_until(is_told, patience));
    EXPECT_TRUE(trial.contest->report().overlaps.empty());
  }
}

}  // namespace
}  // namespace leaselock::nfs
