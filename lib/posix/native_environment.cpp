#include "ports/environment.hpp"
#include "posix/posix_clock.hpp"
#include "posix/posix_entropy.hpp"
#include "posix/posix_file_system.hpp"
#include "posix/posix_host.hpp"

namespace leaselock::ports {

const Environment& native_environment() {
  // Never destroyed: AsyncLock's threads may still use it while the program ends.
  static const Environment& environment =
      *new Environment{[](const std::string& directory) { return std::make_unique<posix::PosixFileSystem>(directory); },
                       *new posix::PosixClock, *new posix::PosixEntropy, *new posix::PosixHost};
  return environment;
}

}  // namespace leaselock::ports
