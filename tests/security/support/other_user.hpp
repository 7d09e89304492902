#pragma once

#include <grp.h>
#include <sys/types.h>
#include <unistd.h>

#include <functional>
#include <stdexcept>

#include "support/child.hpp"

/// Real users, for tests that run as root; others skip them.
namespace leaselock::testing {

inline constexpr uid_t alice = 54321;
inline constexpr uid_t bob = 54322;
inline constexpr gid_t staff = 54320;  ///< of both

inline bool can_become_others() { return ::geteuid() == 0; }
inline constexpr const char* needs_root = "only root can become another user";

/// A child that is this user for good, in this group of which it is a member besides its own.
inline Child as_user(uid_t user, const std::function<void(Channel&)>& body, gid_t group = staff) {
  return Child::running([&](Channel& channel) {
    const bool changed =
        ::setgroups(1, &group) == 0 && ::setresgid(user, user, user) == 0 && ::setresuid(user, user, user) == 0;
    if (!changed) throw std::runtime_error("cannot become another user");
    body(channel);
  });
}

/// In a child of this user: what the body returns.
inline std::string answer_of(uid_t user, const std::function<std::string()>& body, gid_t group = staff) {
  return as_user(
             user, [&](Channel& channel) { channel.say(body()); }, group)
      .hear()
      .value_or("no answer");
}

}  // namespace leaselock::testing
