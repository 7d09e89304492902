#include "leaselock/lock.hpp"
#include "peer.hpp"

namespace leaselock::bench {
namespace {

class Ours : public Peer {
 public:
  Ours(const std::string& path, LockOptions options) : lock_(path, std::move(options)) {}
  void lock() override { lock_.lock(); }
  void unlock() override { lock_.unlock(); }

 private:
  Lock lock_;
};

MakePeer with(Mode mode, bool mirror, FastPath fast_path) {
  LockOptions options;
  options.mode = mode;
  options.mirror = mirror;
  options.fast_path = fast_path;
  return [options](const std::string& path) { return std::make_unique<Ours>(path, options); };
}

const Registration fenced("leaselock-fenced", with(Mode::fenced, true, FastPath::automatic));
const Registration plain("leaselock-plain", with(Mode::fenced, false, FastPath::automatic));
const Registration compat("leaselock-compat", with(Mode::compat, true, FastPath::automatic));
const Registration fenced_no_gate("leaselock-fenced-no-gate", with(Mode::fenced, true, FastPath::off));
const Registration compat_no_gate("leaselock-compat-no-gate", with(Mode::compat, true, FastPath::off));

}  // namespace
}  // namespace leaselock::bench
