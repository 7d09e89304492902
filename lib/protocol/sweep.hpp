#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "protocol/operation.hpp"

namespace leaselock::protocol {

struct SweepRequest {
  /// Only sort what is there; nothing is changed. Needs `now`.
  bool look_only = false;
  /// The server's time, where the caller has an idea of it; otherwise a stamp is taken from a private directory.
  std::optional<ServerTime> now;
};

/// What a sweep found, by name in the lock's directory.
struct Swept {
  std::vector<std::string> removed;  ///< with look_only: what would be removed
  std::vector<std::string> waiting;  ///< claims that are not linked and whose time is in the future
  std::size_t in_use = 0;            ///< everything that stays, these included
};

/// Removes what crashed processes left (section 11): our kinds of claims that are not linked and whose owner is gone
/// or whose time passed a day ago; directories and asides whose owner is gone or that are an hour old; marks that are
/// an hour old; the gate of a lock of which nothing else is left. Nothing of flufl.lock, nothing whose
/// name is not exactly ours, nothing that could block or be needed by anybody alive.
class Sweep {
 public:
  Sweep() = default;
  explicit Sweep(SweepRequest request) : request_(request) {}

  Next start(Session& session, LeaseTime now);
  Next resume(Session& session, const Result& result);
  std::error_code error() const { return error_; }
  const Swept& swept() const { return swept_; }

 private:
  enum class Phase : std::uint8_t {
    making_stamp,
    reading_stamp,
    removing_stamp,
    listing,
    looking_at_lock,
    looking,
    probing,
    opening_boot,
    listing_boot,
    removing_baton,
    removing,
  };
  enum class Kind : std::uint8_t { claim, boot, aside, mark, gate };
  struct Candidate {
    std::string name;
    Kind kind;
    Owner owner;
  };
  Next list();
  void sort(Session& session, const std::vector<Entry>& entries);
  Next next_candidate();
  Next on_looked(Session& session, const Result& result);
  Next empty_boot();
  Next probe(const Owner& owner);
  Next remove();

  SweepRequest request_;
  Phase phase_ = Phase::making_stamp;
  ServerTime now_{};
  std::string stamp_name_;
  FileStatus lock_;
  std::vector<Candidate> candidates_;
  std::size_t at_ = 0;
  std::vector<std::string> batons_;  ///< in the directory in preparation that is being removed
  bool waits_ = false;
  Swept swept_;
  std::error_code error_;
};

}  // namespace leaselock::protocol
