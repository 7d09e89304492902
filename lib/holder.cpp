#include "leaselock/holder.hpp"

namespace leaselock {

std::string to_string(LockState state) {
  switch (state) {
    case LockState::unlocked:
      return "unlocked";
    case LockState::ours:
      return "ours";
    case LockState::ours_expired:
      return "ours_expired";
    case LockState::stale:
      return "stale";
    case LockState::theirs_expired:
      return "theirs_expired";
    case LockState::unknown:
      return "unknown";
  }
  return {};
}

std::string to_string(LockKind kind) {
  switch (kind) {
    case LockKind::lock:
      return "lock";
    case LockKind::semaphore:
      return "semaphore";
    case LockKind::shared_lock:
      return "shared_lock";
  }
  return {};
}

std::string to_string(PredecessorEnd end) {
  switch (end) {
    case PredecessorEnd::none:
      return "none";
    case PredecessorEnd::released:
      return "released";
    case PredecessorEnd::expired:
      return "expired";
    case PredecessorEnd::died:
      return "died";
  }
  return {};
}

}  // namespace leaselock
