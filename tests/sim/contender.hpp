#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "flufl_peer.hpp"
#include "protocol/engine.hpp"

namespace leaselock::sim {

/// What a process can be asked to do with its lock.
enum class Operation : std::uint8_t {
  lock,
  lock_shared,  ///< as a reader
  lock_all,     ///< all slots of a semaphore
  refresh,
  unlock,
  upgrade,
  downgrade,
  destroy,
  inspect,
  sweep,
  close,
};
bool is_lock(Operation operation);
std::string to_string(Operation operation);

/// How an operation ended, in the few words that the world needs to go on.
enum class Ending : std::uint8_t {
  done,
  timed_out,
  lost,      ///< told its user that the lock was lost
  not_held,  ///< there was nothing to do
  failed,    ///< anything else; the user tries again
};

/// That a process thinks it owns the lock: the claim that the exclusion checker tests against all others.
struct Belief {
  std::uint64_t token = 0;  ///< 0 where the mode has none
  LeaseTime deadline{};     ///< it stops believing by itself, on its host's clock
  std::uint32_t slot = 0;   ///< of a semaphore
  bool shared = false;      ///< beside others
};

/// A process's lock object, ours or flufl.lock's, behind one face. A value.
class Contender {
 public:
  explicit Contender(protocol::Engine engine) : lock_(std::move(engine)) {}
  explicit Contender(FluflPeer peer) : lock_(std::move(peer)) {}

  /// `length`: the timeout of a lock, empty for ever; the new lifetime of a refresh, empty for the old one.
  std::optional<protocol::Step> start(Operation operation, std::optional<Duration> length, LeaseTime now);
  std::optional<protocol::Step> resume(const protocol::Result& result);
  /// Nobody waits for the lock any more: ours only.
  void give_up();
  /// Of the last operation, once no step came back.
  Ending ending() const;
  std::string error_text() const;

  /// Of several slots the first, until the first deadline of all.
  std::optional<Belief> belief() const;
  /// Of ours: one for each slot.
  std::vector<Belief> beliefs() const;

  const protocol::Engine* engine() const { return std::get_if<protocol::Engine>(&lock_); }
  const FluflPeer* flufl() const { return std::get_if<FluflPeer>(&lock_); }

 private:
  std::variant<protocol::Engine, FluflPeer> lock_;
  bool idle_ = false;  ///< the operation does not exist for this kind of lock and did nothing
};

}  // namespace leaselock::sim
