#include "marker_text.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <sstream>

#include "leaselock/format_time.hpp"
#include "text.hpp"

namespace leaselock::tool {

namespace {

using Fields = std::map<std::string, std::string>;

Fields fields_of(const std::string& text) {
  Fields fields;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const auto colon = line.find(": ");
    if (colon != std::string::npos) fields[line.substr(0, colon)] = line.substr(colon + 2);
  }
  return fields;
}

template <class Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

/// The numbers of one line; empty where one is none.
template <class Number>
std::vector<Number> numbers(const std::string& text) {
  std::vector<Number> result;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const auto value = number<Number>(word);
    if (!value) return {};
    result.push_back(*value);
  }
  return result;
}

std::optional<HoldKind> kind_of(const std::string& word) {
  for (const HoldKind kind : {HoldKind::lock, HoldKind::slots, HoldKind::shared, HoldKind::exclusive}) {
    if (word == to_string(kind)) return kind;
  }
  return std::nullopt;
}

/// One slot of a lock that has no slots is the lock itself.
std::vector<Slot> held_in(Fields& fields, HoldKind kind) {
  const auto tokens = numbers<FencingToken>(fields["token"]);
  auto indices = numbers<std::uint32_t>(fields["slot"]);
  if (kind != HoldKind::slots) indices = {0};
  std::vector<Slot> held;
  for (std::size_t i = 0; i < std::min(tokens.size(), indices.size()); ++i) held.push_back({indices[i], tokens[i]});
  return held;
}

bool is_of_shared_lock(HoldKind kind) { return kind == HoldKind::shared || kind == HoldKind::exclusive; }

/// Their holds of one lock, or of one slot, never last beside one another.
bool exclude_one_another(HoldKind ours, HoldKind theirs) {
  if (ours == theirs) return ours != HoldKind::shared;
  return is_of_shared_lock(ours) && is_of_shared_lock(theirs);
}

}  // namespace

std::string MarkerText::text() const {
  std::ostringstream text;
  text << "state: " << to_string(state) << "\nhost: " << printable(host) << "\npid: " << process.pid
       << "\nstarted: " << format_time_utc(started) << "\nlock: " << printable(lockfile)
       << "\nkind: " << to_string(kind) << '\n';
  if (!held.empty()) text << "token: " << tokens_of(held) << '\n';
  if (kind == HoldKind::slots && !held.empty()) text << "slot: " << indices_of(held) << '\n';
  text << "lifetime_ms: " << std::chrono::ceil<std::chrono::milliseconds>(lifetime).count()
       << "\nboot: " << process.boot << "\nprocess_start: " << process.start << '\n';
  return text.str();
}

std::optional<MarkerText> parse_marker(const std::string& text) {
  Fields fields = fields_of(text);
  const auto pid = number<pid_t>(fields["pid"]);
  const auto start = number<std::uint64_t>(fields["process_start"]);
  const auto milliseconds = number<std::int64_t>(fields["lifetime_ms"]);
  const auto kind = kind_of(fields["kind"]);
  // Ten years, which is the longest lifetime of a lock, can be counted in nanoseconds.
  constexpr std::int64_t longest = std::int64_t{10} * 366 * 24 * 3600 * 1000;
  if (!pid || !start || !milliseconds || *milliseconds <= 0 || *milliseconds > longest || !kind) return std::nullopt;
  MarkerText marker;
  marker.process = {fields["boot"], *pid, *start};
  marker.lockfile = fields["lock"];
  marker.kind = *kind;
  marker.lifetime = std::chrono::milliseconds(*milliseconds);
  marker.held = held_in(fields, *kind);
  return marker;
}

bool is_successor_of(const MarkerText& ours, const MarkerText& theirs) {
  if (printable(ours.lockfile) != theirs.lockfile || !exclude_one_another(ours.kind, theirs.kind)) return false;
  return std::any_of(ours.held.begin(), ours.held.end(), [&](const Slot& our) {
    return std::any_of(theirs.held.begin(), theirs.held.end(),
                       [&](const Slot& their) { return our.index == their.index && our.token > their.token; });
  });
}

}  // namespace leaselock::tool
