#pragma once

#include "doctor/facts.hpp"
#include "doctor/scratch.hpp"

/// One function for each group of facts. They change the scratch directory only, and throw Interrupted.
namespace leaselock::tool::doctor {

Names probe_names(const Scratch& scratch);
/// At most `rounds`, and no new one after `at_most`.
Race probe_race(const Scratch& scratch, int rounds, Duration at_most);

enum class StampedBy { touched_directory, touched_file, changed_directory };
Stamps probe_stamps(const Scratch& scratch, StampedBy how);

/// At most so many renames, and no new one after `at_most`.
Speed probe_speed(const Scratch& scratch, int requests, Duration at_most);

/// Also tells whether the library counts the file system as local.
Trial probe_trial(const Scratch& scratch, bool& local);
/// Open-file-description locks: two openings of one file exclude each other.
Fault probe_record_locks(const Scratch& scratch);

/// Throws: std::system_error.
Place look_at_place(int directory, const Scratch& scratch);

/// All of it, told step by step to `progress`. Throws: std::system_error when the directory cannot be probed at all.
Facts probe(const std::string& directory, void (*progress)(const char* what));

}  // namespace leaselock::tool::doctor
