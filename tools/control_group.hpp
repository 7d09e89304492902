#pragma once

#include <string>

namespace leaselock::tool {

/// A control group (cgroups(7), version 2) of the command's own, where this process may make one: root, and users whose
/// service manager delegates a subtree to them. The kernel then kills everything in it at once, whoever it belongs to
/// and however fast it forks. Where there is none, or no cgroup.kill (Linux 5.14), all of this does nothing.
///
/// Two processes may have copies of it: it is a name and two descriptors.
class ControlGroup {
 public:
  /// Made beside the processes of our own group.
  ControlGroup();
  ~ControlGroup();
  ControlGroup(const ControlGroup&) = delete;
  ControlGroup& operator=(const ControlGroup&) = delete;

  /// Where it is in the file system; empty when there is none.
  const std::string& path() const { return path_; }
  /// Puts the calling process into it. Async-signal-safe, for use between fork and exec; may fail silently, which
  /// has_members() tells.
  void enter() const;
  bool has_members() const;
  void kill() const;
  /// Waits a moment for those who are just ending. Where processes are left in it, it stays.
  void remove();

 private:
  std::string path_;
  int members_ = -1;
  int kill_switch_ = -1;
};

}  // namespace leaselock::tool
