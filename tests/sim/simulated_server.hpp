#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "leaselock/lease_time.hpp"
#include "protocol/file_status.hpp"
#include "protocol/step.hpp"

namespace leaselock::sim {

/// What the server gives out to name an inode. Numbers are used again at once, generations never.
struct Handle {
  std::uint64_t inode = 0;
  std::uint64_t generation = 0;
  friend auto operator<=>(const Handle&, const Handle&) = default;
};

/// One request on the wire: a value, so that the network can keep it, repeat it, or deliver it years later.
struct Request {
  enum class Kind : std::uint8_t {
    attributes,
    look_up,
    list,
    make_directory,
    remove_directory,
    create,  ///< exclusively, and empty
    write,
    read,
    touch,
    link,
    rename,
    unlink,
  };
  Kind kind = Kind::attributes;
  Handle object;         ///< the directory of `name`, or the file itself
  std::string name;      ///< also the source of a rename
  std::string new_name;  ///< of a link or rename, in the same directory
  Handle source;         ///< the file that a link is made to
  std::string contents;
  std::uint32_t mode = 0;
  std::optional<ServerTime> time;  ///< touch: the mtime to set; empty for now
  std::optional<Duration> skew;    ///< touch: stamped by a client with a delegation, whose clock is this far off
  std::uint32_t sender = 0;        ///< the process, for inode numbers that do not depend on the order of events

  bool modifies() const { return kind >= Kind::make_directory && kind != Kind::read; }
};

struct Reply {
  int error = 0;
  Handle handle;                ///< of what was looked up or made
  protocol::FileStatus status;  ///< of `object`, or of what was looked up, made or linked
  std::vector<protocol::Entry> entries;
  std::string contents;
  protocol::FileStatus directory;  ///< of `object` after the request
  std::uint64_t change = 0;        ///< the change counter of `object` after the request
};

/// One file server: inodes, names, hard links, and the rules of POSIX for them. It knows no time and no chance;
/// whoever calls says what its clock shows. Every request is executed at one instant.
class SimulatedServer {
 public:
  static constexpr std::uint32_t user = 1000;

  /// reuse: an inode number becomes the next file's as soon as it is free. Otherwise numbers are given out by sender,
  /// so that they do not depend on the order in which independent requests arrive.
  /// counts_directories: a directory's link count tells how many others are in it, as ext4's does and Btrfs's does not.
  explicit SimulatedServer(bool reuse = true, bool counts_directories = true);

  Handle root() const { return root_; }
  Reply execute(const Request& request, ServerTime now);

  /// What the directory held some changes ago (0: now), for listings that come from a cache somewhere. By name.
  std::vector<protocol::Entry> listing(Handle directory, std::size_t changes_ago) const;

  /// For checkers: the plain truth.
  std::optional<Handle> find(Handle directory, const std::string& name) const;
  const protocol::FileStatus* status(Handle file) const;
  const std::string* contents(Handle file) const;

  /// Of everything that can influence a later reply.
  void hash_into(std::uint64_t& hash) const;

 private:
  using Entries = std::map<std::string, Handle>;
  static constexpr std::size_t history = 2;

  struct Inode {
    std::uint64_t generation = 0;
    protocol::FileStatus status;
    std::string contents;
    Entries entries;
    std::uint64_t change = 0;
    std::array<std::vector<protocol::Entry>, history> before;  ///< listings before the last change and before that
  };

  Reply look_up(const Request& request) const;
  Reply list(const Request& request) const;
  Reply make(const Request& request, protocol::FileKind kind, std::uint32_t mode, ServerTime now);
  Reply remove_directory(const Request& request, ServerTime now);
  Reply write(const Request& request, ServerTime now);
  Reply read(const Request& request) const;
  Reply touch(const Request& request, ServerTime now);
  Reply link(const Request& request, ServerTime now);
  Reply rename(const Request& request, ServerTime now);
  Reply unlink(const Request& request, ServerTime now);

  Inode* inode(Handle handle);
  const Inode* inode(Handle handle) const;
  Handle make_inode(protocol::FileKind kind, std::uint32_t mode, std::uint32_t sender, ServerTime now);
  void remember(Inode& directory);
  void modified(Inode& directory, ServerTime now);
  void drop_directory(Inode& parent, Handle handle);
  void drop_link(Handle handle, ServerTime now);

  bool reuse_;
  bool counts_directories_;
  Handle root_;
  std::uint64_t generations_ = 0;
  std::map<std::uint32_t, std::uint64_t> given_;  ///< without reuse: how many numbers each sender got
  std::map<std::uint64_t, Inode> inodes_;
};

}  // namespace leaselock::sim
