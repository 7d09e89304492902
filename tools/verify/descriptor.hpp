#pragma once

#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace leaselock::tool::verify {

/// A file descriptor that closes itself.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { close(); }
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }

  int get() const { return number_; }
  bool valid() const { return number_ >= 0; }
  /// Returns what close(2) returns.
  int close() { return valid() ? ::close(std::exchange(number_, -1)) : 0; }

 private:
  int number_ = -1;
};

/// Opens a directory, never through a symbolic link. Throws: std::system_error.
Descriptor open_directory(const std::string& path);

/// Attributes as the server has them now, not as a cache remembers them; an empty name means the directory itself.
/// Empty when there is no answer.
std::optional<struct statx> ask_server(int directory, const std::string& name);

/// Of a file in the directory or, without a name, of the directory itself. Throws: std::system_error.
void set_modification_time(int directory, const std::string& name, std::int64_t seconds);

/// Sets the directory's times to the server's "now": a change of our own, after which a client's cache can no longer
/// take an old listing for the present one (protocol.md 14).
void nudge(int directory);

}  // namespace leaselock::tool::verify
