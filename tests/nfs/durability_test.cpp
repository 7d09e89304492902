#include <gtest/gtest.h>

#include <boost/filesystem/path.hpp>
#include <string>

#include "shared_cluster.hpp"

namespace leaselock::nfs {
namespace {

/// What the promises take for granted (docs/guarantees.md): a server that crashes forgets nothing that it has answered.
class AServerThatCrashed : public testing::Test {
 protected:
  boost::filesystem::path directory = mounted(0, "3", mount_kinds().front()) / make_directory("durability");

  static std::string run(const std::string& command) {
    return shared_cluster().host(0).must_run({"/bin/sh", "-c", command});
  }
};

/// Names are the state of a lock.
TEST_F(AServerThatCrashed, RemembersTheNamesOfItsLastMoment) {
  run("cd " + directory.string() + " && touch first && mv first second");
  shared_cluster().crash_and_restart_server();
  EXPECT_EQ(run("ls " + directory.string()), "second\n");
}

/// Times are the leases of compat mode and of readers.
TEST_F(AServerThatCrashed, RemembersTheTimesOfItsLastMoment) {
  run("cd " + directory.string() + " && touch file && touch -d @1000 file");
  shared_cluster().crash_and_restart_server();
  EXPECT_EQ(run("stat -c %Y " + (directory / "file").string()), "1000\n");
}

}  // namespace
}  // namespace leaselock::nfs
