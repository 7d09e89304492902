#include "leaselock/format_time.hpp"

#include <date/date.h>

#include <ctime>
#include <sstream>

namespace leaselock {
namespace {

using std::chrono::milliseconds;

}  // namespace

std::string format_time(WallTime time) {
  // The zone comes from the C library, so no copy of the time-zone database is needed; date does the calendar.
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch());
  const std::time_t moment = seconds.count();
  std::tm local{};
  const bool known = ::localtime_r(&moment, &local) != nullptr;
  const std::chrono::seconds offset(known ? local.tm_gmtoff : 0);
  const auto shown = date::local_time<milliseconds>(std::chrono::floor<milliseconds>(time.time_since_epoch()) + offset);
  const std::string abbreviation = known && local.tm_zone != nullptr ? local.tm_zone : "UTC";
  std::ostringstream text;
  date::to_stream(text, "%F %T %z", shown, &abbreviation, &offset);
  return text.str();
}

std::string format_time_utc(WallTime time) {
  return date::format("%FT%TZ",
                      date::sys_time<milliseconds>(std::chrono::floor<milliseconds>(time.time_since_epoch())));
}

std::string format_duration(Duration length) {
  if (length < Duration::zero()) return "-" + format_duration(-length);
  using std::chrono::duration_cast;
  const auto ms = duration_cast<milliseconds>(length).count();
  if (ms < 1000) return std::to_string(ms) + "ms";
  if (ms < 60'000) return std::to_string(ms / 1000) + '.' + std::to_string(ms % 1000 / 100) + 's';
  const auto two = [](long long value) { return (value < 10 ? "0" : "") + std::to_string(value); };
  const long long seconds = ms / 1000;
  if (seconds < 3600) return std::to_string(seconds / 60) + 'm' + two(seconds % 60) + 's';
  if (seconds < 86'400) return std::to_string(seconds / 3600) + 'h' + two(seconds / 60 % 60) + 'm';
  return std::to_string(seconds / 86'400) + 'd' + two(seconds / 3600 % 24) + 'h';
}

}  // namespace leaselock
