#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <thread>

struct seccomp_notif;

namespace leaselock::cli_test {

/// Makes every rename of a child wait for our word, as a file server that has stopped answering does, or only those of
/// locks, or of other files. The kernel's seccomp notifications deliver them.
class SlowServer {
 public:
  enum class Files : std::uint8_t { all, of_locks, others };

  explicit SlowServer(Files files = Files::all) : files_(files) {}
  ~SlowServer();
  SlowServer(const SlowServer&) = delete;
  SlowServer& operator=(const SlowServer&) = delete;

  /// For Settings::before_exec.
  static bool intercept();
  /// The looks at files and their times instead of renames.
  static bool intercept_looks();
  /// Starts to answer the child's requests. False where the kernel or its policy does not allow it.
  bool attach(pid_t child);
  /// From now on no request is answered.
  void hang() { hanging_ = true; }
  /// Answers what waits, and everything that comes.
  void recover() { hanging_ = false; }
  /// A request came that is not answered.
  bool is_waited_for() const { return waiting_; }

 private:
  void answer();
  bool concerns(const seccomp_notif& request) const;

  Files files_;
  int listener_ = -1;
  std::atomic<bool> hanging_{false};
  std::atomic<bool> waiting_{false};
  std::atomic<bool> finished_{false};
  std::thread thread_;
};

}  // namespace leaselock::cli_test
