#pragma once

#include <boost/filesystem/path.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include "leaselock/options.hpp"
#include "ports/environment.hpp"
#include "protocol/boxed.hpp"
#include "protocol/session.hpp"

namespace leaselock {

/// Tells LockOptions::on_event and ::counters what becomes of one Lock object's operations. Every driver calls the
/// same few functions; all it is told is the session before each step and at the end, so the protocol knows nothing of
/// it. There is one only if somebody listens.
/// Thread safety: for the one thread that runs the object's operation.
class Reporter {
 public:
  using Session = protocol::Session;

  /// Null when nobody listens.
  static std::unique_ptr<Reporter> make(boost::filesystem::path lockfile, const LockOptions& options,
                                        const ports::Environment& environment);

  /// Before lock() starts; `called` is when the user asked for it.
  void begin_acquire(const Session& session, LeaseTime called, LeaseTime now);
  /// Before each step of any operation.
  void next(const protocol::Step& step, const Session& session, LeaseTime now);

  void end_acquire(const Session& session, std::error_code error, LeaseTime now);
  void end_refresh(const Session& session, std::error_code error, LeaseTime now);
  /// try_upgrade() or downgrade(), which `changed` names if it did what it should.
  void end_change(EventKind changed, const Session& session, std::error_code error, LeaseTime now);
  /// unlock() or destroy().
  void end_release(const Session& session, std::error_code error, LeaseTime now);

  /// The object begins again as another one: a forked child.
  void forget();

 private:
  /// What lasts as long as a hold.
  struct Held {
    LeaseTime since;
    std::optional<FencingToken> token;
  };
  /// What lasts as long as a lock() does.
  struct Attempt {
    LeaseTime called{};
    bool taken = false;  ///< the session had a hold when it was last looked at
    protocol::Boxed<Predecessor> broken;
    std::optional<std::pair<std::uint32_t, std::uint64_t>> victim;  ///< slot and number of the baton last broken
    std::optional<LeaseTime> told;                                  ///< when the last `waiting` was
    protocol::Boxed<Holder> holder;                                 ///< and of whom
  };

  Reporter(boost::filesystem::path lockfile, const LockOptions& options, const ports::Environment& environment);

  void notice(const Session& session);
  void notice_break(const Session& session);
  Predecessor owner_of_mirror(const Session& session) const;
  void waits(const Session& session, LeaseTime now);
  void broke(const Predecessor& victim);
  void end_without(const Session& session, std::error_code error, Duration waited);
  void end_hold(EventKind kind, std::error_code error, LeaseTime now);
  Event event(EventKind kind) const;
  Event event_of_hold(EventKind kind, const Session& session, LeaseTime now) const;
  void count(std::uint64_t CounterValues::*counter, std::uint64_t amount = 1) noexcept;
  void observe(Histogram CounterValues::*histogram, Duration length) noexcept;

  boost::filesystem::path lockfile_;
  std::function<void(const Event&)> on_event_;
  std::shared_ptr<Counters> counters_;
  ports::Host& host_;
  std::optional<Held> held_;
  std::optional<Attempt> attempt_;
  std::uint32_t mirrors_broken_ = 0;
  std::uint32_t files_swept_ = 0;
};

}  // namespace leaselock
