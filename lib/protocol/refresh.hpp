#pragma once

#include <optional>
#include <string>

#include "protocol/lazy.hpp"
#include "protocol/make_claim.hpp"
#include "protocol/operation.hpp"
#include "protocol/refresh_reader.hpp"
#include "protocol/scan.hpp"

namespace leaselock::protocol {

/// Renames the held baton to the same hold with a later expiry (5.4, steps 1 to 5).
class RefreshBaton {
 public:
  enum class Outcome : std::uint8_t {
    refreshed,
    lost,     ///< the hold is somebody else's; it has been forgotten
    unknown,  ///< error() tells; the old deadline still counts
  };

  Next start(Session& session, LeaseTime now);
  Next resume(Session& session, const Result& result);
  Outcome outcome() const { return outcome_; }
  std::error_code error() const { return error_; }

 private:
  enum class Phase : std::uint8_t { stamping, renaming, scanning, dating };
  Next send(Session& session, LeaseTime now);
  Next on_renamed(Session& session, const Result& result);
  Next scan(Session& session);
  Next on_scanned(Session& session, LeaseTime now);
  Next on_dated(Session& session, const Result& result);
  Next go_on(Session& session, LeaseTime now);
  void adopt(Session& session, const Baton& baton, const std::string& name);
  Next lose(Session& session);
  Next end(Outcome outcome, std::error_code error = {});

  Phase phase_ = Phase::renaming;
  int rounds_ = 0;
  Baton tried_;
  std::string tried_name_;
  Scan scan_;
  Outcome outcome_ = Outcome::unknown;
  std::error_code error_;
};

/// refresh(): the baton and then its mirror (5.4), a reader's name (9.2), or the claim alone in compat mode (6.4).
class Refresh {
 public:
  Refresh() = default;
  /// lifetime: a new one to set first.
  explicit Refresh(std::optional<Duration> lifetime) : lifetime_(lifetime) {}

  Next start(Session& session, LeaseTime now);
  Next resume(Session& session, const Result& result);
  std::error_code error() const { return error_; }

 private:
  enum class Phase : std::uint8_t {
    baton,
    reader,
    touching,
    making_claim,
    relinking,
    looking_at_lock,
    touching_claim,  // compat, to the end
    looking_at_claim,
  };
  Next mirror(Session& session);
  Next look_again(const Session& session);
  Next replace_claim(Session& session);
  Next touch_mirror(Session& session);
  Next relink(Session& session);
  Next touch_claim(Session& session, LeaseTime now);
  Next on_claim_touched(Session& session, const Result& result);
  Next lose(Session& session);
  Next end(std::error_code error);

  std::optional<Duration> lifetime_;
  Phase phase_ = Phase::baton;
  bool looked_again_ = false;
  RefreshBaton baton_;
  Lazy<RefreshReader> reader_;
  MakeClaim making_;
  std::error_code error_;
};

}  // namespace leaselock::protocol
