#include <gtest/gtest.h>

#include <boost/filesystem/path.hpp>
#include <chrono>
#include <cstdint>
#include <string>

#include "contest.hpp"
#include "expected_requests.hpp"
#include "requests.hpp"
#include "shared_cluster.hpp"
#include "version_name.hpp"

/// NFS requests by operation, as the client's kernel counts them, compared exactly with docs/protocol.md section 13.
/// The round trip is 10 ms: with less, changes fall into one tick of the server's clock, and the client spares
/// requests.
namespace leaselock::nfs {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t cycles_counted = 20;

class Requests : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { shared_cluster().set_round_trip(10ms); }
  void TearDown() override { shared_cluster().set_round_trip(0ms); }

  boost::filesystem::path on_host(std::size_t host) const {
    return mounted(host, GetParam(), mount_kinds().front()) / lockfile_;
  }

  /// With a lifetime so long that what is due once in a part of it is not due here, however slow the machine is.
  Counts count(const std::string& mode, const std::string& operation) const {
    return counts_in(shared_cluster().host(0).must_run({LEASELOCK_NFS_WORKER, "cycle", on_host(0).string(), "--mode",
                                                        mode, "--operation", operation, "--lifetime", "600", "--warm",
                                                        "36", "--count", std::to_string(cycles_counted)}));
  }

  /// A failed attempt while a process on another host holds the lock.
  Counts count_while_held(const std::string& mode) const {
    Contest other;
    other.start(1, "holder", on_host(1), {"--mode", mode, "--lifetime", "120", "--hold", "60000"});
    EXPECT_TRUE(other.wait_for_event("held", "holder", 60s));
    const Counts counts = count(mode, "failed-attempt");
    EXPECT_TRUE(other.finish());
    return counts;
  }

  const std::string lockfile_ = make_directory("requests") + "/lock";
};

TEST_P(Requests, AnUncontendedLockAndUnlockIsTwoRenamesAndThreeRequestsMoreForTheMirror) {
  EXPECT_EQ(count("fenced", "lock-unlock"), cycles_counted * expected::lock_unlock_fenced);
}

TEST_P(Requests, WithoutTheMirrorItIsTwoRenames) {
  EXPECT_EQ(count("fenced-no-mirror", "lock-unlock"), cycles_counted * expected::lock_unlock_without_mirror);
}

TEST_P(Requests, InCompatModeItIsALinkAndARemove) {
  EXPECT_EQ(count("compat", "lock-unlock"), cycles_counted * expected::lock_unlock_compat);
}

TEST_P(Requests, ARefreshIsOneRequest) {
  EXPECT_EQ(count("fenced", "refresh"), cycles_counted * expected::refresh_fenced);
  EXPECT_EQ(count("fenced-no-mirror", "refresh"), cycles_counted * expected::refresh_fenced);
  EXPECT_EQ(count("compat", "refresh"), cycles_counted * expected::refresh_compat);
}

TEST_P(Requests, AFailedAttemptIsALookAtTheFenceDirectory) {
  EXPECT_EQ(count_while_held("fenced"), cycles_counted * expected::failed_attempt_fenced);
}

TEST_P(Requests, AFailedAttemptWithoutTheMirrorIsTheSame) {
  EXPECT_EQ(count_while_held("fenced-no-mirror"), cycles_counted * expected::failed_attempt_fenced);
}

TEST_P(Requests, InCompatModeAFailedAttemptIsALinkAndALook) {
  EXPECT_EQ(count_while_held("compat"), cycles_counted * expected::failed_attempt_compat);
}

INSTANTIATE_TEST_SUITE_P(Nfs, Requests, testing::ValuesIn(nfs_versions()), version_name);

}  // namespace
}  // namespace leaselock::nfs
