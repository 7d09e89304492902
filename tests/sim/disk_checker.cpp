#include "disk_checker.hpp"

namespace leaselock::sim {

void DiskChecker::protect(const SimulatedServer& server, const std::string& name) {
  const auto file = server.find(server.root(), name);
  protected_.push_back({name, *server.status(*file), *server.contents(*file)});
}

void DiskChecker::release(const std::string& name) {
  std::erase_if(protected_, [&](const Protected& file) { return file.name == name; });
}

void DiskChecker::after_change(const SimulatedServer& server, bool unfinished_claims) {
  if (const auto lock = lock_file(server); lock && !unfinished_claims) {
    const protocol::FileStatus& status = *server.status(*lock);
    if (status.kind == protocol::FileKind::regular && status.size == 0) report("the lock file is visible but empty");
  }
  for (const Protected& file : protected_) {
    const auto now = server.find(server.root(), file.name);
    if (!now || *server.contents(*now) != file.contents || server.status(*now)->modified != file.status.modified) {
      report("a file that is not the lock's was touched: " + file.name);
    }
  }
}

bool DiskChecker::fence_shows(const SimulatedServer& server, std::uint64_t token, const std::string& owner) const {
  const auto fence = server.find(server.root(), base_ + "|fence");
  if (!fence) return false;
  const std::string held = '|' + std::to_string(token) + "|h|";
  const std::string read = "r|" + std::to_string(token) + '|';
  for (const auto& [name, inode] : server.listing(*fence, 0)) {
    const bool shown = name.find(held) != std::string::npos || name.starts_with(read);
    if (shown && name.find(owner) != std::string::npos) return true;
  }
  return false;
}

}  // namespace leaselock::sim
