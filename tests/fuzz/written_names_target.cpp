// Every name on disk, written: whatever our own parts are, others read back what we meant.
#include "protocol/names.hpp"
#include "support.hpp"

namespace leaselock::fuzz {
namespace {

using namespace protocol;

constexpr std::string_view hexadecimal = "0123456789abcdef";
constexpr std::uint64_t latest_ms = 9'000'000'000'000;

Owner owner_of(Bytes& bytes, std::string_view host, const std::string& separator) {
  Owner owner;
  owner.pid = static_cast<std::int64_t>(bytes.number(INT64_MAX));
  owner.boot = bytes.digits(16, hexadecimal);
  owner.start = bytes.number(UINT64_MAX);
  owner.random = bytes.digits(32, hexadecimal);
  owner.host = fit_host(host, separator, 1 + bytes.number(120));
  return owner;
}

std::int64_t milliseconds(Bytes& bytes, std::uint64_t largest) {
  return static_cast<std::int64_t>(bytes.number(largest));
}

Baton baton_of(Bytes& bytes, const Owner& owner) {
  Baton baton;
  switch (bytes.byte() % 3) {
    case 0:
      break;
    case 1:
      baton.purpose.kind = LockKind::shared_lock;
      break;
    default:
      baton.purpose = {LockKind::semaphore, static_cast<std::uint32_t>(1 + bytes.number(most_slots - 1))};
      baton.slot = static_cast<std::uint32_t>(bytes.number(baton.purpose.slots - 1));
  }
  baton.number = bytes.number(largest_number);
  baton.lifetime_ms = milliseconds(bytes, static_cast<std::uint64_t>(longest_lifetime.count()));
  baton.held = bytes.byte() % 2 == 1;
  if (!baton.held) {
    baton.freed_ms = milliseconds(bytes, latest_ms);
    return baton;
  }
  baton.owner = owner;
  baton.expiry_ms = milliseconds(bytes, latest_ms);
  baton.sequence = bytes.number(UINT64_MAX);
  const int flag = bytes.byte() % 3;
  baton.wanted = flag > 0;
  if (flag == 2) {
    baton.wanted_ms = 1 + milliseconds(bytes, latest_ms - 1);
    baton.wanted_by = bytes.digits(16, hexadecimal);
  }
  return baton;
}

void check(Bytes& bytes, const Names& names, std::string_view host) {
  const Owner owner = owner_of(bytes, host, names.separator());
  const Baton baton = baton_of(bytes, owner);
  require(names.parse_baton(names.baton(baton)) == baton, "a baton is read back", names.baton(baton));

  const Ticket ticket{milliseconds(bytes, INT64_MAX), owner};
  const auto ticket_read = names.parse_ticket(names.ticket(ticket));
  require(ticket_read && ticket_read->stamp_ns == ticket.stamp_ns && ticket_read->owner == owner,
          "a ticket is read back", names.ticket(ticket));

  const auto length = static_cast<std::uint64_t>(longest_lifetime.count());
  const Reader reader{bytes.number(largest_number), milliseconds(bytes, latest_ms), milliseconds(bytes, length), owner};
  require(names.parse_reader(names.reader(reader)) == reader, "a reader is read back", names.reader(reader));

  for (const ClaimKind kind : {ClaimKind::fenced, ClaimKind::compat}) {
    const std::string claim = names.claim(owner, kind, bytes.number(UINT64_MAX));
    const auto claim_read = names.parse_claim(claim);
    require(claim_read && claim_read->kind == kind && claim_read->owner == owner, "a claim is read back", claim);
  }
  const std::string unique = std::to_string(owner.pid) + '.' + owner.object_id() + ".7";
  const auto preparer = names.parse_boot(names.boot(unique));
  require(preparer && preparer->same_object(owner) && preparer->pid == owner.pid, "a preparer is read back", unique);
}

}  // namespace
}  // namespace leaselock::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace leaselock::fuzz;
  Bytes bytes(data, size);
  constexpr std::string_view separators[] = {"|", "^", "--", "|=|", ":", "_", "@@"};
  const std::string separator(separators[bytes.byte() % std::size(separators)]);
  const std::string host(bytes.until('\n'));
  check(bytes, leaselock::protocol::Names("L", separator), host);
  return 0;
}
