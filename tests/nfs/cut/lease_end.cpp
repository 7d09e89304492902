#include "lease_end.hpp"

#include <time.h>

namespace leaselock::nfs {
namespace {

using std::chrono::milliseconds;

/// Seconds and three digits behind a point, or nothing.
std::optional<milliseconds> seconds_after(const std::string& key, const std::string& line) {
  const std::size_t begin = line.find(key);
  long seconds = 0;
  int thousandths = 0;
  if (begin == std::string::npos) return std::nullopt;
  if (std::sscanf(line.c_str() + begin + key.size(), "%ld.%3d", &seconds, &thousandths) != 2) return std::nullopt;
  return milliseconds(seconds * 1000 + thousandths);
}

std::optional<milliseconds> time_in(const std::string& line) {
  const std::string key = " time=";
  const std::size_t begin = line.find(key);
  tm parts{};
  if (begin == std::string::npos) return std::nullopt;
  const char* const rest = strptime(line.c_str() + begin + key.size(), "%Y-%m-%dT%H:%M", &parts);
  const auto seconds = rest != nullptr ? seconds_after(":", rest) : std::nullopt;
  if (!seconds) return std::nullopt;
  return milliseconds(timegm(&parts) * 1000) + *seconds;
}

}  // namespace

std::optional<milliseconds> lease_end_in(const std::string& line) {
  const bool refreshed =
      line.find(" event=acquired ") != std::string::npos || line.find(" event=refreshed ") != std::string::npos;
  const auto time = time_in(line);
  const auto remaining = seconds_after(" remaining=", line);
  if (!refreshed || !time || !remaining) return std::nullopt;
  return *time + *remaining;
}

}  // namespace leaselock::nfs
