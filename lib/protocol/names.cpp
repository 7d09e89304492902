#include "protocol/names.hpp"

#include <array>

#include "protocol/name_parts.hpp"

namespace leaselock::protocol {
namespace {

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

std::optional<std::string_view> Names::after(std::string_view word, std::string_view name) const {
  const std::string prefix = base_ + separator_ + std::string(word) + (word.empty() ? "" : separator_);
  if (!name.starts_with(prefix)) return std::nullopt;
  return name.substr(prefix.size());
}

std::optional<ClaimName> Names::parse_claim(std::string_view name) const {
  const auto rest = after("", name);
  if (!rest) return std::nullopt;
  const auto fields = split(*rest, separator_);
  if (fields.size() != 3 || !is_host(fields[0])) return std::nullopt;
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
  // A separator contains no letters. Not even parts of it may stand in a host: they would join what stands beside it.
  const char instead = separator.find('_') == std::string_view::npos ? '_' : 'x';
  for (const char c : host) {
    const bool harmless = static_cast<unsigned char>(c) > ' ' && c != '/' && c != '\x7f';
    fitted += harmless && separator.find(c) == std::string_view::npos ? c : instead;
  }
  if (fitted.empty()) fitted = "localhost";
  if (fitted.size() <= limit) return fitted;
  const std::string hash = short_hash(host);
  if (limit < hash.size() + 2) return hash;
  return fitted.substr(0, limit - hash.size() - 1) + '~' + hash;
}

}  // namespace leaselock::protocol
