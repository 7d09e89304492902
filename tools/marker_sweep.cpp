#include "marker_sweep.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <vector>

namespace leaselock::tool {

namespace {

struct Look {
  FileStamp stamp{};
  std::string text;
};

/// Opening it asks the file server, where a mere look might be answered from this host's cache.
std::optional<Look> look_at(int directory, const std::string& name) {
  const Descriptor file(openat(directory, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!file.valid()) return std::nullopt;
  struct stat status {};
  std::array<char, 8192> buffer{};
  const bool is_file = fstat(file.get(), &status) == 0 && S_ISREG(status.st_mode);
  const ssize_t length = is_file ? read(file.get(), buffer.data(), buffer.size()) : -1;
  if (length < 0) return std::nullopt;
  return Look{stamp_of(status), {buffer.data(), static_cast<std::size_t>(length)}};
}

/// What a cache says may be too old, never too new.
bool looks_fresh(int directory, const std::string& name, const MarkerSweep& sweep) {
  struct stat status {};
  const bool is_there = fstatat(directory, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0;
  return is_there && sweep.now - stamp_of(status) <= sweep.ours.lifetime / 4 * 3;
}

bool is_over(const Look& look, const MarkerSweep& sweep) {
  const std::optional<MarkerText> theirs = parse_marker(look.text);
  // What cannot be read was cut off by a crash of the server: whoever lives writes all of it.
  const Duration lifetime = theirs ? theirs->lifetime : sweep.ours.lifetime;
  if (sweep.now - look.stamp > lifetime / 4 * 3) return true;
  if (!theirs) return false;
  return (sweep.judge_processes && is_gone(theirs->process)) || is_successor_of(sweep.ours, *theirs);
}

/// Names in the directory; those that could be read where there was an error.
std::vector<std::string> names_in(int directory) {
  struct Close {
    void operator()(DIR* stream) const { closedir(stream); }
  };
  std::vector<std::string> names;
  // Opened anew: closedir() closes what it was given.
  const int opened = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const std::unique_ptr<DIR, Close> stream(opened < 0 ? nullptr : fdopendir(opened));
  if (!stream) {
    if (opened >= 0) close(opened);
    return names;
  }
  while (const dirent* entry = readdir(stream.get())) names.emplace_back(entry->d_name);
  return names;
}

}  // namespace

void remove_what_is_over(const MarkerFile& ours, const MarkerSweep& sweep) {
  const int directory = ours.handle();
  for (const std::string& name : names_in(directory)) {
    const std::optional<std::string> id = id_of_marker(name, ours.name().name);
    if (!id || *id == ours.name().id) continue;
    if (!sweep.look_at_all && looks_fresh(directory, name, sweep)) continue;
    const std::optional<Look> look = look_at(directory, name);
    if (look && is_over(*look, sweep)) unlinkat(directory, name.c_str(), 0);
  }
}

}  // namespace leaselock::tool
