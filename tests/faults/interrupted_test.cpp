// Goal: a signal may arrive at any system call and interrupt whatever waits: nothing fails because of it.
// Method: everything that can be done with a lock is done while each of its calls first runs a handler, and each that a
// signal can interrupt before it has done anything is interrupted once before it may go on.
#include <gtest/gtest.h>
#include <signal.h>

#include <cerrno>

#include "support/calls.hpp"
#include "support/deeds.hpp"
#include "support/every_way.hpp"

namespace leaselock::faults {
namespace {

volatile sig_atomic_t handled = 0;

/// Handles SIGUSR1 without SA_RESTART while it lives.
class Handler {
 public:
  Handler() {
    struct sigaction action {};
    action.sa_handler = [](int) { handled = handled + 1; };
    ::sigaction(SIGUSR1, &action, &before_);
  }
  ~Handler() { ::sigaction(SIGUSR1, &before_, nullptr); }
  Handler(const Handler&) = delete;
  Handler& operator=(const Handler&) = delete;

 private:
  struct sigaction before_ {};
};

class ASignalAtEveryCall : public ::testing::TestWithParam<Way> {};

TEST_P(ASignalAtEveryCall, makes_nothing_fail) {
  const Handler handler;
  handled = 0;
  for (const Deed& deed : deeds_of(GetParam())) {
    Stage stage(GetParam());
    deed.prepare(stage);
    bool interrupted = false;
    const Interception interception([&](const Call& call) -> std::optional<Fault> {
      if (!call.own_thread) return std::nullopt;
      ::raise(SIGUSR1);
      interrupted = call.waits && !interrupted;
      return interrupted ? std::optional(Fault{EINTR}) : std::nullopt;
    });
    EXPECT_NO_THROW(deed.act(stage)) << deed.name;
  }
  EXPECT_GT(handled, 200);
}

INSTANTIATE_TEST_SUITE_P(in, ASignalAtEveryCall, every_way, name_of_way);

}  // namespace
}  // namespace leaselock::faults
