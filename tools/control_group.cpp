#include "control_group.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <fstream>
#include <optional>
#include <sstream>
#include <thread>

#include "file_descriptor.hpp"

namespace leaselock::tool {

namespace {

/// The line "0::/path" of /proc/self/cgroup.
std::optional<std::string> own_group() {
  std::ifstream groups("/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    if (line.starts_with("0::")) return line.substr(3);
  }
  return std::nullopt;
}

/// The directory that shows the group: proc(5), mountinfo. Fields 4 and 5 are the part of the hierarchy that is mounted
/// and where; after " - " stands the kind of file system.
std::optional<std::string> directory_of(const std::string& group) {
  std::ifstream mounts("/proc/self/mountinfo");
  for (std::string line; std::getline(mounts, line);) {
    if (line.find(" - cgroup2 ") == std::string::npos) continue;
    std::istringstream fields(line);
    std::string ignored, root, place;
    fields >> ignored >> ignored >> ignored >> root >> place;
    if (root == "/") root.clear();
    if (group.starts_with(root)) return place + group.substr(root.size());
  }
  return std::nullopt;
}

void write_text(int file, const char* text) { [[maybe_unused]] const ssize_t written = write(file, text, 1); }

}  // namespace

ControlGroup::ControlGroup() {
  const auto group = own_group();
  const auto directory = group ? directory_of(*group) : std::nullopt;
  if (!directory) return;
  const std::string path =
      *directory + (directory->ends_with('/') ? "" : "/") + "leaselock-" + std::to_string(getpid());
  // One of this name is left from a process whose id was the same; in use it cannot be removed.
  if (mkdir(path.c_str(), 0755) != 0 && (rmdir(path.c_str()) != 0 || mkdir(path.c_str(), 0755) != 0)) return;
  path_ = path;
  // Whatever is mounted there by now: only files that the kernel itself shows for a control group are written to.
  const Descriptor made(open(path.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct statfs facts {};
  if (made.valid() && fstatfs(made.get(), &facts) == 0 && facts.f_type == CGROUP2_SUPER_MAGIC) {
    members_ = openat(made.get(), "cgroup.procs", O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
    kill_switch_ = openat(made.get(), "cgroup.kill", O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
  }
  if (members_ < 0 || kill_switch_ < 0) remove();
}

ControlGroup::~ControlGroup() {
  if (members_ >= 0) close(members_);
  if (kill_switch_ >= 0) close(kill_switch_);
}

void ControlGroup::enter() const {
  if (members_ >= 0) write_text(members_, "0");
}

bool ControlGroup::has_members() const {
  std::ifstream events(path_ + "/cgroup.events");
  for (std::string line; !path_.empty() && std::getline(events, line);) {
    if (line == "populated 1") return true;
  }
  return false;
}

void ControlGroup::kill() const {
  if (kill_switch_ >= 0) write_text(kill_switch_, "1");
}

void ControlGroup::remove() {
  if (path_.empty()) return;
  // A process may have been fetched by its parent a moment before it has left its group.
  for (int attempt = 0; rmdir(path_.c_str()) != 0 && errno == EBUSY && attempt < 50; ++attempt) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  path_.clear();
}

}  // namespace leaselock::tool
