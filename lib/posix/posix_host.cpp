#include "posix/posix_host.hpp"

#include <unistd.h>

#include <boost/asio/ip/host_name.hpp>
#include <boost/system/error_code.hpp>

#include "posix/fork_generation.hpp"
#include "posix/posix_entropy.hpp"
#include "posix/process_facts.hpp"

namespace leaselock::posix {

PosixHost::PosixHost() {
  // Without /proc nobody may judge us by our process id, so the field is then one that no other process has.
  const auto bits = PosixEntropy().draw();
  stand_in_ = std::to_string(bits[0]) + ' ' + std::to_string(bits[1]);
}

std::string PosixHost::boot() const { return protocol::short_hash(boot_identity().value_or(stand_in_)); }

protocol::Owner PosixHost::identity() {
  protocol::Owner owner;
  boost::system::error_code error;
  owner.host = boost::asio::ip::host_name(error);
  if (error || owner.host.empty()) owner.host = "localhost";
  owner.pid = ::getpid();
  owner.boot = boot();
  owner.start = start_time(owner.pid).value_or(0);
  return owner;
}

std::uint32_t PosixHost::effective_user() { return ::geteuid(); }

bool PosixHost::is_unused(std::int64_t pid) { return posix::is_unused(pid); }

std::uint64_t PosixHost::fork_generation() noexcept { return posix::fork_generation(); }

ports::ProcessState PosixHost::state_of(const std::string& boot, std::uint64_t start, std::int64_t pid) {
  return boot == this->boot() ? posix::state_of(start, pid) : ports::ProcessState::unknown;
}

WallTime PosixHost::wall_now() { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }

}  // namespace leaselock::posix
