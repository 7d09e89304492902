#include "resize.hpp"

#include <algorithm>

#include "new_session.hpp"

namespace leaselock {
namespace {

/// What is there now: how many slots it should have, and how many it has.
struct Found {
  std::uint32_t slots = 0;
  std::uint32_t batons = 0;
};

std::error_code look(LockContext& context, Found& found) {
  const std::error_code error = context.run(context.engine().start_inspect(context.now()));
  if (error) return error;
  const protocol::Sighting& seen = context.engine().sighting();
  found = {};
  if (!seen.baton) return seen.fence_error;
  if (seen.baton->purpose.kind != LockKind::semaphore) {
    context.engine().session().found_purpose = seen.baton->purpose;
    return Errc::different_purpose;
  }
  found = {seen.baton->purpose.slots, static_cast<std::uint32_t>(seen.slots.size())};
  return {};
}

}  // namespace

void resize_semaphore(LockContext& context, std::uint32_t slots, std::optional<Duration> timeout,
                      std::error_code& error) {
  error.clear();
  if (context.session().holds(context.now())) {
    error = Errc::already_locked;
    return;
  }
  constexpr int most_rounds = 16;
  const LeaseTime until = give_up_at(context.now(), timeout);
  const auto left = [&]() -> std::optional<Duration> {
    if (until == LeaseTime::max()) return std::nullopt;
    return std::max(until - context.now(), Duration::zero());
  };
  // Whoever comes between the end of the old one and the beginning of the new one makes it as he wants it.
  for (int round = 0; round < most_rounds; ++round) {
    Found found;
    error = look(context, found);
    if (error) return;
    if (found.slots == slots && found.batons == slots) {
      context.set_purpose({LockKind::semaphore, slots});
      return;
    }
    protocol::AcquireRequest request;
    if (found.slots == 0) {
      context.set_purpose({LockKind::semaphore, slots});
    } else {
      context.set_purpose({LockKind::semaphore, found.slots});
      request.slots = found.batons;
    }
    error = context.acquire(left(), request);
    if (error == Errc::different_purpose) continue;
    if (error) return;
    if (found.slots == 0) {
      error = context.release();
    } else {
      error = context.destroy({.evict = true});
    }
    if (error) return;
    context.set_purpose({LockKind::semaphore, slots});
  }
  error = Errc::timed_out;
}

}  // namespace leaselock
