#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include "handle.hpp"
#include "holder.hpp"
#include "leaselock/maintenance.hpp"
#include "options.hpp"
#include "status.hpp"

namespace leaselock::c {

/// A Lock, Semaphore or SharedLock. A handle and the keep-alive made from it own it together, so they may be freed in
/// either order.
template <class Object>
struct Owned {
  template <class... Arguments>
  explicit Owned(Arguments&&... arguments) : object(std::forward<Arguments>(arguments)...) {}

  Object object;
  std::atomic<bool> in_use = false;
};

/// For as long as this lives nobody else uses the object. C++ leaves it undefined when somebody does; here it is
/// refused.
class Turn {
 public:
  /// Throws: Misuse.
  explicit Turn(std::atomic<bool>& in_use) : in_use_(&in_use) {
    require(!in_use.exchange(true), "the handle is used by another thread, or is being kept alive");
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() { end(); }
  /// From any thread; only the first time does anything.
  void end() noexcept {
    if (std::atomic<bool>* in_use = in_use_.exchange(nullptr)) in_use->store(false);
  }

 private:
  std::atomic<std::atomic<bool>*> in_use_;
};

/// What the handles of the three kinds have in common.
template <class Kind, std::uint64_t mark>
struct LockHandle : Marked<mark> {
  using Object = Kind;
  template <class... Arguments>
  explicit LockHandle(Arguments&&... arguments)
      : owned(std::make_shared<Owned<Object>>(std::forward<Arguments>(arguments)...)) {}

  std::shared_ptr<Owned<Object>> owned;
  Predecessor predecessor;  ///< as it was last told
  leaselock_holder_t predecessor_holder;
  std::string claimfile;
};

/// One function of the interface: alone with the object, and no exception leaves.
template <class Handle, class Body>
int with(const char* function, Handle* handle, Body body) noexcept {
  return guarded(function, [&] {
    const std::shared_ptr owned = checked(handle).owned;
    const Turn turn(owned->in_use);
    body(owned->object);
  });
}

/// For what may be asked at any time from any thread; `nothing` where there is no handle.
template <class Handle, class Answer, class Body>
Answer ask(const Handle* handle, Answer nothing, Body body) noexcept {
  return if_valid(handle) != nullptr ? body(handle->owned->object) : nothing;
}

template <class Handle>
int may_act(const Handle* handle) noexcept {
  return ask(handle, 0, [](const auto& object) { return object.may_act() ? 1 : 0; });
}
template <class Handle>
int64_t remaining(const Handle* handle) noexcept {
  return ask(handle, int64_t{0}, [](const auto& object) { return object.remaining().count(); });
}
template <class Handle>
uint64_t fencing_token(const Handle* handle) noexcept {
  return ask(handle, uint64_t{0}, [](const auto& object) { return object.fencing_token().value_or(0); });
}
template <class Handle>
const char* path(const Handle* handle) noexcept {
  return ask(handle, "", [](const auto& object) { return object.lockfile().c_str(); });
}
template <class Handle>
int64_t lifetime(const Handle* handle) noexcept {
  return ask(handle, int64_t{0}, [](const auto& object) { return object.lifetime().count(); });
}

template <class Handle>
int predecessor(const char* function, Handle* handle, int* end, const leaselock_holder_t** holder) noexcept {
  return with(function, handle, [&](const auto& object) {
    handle->predecessor = object.predecessor();
    const Predecessor& told = handle->predecessor;
    handle->predecessor_holder.value = told.holder ? &*told.holder : nullptr;
    if (end != nullptr) *end = number_of(told.end);
    if (holder != nullptr) *holder = told.holder ? &handle->predecessor_holder : nullptr;
  });
}

template <class Handle>
int status(const char* function, Handle* handle, leaselock_status_t** out) noexcept {
  if (out != nullptr) *out = nullptr;
  return with(function, handle, [&](const auto& object) {
    auto& result = place(out);
    result = std::make_unique<leaselock_status_t>(inspect(object.lockfile(), object.options())).release();
  });
}

/// A negative timeout is none: longer than anybody waits, and whoever adds it to a time stops at the last one.
inline Duration timeout_of(int64_t timeout) { return timeout < 0 ? Duration::max() : Duration(timeout); }

}  // namespace leaselock::c
