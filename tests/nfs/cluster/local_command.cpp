#include "local_command.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>

namespace leaselock::cluster {

void run_here(const std::vector<std::string>& words) {
  std::string text;
  std::vector<char*> arguments;
  std::vector<std::string> copies = words;
  for (std::string& word : copies) {
    text += word + ' ';
    arguments.push_back(word.data());
  }
  arguments.push_back(nullptr);
  pid_t child = 0;
  int status = 0;
  if (posix_spawnp(&child, arguments.front(), nullptr, nullptr, arguments.data(), environ) != 0) {
    throw std::runtime_error("cannot start: " + text);
  }
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) throw std::runtime_error("failed: " + text);
}

}  // namespace leaselock::cluster
