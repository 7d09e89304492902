#pragma once

#include <functional>
#include <memory>
#include <string>

#include "ports/clock.hpp"
#include "ports/entropy.hpp"
#include "ports/file_system.hpp"
#include "ports/host.hpp"

namespace leaselock::ports {

/// Everything a Lock object needs from outside. The referenced objects must outlive every Lock that uses them.
struct Environment {
  /// Makes the file system of one Lock object, without I/O. The argument is the directory part of the lock path as
  /// the caller spelled it; empty means the working directory.
  std::function<std::unique_ptr<FileSystem>(const std::string& directory)> make_file_system;
  Clock& clock;
  Entropy& entropy;
  Host& host;
};

/// The operating system's own; lives as long as the program.
const Environment& native_environment();

}  // namespace leaselock::ports
