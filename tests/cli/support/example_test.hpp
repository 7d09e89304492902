#pragma once

#include <string>

#include "support/cli_test.hpp"

namespace leaselock::cli_test {

/// Runs the examples of docs/examples as a shell would, with `leaselock`, and stand-ins for other programs, in its
/// PATH.
class ExampleTest : public CliTest {
 protected:
  ExampleTest();

  /// A program of that name: a shell script.
  void stand_in(const std::string& name, const std::string& script) const;
  /// The example's text, with another path in place of the lock's.
  static std::string text_of(const std::string& example, const std::string& lock_there, const std::string& lock_here);
  /// In the directory of the locks. The environment is nearly empty, as cron's is, but for SLURM_JOB_ID, and for
  /// EXAMPLES: the directory of the examples.
  Result shell(const std::string& script) const;
};

}  // namespace leaselock::cli_test
