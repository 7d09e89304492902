#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <string>
#include <thread>

#include "contest.hpp"
#include "expected_requests.hpp"
#include "requests.hpp"
#include "said.hpp"
#include "shared_cluster.hpp"

/// What it costs all hosts together when a holder gives the lock back and somebody who waits gets it.
namespace leaselock::nfs {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr auto patience = 60s;

struct Costs {
  Counts of_releaser;  ///< it gives the lock back and comes to an end
  Counts of_waiters;   ///< of their hosts, from a moment before the release until a moment after somebody holds it
  std::uint64_t most_polls = 0;  ///< of one waiter in that time
};

/// A client asks for attributes with a listing or without them as it thinks fit.
Counts with_one_kind_of_listing(Counts counts) {
  const auto plus = counts.extract("READDIRPLUS");
  if (plus) counts["READDIR"] += plus.mapped();
  return counts;
}

/// The releaser is alone on host 1, so that its own requests are told from theirs.
class HandOff : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { shared_cluster().set_round_trip(10ms); }
  void TearDown() override { shared_cluster().set_round_trip(0ms); }

  /// On NFSv3 and NFSv4.2, each with a lock and mounts of its own, so that their requests are told apart.
  static std::map<std::string, Costs> measure(const std::string& mode, std::size_t waiters) {
    std::map<std::string, Contest> contests;
    for (const std::string version : {"3", "4.2"}) start(contests[version], mode, version, waiters);
    for (auto& [version, contest] : contests) {
      for (std::size_t index = 0; index < waiters; ++index) {
        EXPECT_TRUE(contest.wait_for_event("waiting", "waiter" + std::to_string(index), patience));
      }
    }
    std::this_thread::sleep_for(2s);  // by now each of them polls as seldom as it does
    std::map<std::string, Costs> costs;
    for (auto& [version, contest] : contests) {
      costs[version] = release(contest, version);
      contest.kill_all();
    }
    return costs;
  }

  static void start(Contest& contest, const std::string& mode, const std::string& version, std::size_t waiters) {
    const std::string lockfile = make_directory("hand-off") + "/lock";
    const auto start_on = [&](std::size_t host, const std::string& name) {
      contest.start(host, name, mounted(host, version, mount_kinds().front()) / lockfile,
                    {"--mode", mode, "--lifetime", "600", "--hold", "600000", "--idle", "0"});
    };
    start_on(0, "holder");
    EXPECT_TRUE(contest.wait_for_event("held", "holder", patience));
    for (std::size_t index = 0; index < waiters; ++index) {
      start_on(1 + index % (cluster_hosts - 1), "waiter" + std::to_string(index));
    }
  }

  static Costs release(Contest& contest, const std::string& version) {
    const auto begin = steady_clock::now();
    const Counts by_releaser = sent_by(0, version);
    const Counts by_waiters = sent_by_waiters(version);
    const std::size_t since = contest.said();
    contest.stop(0);
    EXPECT_TRUE(contest.wait_until([](const Line& line) { return line.event == "held"; }, patience, since));
    Costs costs;
    costs.of_waiters = sent_by_waiters(version) - by_waiters;
    EXPECT_TRUE(contest.wait_for_event("done", "holder", patience, since));
    EXPECT_TRUE(contest.wait_until_ended(0, patience));
    costs.of_releaser = sent_by(0, version) - by_releaser;
    costs.most_polls = static_cast<std::uint64_t>((steady_clock::now() - begin) / expected::shortest_poll);
    return costs;
  }

  static Counts sent_by_waiters(const std::string& version) {
    Counts counts;
    for (std::size_t host = 1; host < cluster_hosts; ++host) counts = counts + sent_by(host, version);
    return counts;
  }
};

TEST_P(HandOff, TheWinnerTakesTheLockWithItsOwnRequestsAndTheOthersOnlyPoll) {
  const std::string mode = GetParam();
  const bool compat = mode == "compat";
  for (const std::size_t waiters : {1, 2, 8, 32}) {
    for (const auto& [version, costs] : measure(mode, waiters)) {
      say("| NFSv" + version + ", " + mode + ", " + std::to_string(waiters) + " | " + in_words(costs.of_releaser) +
          " | " + in_words(costs.of_waiters) + " |\n");
      EXPECT_EQ(with_one_kind_of_listing(costs.of_releaser),
                compat ? expected::release_compat : expected::release_flagged);
      EXPECT_LE(total(costs.of_waiters),
                expected::most_to_take + waiters * expected::most_to_poll * (1 + costs.most_polls));
      Counts taking = costs.of_waiters;
      for (const char* operation : expected::polling) taking.erase(operation);
      if (waiters == 1) {
        EXPECT_EQ(taking, compat ? expected::take_compat : expected::take_fenced);
      } else if (!compat) {
        EXPECT_EQ(taking["LINK"], 1U) << "only who has won the lock links its mirror";
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Nfs, HandOff, testing::Values("fenced", "compat"),
                         [](const auto& mode) { return mode.param; });

}  // namespace
}  // namespace leaselock::nfs
