#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace demo {

struct Child {
  std::string name;
  pid_t pid = 0;
  bool running = true;
  int status = 0;  ///< as waitpid(2) reports it, once it does not run any more
};

/// Child processes that do not outlive this object. Each signal goes to a pid we started and have not yet reaped.
class Processes {
 public:
  Processes() = default;
  Processes(const Processes&) = delete;
  Processes& operator=(const Processes&) = delete;
  ~Processes();

  /// Throws std::system_error.
  void start(const std::string& name, const std::vector<std::string>& command);
  /// Notes which have ended. Never blocks.
  void reap();
  /// kill -9, and waits until the process is gone.
  void kill(const std::string& name);

  bool any_running() const;
  bool running(const std::string& name) const;
  const std::vector<Child>& all() const { return children_; }

 private:
  std::vector<Child> children_;
};

}  // namespace demo
