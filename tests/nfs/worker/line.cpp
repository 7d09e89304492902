#include "line.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "leaselock/error.hpp"

namespace leaselock::nfs {
namespace {

constexpr int exit_io = 74;

// In the order of Errc, whose first is 1.
constexpr std::array words{
    "timed_out",        "already_locked",  "not_locked",    "lease_lost",    "hard_links_unsupported",
    "not_a_lock_file",  "fence_untrusted", "fence_damaged", "name_too_long", "lifetime_too_short",
    "invalid_options",  "mirror_lost",     "still_alive",   "cancelled",     "fast_path_unavailable",
    "different_purpose"};
static_assert(words.size() == static_cast<std::size_t>(Errc::different_purpose));

}  // namespace

void EventLine::say() {
  text_ += " .\n";
  ssize_t written = 0;
  do {
    written = ::write(STDOUT_FILENO, text_.data(), text_.size());
  } while (written < 0 && errno == EINTR);
  if (written != static_cast<ssize_t>(text_.size())) ::_exit(exit_io);
}

std::string word_for(const std::error_code& error) {
  if (!error) return "none";
  const auto index = static_cast<std::size_t>(error.value());
  if (error.category() == lock_category()) return index <= words.size() ? words.at(index - 1) : "lock_error";
  const char* name = ::strerrorname_np(error.value());
  return name != nullptr ? name : "errno_" + std::to_string(error.value());
}

}  // namespace leaselock::nfs
