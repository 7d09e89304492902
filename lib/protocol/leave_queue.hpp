#pragma once

#include <string>
#include <vector>

#include "protocol/operation.hpp"
#include "protocol/remove_ticket.hpp"
#include "protocol/scan.hpp"

namespace leaselock::protocol {

/// The end of waiting, with the lock or without it: removes our ticket, after a win also those of the waiters that let
/// us pass because they did not act, and leaves the line at the gate (7.2, 7.3).
class LeaveQueue {
 public:
  /// more: the names of other tickets that shall go: of those we passed, and forgotten ones of our own. keep_place: our
  /// own stays, and so do we at the gate.
  Next start(Session& session, std::vector<std::string> more = {}, bool keep_place = false);
  Next resume(const Result& result);

 private:
  Next next();

  bool local_ = false;
  RemoveTicket removing_;
  std::vector<std::string> tickets_;
  bool at_gate_ = false;
  bool again_ = false;
};

}  // namespace leaselock::protocol
