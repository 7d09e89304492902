#pragma once

#include "fixture.hpp"
#include "support/step_gate.hpp"

namespace leaselock::testing {

/// With locks whose steps can be held.
class GatedTest : public AsyncTest {
 protected:
  LockOptions gated() {
    LockOptions with = options();
    with.on_trace = gate.hook();
    return with;
  }
  StepGate gate;
};

}  // namespace leaselock::testing
