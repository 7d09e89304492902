// Runs the tests of the cluster inside a sandbox of their own: leaselock_nfs_tests [--server=ganesha] and GoogleTest's
// options. Exit status 77, and why, where the machine cannot do that.

#include <gtest/gtest.h>
#include <unistd.h>

#include <iostream>
#include <string>
#include <system_error>

#include "cluster/requirements.hpp"
#include "cluster/sandbox.hpp"
#include "said.hpp"
#include "shared_cluster.hpp"

namespace {

using leaselock::cluster::ServerKind;

constexpr int exit_usage = 64;
constexpr int exit_skipped = 77;

/// In a pipe what was said is only shown for a test that failed, so that it is not lost among the others'.
class ShowWhatWasSaid : public ::testing::EmptyTestEventListener {
 private:
  void OnTestEnd(const ::testing::TestInfo& test) override {
    const std::string said = leaselock::nfs::take_what_was_said();
    if (test.result()->Failed()) std::cout << said << std::flush;
  }
};

int skip(const std::string& why) {
  std::cout << "Skipped: a cluster of several kernels " << why << '\n';
  return exit_skipped;
}

int run_all_and_shut_down() {
  const int status = RUN_ALL_TESTS();
  leaselock::nfs::shut_down_cluster();
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  if (::isatty(STDOUT_FILENO) == 0) {
    leaselock::nfs::keep_what_is_said();
    ::testing::UnitTest::GetInstance()->listeners().Append(new ShowWhatWasSaid);
  }
  const std::string option = argc > 1 ? argv[1] : "--server=kernel";
  if (argc > 2 || (option != "--server=kernel" && option != "--server=ganesha")) {
    std::cerr << "usage: leaselock_nfs_tests [--server=kernel|--server=ganesha] [--gtest_filter=...]\n";
    return exit_usage;
  }
  if (::testing::GTEST_FLAG(list_tests)) return RUN_ALL_TESTS();
  const ServerKind server = option == "--server=ganesha" ? ServerKind::ganesha : ServerKind::kernel;
  leaselock::nfs::choose_server(server);
  if (const std::string reason = leaselock::cluster::missing_requirement(server); !reason.empty()) return skip(reason);
  try {
    return leaselock::cluster::run_in_sandbox(run_all_and_shut_down);
  } catch (const std::system_error& error) {
    return skip(std::string("is refused by this machine: ") + error.what());
  }
}
