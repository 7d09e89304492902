#include "leaselock/event.hpp"

#include <string_view>

#include "leaselock/format_time.hpp"

namespace leaselock {
namespace {

/// Between quotation marks where a space or the like would make two words of it.
std::string logfmt_value(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (byte < 0x20 || byte >= 0x7F) {
      result += "\\x";
      result += digits[byte >> 4];
      result += digits[byte & 0x0F];
    } else {
      result += c;
    }
  }
  const bool plain = !text.empty() && result == text && text.find_first_of(" =") == std::string_view::npos;
  return plain ? result : '"' + result + '"';
}

std::string seconds(Duration length) {
  if (length < Duration::zero()) return '-' + seconds(-length);
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(length).count();
  std::string fraction = std::to_string(ms % 1000);
  fraction.insert(0, 3 - fraction.size(), '0');
  return std::to_string(ms / 1000) + '.' + fraction + 's';
}

void add(std::string& line, std::string_view key, const std::string& value) {
  line += ' ';
  line += key;
  line += '=';
  line += value;
}

void add(std::string& line, const Holder& holder) {
  if (!holder.host.empty()) add(line, "host", logfmt_value(holder.host));
  if (holder.pid != 0) add(line, "pid", std::to_string(holder.pid));
  if (holder.token) add(line, "holder_token", std::to_string(*holder.token));
  if (holder.expires) add(line, "expires", format_time_utc(*holder.expires));
}

}  // namespace

std::string to_string(EventKind kind) {
  switch (kind) {
    case EventKind::waiting:
      return "waiting";
    case EventKind::broke:
      return "broke";
    case EventKind::acquired:
      return "acquired";
    case EventKind::gave_up:
      return "gave_up";
    case EventKind::failed:
      return "failed";
    case EventKind::refreshed:
      return "refreshed";
    case EventKind::refresh_failed:
      return "refresh_failed";
    case EventKind::mirror_lost:
      return "mirror_lost";
    case EventKind::upgraded:
      return "upgraded";
    case EventKind::downgraded:
      return "downgraded";
    case EventKind::lost:
      return "lost";
    case EventKind::released:
      return "released";
    case EventKind::swept:
      return "swept";
  }
  return {};
}

std::string to_string(const Event& event) {
  std::string line = "time=" + format_time_utc(event.time);
  add(line, "event", to_string(event.kind));
  add(line, "lock", logfmt_value(event.lockfile.string()));
  if (event.token) add(line, "token", std::to_string(*event.token));
  if (event.waited) add(line, "waited", seconds(*event.waited));
  if (event.held) add(line, "held", seconds(*event.held));
  if (event.remaining) add(line, "remaining", seconds(*event.remaining));
  if (event.predecessor) add(line, "predecessor", to_string(*event.predecessor));
  if (event.holder) add(line, *event.holder);
  if (event.files != 0) add(line, "files", std::to_string(event.files));
  if (event.error) add(line, "error", logfmt_value(event.error.message()));
  return line;
}

}  // namespace leaselock
