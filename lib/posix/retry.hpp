#pragma once

#include <cerrno>

namespace leaselock::posix {

/// Repeats a call that a signal interrupted before it did anything: open, read, write, fsync and their like. Not for
/// close, and not for calls that change names, whose repetition would meet their own first execution.
template <class Call>
auto retry(Call call) {
  auto outcome = call();
  while (outcome == -1 && errno == EINTR) outcome = call();
  return outcome;
}

}  // namespace leaselock::posix
