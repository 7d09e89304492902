#pragma once

#include <optional>

#include "leaselock/c/holder.h"
#include "leaselock/holder.hpp"

/// A view: no copies are made for a callback.
struct leaselock_holder_t {
  const leaselock::Holder* value = nullptr;
};
struct leaselock_waiter_t {
  const leaselock::Waiter* value = nullptr;
};

namespace leaselock::c {

/// A holder that may be none, as functions return it.
class MaybeHolder {
 public:
  explicit MaybeHolder(const std::optional<Holder>& holder) : view_{holder ? &*holder : nullptr} {}
  const leaselock_holder_t* get() const noexcept { return view_.value != nullptr ? &view_ : nullptr; }

 private:
  leaselock_holder_t view_;
};

inline std::int64_t since_epoch(WallTime time) { return time.time_since_epoch().count(); }

template <class Length>
std::int64_t count_or_none(const std::optional<Length>& length) {
  return length ? length->count() : LEASELOCK_NONE;
}

int number_of(LockState state) noexcept;
int number_of(LockKind kind) noexcept;
int number_of(PredecessorEnd end) noexcept;

}  // namespace leaselock::c
