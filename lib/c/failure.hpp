#pragma once

#include <stdexcept>
#include <system_error>

#include "leaselock/c/error.h"

namespace leaselock::c {

/// The caller's mistake: LEASELOCK_ERR_MISUSE.
class Misuse : public std::logic_error {
  using std::logic_error::logic_error;
};

/// An error as the C interface returns it: ours, or a negative errno.
int code_of(std::error_code error) noexcept;

/// Call in a handler: stores what is being handled as this thread's last error and returns its code.
int remember_what_is_thrown(const char* function) noexcept;

/// The boundary: no exception leaves this. `function` is the name that a misuse is reported with.
template <class Body>
int guarded(const char* function, Body body) noexcept {
  try {
    body();
    return LEASELOCK_OK;
  } catch (...) {
    return remember_what_is_thrown(function);
  }
}

inline void require(bool fine, const char* complaint) {
  if (!fine) throw Misuse(complaint);
}

}  // namespace leaselock::c
