#include "top/look.hpp"

#include <algorithm>
#include <boost/filesystem/directory.hpp>
#include <boost/filesystem/operations.hpp>

#include "leaselock/maintenance.hpp"

namespace leaselock::tool::top {

namespace {

namespace fs = boost::filesystem;

/// A directory of locks, or of something else; not one that leaselock made for itself.
bool may_hold_locks(const fs::directory_entry& entry, const std::string& separator) {
  const std::string name = entry.path().filename().string();
  boost::system::error_code ignored;
  return !name.starts_with('.') && name.find(separator) == std::string::npos &&
         entry.symlink_status(ignored).type() == fs::directory_file;
}

/// Sorted. What cannot be read is reported by whoever looks for locks in it.
std::vector<fs::path> directories_in(const fs::path& directory, const std::string& separator) {
  std::vector<fs::path> found;
  boost::system::error_code error;
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end; entry.increment(error)) {
    if (may_hold_locks(*entry, separator)) found.push_back(entry->path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

class Looking {
 public:
  Looking(const Place& place, const std::function<void()>& answered) : answered_(answered) { look_.place = place; }

  Look all() {
    std::vector<fs::path> directories{look_.place.directory};
    for (std::size_t next = 0; next < directories.size(); ++next) {
      locks_of(directories[next]);
      if (look_.place.recursive) add_directories_in(fs::path(directories[next]), directories);
    }
    return std::move(look_);
  }

 private:
  void locks_of(const fs::path& directory) {
    try {
      for (const fs::path& lockfile : locks_in(directory, look_.place.lock)) {
        look_.locks.push_back(look_at(lockfile));
        answered_();
      }
    } catch (const LockError& error) {
      look_.troubles.emplace_back(error.what());
    }
    answered_();
  }

  Found look_at(const fs::path& lockfile) const {
    Found found;
    try {
      found.status = inspect(lockfile, look_.place.lock);
    } catch (const LockError& error) {
      found.error = error.what();
    }
    found.status.lockfile = lockfile;
    return found;
  }

  void add_directories_in(const fs::path& directory, std::vector<fs::path>& directories) {
    for (fs::path& below : directories_in(directory, look_.place.lock.separator)) {
      if (directories.size() == most_directories) {
        if (!is_full_) look_.troubles.push_back(too_many());
        is_full_ = true;
        return;
      }
      directories.push_back(std::move(below));
    }
    answered_();
  }

  std::string too_many() const {
    return look_.place.directory.string() + ": only the first " + std::to_string(most_directories) +
           " directories are looked into";
  }

  const std::function<void()>& answered_;
  Look look_;
  bool is_full_ = false;
};

}  // namespace

Look look_into(const Place& place, const std::function<void()>& answered) { return Looking(place, answered).all(); }

}  // namespace leaselock::tool::top
