#pragma once

#include "protocol/operation.hpp"

namespace leaselock::protocol {

/// The line of waiters on one host, where the kernel wakes them in order of arrival (7.3), and for the first of them
/// the watch on the directory in which the lock changes. In front of the lock and never evidence of anything: whoever
/// comes back from here looks at the lock again.
class StandInLine {
 public:
  /// Is there a line to stand in, and are we not yet its first, with a watch?
  static bool applies(const Session& session, Place place) {
    const bool first = session.in_gate || (place == Place::lock_directory && session.settings.fenced);
    return session.timing.wakes && !(first && session.watching == place);
  }

  /// `place`: the directory to watch when first; `until`: when it is worth looking at the lock in any case.
  Next start(Session& session, Place place, LeaseTime now, LeaseTime until);
  /// Only the watch.
  Next start_watching(Place place);
  Next resume(Session& session, const Result& result);

 private:
  enum class Phase : std::uint8_t { entering, watching };

  Phase phase_ = Phase::entering;
  Place place_ = Place::fence;
};

}  // namespace leaselock::protocol
