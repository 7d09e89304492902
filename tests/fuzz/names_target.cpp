// Every name on disk, read: what parses is written back as it stood, is one thing only, and cannot harm who shows it.
#include "protocol/names.hpp"

#include <algorithm>

#include "support.hpp"

namespace leaselock::fuzz {
namespace {

using namespace protocol;

void require_harmless(const Owner& owner, std::string_view text) {
  for (const char c : owner.host) {
    require(static_cast<unsigned char>(c) >= ' ' && c != '\x7F' && c != '/', "a host can be shown", text);
  }
  require(!owner.host.empty(), "there is a host", text);
  require(owner.pid >= 0, "a process id is no group", text);
}

bool check_claim(const Names& names, std::string_view text) {
  const auto claim = names.parse_claim(text);
  if (!claim) return false;
  const std::string& separator = names.separator();
  const std::string again =
      names.base() + separator + claim->host + separator + std::to_string(claim->pid) + separator + claim->last;
  require(again == text, "a claim is written back as it stood", text);
  require(text.find('/') == text.npos, "a claim is in its directory", text);
  require(claim->owner.has_value() == (claim->kind != ClaimKind::flufl), "ours have owners", text);
  if (claim->owner) {
    require_harmless(*claim->owner, text);
    const std::uint64_t count = std::stoull(claim->last.substr(claim->last.rfind('.') + 1));
    require(names.claim(*claim->owner, claim->kind, count) == text, "the parts make the claim", text);
  }
  return true;
}

bool check_baton(const Names& names, std::string_view text) {
  const auto baton = names.parse_baton(text);
  if (!baton) return false;
  require(names.baton(*baton) == text, "a baton is written back as it stood", text);
  require(baton->slot < baton->purpose.slots && baton->purpose.slots <= most_slots, "its slot exists", text);
  require(baton->purpose.kind == LockKind::semaphore || baton->purpose.slots == 1, "only semaphores have slots", text);
  require(baton->lifetime() <= longest_lifetime, "its lease is not endless", text);
  require(baton->sent() <= std::max(baton->expiry(), baton->sent()), "its times can be counted with", text);
  if (baton->held) require_harmless(baton->owner, text);
  return true;
}

bool check_ticket(const Names& names, std::string_view text) {
  const auto ticket = names.parse_ticket(text);
  if (!ticket) return false;
  require(names.ticket(*ticket) == text, "a ticket is written back as it stood", text);
  require_harmless(ticket->owner, text);
  return true;
}

bool check_reader(const Names& names, std::string_view text) {
  const auto reader = names.parse_reader(text);
  if (!reader) return false;
  require(names.reader(*reader) == text, "a reader is written back as it stood", text);
  require_harmless(reader->owner, text);
  return true;
}

bool check_unique(const std::optional<Owner>& owner, const std::string& again, std::string_view text) {
  if (!owner) return false;
  require(again == text, "what is in preparation or aside is written back as it stood", text);
  return true;
}

std::string unique_of(const std::optional<Owner>& owner, std::string_view text) {
  if (!owner) return {};
  return std::to_string(owner->pid) + '.' + owner->object_id() + '.' + std::string(text.substr(text.rfind('.') + 1));
}

bool check_mark(const Names& names, std::string_view text) {
  const auto victim = names.parse_mark(text);
  if (!victim) return false;
  require(names.mark(*victim) == text, "a mark is written back as it stood", text);
  return true;
}

void check(const Names& names, std::string_view text) {
  const auto boot = names.parse_boot(text);
  const auto aside = names.parse_aside(text);
  const int kinds = check_claim(names, text) + check_mark(names, text) +
                    check_unique(boot, names.boot(unique_of(boot, text)), text) +
                    check_unique(aside, names.aside(unique_of(aside, text)), text) + (text == names.fence()) +
                    (text == names.gate()) + (text == names.base());
  require(kinds <= 1, "a name in the lock's directory is one thing", text);
  const int inside = check_baton(names, text) + check_ticket(names, text) + check_reader(names, text);
  require(inside <= 1, "a name in the fence directory is one thing", text);
}

}  // namespace
}  // namespace leaselock::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace leaselock::fuzz;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static const leaselock::protocol::Names usual("L", "|");
  static const leaselock::protocol::Names unusual("a|b", "--");
  check(usual, text);
  check(unusual, text);
  // The contents of a claim are a path, of which the last component counts.
  const std::string_view last = leaselock::protocol::last_component(text);
  require(text.ends_with(last) && last.find('/') == last.npos, "the last component is a name", text);
  check(usual, last);
  return 0;
}
