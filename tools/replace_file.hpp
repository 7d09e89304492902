#pragma once

#include <string>
#include <string_view>
#include <system_error>

namespace leaselock::tool {

/// Whoever reads `file` sees all of what was there, or nothing, or all of `text`: it is written as `temporary`, a name
/// in the same open directory that must be free, and renamed. After an error `temporary` is gone.
std::error_code replace_file(int directory, const std::string& temporary, const std::string& file,
                             std::string_view text);

}  // namespace leaselock::tool
