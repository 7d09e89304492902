#include "protocol/names.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

namespace leaselock::protocol {
namespace {

constexpr std::size_t longest_usual_name = 192;

template <typename Integer>
std::optional<Integer> parse_number(std::string_view text) {
  // Exactly one spelling for each number, so that no two names mean the same.
  if (text.empty() || (text.size() > 1 && text.front() == '0')) return std::nullopt;
  Integer value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < Integer{0}) return std::nullopt;
  return value;
}

template <typename Integer>
void append_number(std::string& text, Integer value) {
  std::array<char, 24> digits{};
  text.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr);
}

bool is_hex(std::string_view text, std::size_t digits) {
  return text.size() == digits &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::vector<std::string_view> split(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> fields;
  for (;;) {
    const auto at = text.find(separator);
    fields.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return fields;
    text.remove_prefix(at + separator.size());
  }
}

/// `boot.start.random`, optionally followed by `.count`.
std::optional<Owner> parse_object(std::string_view text, bool with_count) {
  const auto fields = split(text, ".");
  if (fields.size() != (with_count ? 4U : 3U)) return std::nullopt;
  const auto start = parse_number<std::uint64_t>(fields[1]);
  if (!is_hex(fields[0], 16) || !start || !is_hex(fields[2], 32)) return std::nullopt;
  if (with_count && !parse_number<std::uint64_t>(fields[3])) return std::nullopt;
  Owner owner;
  owner.boot = fields[0];
  owner.start = *start;
  owner.random = fields[2];
  return owner;
}

/// `pid.boot.start.random.count`
std::optional<Owner> parse_unique(std::optional<std::string_view> text) {
  if (!text) return std::nullopt;
  const auto dot = text->find('.');
  const auto pid = parse_number<std::int64_t>(text->substr(0, dot));
  if (dot == std::string_view::npos || !pid) return std::nullopt;
  auto owner = parse_object(text->substr(dot + 1), true);
  if (owner) owner->pid = *pid;
  return owner;
}

}  // namespace

std::string Owner::object_id() const { return boot + '.' + std::to_string(start) + '.' + random; }

bool Owner::same_object(const Owner& other) const {
  return random == other.random && start == other.start && boot == other.boot;
}

Names::Names(std::string base, std::string separator) : base_(std::move(base)), separator_(std::move(separator)) {}

std::string Names::fence() const { return base_ + separator_ + "fence"; }
std::string Names::gate() const { return base_ + separator_ + "gate"; }
std::string Names::boot(std::string_view unique) const {
  return base_ + separator_ + "boot" + separator_ + std::string(unique);
}
std::string Names::aside(std::string_view unique) const {
  return base_ + separator_ + "aside" + separator_ + std::string(unique);
}

std::string Names::mark(const FileStatus& victim) const {
  const auto since_epoch = victim.modified.time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since_epoch);
  return base_ + separator_ + "break" + separator_ + std::to_string(victim.inode) + '-' +
         std::to_string(seconds.count()) + '-' + std::to_string((since_epoch - seconds).count());
}

std::string Names::claim(const Owner& owner, ClaimKind kind, std::uint64_t count) const {
  return base_ + separator_ + owner.host + separator_ + std::to_string(owner.pid) + separator_ +
         (kind == ClaimKind::compat ? "c." : "f.") + owner.object_id() + '.' + std::to_string(count);
}

std::string Names::baton(const Baton& baton) const {
  // Formatted for every lock() and unlock(), hence without temporaries.
  std::string name;
  name.reserve(longest_usual_name);
  name += 'b';
  const auto field = [&](auto value) { append_number(name += separator_, value); };
  field(baton.slot);
  field(baton.number);
  (name += separator_) += baton.held ? 'h' : 'f';
  if (!baton.held) {
    field(baton.freed_ms);
    field(baton.lifetime_ms);
    return name;
  }
  field(baton.expiry_ms);
  field(baton.sequence);
  field(baton.lifetime_ms);
  (name += separator_) += baton.owner.host;
  field(baton.owner.pid);
  (name += separator_) += baton.owner.boot;
  append_number(name += '.', baton.owner.start);
  (name += '.') += baton.owner.random;
  if (baton.wanted) (name += separator_) += 'w';
  if (baton.wanted_ms != 0) {
    append_number(name, baton.wanted_ms);
    (name += '.') += baton.wanted_by;
  }
  return name;
}

std::string Names::ticket(const Ticket& ticket) const {
  return "q" + separator_ + std::to_string(ticket.slot) + separator_ + std::to_string(ticket.stamp_ns) + separator_ +
         ticket.owner.host + separator_ + std::to_string(ticket.owner.pid) + separator_ + ticket.owner.object_id();
}

std::optional<std::string_view> Names::after(std::string_view word, std::string_view name) const {
  const std::string prefix = base_ + separator_ + std::string(word) + (word.empty() ? "" : separator_);
  if (!name.starts_with(prefix)) return std::nullopt;
  return name.substr(prefix.size());
}

std::optional<ClaimName> Names::parse_claim(std::string_view name) const {
  const auto rest = after("", name);
  if (!rest || rest->find('/') != std::string_view::npos) return std::nullopt;
  const auto fields = split(*rest, separator_);
  if (fields.size() != 3 || fields[0].empty()) return std::nullopt;
  const auto pid = parse_number<std::int64_t>(fields[1]);
  if (!pid) return std::nullopt;
  ClaimName claim;
  claim.host = fields[0];
  claim.pid = *pid;
  claim.last = fields[2];
  if (is_digits(fields[2])) return claim;
  if (fields[2].starts_with("f.")) {
    claim.kind = ClaimKind::fenced;
  } else if (fields[2].starts_with("c.")) {
    claim.kind = ClaimKind::compat;
  } else {
    return std::nullopt;
  }
  claim.owner = parse_object(fields[2].substr(2), true);
  if (!claim.owner) return std::nullopt;
  claim.owner->host = claim.host;
  claim.owner->pid = claim.pid;
  return claim;
}

std::optional<Baton> Names::parse_baton(std::string_view name) const {
  const auto fields = split(name, separator_);
  if (fields.size() < 4 || fields[0] != "b") return std::nullopt;
  const auto slot = parse_number<std::uint32_t>(fields[1]);
  const auto number = parse_number<std::uint64_t>(fields[2]);
  if (!slot || !number) return std::nullopt;
  Baton baton;
  baton.slot = *slot;
  baton.number = *number;
  // Bounds keep the arithmetic of lease.cpp away from overflow whatever somebody wrote into a name.
  constexpr std::int64_t latest_ms = 9'000'000'000'000;  // the year 2255
  if (fields[3] == "f" && fields.size() == 6) {
    const auto freed = parse_number<std::int64_t>(fields[4]);
    const auto lifetime = parse_number<std::int64_t>(fields[5]);
    if (!freed || !lifetime || *freed > latest_ms || *lifetime > longest_lifetime.count()) return std::nullopt;
    baton.freed_ms = *freed;
    baton.lifetime_ms = *lifetime;
    return baton;
  }
  if (fields[3] != "h" || fields.size() < 10 || fields.size() > 11) return std::nullopt;
  const auto expiry = parse_number<std::int64_t>(fields[4]);
  const auto sequence = parse_number<std::uint64_t>(fields[5]);
  const auto lifetime = parse_number<std::int64_t>(fields[6]);
  const auto pid = parse_number<std::int64_t>(fields[8]);
  auto owner = parse_object(fields[9], false);
  if (!expiry || !sequence || !lifetime || !pid || !owner || fields[7].empty()) return std::nullopt;
  if (*expiry > latest_ms || *lifetime > longest_lifetime.count()) return std::nullopt;
  if (fields.size() == 11 && fields[10] != "w") {
    const auto dot = fields[10].find('.');
    if (!fields[10].starts_with('w') || dot == std::string_view::npos) return std::nullopt;
    const auto wanted = parse_number<std::int64_t>(fields[10].substr(1, dot - 1));
    baton.wanted_by = fields[10].substr(dot + 1);
    if (!wanted || *wanted == 0 || *wanted > latest_ms || !is_hex(baton.wanted_by, 16)) return std::nullopt;
    baton.wanted_ms = *wanted;
  }
  baton.held = true;
  baton.expiry_ms = *expiry;
  baton.sequence = *sequence;
  baton.lifetime_ms = *lifetime;
  owner->host = fields[7];
  owner->pid = *pid;
  baton.owner = std::move(*owner);
  baton.wanted = fields.size() == 11;
  return baton;
}

std::optional<Ticket> Names::parse_ticket(std::string_view name) const {
  const auto fields = split(name, separator_);
  if (fields.size() != 6 || fields[0] != "q" || fields[3].empty()) return std::nullopt;
  const auto slot = parse_number<std::uint32_t>(fields[1]);
  const auto stamp = parse_number<std::int64_t>(fields[2]);
  const auto pid = parse_number<std::int64_t>(fields[4]);
  auto owner = parse_object(fields[5], false);
  if (!slot || !stamp || !pid || !owner) return std::nullopt;
  owner->host = fields[3];
  owner->pid = *pid;
  return Ticket{*slot, *stamp, std::move(*owner)};
}

std::optional<Owner> Names::parse_boot(std::string_view name) const { return parse_unique(after("boot", name)); }
std::optional<Owner> Names::parse_aside(std::string_view name) const { return parse_unique(after("aside", name)); }

std::optional<FileStatus> Names::parse_mark(std::string_view name) const {
  const auto rest = after("break", name);
  if (!rest) return std::nullopt;
  const auto fields = split(*rest, "-");
  if (fields.size() != 3) return std::nullopt;
  const auto inode = parse_number<std::uint64_t>(fields[0]);
  const auto seconds = parse_number<std::int64_t>(fields[1]);
  const auto nanoseconds = parse_number<std::int64_t>(fields[2]);
  if (!inode || !seconds || !nanoseconds || *seconds > 9'223'372'035 || *nanoseconds > 999'999'999) return std::nullopt;
  FileStatus victim;
  victim.inode = *inode;
  victim.modified = ServerTime(std::chrono::seconds(*seconds) + std::chrono::nanoseconds(*nanoseconds));
  return victim;
}

std::string_view last_component(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string short_hash(std::string_view text) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  std::array<char, 16> digits{};
  for (std::size_t i = digits.size(); i-- > 0; hash >>= 4) digits[i] = "0123456789abcdef"[hash & 0xF];
  return {digits.data(), digits.size()};
}

std::string fit_host(std::string_view host, std::string_view separator, std::size_t limit) {
  std::string fitted;
  for (const char c : host) {
    const bool plain = static_cast<unsigned char>(c) > ' ' && c != '/' && c != '\x7f';
    fitted += plain ? c : '_';
  }
  if (fitted.empty()) fitted = "localhost";
  while (!separator.empty() && fitted.find(separator) != std::string::npos)
    fitted.replace(fitted.find(separator), separator.size(), "_");
  if (fitted.size() <= limit) return fitted;
  const std::string hash = short_hash(host);
  if (limit < hash.size() + 2) return hash;
  return fitted.substr(0, limit - hash.size() - 1) + '~' + hash;
}

}  // namespace leaselock::protocol
