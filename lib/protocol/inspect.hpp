#pragma once

#include <optional>
#include <string>
#include <vector>

#include "protocol/identify_claim.hpp"
#include "protocol/operation.hpp"
#include "protocol/scan.hpp"

namespace leaselock::protocol {

/// What a look at a lock's files showed. Written by others, so material to show, never a path to act on.
struct Sighting {
  std::optional<FileStatus> lock_file;  ///< what is at the lock path
  std::string claim_name;               ///< whose second link that is, if it is a claim of this lock
  std::optional<ClaimName> claim;       ///< its parts
  bool fence = false;
  std::optional<Baton> baton;                          ///< of a semaphore one that is held, if there is one
  std::vector<Baton> slots;                            ///< all batons of a semaphore
  std::vector<std::pair<Reader, ServerTime>> readers;  ///< and when the lease of each ends
  std::vector<Ticket> queue;                           ///< who waits, in order of arrival
  std::error_code fence_error;                         ///< why the fence directory could not be read

  /// The files say that this session's hold is current.
  bool shows_hold_of(const Session& session) const;
};

/// Looks at a lock and changes nothing of it: no lease is extended, and neither fence nor claim is made. Only the fence
/// directory's times are set, if a listing was torn (5.1), and a private directory comes and goes, if the fence is
/// another user's (21.2).
class Inspect {
 public:
  Next start(Session& session, LeaseTime now);
  Next resume(Session& session, const Result& result);
  std::error_code error() const { return error_; }
  const Sighting& sighting() const { return sighting_; }

 private:
  enum class Phase : std::uint8_t {
    opening,
    freshening,
    looking,
    identifying,
    scanning,
    looking_at_reader,
    looking_at_hold,
  };
  Next freshen();
  Next look_at_fence(Session& session);
  void note_scan(const Session& session);
  Next look_at_reader(const Session& session);
  Next end(std::error_code error);

  Phase phase_ = Phase::opening;
  OpenLockDirectory opening_;
  IdentifyClaim identifying_;
  Scan scan_;
  std::size_t reader_ = 0;
  Sighting sighting_;
  std::error_code error_;
};

}  // namespace leaselock::protocol
