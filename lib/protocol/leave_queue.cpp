#include "protocol/leave_queue.hpp"

#include <utility>

namespace leaselock::protocol {

Next LeaveQueue::start(Session& session, std::vector<std::string> more) {
  tickets_ = std::move(more);
  if (!session.ticket.empty()) tickets_.push_back(std::move(session.ticket));
  session.ticket.clear();
  again_ = false;
  // First, so that the next in line can get ready while we go on.
  if (!session.in_line && !session.watching) return next();
  session.in_line = session.in_gate = false;
  session.watching.reset();
  at_gate_ = true;
  return step::LeaveGate{};
}

Next LeaveQueue::resume(const Result& result) {
  if (!std::exchange(at_gate_, false)) {
    again_ = result.error != 0 && result.error != ENOENT && !again_;
    // A ticket that stays costs those behind it one patience; it is no reason to lose what was won.
    if (!again_) tickets_.pop_back();
  }
  return next();
}

Next LeaveQueue::next() {
  if (tickets_.empty()) return std::nullopt;
  return step::RemoveDirectory{Place::fence, tickets_.back()};
}

}  // namespace leaselock::protocol
