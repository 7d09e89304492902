#include "support/processes.hpp"

#include <signal.h>

#include <cstdlib>

#include "process_tree.hpp"
#include "support/child.hpp"

namespace leaselock::cli_test {

char state_of(pid_t pid) {
  const std::string stat = contents("/proc/" + std::to_string(pid) + "/stat");
  const auto name_end = stat.rfind(')');
  return name_end == std::string::npos || name_end + 2 >= stat.size() ? '?' : stat[name_end + 2];
}

bool is_alive(pid_t pid) {
  const char state = state_of(pid);
  return state != '?' && state != 'Z' && state != 'X';
}

pid_t descendant_named(pid_t ancestor, const std::string& name) {
  for (const tool::Descendant& process : tool::descendants_of(ancestor)) {
    if (process.name == name) return process.pid;
  }
  return 0;
}

bool send_to_keeper(pid_t front, int signal_number) {
  const pid_t keeper = descendant_named(front, "leaselock-keep");
  return keeper != 0 && kill(keeper, signal_number) == 0;
}

pid_t pid_in(const std::string& path) {
  const std::string text = contents(path);
  return text.ends_with('\n') ? std::atoi(text.c_str()) : 0;
}

void end(const std::string& path) {
  if (const pid_t pid = pid_in(path); pid != 0 && is_alive(pid)) kill(pid, SIGKILL);
}

}  // namespace leaselock::cli_test
