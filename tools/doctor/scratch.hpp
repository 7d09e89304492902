#pragma once

#include <cstdint>
#include <string>

#include "file_descriptor.hpp"
#include "leaselock/lease_time.hpp"

namespace leaselock::tool::doctor {

/// What a look at a name or at an open file found; asked of the server, not of a cache.
struct Look {
  int error = 0;
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t links = 0;
  std::uint32_t owner = 0;
  Duration changed{};  ///< change time, since the epoch
};

/// A private directory to probe in, with a name that nobody takes for anything else; removed in the end whatever
/// happens. The functions return errno, or 0.
class Scratch {
 public:
  /// Throws: std::system_error when it cannot be made.
  explicit Scratch(const std::string& directory);
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  const std::string& path() const { return path_; }
  int handle() const { return handle_.get(); }

  int create(const std::string& name) const;
  int make_directory(const std::string& name) const;
  int link(const std::string& from, const std::string& to) const;
  int rename(const std::string& from, const std::string& to) const;
  int unlink(const std::string& name) const;
  /// Sets the times to the server's "now"; of the directory itself when there is no name.
  int touch(const std::string& name = "") const;
  Look look(const std::string& name = "") const;

 private:
  std::string path_;
  Descriptor handle_;
};

Look look_at(int directory, const std::string& name);

/// "Operation not permitted".
std::string words_for(int error);

}  // namespace leaselock::tool::doctor
