#include <llvm/Support/LockFileManager.h>

#include <optional>
#include <stdexcept>

#include "peer.hpp"

namespace leaselock::bench {
namespace {

/// It locks `PATH.lock`. Made to wait for whoever builds a file, so a waiter that was woken has to ask again.
class LlvmLockFile : public Peer {
 public:
  explicit LlvmLockFile(const std::string& path) : path_(path) {}
  void lock() override {
    for (;;) {
      manager_.emplace(path_);
      switch (manager_->getState()) {
        case llvm::LockFileManager::LFS_Owned:
          return;
        case llvm::LockFileManager::LFS_Shared:
          manager_->waitForUnlock();
          break;
        case llvm::LockFileManager::LFS_Error:
          throw std::runtime_error(manager_->getErrorMessage());
      }
    }
  }
  void unlock() override { manager_.reset(); }

 private:
  std::string path_;
  std::optional<llvm::LockFileManager> manager_;
};

const Registration llvm_lock_file("llvm", [](const std::string& path) { return std::make_unique<LlvmLockFile>(path); });

}  // namespace
}  // namespace leaselock::bench
