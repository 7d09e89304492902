#pragma once

#include <string>
#include <vector>

#include "protocol/lazy.hpp"
#include "protocol/operation.hpp"
#include "protocol/refresh.hpp"
#include "protocol/remove_ticket.hpp"
#include "protocol/stand_in_line.hpp"

namespace leaselock::protocol {

/// For a writer that holds the baton, so that no reader can come any more (9.2): waits until those who are there have
/// gone, and removes those whose lease has certainly ended or whose process has. Keeps the baton alive meanwhile.
class ClearReaders {
 public:
  enum class Outcome : std::uint8_t {
    clear,
    timed_out,
    lost,  ///< the baton was broken while we waited
    failed,
  };

  /// `except`: a reader that is not waited for, by name. By force: nor is any other.
  Next start(Session& session, LeaseTime now, LeaseTime give_up_at, std::string except, bool by_force);
  Next resume(Session& session, const Result& result);
  void give_up() { give_up_at_ = LeaseTime::min(); }
  Outcome outcome() const { return outcome_; }
  std::error_code error() const { return error_; }

 private:
  enum class Phase : std::uint8_t {
    stamping,
    listing,
    probing,
    looking,
    removing,
    watching,
    waiting,
    polling,
    refreshing
  };
  struct Known {
    Reader reader;
    std::string name;
    ServerTime expiry;    ///< as far as we know
    bool looked = false;  ///< and of the file itself
    LeaseTime since{};    ///< when we saw that first
    bool probed = false;  ///< since the last wait
  };
  Next stamp();
  Next on_listed(Session& session, const Result& result);
  Next judge(Session& session, LeaseTime now);
  Next on_seen(Session& session, const Result& result);
  static bool has_ended(const Session& session, const Known& known, LeaseTime now);
  static LeaseTime may_end_at(const Session& session, const Known& known);
  Next remove(const Session& session);
  Next drop(Session& session, LeaseTime now);
  Next wait(Session& session, LeaseTime now);
  Next sleep(Session& session, LeaseTime now);
  Next on_woken(Session& session, LeaseTime now);
  Next end(Outcome outcome);
  Next fail(int error);

  LeaseTime give_up_at_{};
  std::string except_;
  bool by_force_ = false;
  Phase phase_ = Phase::stamping;
  LeaseTime began_{};
  LeaseTime refresh_at_{};
  std::vector<Known> readers_;
  std::size_t at_ = 0;
  LeaseTime stamped_{};   ///< when the listing was last made certain
  ServerTime changed_{};  ///< the directory, before it was listed
  StandInLine line_;
  RemoveTicket removing_;
  Lazy<RefreshBaton> refreshing_;
  Outcome outcome_ = Outcome::failed;
  std::error_code error_;
};

}  // namespace leaselock::protocol
