#include "process_identity.hpp"

#include <signal.h>
#include <unistd.h>

#include <boost/filesystem/operations.hpp>
#include <cerrno>
#include <fstream>

#include "process_tree.hpp"

namespace leaselock::tool {

namespace {

std::string target_of(const char* link) {
  boost::system::error_code error;
  return boost::filesystem::read_symlink(link, error).string();
}

/// In a container /proc may show the ids of an outer name space, where our numbers name other processes.
bool proc_counts_like_us() { return target_of("/proc/self") == std::to_string(getpid()); }

std::string own_boot() {
  std::string boot;
  std::getline(std::ifstream("/proc/sys/kernel/random/boot_id"), boot);
  const std::string ids = target_of("/proc/self/ns/pid");
  if (boot.empty() || ids.empty()) return "";
  // Start times are shown shifted by the reader's time name space (time_namespaces(7)), which old kernels lack.
  return boot + '/' + ids + '/' + target_of("/proc/self/ns/time");
}

}  // namespace

ProcessIdentity own_identity() {
  const pid_t pid = getpid();
  return {own_boot(), pid, proc_counts_like_us() ? start_time(pid).value_or(0) : 0};
}

bool is_gone(const ProcessIdentity& process) {
  // Zero and negative numbers mean groups of processes to kill(2).
  if (process.pid <= 0 || process.boot.empty() || process.boot != own_boot()) return false;
  if (kill(process.pid, 0) != 0 && errno == ESRCH) return true;
  if (process.start == 0 || !proc_counts_like_us()) return false;
  const auto start = start_time(process.pid);
  return start && *start != process.start;
}

}  // namespace leaselock::tool
