#include <fcntl.h>

#include <cerrno>

#include "doctor/interrupt.hpp"
#include "doctor/probes.hpp"

namespace leaselock::tool::doctor {

namespace {

Fault failed(const std::string& what, int error) { return what + " failed: " + words_for(error); }

/// What must be refused: empty if it was, for one of these two reasons.
Fault refused(const std::string& what, int error, int expected, int or_this) {
  if (error == 0) return what + " was allowed";
  if (error != expected && error != or_this) return what + " was refused for another reason: " + words_for(error);
  return {};
}

Fault probe_exclusive_create(const Scratch& scratch) {
  if (const int error = scratch.create("created"); error != 0) return failed("creating a file", error);
  return refused("creating a file that exists", scratch.create("created"), EEXIST, EEXIST);
}

Fault probe_exclusive_mkdir(const Scratch& scratch) {
  if (const int error = scratch.make_directory("made"); error != 0) return failed("making a directory", error);
  return refused("making a directory that exists", scratch.make_directory("made"), EEXIST, EEXIST);
}

Fault probe_rename(const Scratch& scratch) {
  if (const int error = scratch.create("old"); error != 0) return failed("creating a file", error);
  const Look before = scratch.look("old");
  if (const int error = scratch.rename("old", "new"); error != 0) return failed("renaming a file", error);
  if (scratch.look("old").error != ENOENT) return "after a rename the old name is still there";
  const Look after = scratch.look("new");
  if (after.error != 0) return failed("looking at the new name after a rename", after.error);
  if (after.inode != before.inode) return "a rename changed the file's inode number";
  return {};
}

Fault probe_rename_of_missing(const Scratch& scratch) {
  return refused("renaming a name that does not exist", scratch.rename("never", "nothing"), ENOENT, ENOENT);
}

/// protocol.md 3.1: a fence directory in use must not be replaced, an empty one should be.
Fault probe_rename_over(const Scratch& scratch, bool full) {
  const std::string mine = full ? "boot-full" : "boot-empty";
  const std::string target = full ? "fence-full" : "fence-empty";
  int error = scratch.make_directory(mine);
  if (error == 0) error = scratch.make_directory(target);
  if (error == 0) error = scratch.create(mine + "/baton");
  if (error == 0 && full) error = scratch.create(target + "/baton");
  if (error != 0) return failed("making directories to rename", error);
  error = scratch.rename(mine, target);
  if (full) return refused("replacing a directory that is in use", error, ENOTEMPTY, EEXIST);
  return error == 0 ? Fault() : failed("replacing an empty directory", error);
}

Fault probe_identity(const Scratch& scratch) {
  if (scratch.create("one") != 0 || scratch.create("two") != 0) return "two files could not be created";
  const Look one = scratch.look("one");
  if (scratch.look("two").inode == one.inode) return "two files have the same inode number";
  for (int i = 0; i < 5; ++i) {
    const Descriptor fresh(::open(scratch.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fresh.valid()) return failed("opening the directory again", errno);
    const Look again = look_at(fresh.get(), "one");
    if (again.inode != one.inode || again.device != one.device) return "a file's inode number changes between looks";
  }
  return {};
}

void probe_hard_links(const Scratch& scratch, Names& names) {
  if (scratch.create("claim") != 0 || scratch.create("rival") != 0) {
    names.hard_link = "two files could not be created";
    return;
  }
  if (const int error = scratch.link("claim", "lock"); error != 0) {
    names.hard_link = "hard links are refused: " + words_for(error);
    return;
  }
  const Look claim = scratch.look("claim");
  if (scratch.look("lock").inode != claim.inode) names.hard_link = "a hard link has another inode number";
  if (names.hard_link.empty()) {
    names.hard_link = refused("linking to a name that exists", scratch.link("rival", "lock"), EEXIST, EEXIST);
  }
  if (claim.links != 2) names.link_count = "a file with two names has a link count of " + std::to_string(claim.links);
  if (scratch.unlink("lock") == 0 && names.link_count.empty() && scratch.look("claim").links != 1) {
    names.link_count = "the link count does not go down when a link is removed";
  }
}

}  // namespace

Names probe_names(const Scratch& scratch) {
  Names names;
  names.exclusive_create = probe_exclusive_create(scratch);
  names.exclusive_mkdir = probe_exclusive_mkdir(scratch);
  InterruptWatch::check();
  names.rename = probe_rename(scratch);
  names.rename_of_missing = probe_rename_of_missing(scratch);
  names.rename_over_full = probe_rename_over(scratch, true);
  names.rename_over_empty = probe_rename_over(scratch, false);
  InterruptWatch::check();
  names.identity = probe_identity(scratch);
  probe_hard_links(scratch, names);
  return names;
}

}  // namespace leaselock::tool::doctor
