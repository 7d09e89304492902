#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "protocol/step.hpp"
#include "simulated_clock.hpp"
#include "simulated_server.hpp"

namespace leaselock::sim {

/// The directories that one lock object has open, by protocol::Place.
using OpenDirectories = std::array<Handle, 3>;

/// What a host's NFS client remembers, shared by the host's processes (docs/protocol.md section 14). It answers from
/// memory for as long as it trusts a directory's attributes, so its answers may be old: names that are gone, names
/// that it thinks absent, listings, attributes.
class SimulatedClient {
 public:
  struct Policy {
    Duration trust{};                    ///< how long attributes count as fresh (acdirmax); zero: nothing is cached
    bool compares_times = false;         ///< NFSv3: a directory has changed when its ctime has, not a counter
    std::optional<Duration> delegation;  ///< stamps "touch to now" of regular files itself, this far off (21.1)
  };

  SimulatedClient() = default;
  explicit SimulatedClient(Policy policy) : policy_(policy) {}

  const Policy& policy() const { return policy_; }

  /// What the name means, if the client would not ask: a handle, or std::nullopt for "absent".
  std::optional<std::optional<Handle>> name(Handle directory, const std::string& name, TrueTime now) const;
  const protocol::FileStatus* attributes(Handle file, TrueTime now) const;
  const std::vector<protocol::Entry>* listing(Handle directory, TrueTime now) const;

  /// Learns the attributes of `reply.handle`.
  void learn(const Reply& reply, TrueTime now);
  /// Learns from the reply how a directory stands; `changed` says that the request was a change of our own, after
  /// which the next listing is fetched whatever the attributes say. False when the client knows of a later state: a
  /// kernel changes one directory only one change at a time, so replies that overtake one another teach it nothing.
  bool learn_directory(Handle directory, const Reply& reply, bool changed, TrueTime now);
  void learn_name(Handle directory, const std::string& name, std::optional<Handle> handle);
  void learn_listing(Handle directory, std::vector<protocol::Entry> entries);
  void forget_name(Handle directory, const std::string& name);

 private:
  struct Attributes {
    protocol::FileStatus status;
    TrueTime checked;
  };
  struct Directory {
    std::uint64_t verifier = 0;
    std::uint64_t change = 0;
    TrueTime checked;
    bool known = false;
    std::map<std::string, std::optional<Handle>> names;
    std::optional<std::vector<protocol::Entry>> listing;
  };
  const Directory* trusted(Handle directory, TrueTime now) const;

  Policy policy_;
  std::map<Handle, Attributes> attributes_;
  std::map<Handle, Directory> directories_;
};

}  // namespace leaselock::sim
