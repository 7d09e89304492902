#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>

/// The names of markers: HOST.PID.NONCE_NAME.ready and HOST.PID.NONCE_NAME.running, and .HOST.PID.NONCE_NAME.tmp while
/// one is written. NONCE is eight hexadecimal digits, which no other run has where process ids come again.
namespace leaselock::tool {

enum class MarkerState { ready, running };
std::string to_string(MarkerState state);

struct MarkerName {
  std::string id;    ///< HOST.PID.NONCE, without "_"
  std::string name;  ///< what the user calls this kind of work

  std::string file(MarkerState state) const;
  std::string temporary() const;
};

/// What stands in a NAME: letters, digits, '.', '_' and '-', and no '.' at its beginning.
bool is_marker_label(std::string_view name);

/// Characters of a host's name that have no place in an id become '-'.
std::string marker_id(const std::string& host, pid_t pid, const std::string& nonce);

/// The id in the name of a file, where that is exactly one of the three names of a marker of `name`.
std::optional<std::string> id_of_marker(std::string_view file, std::string_view name);

}  // namespace leaselock::tool
