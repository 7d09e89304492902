#pragma once

#include <optional>

#include "protocol/operation.hpp"
#include "protocol/refresh.hpp"
#include "protocol/release.hpp"

namespace leaselock::protocol {

/// unlock() of several slots (9.1): each of them, whatever becomes of the others.
class ReleaseSlots {
 public:
  Next start(Session& session, LeaseTime now);
  Next resume(Session& session, const Result& result);
  /// Errc::lease_lost if that was so for one of them, else the last error.
  std::error_code error() const { return error_; }

 private:
  Next next(Session& session, LeaseTime now);
  void note();

  Release releasing_;
  std::error_code error_;
};

/// refresh() of several slots: all of them. When one is lost the others are given back: they were wanted together.
class RefreshSlots {
 public:
  RefreshSlots() = default;
  explicit RefreshSlots(std::optional<Duration> lifetime) : lifetime_(lifetime) {}

  Next start(Session& session, LeaseTime now);
  Next resume(Session& session, const Result& result);
  /// Errc::lease_lost, or the last error that left the outcome of one unknown.
  std::error_code error() const { return error_; }

 private:
  Next refresh(Session& session, LeaseTime now);
  Next on_refreshed(Session& session, LeaseTime now);
  Next give_back(Session& session, LeaseTime now);

  std::optional<Duration> lifetime_;
  std::size_t left_ = 0;
  bool gives_back_ = false;
  Refresh refreshing_;
  ReleaseSlots releasing_;
  std::error_code error_;
};

}  // namespace leaselock::protocol
