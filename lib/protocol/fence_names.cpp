#include <utility>

#include "protocol/name_parts.hpp"
#include "protocol/names.hpp"

/// The names inside the fence directory.
namespace leaselock::protocol {
namespace {

constexpr std::size_t longest_usual_name = 192;
// Bounds keep the arithmetic of lease.cpp away from overflow whatever somebody wrote into a name.
constexpr std::int64_t latest_ms = 9'000'000'000'000;  // the year 2255

/// The number of a hold, which follows the clock.
std::optional<std::uint64_t> parse_token(std::string_view text) {
  const auto number = parse_number<std::uint64_t>(text);
  return number && *number <= largest_number ? number : std::nullopt;
}

/// What the baton is for: `0` a lock, `rw` a shared lock, `i.n` slot i of n.
void append_place(std::string& text, const Baton& baton) {
  switch (baton.purpose.kind) {
    case LockKind::lock:
      text += '0';
      return;
    case LockKind::shared_lock:
      text += "rw";
      return;
    case LockKind::semaphore:
      append_number(text, baton.slot);
      append_number(text += '.', baton.purpose.slots);
      return;
  }
}

bool parse_place(std::string_view text, Baton& baton) {
  if (text == "0") return true;
  if (text == "rw") {
    baton.purpose.kind = LockKind::shared_lock;
    return true;
  }
  const auto dot = text.find('.');
  if (dot == std::string_view::npos) return false;
  const auto slot = parse_number<std::uint32_t>(text.substr(0, dot));
  const auto slots = parse_number<std::uint32_t>(text.substr(dot + 1));
  if (!slot || !slots || *slot >= *slots || *slots > most_slots) return false;
  baton.purpose = Purpose{LockKind::semaphore, *slots};
  baton.slot = *slot;
  return true;
}

}  // namespace

std::string Names::baton(const Baton& baton) const {
  // Formatted for every lock() and unlock(), hence without temporaries.
  std::string name;
  name.reserve(longest_usual_name);
  name += 'b';
  const auto field = [&](auto value) { append_number(name += separator_, value); };
  append_place(name += separator_, baton);
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
  return "q" + separator_ + "0" + separator_ + std::to_string(ticket.stamp_ns) + separator_ + ticket.owner.host +
         separator_ + std::to_string(ticket.owner.pid) + separator_ + ticket.owner.object_id();
}

std::string Names::reader(const Reader& reader) const {
  return "r" + separator_ + std::to_string(reader.number) + separator_ + std::to_string(reader.expiry_ms) + separator_ +
         std::to_string(reader.lifetime_ms) + separator_ + reader.owner.host + separator_ +
         std::to_string(reader.owner.pid) + separator_ + reader.owner.object_id();
}

std::optional<Baton> Names::parse_baton(std::string_view name) const {
  const auto fields = split(name, separator_);
  if (fields.size() < 4 || fields[0] != "b") return std::nullopt;
  const auto number = parse_token(fields[2]);
  Baton baton;
  if (!number || !parse_place(fields[1], baton)) return std::nullopt;
  baton.number = *number;
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
  if (!expiry || !sequence || !lifetime || !pid || !owner || !is_host(fields[7])) return std::nullopt;
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
  if (fields.size() != 6 || fields[0] != "q" || !is_host(fields[3])) return std::nullopt;
  const auto stamp = parse_number<std::int64_t>(fields[2]);
  const auto pid = parse_number<std::int64_t>(fields[4]);
  auto owner = parse_object(fields[5], false);
  if (fields[1] != "0" || !stamp || !pid || !owner) return std::nullopt;
  owner->host = fields[3];
  owner->pid = *pid;
  return Ticket{*stamp, std::move(*owner)};
}

std::optional<Reader> Names::parse_reader(std::string_view name) const {
  const auto fields = split(name, separator_);
  if (fields.size() != 7 || fields[0] != "r" || !is_host(fields[4])) return std::nullopt;
  const auto number = parse_token(fields[1]);
  const auto expiry = parse_number<std::int64_t>(fields[2]);
  const auto lifetime = parse_number<std::int64_t>(fields[3]);
  const auto pid = parse_number<std::int64_t>(fields[5]);
  auto owner = parse_object(fields[6], false);
  if (!number || !expiry || !lifetime || !pid || !owner) return std::nullopt;
  if (*expiry > latest_ms || *lifetime > longest_lifetime.count()) return std::nullopt;
  owner->host = fields[4];
  owner->pid = *pid;
  return Reader{*number, *expiry, *lifetime, std::move(*owner)};
}

}  // namespace leaselock::protocol
