#pragma once

#include "protocol/operation.hpp"

namespace leaselock::protocol {

/// Writes this object's next claim: a file that contains its own path as the caller spelled it, complete and closed
/// before anybody can see it under the lock path. A claim whose name is already there is ours by a lost reply.
class MakeClaim {
 public:
  Next start(Session& session);
  Next resume(Session& session, const Result& result);
  std::error_code error() const { return error_; }

 private:
  enum class Phase : std::uint8_t { creating, removing };

  Phase phase_ = Phase::creating;
  int rounds_ = 0;
  std::string name_;
  std::error_code error_;
};

}  // namespace leaselock::protocol
