#include "commands.hpp"
#include "mount_counters.hpp"

namespace leaselock::nfs {

int ops(Arguments arguments) {
  const std::string mount = arguments.positional(0, "MOUNTPOINT");
  arguments.expect_all_used();
  say_counters("total", counters_of(mount));
  return 0;
}

}  // namespace leaselock::nfs
