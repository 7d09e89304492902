#include <fcntl.h>
#include <unistd.h>

#include <boost/interprocess/sync/file_lock.hpp>

#include "peer.hpp"

namespace leaselock::bench {
namespace {

class BoostFileLock : public Peer {
 public:
  explicit BoostFileLock(const std::string& path) : lock_(existing(path).c_str()) {}
  void lock() override { lock_.lock(); }
  void unlock() override { lock_.unlock(); }

 private:
  static const std::string& existing(const std::string& path) {
    const int file = ::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0666);
    check(file, "open");
    ::close(file);
    return path;
  }

  boost::interprocess::file_lock lock_;
};

const Registration boost_file_lock("boost",
                                   [](const std::string& path) { return std::make_unique<BoostFileLock>(path); });

}  // namespace
}  // namespace leaselock::bench
