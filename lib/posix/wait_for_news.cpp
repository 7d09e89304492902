#include "posix/wait_for_news.hpp"

#include <poll.h>

#include <array>

#include "posix/process_end.hpp"
#include "posix/wait_readable.hpp"

namespace leaselock::posix {

void wait_for_news(DirectoryWatch* watch, const std::optional<protocol::step::ProcessId>& process, LeaseTime until) {
  std::optional<ProcessEnd> end;
  if (process) end.emplace(*process);
  // Asked after the process was opened: its id may have been given away before, and then no end would be seen.
  if (end && end->has_come()) return;
  pollfd none{-1, POLLIN, 0};
  std::array<pollfd, 2> on = {none, none};
  if (watch != nullptr) on[0].fd = watch->descriptor();
  if (end) on[1].fd = end->descriptor();
  while (wait_readable(on, until)) {
    const bool changed = watch != nullptr && on[0].revents != 0 && watch->drain();
    if (changed || (end && end->has_come())) return;
    // An end that cannot be proven, /proc being hidden, is none; its descriptor would be readable for ever.
    if (on[1].revents != 0) on[1].fd = -1;
  }
}

}  // namespace leaselock::posix
