#pragma once

#include <chrono>
#include <cstdint>

#include "requests.hpp"

/// What docs/protocol.md section 13 states, as NFS requests. All in one place: a change of the protocol changes this.
namespace leaselock::nfs::expected {

inline const Counts lock_unlock_fenced = {{"RENAME", 2}, {"ACCESS", 1}, {"LINK", 1}, {"REMOVE", 1}};
inline const Counts lock_unlock_without_mirror = {{"RENAME", 2}};
inline const Counts lock_unlock_compat = {{"ACCESS", 1}, {"LINK", 1}, {"REMOVE", 1}};

inline const Counts refresh_fenced = {{"RENAME", 1}};
inline const Counts refresh_compat = {{"SETATTR", 1}};

/// On a lock that has not changed since the attempt before.
inline const Counts failed_attempt_fenced = {{"GETATTR", 1}};
/// The client finds the lock file at its own look and does not send the link.
inline const Counts failed_attempt_compat = {{"LOOKUP", 1}, {"GETATTR", 2}};

/// What gives the lock back, and what removes the claim when the process comes to an end.
inline const Counts release_fenced =
    Counts{{"RENAME", 1}, {"REMOVE", 1}} + Counts{{"LOOKUP", 1}, {"ACCESS", 1}, {"REMOVE", 1}};
/// The same when somebody waits and has flagged the held name: the first rename finds it gone, so its owner looks.
inline const Counts release_flagged =
    release_fenced + Counts{{"RENAME", 1}, {"SETATTR", 1}, {"READDIR", 1}, {"ACCESS", 1}};
inline const Counts release_compat = Counts{{"REMOVE", 1}} + Counts{{"LOOKUP", 1}, {"ACCESS", 1}, {"REMOVE", 1}};

/// What takes a lock that was waited for, without polls.
inline const Counts take_fenced = {{"RENAME", 1}, {"LINK", 1}};
inline const Counts take_compat = {{"LINK", 1}};

/// Polls, their listings and nudges, and what a client's kernel asks besides when it thinks fit: how many of these
/// there are in a hand-off depends on when each waiter looked last.
inline constexpr const char* polling[] = {"GETATTR", "LOOKUP", "ACCESS", "READDIR", "READDIRPLUS",
                                          "MKDIR",   "RMDIR",  "CREATE", "REMOVE",  "SETATTR"};
/// In one poll; by the one that gets the lock; and how often a waiter polls at most.
inline constexpr std::uint64_t most_to_poll = 6;
inline constexpr std::uint64_t most_to_take = 16;
inline constexpr std::chrono::milliseconds shortest_poll{10};

}  // namespace leaselock::nfs::expected
