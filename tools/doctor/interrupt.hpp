#pragma once

namespace leaselock::tool::doctor {

/// Thrown by InterruptWatch::check().
struct Interrupted {
  int signal_number = 0;
};

/// HUP, INT and TERM end the probing at the next request, so that the scratch directory is removed. A second one ends
/// the program at once, for the case that the file server does not answer. One object at a time.
class InterruptWatch {
 public:
  InterruptWatch();
  ~InterruptWatch();
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;

  /// Throws Interrupted when one of the signals came.
  static void check();
};

}  // namespace leaselock::tool::doctor
