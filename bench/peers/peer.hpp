#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace leaselock::bench {

/// One lock as a contender uses it; ours and everybody else's look the same to what measures them. lock() waits as the
/// lock itself waits, with its own polling. Errors are thrown.
class Peer {
 public:
  Peer() = default;
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  virtual ~Peer() = default;
  virtual void lock() = 0;
  virtual void unlock() = 0;
};

/// Makes a contender for the lock at this path.
using MakePeer = std::function<std::unique_ptr<Peer>(const std::string& path)>;

/// All peers that are linked into this program, by the name they have on the command line.
std::map<std::string, MakePeer>& peers();

/// One object of this kind in a peer's source file makes it known.
struct Registration {
  Registration(const std::string& name, MakePeer make) { peers().emplace(name, std::move(make)); }
};

/// Throws std::system_error with errno if the call failed.
void check(long result, const char* what);

}  // namespace leaselock::bench
