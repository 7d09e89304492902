#include <sys/stat.h>
#include <unistd.h>

#include <boost/filesystem/operations.hpp>
#include <boost/json.hpp>
#include <fstream>
#include <set>

#include "support/cli_test.hpp"
#include "support/surroundings.hpp"

// Goal: `doctor` tells the truth about a directory and leaves no trace in it. Method: healthy and hostile directories,
// made for real; what no local file system can be is in doctor_judge_test.cpp.
namespace leaselock::cli_test {
namespace {

namespace json = boost::json;

class Doctor : public CliTest {
 protected:
  json::object examine(int expected_status, const Settings& how) {
    const Result result = run({"doctor", "--json", directory().string()}, how);
    EXPECT_EQ(result.status, expected_status) << result.err << result.out;
    EXPECT_EQ(lines(result.out), 1U);
    return json::parse(result.out).as_object();
  }
  json::object examine(int expected_status) { return examine(expected_status, settings()); }

  Result refuse(const std::string& path, int status, const Settings& how) {
    const Result result = run({"doctor", path}, how);
    EXPECT_EQ(result.status, status) << result.out;
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(lines(result.err), 1U) << result.err;
    EXPECT_TRUE(contains(result.err, path)) << result.err;
    return result;
  }
};

std::set<std::string> keys_of(const json::value& value) {
  std::set<std::string> keys;
  for (const auto& entry : value.as_object()) keys.insert(std::string(entry.key()));
  return keys;
}

TEST_F(Doctor, TrustsALocalDirectoryAndLeavesNothingInIt) {
  chmod(directory().c_str(), 0755);
  const Result result = run({"doctor", directory().string()});
  EXPECT_EQ(result.status, 0) << result.out << result.err;
  EXPECT_TRUE(result.out.starts_with(directory().string() + ": locks can be trusted here\n")) << result.out;
  EXPECT_TRUE(contains(result.out, "kept by this machine's kernel")) << result.out;
  EXPECT_TRUE(contains(result.out, "leaselock run --lifetime 15s " + directory().string())) << result.out;
  EXPECT_FALSE(contains(result.out, "bad ")) << result.out;
  EXPECT_EQ(result.err, "");
  EXPECT_TRUE(names().empty());
}

TEST_F(Doctor, ShowsColoursOnlyOnATerminal) {
  EXPECT_FALSE(contains(run({"doctor", directory().string()}).out, "\x1b"));
  Settings terminal = settings();
  terminal.on_terminal = true;
  terminal.environment = {{"TERM", "xterm"}};
  EXPECT_TRUE(contains(run({"doctor", directory().string()}, terminal).out, "\x1b[32mlocks can be trusted"));
}

TEST_F(Doctor, InJsonHasTheDocumentedKeys) {
  const json::object report = examine(0);
  EXPECT_EQ(keys_of(report),
            (std::set<std::string>{"directory", "fenced", "compat", "fast_path", "file_system", "clock", "round_trip",
                                   "space", "permissions", "recommended", "findings", "unproven"}));
  EXPECT_EQ(report.at("directory"), json::value(directory().string()));
  for (const char* mode : {"fenced", "compat", "fast_path"}) {
    EXPECT_EQ(keys_of(report.at(mode)), (std::set<std::string>{"verdict", "reasons"})) << mode;
    EXPECT_EQ(report.at(mode).at("verdict"), json::value("yes")) << mode;
    EXPECT_TRUE(report.at(mode).at("reasons").as_array().empty()) << mode;
  }
  EXPECT_EQ(keys_of(report.at("file_system")),
            (std::set<std::string>{"type", "local", "nfs_version", "server", "source", "mount_point", "options"}));
  EXPECT_TRUE(report.at("file_system").at("local").as_bool());
  EXPECT_TRUE(report.at("file_system").at("nfs_version").is_null());
  EXPECT_EQ(keys_of(report.at("clock")), (std::set<std::string>{"offset", "offset_error", "offset_of_files",
                                                                "offset_of_renames", "step", "backward"}));
  EXPECT_EQ(keys_of(report.at("round_trip")), (std::set<std::string>{"median", "worst", "requests"}));
  EXPECT_EQ(report.at("round_trip").at("requests").to_number<int>(), 30);
  EXPECT_EQ(keys_of(report.at("space")), (std::set<std::string>{"free_bytes", "free_inodes"}));
  EXPECT_EQ(keys_of(report.at("permissions")), (std::set<std::string>{"owner", "group", "mode", "we_are", "made_as"}));
  EXPECT_EQ(report.at("permissions").at("mode").to_number<int>(), 0777);
  EXPECT_EQ(report.at("permissions").at("we_are").to_number<unsigned>(), geteuid());
  EXPECT_EQ(keys_of(report.at("recommended")),
            (std::set<std::string>{"lifetime", "refresh", "shortest_lifetime", "stamp_error", "grace", "mirror",
                                   "trust_server_clock"}));
  EXPECT_EQ(report.at("recommended").at("lifetime").to_number<double>(), 15.0);
  EXPECT_FALSE(report.at("unproven").as_array().empty());
  for (const json::value& finding : report.at("findings").as_array()) {
    EXPECT_EQ(keys_of(finding), (std::set<std::string>{"subject", "text", "advice", "fenced", "compat", "fast_path"}));
  }
  EXPECT_TRUE(names().empty());
}

TEST_F(Doctor, FindsThatHardLinksAreRefused) {
  Settings how = settings();
  how.before_exec = without_hard_links;
  const json::object report = examine(1, how);
  EXPECT_EQ(report.at("fenced").at("verdict"), json::value("conditions"));
  EXPECT_EQ(report.at("compat").at("verdict"), json::value("no"));
  EXPECT_FALSE(report.at("recommended").at("mirror").as_bool());
  EXPECT_TRUE(contains(run({"doctor", directory().string()}, how).out, "--no-mirror")) << "the command that works here";
  EXPECT_TRUE(names().empty());
}

TEST_F(Doctor, TouchesNoLockThatIsThere) {
  const Lock holder = held(lockfile());
  std::ofstream((directory() / "precious").string()) << "text";
  const std::vector<std::string> before = names();
  examine(0);
  EXPECT_EQ(names(), before);
  EXPECT_TRUE(holder.may_act());
}

TEST_F(Doctor, RefusesWhatItCannotProbe) {
  refuse((directory() / "missing").string(), 73, settings());
  std::ofstream((directory() / "file").string()) << "text";
  refuse((directory() / "file").string(), 73, settings());
}

TEST_F(Doctor, RefusesADirectoryThatMayNotBeWrittenTo) {
  Settings how = settings();
  how.before_exec = become_ordinary_user;
  chmod(directory().c_str(), 0555);
  EXPECT_TRUE(contains(refuse(directory().string(), 77, how).err, "ermission denied"));
  chmod(directory().c_str(), 0777);
}

TEST_F(Doctor, RefusesAReadOnlyOrFullFileSystem) {
  if (!can_mount()) GTEST_SKIP() << "this user may not mount file systems here";
  Settings how = settings();
  how.before_exec = mounted(directory().string(), Mount::read_only);
  EXPECT_TRUE(contains(refuse(directory().string(), 73, how).err, "ead-only"));
  how.before_exec = mounted(directory().string(), Mount::full);
  EXPECT_TRUE(contains(refuse(directory().string(), 73, how).err, "No space left"));
}

TEST_F(Doctor, SeesWhoMayWriteToTheDirectory) {
  chmod(directory().c_str(), 01777);
  EXPECT_TRUE(contains(run({"doctor", directory().string()}).out, "drwxrwxrwt")) << "sticky, as /tmp is";
  chmod(directory().c_str(), 0770);
  EXPECT_TRUE(contains(run({"doctor", directory().string()}).out, "--permissions 0660")) << "a group's directory";
}

TEST_F(Doctor, RemovesItsFilesWhenItIsStopped) {
  const auto child = start({"doctor", directory().string()});
  ASSERT_TRUE(eventually([&] { return !names().empty() || child->has_ended(); }));
  child->send(SIGTERM);
  const Result result = child->wait();
  // On a fast machine it may have come to its end before the signal did.
  EXPECT_TRUE(result.status == 128 + SIGTERM || result.status == 0) << result.status;
  EXPECT_TRUE(names().empty());
}

}  // namespace
}  // namespace leaselock::cli_test
