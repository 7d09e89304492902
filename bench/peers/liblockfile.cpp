#include <lockfile.h>

#include <limits>
#include <stdexcept>

#include "peer.hpp"

namespace leaselock::bench {
namespace {

class Liblockfile : public Peer {
 public:
  explicit Liblockfile(const std::string& path) : path_(path) {}
  void lock() override {
    // It adds one to the number of retries.
    if (::lockfile_create(path_.c_str(), std::numeric_limits<int>::max() - 1, L_PID) != L_SUCCESS) {
      throw std::runtime_error("lockfile_create failed");
    }
  }
  void unlock() override {
    if (::lockfile_remove(path_.c_str()) != 0) throw std::runtime_error("lockfile_remove failed");
  }

 private:
  std::string path_;
};

const Registration liblockfile("liblockfile",
                               [](const std::string& path) { return std::make_unique<Liblockfile>(path); });

}  // namespace
}  // namespace leaselock::bench
