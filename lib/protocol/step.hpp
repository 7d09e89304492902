#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "leaselock/lease_time.hpp"
#include "protocol/file_status.hpp"

/// The closed list of things the protocol asks of the world, one at a time, and what it is told in return.
/// The protocol emits a Step; a driver performs it and answers with a Result that carries the lease clock
/// before the request was sent and after its reply arrived. That is how code without a clock reasons about age.
namespace leaselock::protocol {

/// The directory that a step's names are relative to; every name in a step is a single path component.
/// Each Lock object has its own three handles; OpenDirectory fills one and closes what it held before.
enum class Place : std::uint8_t {
  lock_directory,  ///< the directory part of the lock path
  fence,           ///< BASE|fence
  boot,            ///< BASE|boot|..., a fence directory that is being prepared
};

namespace step {

/// Opens the directory part of the lock path. Result: status of the directory, `local`, `wakes`, `name_max`.
struct OpenLockDirectory {
  /// Of what is made in this directory from now on, but for private directories, whatever the umask; empty: as the
  /// steps say, less the umask.
  std::optional<std::uint32_t> permissions{};
};
/// Opens `name` in the lock directory as `as`, never through a symbolic link. Result: status of the handle.
struct OpenDirectory {
  Place as;
  std::string name;
};
/// stat without following links; an empty name is the handle itself. `force`: ask the server, not the cache.
struct Look {
  Place place;
  std::string name;
  bool force;
};
/// Names in the directory and their inode numbers, "." and ".." left out.
struct List {
  Place place;
};
struct MakeDirectory {
  Place place;
  std::string name;
  std::uint32_t mode;  ///< before the umask
};
struct RemoveDirectory {
  Place place;
  std::string name;
};
/// Creates a file that must not exist, writes the contents, closes it. Result: status.
struct CreateFile {
  Place place;
  std::string name;
  std::string contents;
};
/// Reads a small regular file (at most 4096 bytes), never through a link and never blocking on a FIFO.
/// Result: contents, and the status of what was opened.
struct Read {
  Place place;
  std::string name;
};
/// Sets the times of a file, or of the handle itself when the name is empty. Without a time: to the server's
/// now. Result: status after it, as the reply carried it.
struct Touch {
  Place place;
  std::string name;
  std::optional<ServerTime> time;
};
/// Hard link within one directory. Result: status of `from` after it.
struct Link {
  Place place;
  std::string from;
  std::string to;
};
/// Renames within one directory.
struct Rename {
  Place place;
  std::string from;
  std::string to;
};
struct Unlink {
  Place place;
  std::string name;
};
/// A process as its names tell of it.
struct ProcessId {
  std::string boot;
  std::uint64_t start = 0;
  std::int64_t pid = 0;
  friend bool operator==(const ProcessId&, const ProcessId&) = default;
};
/// Asks this host whether a process is provably gone (protocol.md section 8). Result: `gone`, `runs`.
struct ProbeProcess : ProcessId {};
/// Joins the line of waiters on this host (7.3): opens `name` in the lock directory, made if it is missing and never
/// removed, and waits for an exclusive open file description lock on it, which the kernel grants in order of arrival.
/// Result: 0 when first in line, until LeaveGate; ETIMEDOUT when that was not so by `until`: the place in the line is
/// kept, and the same step asks on; anything else: there is no such line here.
struct EnterGate {
  std::string name;
  LeaseTime until;
};
/// Leaves that line, or gives up the place in it, and ends the watch. Cannot fail.
struct LeaveGate {};
/// From now on the kernel tells of names that come, go or change in the directory; replaces the watch before it.
struct Watch {
  Place place;
};
/// Lets time pass; the driver may wake up later, never earlier, but for the two reasons to end at once that may be
/// given. They are hints to look again: what they tell is not in the result.
struct WaitUntil {
  LeaseTime until;
  bool watching = false;  ///< something changed in the watched directory, since Watch or the last such wait
  std::optional<ProcessId> process{};  ///< this process is gone, as ProbeProcess would tell
};

}  // namespace step

using Step =
    std::variant<step::OpenLockDirectory, step::OpenDirectory, step::Look, step::List, step::MakeDirectory,
                 step::RemoveDirectory, step::CreateFile, step::Read, step::Touch, step::Link, step::Rename,
                 step::Unlink, step::ProbeProcess, step::EnterGate, step::LeaveGate, step::Watch, step::WaitUntil>;

/// A name in a listing. The number is the inode's own, but there are file systems that list others than they show.
struct Entry {
  std::string name;
  std::uint64_t inode = 0;
  friend bool operator==(const Entry&, const Entry&) = default;
};

/// The answer to a step. `error` is an errno value, 0 for success; the other members say nothing on failure.
struct Result {
  int error = 0;
  LeaseTime sent{};      ///< the lease clock before the request left
  LeaseTime received{};  ///< the lease clock after its reply arrived
  FileStatus status;
  std::vector<Entry> entries;
  std::string contents;
  bool local = false;          ///< OpenLockDirectory: the file system is this kernel's own
  bool wakes = false;          ///< OpenLockDirectory: EnterGate and Watch can be trusted here
  std::size_t name_max = 255;  ///< OpenLockDirectory: longest file name here, in bytes
  bool gone = false;           ///< ProbeProcess: it certainly does not run any more
  bool runs = false;           ///< ProbeProcess: it certainly runs; neither of the two where that is not known
};

/// One line for traces, the same in the simulator and in the command line's --trace.
std::string to_string(const Step& step);
std::string to_string(Place place);

}  // namespace leaselock::protocol
