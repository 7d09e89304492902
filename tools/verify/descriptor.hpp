#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <optional>
#include <string>

#include "file_descriptor.hpp"

namespace leaselock::tool::verify {

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
