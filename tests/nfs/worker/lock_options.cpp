#include "lock_options.hpp"

namespace leaselock::nfs {

bool is_mode_of_lock(const std::string& mode) {
  return mode == "fenced" || mode == "fenced-no-mirror" || mode == "compat";
}

LockOptions lock_options(Arguments& arguments) {
  LockOptions options;
  const std::string mode = arguments.text("--mode", "fenced");
  options.mode = mode == "compat" ? Mode::compat : Mode::fenced;
  options.mirror = mode == "fenced";
  options.lifetime = arguments.seconds("--lifetime", 15);
  if (arguments.given("--timeout")) options.timeout = arguments.seconds("--timeout", 0);
  options.drift_ppm = arguments.whole("--drift-ppm", options.drift_ppm);
  options.trust_server_clock = !arguments.flag("--distrust-server-clock");
  return options;
}

}  // namespace leaselock::nfs
