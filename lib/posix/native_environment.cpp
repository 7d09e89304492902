#include "ports/environment.hpp"
#include "posix/posix_clock.hpp"
#include "posix/posix_entropy.hpp"
#include "posix/posix_file_system.hpp"
#include "posix/posix_host.hpp"

namespace leaselock::ports {

const Environment& native_environment() {
  static posix::PosixClock clock;
  static posix::PosixEntropy entropy;
  static posix::PosixHost host;
  static const Environment environment{
      [](const std::string& directory) { return std::make_unique<posix::PosixFileSystem>(directory); }, clock, entropy,
      host};
  return environment;
}

}  // namespace leaselock::ports
