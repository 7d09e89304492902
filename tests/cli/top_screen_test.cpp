#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "top/frame_changes.hpp"
#include "top/keys.hpp"

// Goal: a terminal shows what it should although only changes are sent, and keys are told from other bytes. Method: a
// terminal of two commands, and what terminals send.
namespace leaselock::tool::top {
namespace {

using Lines = std::vector<std::string>;

/// Understands what `changes` sends; everything else is a failure.
class Terminal {
 public:
  explicit Terminal(const Lines& shown) : lines_(shown) {}

  void receive(std::string_view text) {
    while (!text.empty()) {
      if (text[0] != '\x1b') {
        at(row_).push_back(text[0]);
        text.remove_prefix(1);
        continue;
      }
      const std::size_t end = text.find_first_of("HKJ");
      ASSERT_NE(end, std::string_view::npos);
      obey(std::string(text.substr(2, end - 2)), text[end]);
      text.remove_prefix(end + 1);
    }
  }

  /// Without what is empty at the end.
  Lines shown() const {
    Lines lines = lines_;
    while (!lines.empty() && lines.back().empty()) lines.pop_back();
    return lines;
  }

 private:
  std::string& at(std::size_t row) {
    if (lines_.size() <= row) lines_.resize(row + 1);
    return lines_[row];
  }
  void obey(const std::string& numbers, char command) {
    if (command == 'H') {
      ASSERT_TRUE(numbers.ends_with(";1")) << "to the first column";
      row_ = std::strtoul(numbers.c_str(), nullptr, 10) - 1;
      return;
    }
    at(row_).clear();
    if (command == 'J') lines_.resize(row_ + 1);
  }

  Lines lines_;
  std::size_t row_ = 0;
};

TEST(TopScreen, ShowsWhatIsWantedWhateverWasThere) {
  const Lines screens[] = {{},      {"a"}, {"a", "b", "c"}, {"a", "x", "c"}, {"longer than it was", "b"}, {"", "b", ""},
                           {"", ""}};
  for (const Lines& before : screens) {
    for (const Lines& after : screens) {
      Terminal terminal(before);
      terminal.receive(changes(before, after));
      EXPECT_EQ(terminal.shown(), Terminal(after).shown());
    }
  }
}

TEST(TopScreen, SendsOnlyTheLinesThatChanged) {
  EXPECT_EQ(changes({"a", "b", "c"}, {"a", "b", "c"}), "");
  EXPECT_EQ(changes({"a", "b", "c"}, {"a", "x", "c"}), "\x1b[2;1H\x1b[Kx");
}

TEST(TopKeys, AreLettersAndWhatTerminalsSendForCursorKeys) {
  EXPECT_EQ(keys_in("q"), std::vector{Key::quit});
  EXPECT_EQ(keys_in("ps"), (std::vector{Key::pause, Key::sort}));
  EXPECT_EQ(keys_in("\x1b[A\x1bOA\x1b[B"), (std::vector{Key::up, Key::up, Key::down}));
  EXPECT_EQ(keys_in("\x1b[5~\x1b[6~\x1b[H\x1b[F"), (std::vector{Key::page_up, Key::page_down, Key::first, Key::last}));
}

TEST(TopKeys, DoNotHideInWhatMeansNothing) {
  EXPECT_TRUE(keys_in("xyz\n").empty());
  EXPECT_TRUE(keys_in("\x1b").empty());
  EXPECT_TRUE(keys_in("\x1b[").empty());
  EXPECT_TRUE(keys_in("\x1b[200~").empty());
  EXPECT_TRUE(keys_in("\x1b[1;5q").empty()) << "no key `q` within a sequence";
  EXPECT_EQ(keys_in("\x1b[1;5Dq"), std::vector{Key::quit});
}

}  // namespace
}  // namespace leaselock::tool::top
