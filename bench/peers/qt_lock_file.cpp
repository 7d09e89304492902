#include <QLockFile>
#include <stdexcept>

#include "peer.hpp"

namespace leaselock::bench {
namespace {

class QtLockFile : public Peer {
 public:
  explicit QtLockFile(const std::string& path) : lock_(QString::fromStdString(path)) {}
  void lock() override {
    if (!lock_.lock()) throw std::runtime_error("QLockFile::lock failed");
  }
  void unlock() override { lock_.unlock(); }

 private:
  QLockFile lock_;
};

const Registration qt("qt", [](const std::string& path) { return std::make_unique<QtLockFile>(path); });

}  // namespace
}  // namespace leaselock::bench
