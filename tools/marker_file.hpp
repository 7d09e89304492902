#pragma once

#include <sys/stat.h>

#include <string>
#include <system_error>
#include <utility>

#include "file_descriptor.hpp"
#include "marker_name.hpp"
#include "marker_text.hpp"

namespace leaselock::tool {

/// A time stamp of a file, on its server's clock, since the epoch.
using FileStamp = Duration;
FileStamp stamp_of(const struct stat& status);

/// The marker of one run: a file of its own, whose name nobody else has. All functions do I/O. The path of the
/// directory is looked up when the first of them needs it, and again only when that directory was removed.
class MarkerFile {
 public:
  MarkerFile(std::string directory, MarkerName name) : directory_(std::move(directory)), name_(std::move(name)) {}

  /// Makes the file, or replaces what it says. Its name stays.
  std::error_code write(const MarkerText& text);
  /// Gives it the name that goes with what it says, by one rename.
  std::error_code rename();
  /// Says to others that the run is alive, by the server's clock. Makes the file anew where somebody has removed it.
  std::error_code touch();
  /// Removes it, under whatever name. That it is not there is no error.
  std::error_code remove();

  /// The server's clock when the file was written or touched last.
  FileStamp stamp() const { return stamp_; }
  /// The open directory; -1 before the first use.
  int handle() const { return handle_.get(); }
  const std::string& directory() const { return directory_; }
  const MarkerName& name() const { return name_; }

 private:
  std::error_code open_directory();
  std::error_code write_text();
  std::error_code read_stamp();

  std::string directory_;
  Descriptor handle_;
  MarkerName name_;
  MarkerText text_;
  MarkerState state_ = MarkerState::ready;  ///< in the name
  FileStamp stamp_{};
};

}  // namespace leaselock::tool
