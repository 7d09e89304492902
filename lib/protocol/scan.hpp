#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/open_directory.hpp"
#include "protocol/operation.hpp"
#include "protocol/remove_ticket.hpp"

namespace leaselock::protocol {

struct ScanRequest {
  /// Make the listing fresh by a change of our own (a nudge) and not only by asking for attributes: for every scan
  /// that follows an ENOENT. It also renews the anchor.
  bool nudge = false;
  /// The caller has just nudged: list at once.
  bool is_fresh = false;
  /// Create the fence directory if it is gone. Never for an owner: its hold went with it.
  bool may_create = false;
  /// Of a semaphore: whose baton baton() is. Without it, any.
  std::optional<std::uint32_t> slot{};
  /// Only to look: whatever the path is used for, and all of it.
  bool for_show = false;
};

struct FoundBaton {
  Baton baton;
  std::string name;
};

/// Finds the baton (5.1), or those of a semaphore (9.1). What it finds may be outdated a moment later; only a rename
/// decides.
class Scan {
 public:
  Next start(Session& session, ScanRequest request);
  Next resume(Session& session, const Result& result);

  std::error_code error() const { return error_; }
  /// Empty: no fence directory (only when it was not to be created), or an error.
  const std::optional<Baton>& baton() const { return baton_; }
  const std::string& name() const { return name_; }
  /// All that there are, by slot.
  const std::vector<FoundBaton>& batons() const { return batons_; }
  const std::vector<std::pair<Reader, std::string>>& readers() const { return readers_; }
  /// Who waits, in order of arrival (7.2), and the names of their tickets.
  const std::vector<std::pair<Ticket, std::string>>& tickets() const { return tickets_; }
  /// When the listing's reply arrived.
  LeaseTime seen() const { return seen_; }
  /// The directory's change time as it was before the listing.
  ServerTime changed() const { return changed_; }
  /// When we were told that.
  LeaseTime dated() const { return dated_; }
  /// The directory's link count then: where the server counts them, each ticket is one.
  std::uint32_t links() const { return links_; }

 private:
  enum class Phase : std::uint8_t {
    freshening,
    listing,
    freshening_parent,
    looking_up,
    looking_at_reader,
    clearing,
    opening,
    creating_baton
  };
  Next freshen(Session& session);
  Next list();
  Next on_listed(Session& session, const Result& result);
  void add(Baton baton, const std::string& name);
  bool is_certain() const;
  void choose(const Session& session);
  Next clear(Session& session);
  Next on_reader_seen(Session& session, const Result& result);
  Next recover(Session& session);
  Next on_looked_up(Session& session, const Result& result);
  Next fail(std::error_code why);

  ScanRequest request_;
  Phase phase_ = Phase::freshening;
  int rounds_ = 0;
  int recoveries_ = 0;
  std::size_t strangers_ = 0;  ///< names in the listing that are none of ours
  bool torn_ = false;          ///< a slot's baton was listed twice
  OpenFence opening_;
  RemoveTicket clearing_;
  std::optional<Baton> baton_;
  std::string name_;
  std::vector<FoundBaton> batons_;
  std::vector<std::pair<Reader, std::string>> readers_;
  std::vector<std::pair<Ticket, std::string>> tickets_;
  LeaseTime seen_{};
  ServerTime changed_{};
  LeaseTime dated_{};
  std::uint32_t links_ = 0;
  std::error_code error_;
};

}  // namespace leaselock::protocol
