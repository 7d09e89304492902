#pragma once

#include <string>

/// What tests and long runs tell beside their verdict: tables, faults, seeds.
namespace leaselock::nfs {

/// To standard output, at once.
void say(const std::string& text);

/// From now on say() keeps what it is told, until it is taken.
void keep_what_is_said();
std::string take_what_was_said();

}  // namespace leaselock::nfs
