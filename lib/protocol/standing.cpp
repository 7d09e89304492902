#include "protocol/standing.hpp"

namespace leaselock::protocol {
namespace {

constexpr std::size_t most_removed = 8;  // so that who wins is not kept waiting

}  // namespace

Standing stand(Session& session, const Scan& scan) {
  Standing standing;
  standing.others_wait = session.in_gate;
  standing.passed = !session.ticket.empty();
  bool before_ours = session.settings.fair;
  for (const auto& [ticket, name] : scan.tickets()) {
    if (ticket.owner.same_object(session.me)) {
      // Forgotten with the directory, or because its removal failed; it is as good as a new one.
      if (session.ticket.empty()) session.ticket = name;
      if (name != session.ticket) standing.forgotten.push_back(name);
      if (name == session.ticket) before_ours = standing.passed = false;
      continue;
    }
    standing.others_wait = true;
    // Who was passed may go back to its place once, so that is where it stands.
    if (standing.passed && session.arrival_ns && ticket.stamp_ns > *session.arrival_ns) before_ours = false;
    if (!before_ours) continue;
    if (++standing.ahead <= most_removed) standing.before.push_back(name);
  }
  if (!standing.before.empty()) standing.first = standing.before.front();
  return standing;
}

}  // namespace leaselock::protocol
