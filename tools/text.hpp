#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Text that others wrote, such as host names in file names, made safe to show.
namespace leaselock::tool {

/// For a terminal or a log: control characters and bytes that are not UTF-8 become \xNN, so that nobody's file name
/// can move the cursor, change colours or begin a line of its own.
std::string printable(std::string_view text);

/// For JSON, which must be UTF-8: every byte that is not becomes U+FFFD.
std::string as_utf8(std::string_view text);

/// One word for a POSIX shell, quoted only if it needs to be.
std::string shell_word(std::string_view text);

/// How many characters it has.
std::size_t columns_of(std::string_view text);

/// The first `columns` characters, or the last ones.
std::string first_characters(std::string_view text, std::size_t columns);
std::string last_characters(std::string_view text, std::size_t columns);

}  // namespace leaselock::tool
