// Switches on the deliberate bug that the simulator cannot show, because it takes a fork.
#include "protocol/mutation.hpp"

namespace {

const bool switched_on = [] {
  leaselock::protocol::active_bug() = leaselock::protocol::Bug::child_keeps_hold;
  return true;
}();

}  // namespace
