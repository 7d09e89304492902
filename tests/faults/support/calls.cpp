#include "calls.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>

namespace leaselock::faults {

namespace {

std::atomic<const Interception*> current{nullptr};
thread_local bool asking = false;

long this_thread() { return ::syscall(SYS_gettid); }

template <std::size_t size>
bool contains(const std::array<std::string_view, size>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

bool changes(std::string_view name) {
  static constexpr std::array<std::string_view, 12> all = {"fchmod", "fchown",   "mkdirat",  "unlinkat",
                                                           "linkat", "renameat", "futimens", "utimensat",
                                                           "write",  "fsync",    "close",    "fcntl"};
  return contains(all, name);
}

bool waits(std::string_view name) {
  static constexpr std::array<std::string_view, 9> all = {"open",    "openat", "read",  "write",    "fsync",
                                                          "fstatfs", "fcntl",  "ppoll", "getrandom"};
  return contains(all, name);
}

}  // namespace

std::optional<Fault> fault_of(Call call) {
  const Interception* interception = current.load();
  if (interception == nullptr || asking) return std::nullopt;
  asking = true;
  call.changes = call.changes || changes(call.name);
  call.waits = waits(call.name);
  const auto fault = interception->ask(call);
  asking = false;
  return fault;
}

Interception::Interception(Decide decide) : decide_(std::move(decide)), thread_(this_thread()) { current = this; }
Interception::~Interception() { current = nullptr; }

std::optional<Fault> Interception::ask(Call call) const {
  call.own_thread = this_thread() == thread_;
  return decide_(call);
}

}  // namespace leaselock::faults
