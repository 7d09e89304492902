#include "protocol/leave_queue.hpp"

#include <utility>

namespace leaselock::protocol {

Next LeaveQueue::start(Session& session, std::vector<std::string> more, bool keep_place) {
  tickets_ = std::move(more);
  if (!keep_place) {
    if (!session.ticket.empty()) tickets_.push_back(std::move(session.ticket));
    session.ticket.clear();
    session.arrival_ns.reset();
  }
  again_ = false;
  local_ = session.timing.local;
  // First, so that the next in line can get ready while we go on.
  if (keep_place || (!session.in_line && !session.watching)) return next();
  session.in_line = session.in_gate = false;
  session.watching.reset();
  at_gate_ = true;
  return step::LeaveGate{};
}

Next LeaveQueue::resume(const Result& result) {
  if (!std::exchange(at_gate_, false)) {
    if (auto more = removing_.resume(result)) return more;
    again_ = removing_.error() != 0 && !again_;
    // A ticket that stays costs those behind it one patience; it is no reason to lose what was won.
    if (!again_) tickets_.pop_back();
  }
  return next();
}

Next LeaveQueue::next() {
  if (tickets_.empty()) return std::nullopt;
  return removing_.start(local_, tickets_.back());
}

}  // namespace leaselock::protocol
