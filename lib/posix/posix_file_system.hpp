#pragma once

#include <array>
#include <optional>
#include <string>

#include "ports/file_system.hpp"
#include "posix/directory.hpp"
#include "posix/directory_watch.hpp"
#include "posix/gate.hpp"
#include "posix/permissions.hpp"

namespace leaselock::posix {

/// The file-system port on POSIX calls. Every name is looked up in an open directory and never through a symbolic
/// link; each step on names is one system call, and one statx more where it reports a status.
class PosixFileSystem final : public ports::FileSystem {
 public:
  /// directory: of the lock path, as the caller spelled it; empty means the working directory. No I/O.
  explicit PosixFileSystem(std::string directory);

  void perform(const protocol::Step& step, protocol::Result& result) noexcept override;

 private:
  /// One overload a step; each returns an errno value.
  int run(const protocol::step::OpenLockDirectory& step, protocol::Result& result);
  int run(const protocol::step::OpenDirectory& step, protocol::Result& result);
  int run(const protocol::step::Look& step, protocol::Result& result);
  int run(const protocol::step::List& step, protocol::Result& result);
  int run(const protocol::step::MakeDirectory& step, protocol::Result& result);
  int run(const protocol::step::RemoveDirectory& step, protocol::Result& result);
  int run(const protocol::step::CreateFile& step, protocol::Result& result);
  int run(const protocol::step::Read& step, protocol::Result& result);
  int run(const protocol::step::Touch& step, protocol::Result& result);
  int run(const protocol::step::Link& step, protocol::Result& result);
  int run(const protocol::step::Rename& step, protocol::Result& result);
  int run(const protocol::step::Unlink& step, protocol::Result& result);
  int run(const protocol::step::ProbeProcess& step, protocol::Result& result);
  int run(const protocol::step::EnterGate& step, protocol::Result& result);
  int run(const protocol::step::LeaveGate& step, protocol::Result& result);
  int run(const protocol::step::Watch& step, protocol::Result& result);
  int run(const protocol::step::WaitUntil& step, protocol::Result& result);

  Directory& directory(protocol::Place place) { return places_[static_cast<std::size_t>(place)]; }
  int handle(protocol::Place place) { return directory(place).get(); }
  /// What stands in the other directories is only ever renamed and removed by others, for which it needs none.
  bool needs_permissions(protocol::Place place) const {
    return permissions_ && place == protocol::Place::lock_directory;
  }

  std::string path_;
  std::array<Directory, 3> places_;
  bool local_ = false;
  std::optional<Permissions> permissions_;
  Gate gate_;
  DirectoryWatch watch_;
};

}  // namespace leaselock::posix
