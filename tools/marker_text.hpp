#pragma once

#include <optional>
#include <string>
#include <vector>

#include "held_lock.hpp"
#include "marker_name.hpp"
#include "process_identity.hpp"

namespace leaselock::tool {

/// What a marker says of its run: one `key: value` a line (docs/command_line.md).
struct MarkerText {
  MarkerState state = MarkerState::ready;
  std::string host;
  ProcessIdentity process;
  WallTime started{};  ///< the run
  std::string lockfile;
  HoldKind kind = HoldKind::lock;
  Duration lifetime{};     ///< of the marker, from when it was last touched, as of the lease
  std::vector<Slot> held;  ///< while it runs, where there are fencing tokens

  std::string text() const;
};

/// What of it others judge by; the rest is for people. Empty where something is missing.
std::optional<MarkerText> parse_marker(const std::string& text);

/// Whoever holds what `ours` says can only have got it when the hold of `theirs` was over.
bool is_successor_of(const MarkerText& ours, const MarkerText& theirs);

}  // namespace leaselock::tool
