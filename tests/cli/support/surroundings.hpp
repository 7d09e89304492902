#pragma once

#include <functional>
#include <string>

/// Hostile surroundings for the command, each made in the child before it is executed. Where the machine does not
/// allow one, its `can_...` function is false and the test that needs it is skipped.
namespace leaselock::cli_test {

/// Tests run as root are no test of permissions: the child becomes "nobody". As another user nothing is changed.
bool become_ordinary_user();

/// Mounts a fresh file system over `directory`, seen by this child only.
enum class Mount { read_only, full };
std::function<bool()> mounted(const std::string& directory, Mount kind);
bool can_mount();

/// Every hard link is refused with EPERM, as VFAT and others do.
bool without_hard_links();

}  // namespace leaselock::cli_test
