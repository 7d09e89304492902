#pragma once

#include <cstdint>

#include "leaselock/lease_time.hpp"

namespace leaselock::protocol {

enum class FileKind : std::uint8_t { none, regular, directory, symlink, other };

/// What one stat of a file tells, as far as the protocol needs it.
struct FileStatus {
  FileKind kind = FileKind::none;
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint32_t mode = 0;  ///< permission bits only
  std::uint32_t owner = 0;
  std::uint32_t links = 0;
  std::uint64_t size = 0;
  ServerTime modified{};
  ServerTime changed{};  ///< ctime: only the server sets it

  friend bool operator==(const FileStatus&, const FileStatus&) = default;
};

/// The same inode right now. Numbers are reused after a delete, so this alone is no identity over time.
inline bool same_file(const FileStatus& a, const FileStatus& b) { return a.device == b.device && a.inode == b.inode; }

}  // namespace leaselock::protocol
