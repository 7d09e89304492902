#pragma once

#include <string>

#include "ports/host.hpp"

namespace leaselock::posix {

/// This machine as /proc and the host name describe it. Nothing is remembered over a fork but the stand-in for a
/// missing /proc: a forked child may have other name spaces than its parent.
class PosixHost final : public ports::Host {
 public:
  PosixHost();

  protocol::Owner identity() override;
  std::uint32_t effective_user() override;
  ports::ProcessState state_of(const std::string& boot, std::uint64_t start, std::int64_t pid) override;
  bool is_unused(std::int64_t pid) override;
  std::uint64_t fork_generation() noexcept override;
  WallTime wall_now() override;

 private:
  std::string boot() const;

  std::string stand_in_;
};

}  // namespace leaselock::posix
