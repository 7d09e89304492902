#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "marker_name.hpp"
#include "marker_text.hpp"
#include "process_identity.hpp"

// Goal: what markers are called, what they say, and which of them are over. Method: called directly.
namespace leaselock::tool {
namespace {

MarkerText running(HoldKind kind, std::vector<Slot> held) {
  MarkerText text;
  text.state = MarkerState::running;
  text.host = "web3";
  text.process = {"boot/ids", 4711, 17};
  text.lockfile = "/mnt/shared/db.lck";
  text.kind = kind;
  text.lifetime = std::chrono::seconds(15);
  text.held = std::move(held);
  return text;
}

MarkerText as_read(const MarkerText& text) { return parse_marker(text.text()).value(); }

TEST(MarkerName, IsFoundInTheNamesOfItsThreeFiles) {
  const MarkerName name{marker_id("web3.example.org", 4711, "0123abcd"), "process_A.b"};
  for (const std::string& file : {name.file(MarkerState::ready), name.file(MarkerState::running), name.temporary()}) {
    EXPECT_EQ(id_of_marker(file, name.name), "web3.example.org.4711.0123abcd") << file;
    EXPECT_EQ(id_of_marker(file, "process_A"), std::nullopt) << file;
    EXPECT_EQ(id_of_marker(file + "x", name.name), std::nullopt) << file;
  }
}

TEST(MarkerName, HasNoUnderscoreAndNoBlankInItsId) {
  EXPECT_EQ(marker_id("web_3 a/b", 1, "0123abcd"), "web-3-a-b.1.0123abcd");
}

TEST(MarkerName, TakesPlainLabelsOnly) {
  for (const char* good : {"processA", "a", "a.b-c_d", "7"}) EXPECT_TRUE(is_marker_label(good)) << good;
  for (const char* bad : {"", ".a", "a/b", "a b", "a\n", "\xc3\xa4"}) EXPECT_FALSE(is_marker_label(bad)) << bad;
}

TEST(MarkerText, SaysWhatItsRunHolds) {
  const std::string text = running(HoldKind::slots, {{0, 5}, {2, 7}}).text();
  EXPECT_NE(text.find("\ntoken: 5 7\nslot: 0 2\n"), std::string::npos) << text;
  EXPECT_EQ(running(HoldKind::shared, {{0, 5}}).text().find("slot:"), std::string::npos);
}

TEST(MarkerText, IsReadAsItWasWritten) {
  const MarkerText text = as_read(running(HoldKind::slots, {{0, 5}, {2, 7}}));
  EXPECT_EQ(text.process.boot, "boot/ids");
  EXPECT_EQ(text.process.pid, 4711);
  EXPECT_EQ(text.process.start, 17U);
  EXPECT_EQ(text.lifetime, std::chrono::seconds(15));
  ASSERT_EQ(text.held.size(), 2U);
  EXPECT_EQ(text.held[1].index, 2U);
  EXPECT_EQ(text.held[1].token, 7U);
}

TEST(MarkerText, ThatWasCutOffIsNotRead) {
  const std::string whole = running(HoldKind::lock, {{0, 5}}).text();
  EXPECT_FALSE(parse_marker(""));
  EXPECT_FALSE(parse_marker(whole.substr(0, whole.size() / 2)));
  EXPECT_FALSE(parse_marker("\xff\x00: \n: :\nlifetime_ms: 99999999999999999999\n"));
  std::string endless = whole;
  endless.replace(endless.find(": 15000"), 7, ": 9000000000000000000");
  EXPECT_FALSE(parse_marker(endless)) << "it could not be counted in nanoseconds";
}

TEST(MarkerText, IsNotForgedByThePathOfALock) {
  MarkerText text = running(HoldKind::lock, {{0, 5}});
  text.lockfile = "/mnt/shared/db\npid: 1\nhost: web9";
  EXPECT_EQ(as_read(text).process.pid, 4711);
}

TEST(MarkerText, TellsWhoseHoldMustBeOver) {
  const auto slots = [](std::uint32_t index, FencingToken token) { return running(HoldKind::slots, {{index, token}}); };
  EXPECT_TRUE(is_successor_of(slots(1, 8), as_read(slots(1, 7))));
  EXPECT_FALSE(is_successor_of(slots(1, 7), as_read(slots(1, 7))));
  EXPECT_FALSE(is_successor_of(slots(1, 7), as_read(slots(1, 8))));
  EXPECT_FALSE(is_successor_of(slots(0, 8), as_read(slots(1, 7)))) << "another slot";
  EXPECT_TRUE(is_successor_of(running(HoldKind::slots, {{0, 9}, {1, 8}}), as_read(slots(1, 7))));
  MarkerText elsewhere = slots(1, 7);
  elsewhere.lockfile = "/mnt/other/db.lck";
  EXPECT_FALSE(is_successor_of(slots(1, 8), as_read(elsewhere)));

  const auto of = [](HoldKind kind, FencingToken token) { return running(kind, {{0, token}}); };
  EXPECT_TRUE(is_successor_of(of(HoldKind::lock, 8), as_read(of(HoldKind::lock, 7))));
  EXPECT_FALSE(is_successor_of(of(HoldKind::lock, 8), as_read(of(HoldKind::lock, 9))));
  EXPECT_TRUE(is_successor_of(of(HoldKind::exclusive, 8), as_read(of(HoldKind::shared, 7))));
  EXPECT_TRUE(is_successor_of(of(HoldKind::exclusive, 8), as_read(of(HoldKind::exclusive, 7))));
  EXPECT_TRUE(is_successor_of(of(HoldKind::shared, 8), as_read(of(HoldKind::exclusive, 7))));
  EXPECT_FALSE(is_successor_of(of(HoldKind::shared, 8), as_read(of(HoldKind::shared, 7)))) << "both read";
  EXPECT_FALSE(is_successor_of(of(HoldKind::shared, 8), as_read(of(HoldKind::lock, 7)))) << "never on one path";
}

TEST(ProcessIdentity, TellsWhoIsGone) {
  const ProcessIdentity us = own_identity();
  EXPECT_FALSE(is_gone(us));
  ProcessIdentity before = us;
  before.start -= 1;
  EXPECT_TRUE(is_gone(before)) << "our id was another process's";
  before.start = 0;
  EXPECT_FALSE(is_gone(before)) << "nobody knows";
  before = us;
  before.boot = "elsewhere";
  EXPECT_FALSE(is_gone(before));

  const pid_t child = fork();
  if (child == 0) _exit(0);
  siginfo_t ended{};
  ASSERT_EQ(waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT), 0);
  ProcessIdentity dead = us;
  dead.pid = child;
  EXPECT_TRUE(is_gone(dead)) << "ended, but not fetched";
  waitpid(child, nullptr, 0);
  EXPECT_TRUE(is_gone(dead));
  dead.boot = "elsewhere";
  EXPECT_FALSE(is_gone(dead)) << "another host's number";
  ProcessIdentity group = us;
  group.pid = -4'194'305;  // more than there are processes
  EXPECT_FALSE(is_gone(group)) << "no process";
}

}  // namespace
}  // namespace leaselock::tool
