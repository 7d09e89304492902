// Goal: the command shows names that others chose, and uses directories that others write to, without harm. Method:
// names with escape sequences and line ends, as they could stand in a shared directory, and planted files at its own
// names.
#include "support/cli_test.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <boost/filesystem.hpp>
#include <fstream>

namespace leaselock::cli_test {
namespace {

namespace fs = boost::filesystem;

/// Would clear a terminal's screen, set its title and forge a line of output.
const std::string evil =
    "\x1B[2J\x1B]0;title\x07\nforged: line\r\x9B"
    "2J\x7F";

class TheCommand : public CliTest {
 protected:
  /// JSON does not escape DEL, which terminals ignore.
  static void expect_harmless(const Result& result, bool is_json) {
    constexpr const char* eight_bits = "\x9B\x32J";  // the control sequence of terminals that take one byte for ESC [
    for (const std::string& text : {result.out, result.err}) {
      const bool harmless = std::ranges::none_of(text, [is_json](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < ' ' && c != '\n') || (byte == 0x7F && !is_json);
      });
      EXPECT_TRUE(harmless && !contains(text, "\nforged") && !contains(text, eight_bits)) << text;
    }
  }
  Words marked(const std::string& script) const {
    return {"run", "--markers", scratch("markers"), "--name", "work", lockfile(), "--", "/bin/sh", "-c", script};
  }
  /// Says what the directory of the markers holds while the command runs.
  std::string marker_of_a_run() const { return run(marked("ls -A " + scratch("markers") + " | grep running")).out; }
};

TEST_F(TheCommand, shows_no_control_character_that_stands_in_a_name) {
  const fs::path place = directory() / evil;
  fs::create_directory(place);
  const fs::path lock = place / ("lock" + evil);
  fs::create_directory(lock.string() + "|fence");
  std::ofstream(lock.string() + "|fence/b|0|5|f|0|0").flush();
  std::ofstream(lock.string() + "|fence/q|0|1|host|1|0123456789abcdef.1.0123456789abcdef0123456789abcdef").flush();
  std::ofstream(lock.string() + "|host" + evil + "|1|2").flush();
  std::ofstream(lock.string() + "|host|1|f.0123456789abcdef.1.0123456789abcdef0123456789abcdef.1").flush();
  std::ofstream(lock.string() + "|boot|host" + evil).flush();
  std::ofstream(lock.string()) << evil;
  const std::string unused = (place / ("unused" + evil)).string();
  fs::create_directory(unused + "|fence");
  std::ofstream(unused + "|fence/b|0|5|f|0|0").flush();
  const std::string slots = (place / ("slots" + evil)).string();
  fs::create_directory(slots + "|fence");
  std::ofstream(slots + "|fence/b|0.1|5|f|0|0").flush();
  const fs::path empty = directory() / ("empty" + evil);
  fs::create_directory(empty);
  for (const Words& words : std::vector<Words>{{"status", lock.string()},
                                               {"status", "--json", lock.string()},
                                               {"status", (place / evil / "x").string()},
                                               {"top", "--once", place.string()},
                                               {"top", "--once", "--json", place.string()},
                                               {"break", lock.string()},
                                               {"break", "--force", lock.string()},
                                               {"doctor", place.string()},
                                               {"doctor", "--json", place.string()},
                                               {"doctor", (place / evil).string()},
                                               {"resize", lock.string(), "2"},
                                               {"run", "--trace", "--no-wait", lock.string(), "true"},
                                               {"run", "--no-wait", "--no-mirror", lock.string(), "true"},
                                               {"run", "--separator", evil, lock.string(), "true"},
                                               {"run", "--lease", evil, lock.string(), "true"},
                                               {"run", "--permissions", evil, lock.string(), "true"},
                                               {"run", "--metrics", place.string(), lockfile(), "true"},
                                               {"run", "--markers", lock.string(), "--name", "x", lockfile(), "true"},
                                               {"run", lockfile(), evil},
                                               {"verify", "--seconds", "0", (place / evil).string()},
                                               {"clean", lock.string()},
                                               {"clean", unused},
                                               {"resize", slots, "2"},
                                               {"clean", empty.string()},
                                               {"clean", place.string()},
                                               {evil},
                                               {"status", "--" + evil}}) {
    SCOPED_TRACE(::testing::PrintToString(words.front()) + (words.size() > 1 ? words[1] : ""));
    expect_harmless(run(words), std::ranges::find(words, "--json") != words.end());
  }
}

TEST_F(TheCommand, neither_follows_nor_waits_for_what_was_put_among_the_markers) {
  fs::create_directory(scratch("markers"));
  std::ofstream(scratch("precious")) << "precious";
  const std::string id = scratch("markers") + "/host.4711.0123456";
  ASSERT_EQ(::mkfifo((id + "0_work.running").c_str(), 0666), 0);
  fs::create_directory(id + "1_work.ready");
  fs::create_symlink(scratch("precious"), id + "2_work.running");
  fs::create_hard_link(scratch("precious"), id + "3_work.ready");
  std::ofstream(id + "4_work.running").flush();
  fs::resize_file(id + "4_work.running", std::uintmax_t{4} << 30U);
  // As old as what nobody renews any more; of what is no file of ours that says nothing.
  fs::last_write_time(scratch("precious"), 1'000'000'000);
  fs::last_write_time(id + "0_work.running", 1'000'000'000);
  EXPECT_EQ(lines(marker_of_a_run()), 4U) << "its own; the others say nothing, so nobody takes them away";
  EXPECT_EQ(contents(scratch("precious")), "precious");
  EXPECT_TRUE(fs::is_symlink(id + "2_work.running"));
  EXPECT_TRUE(fs::is_directory(id + "1_work.ready"));
}

TEST_F(TheCommand, keeps_its_marker_in_the_directory_that_it_was_given_though_a_link_takes_its_place) {
  fs::create_directory(scratch("markers"));
  fs::create_directory(scratch("elsewhere"));
  const std::string swap = "mv " + scratch("markers") + " " + scratch("moved") + "; ln -s " + scratch("elsewhere") +
                           " " + scratch("markers") + "; ls " + scratch("moved") + " > " + scratch("seen") +
                           "; for f in $(cat " + scratch("seen") + "); do echo precious > " + scratch("elsewhere") +
                           "/$f; done";
  const Result result = run(marked(swap));
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_TRUE(contains(contents(scratch("seen")), "_work.running"));
  EXPECT_TRUE(fs::is_empty(scratch("moved"))) << "its own marker is removed";
  EXPECT_FALSE(fs::is_empty(scratch("elsewhere"))) << "what is at the same name elsewhere is not";
}

TEST_F(TheCommand, renews_no_file_that_a_link_in_the_place_of_its_marker_leads_to) {
  fs::create_directory(scratch("markers"));
  std::ofstream(scratch("precious")) << "precious";
  fs::last_write_time(scratch("precious"), 1'000'000'000);
  Words words = marked("for f in " + scratch("markers") + "/*; do ln -sf " + scratch("precious") +
                       " $f; done; sleep 1; ls -l " + scratch("markers"));
  words.insert(words.begin() + 1, {"--lifetime", "1s"});
  const Result result = run(words);
  EXPECT_TRUE(contains(result.out, "_work.running -> ")) << result.out << result.err;
  EXPECT_EQ(fs::last_write_time(scratch("precious")), 1'000'000'000);
  EXPECT_EQ(contents(scratch("precious")), "precious");
}

TEST_F(TheCommand, writes_metrics_beside_a_foreign_file_and_never_into_it) {
  std::ofstream(scratch("precious")) << "precious";
  fs::create_hard_link(scratch("precious"), scratch("metrics"));
  EXPECT_EQ(run({"run", "--metrics", scratch("metrics"), lockfile(), "true"}).status, 0);
  EXPECT_EQ(contents(scratch("precious")), "precious");
  EXPECT_TRUE(contains(contents(scratch("metrics")), "leaselock_exit_status"));
}

TEST_F(TheCommand, gives_a_lock_the_permissions_that_it_was_told) {
  const mode_t before = ::umask(0077);
  const Result result = run({"run", "--permissions", "0660", lockfile(), "true"});
  ::umask(before);
  EXPECT_EQ(result.status, 0) << result.err;
  struct stat fence {};
  ASSERT_EQ(::stat((lockfile() + "|fence").c_str(), &fence), 0);
  EXPECT_EQ(fence.st_mode & 0777U, 0770U);
  for (const char* bits : {"0666", "660x", "", "0770", "-1", "77777777777", "0o660"}) {
    EXPECT_NE(run({"run", "--permissions", bits, lockfile(), "true"}).status, 0) << bits;
  }
  EXPECT_EQ(run({"run", "--permissions", "666", "--trust-anyone", lockfile(), "true"}).status, 0);
}

}  // namespace
}  // namespace leaselock::cli_test
