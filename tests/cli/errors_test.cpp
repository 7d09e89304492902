#include <sys/stat.h>
#include <unistd.h>

#include <boost/filesystem/operations.hpp>
#include <fstream>

#include "support/cli_test.hpp"
#include "support/surroundings.hpp"

// Goal: whatever is wrong with the place is said in one or two lines that name the path and what to do, with a status
// that scripts can tell apart, and nothing of anybody else's is touched. Method: each hostile place is made for real.
namespace leaselock::cli_test {
namespace {

namespace fs = boost::filesystem;

class Errors : public CliTest {
 protected:
  /// `run` must refuse with this status and these words, and must not have run the command.
  void expect_refused(int status, const Words& expected, const Settings& how, const Words& options = {}) {
    Words words = {"run", "--no-wait"};
    words.insert(words.end(), options.begin(), options.end());
    words.insert(words.end(), {path_, "--", "/bin/echo", "ran"});
    const Result result = run(words, how);
    EXPECT_EQ(result.status, status) << result.err;
    EXPECT_EQ(result.out, "");
    EXPECT_TRUE(contains(result.err, path_)) << "the path: " << result.err;
    EXPECT_GE(lines(result.err), 1U);
    EXPECT_LE(lines(result.err), 2U) << result.err;
    for (const std::string& word : expected) EXPECT_TRUE(contains(result.err, word)) << word << " in " << result.err;
  }
  void expect_refused(int status, const Words& expected) { expect_refused(status, expected, settings()); }

  Settings ordinary_user() const {
    Settings how = settings();
    how.before_exec = become_ordinary_user;
    return how;
  }

  std::string path_ = lockfile();
};

TEST_F(Errors, MissingDirectory) {
  path_ = (directory() / "missing" / "db.lck").string();
  expect_refused(73, {"does not exist", "create it"});
}

TEST_F(Errors, FileWhereTheDirectoryShouldBe) {
  std::ofstream((directory() / "file").string()) << "text";
  path_ = (directory() / "file" / "db.lck").string();
  expect_refused(73, {"not a directory"});
}

TEST_F(Errors, DirectoryThatMayNotBeWrittenTo) {
  chmod(directory().c_str(), 0555);
  expect_refused(77, {"ermission denied", directory().string()}, ordinary_user());
  expect_refused(77, {"ermission denied", directory().string()}, ordinary_user(), {"--compat"});
  chmod(directory().c_str(), 0777);
  EXPECT_TRUE(names().empty());
}

TEST_F(Errors, DirectoryThatMayNotBeEntered) {
  chmod(directory().c_str(), 0600);
  expect_refused(77, {"ermission denied", directory().string()}, ordinary_user());
  chmod(directory().c_str(), 0777);
}

TEST_F(Errors, ReadOnlyFileSystem) {
  if (!can_mount()) GTEST_SKIP() << "this user may not mount file systems here";
  Settings how = settings();
  how.before_exec = mounted(directory().string(), Mount::read_only);
  expect_refused(73, {"ead-only", directory().string()}, how);
  expect_refused(73, {"ead-only", directory().string()}, how, {"--compat"});
}

TEST_F(Errors, FullFileSystem) {
  if (!can_mount()) GTEST_SKIP() << "this user may not mount file systems here";
  Settings how = settings();
  how.before_exec = mounted(directory().string(), Mount::full);
  expect_refused(73, {"No space left", "free some"}, how);
  expect_refused(73, {"No space left", "free some"}, how, {"--compat"});
}

TEST_F(Errors, FileSystemWithoutHardLinks) {
  Settings how = settings();
  how.before_exec = without_hard_links;
  expect_refused(73, {"hard links", "mirror"}, how);
  expect_refused(73, {"hard links"}, how, {"--compat"});
  EXPECT_EQ(run({"run", "--no-mirror", lockfile(), "true"}, how).status, 0) << "as the message promises";
}

TEST_F(Errors, DirectoryAtTheLockPath) {
  fs::create_directory(path_);
  expect_refused(73, {"no lock file"});
  EXPECT_TRUE(fs::is_directory(path_));
}

TEST_F(Errors, FifoAtTheLockPath) {
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  expect_refused(73, {"no lock file"});
  EXPECT_EQ(fs::status(path_).type(), fs::fifo_file);
}

TEST_F(Errors, SymbolicLinkAtTheLockPath) {
  const std::string target = scratch("precious");
  std::ofstream(target) << "text";
  fs::create_symlink(target, path_);
  expect_refused(73, {"no lock file"});
  EXPECT_TRUE(fs::is_symlink(path_));
  EXPECT_EQ(contents(target), "text");
}

TEST_F(Errors, DanglingSymbolicLinkAtTheLockPath) {
  fs::create_symlink(scratch("nowhere"), path_);
  expect_refused(73, {"no lock file"});
  EXPECT_FALSE(fs::exists(scratch("nowhere"))) << "it was not written through";
}

TEST_F(Errors, NonsenseAtTheLockPath) {
  std::ofstream(path_) << "nonsense";
  expect_refused(73, {"no lock file", "move it"});
  EXPECT_EQ(contents(path_), "nonsense");
}

TEST_F(Errors, PathInTheLockFileIsNeverRemoved) {
  const std::string precious = scratch("precious");
  std::ofstream(precious) << "text";
  std::ofstream(path_) << precious;
  expect_refused(73, {"no lock file"});
  EXPECT_EQ(contents(precious), "text");
}

TEST_F(Errors, FileOfAnotherUserAtTheLockPath) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can make files of other users";
  std::ofstream(path_) << "of another user";
  expect_refused(73, {"no lock file"}, ordinary_user());
  ASSERT_EQ(chmod(path_.c_str(), 0600), 0);
  expect_refused(77, {"ermission denied"}, ordinary_user());
  EXPECT_EQ(contents(path_), "of another user");
}

TEST_F(Errors, FenceThatAnotherUserPlanted) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can make directories of other users";
  const std::string fence = lockfile() + "|fence";
  ASSERT_EQ(mkdir(fence.c_str(), 0777), 0);
  ASSERT_EQ(chown(fence.c_str(), 12345, 12345), 0);
  expect_refused(77, {"db.lck|fence", "another user"});
}

TEST_F(Errors, FenceOfAnotherUserIsAcceptedOnRequest) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  ASSERT_EQ(run({"run", lockfile(), "true"}, ordinary_user()).status, 0);
  expect_refused(77, {"db.lck|fence"});
  EXPECT_EQ(run({"run", "--trust-anyone", lockfile(), "true"}).status, 0);
}

TEST_F(Errors, NameTooLong) {
  path_ = (directory() / std::string(250, 'x')).string();
  expect_refused(73, {"shorter lock name"});
  EXPECT_TRUE(names().empty());
}

TEST_F(Errors, PathThatIsNoFileName) {
  for (const char* path : {"", ".", "..", "/"}) {
    const Result result = run({"run", path, "true"});
    EXPECT_EQ(result.status, 64) << path << ": " << result.err;
    EXPECT_EQ(lines(result.err), 1U) << result.err;
  }
}

TEST_F(Errors, AreTheSameForTheOtherCommands) {
  path_ = (directory() / "missing" / "db.lck").string();
  for (const char* command : {"break", "clean"}) {
    const Result result = run({command, path_});
    EXPECT_EQ(result.status, 73) << command;
    EXPECT_TRUE(contains(result.err, "does not exist")) << result.err;
  }
  std::ofstream(lockfile()) << "nonsense";
  EXPECT_EQ(run({"break", lockfile()}).status, 73);
  EXPECT_EQ(run({"break", "--force", lockfile()}).status, 73) << "force is for leases, not for other people's files";
  EXPECT_EQ(contents(lockfile()), "nonsense");
}

}  // namespace
}  // namespace leaselock::cli_test
