#include "predecessor.hpp"

#include "failure.hpp"

namespace leaselock {

Predecessor predecessor_of(const protocol::Session& session, ports::Host& host) {
  Predecessor before;
  const auto& baton = session.predecessor_baton;
  if (baton) before.holder = holder_of(*baton);
  switch (session.predecessor) {
    case protocol::Ending::none:
      break;
    case protocol::Ending::released:
      before.end = PredecessorEnd::released;
      break;
    case protocol::Ending::expired: {
      const bool died = baton && host.provably_gone(baton->owner.boot, baton->owner.start, baton->owner.pid);
      before.end = died ? PredecessorEnd::died : PredecessorEnd::expired;
      break;
    }
    case protocol::Ending::forced:  // only in the session that breaks, and then gives the lock back
      break;
  }
  return before;
}

}  // namespace leaselock
