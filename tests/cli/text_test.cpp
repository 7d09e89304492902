#include <gtest/gtest.h>

#include "text.hpp"

// Goal: names that others chose cannot do harm to a terminal, a log, a JSON reader or a shell. Method: hostile names.
namespace leaselock::tool {
namespace {

TEST(Text, ShowsControlCharactersAsHexadecimal) {
  EXPECT_EQ(printable("plain name"), "plain name");
  EXPECT_EQ(printable("a\x1b[31mred\r\n"), "a\\x1b[31mred\\x0d\\x0a");
  EXPECT_EQ(printable("\x7f"), "\\x7f");
  EXPECT_EQ(printable("\xc2\x9b"), "\\xc2\\x9b") << "the one-character form of ESC [";
}

TEST(Text, ShowsUtf8AsItIsAndOtherBytesAsHexadecimal) {
  EXPECT_EQ(printable("Z\xc3\xbcrich \xe2\x82\xac \xf0\x9f\x94\x92"), "Z\xc3\xbcrich \xe2\x82\xac \xf0\x9f\x94\x92");
  EXPECT_EQ(printable("a\xffz"), "a\\xffz");
  EXPECT_EQ(printable("\xc3"), "\\xc3") << "cut off";
  EXPECT_EQ(printable("\xc0\xaf"), "\\xc0\\xaf") << "overlong";
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80") << "surrogate";
  EXPECT_EQ(printable("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80") << "beyond Unicode";
}

TEST(Text, IsUtf8ForJson) {
  EXPECT_EQ(as_utf8("Z\xc3\xbcrich"), "Z\xc3\xbcrich");
  EXPECT_EQ(as_utf8("a\xff\xfez"), "a\xef\xbf\xbd\xef\xbf\xbdz");
}

TEST(Text, IsQuotedForTheShellWhenItNeedsToBe) {
  EXPECT_EQ(shell_word("/mnt/shared/db.lck"), "/mnt/shared/db.lck");
  EXPECT_EQ(shell_word("/mnt/my lock"), "'/mnt/my lock'");
  EXPECT_EQ(shell_word("it's"), "'it'\\''s'");
  EXPECT_EQ(shell_word("|"), "'|'");
  EXPECT_EQ(shell_word(""), "''");
}

TEST(Text, IsCutBetweenCharacters) {
  EXPECT_EQ(first_characters("abc", 2), "ab");
  EXPECT_EQ(first_characters("abc", 9), "abc");
  EXPECT_EQ(first_characters("\xc3\xbc\xc3\xbc", 1), "\xc3\xbc");
}

}  // namespace
}  // namespace leaselock::tool
