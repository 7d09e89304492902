#pragma once

#include "protocol/operation.hpp"

namespace leaselock::protocol {

/// The end of an object's life: removes its claim, which an unlocked object keeps for its next lock().
class Close {
 public:
  Next start(Session& session, LeaseTime /*now*/) {
    if (!session.opened || !session.claim) return std::nullopt;
    return step::Unlink{Place::lock_directory, session.claim->name};
  }
  Next resume(Session& session, const Result& result) {
    if (result.error != 0 && !is_absent(result.error)) error_ = os_error(result.error);
    session.claim.reset();
    return std::nullopt;
  }
  std::error_code error() const { return error_; }

 private:
  std::error_code error_;
};

}  // namespace leaselock::protocol
