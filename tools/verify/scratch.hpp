#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "verify/descriptor.hpp"

namespace leaselock::tool::verify {

/// The directory that a run works in, with everything that belongs to the run. Its files are put in place complete,
/// under names that are never used twice, and found by listing: no client can have an old answer for any of them.
class Scratch {
 public:
  /// Makes `directory`/`name`, or joins one that is there. Throws: std::system_error.
  Scratch(const std::string& directory, const std::string& name);

  const std::string& path() const { return path_; }
  /// Where the lock, the gate and the counter are.
  static constexpr const char* contest = "contest";

  /// Each worker's door; see Gate. Throws: std::system_error.
  void make_doors(const std::string& host_id, unsigned workers) const;
  /// Throws: std::system_error.
  void write(const std::string& name, const std::string& text) const;
  /// Publishes a text under a name that only the first one gets, in place of whom others find theirs. On file systems
  /// without hard links too, hence as a directory, which a rename never replaces while there is a file in it.
  void write_first(const std::string& name, const std::string& host_id, const std::string& text) const;
  std::optional<std::string> read(const std::string& name) const;
  std::optional<std::string> read_first(const std::string& name) const;
  /// All names, as they are now. Throws: std::system_error.
  std::vector<std::string> names() const;
  /// When that was, in seconds on the server's clock.
  std::int64_t last_listed() const;
  void forget(const std::string& name) const;
  /// Sets the file's time to the server's "now".
  void touch(const std::string& name) const;
  /// When that last happened, in seconds on the server's clock; empty when there is no such file.
  std::optional<std::int64_t> touched(const std::string& name) const;
  /// Removes what a run puts here, by its exact names, and the directory if nothing else is in it. Returns whether it
  /// is gone.
  bool remove() const;

 private:
  std::string path_;
  Descriptor handle_;
};

}  // namespace leaselock::tool::verify
