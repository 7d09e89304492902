#include "new_session.hpp"

#include <algorithm>
#include <string>

#include "leaselock/error.hpp"
#include "settings_from.hpp"

namespace leaselock {
namespace {

constexpr std::size_t longest_host = 100;

std::string hex(std::uint64_t value) {
  std::string digits(16, '0');
  for (std::size_t i = digits.size(); i-- > 0; value >>= 4) digits[i] = "0123456789abcdef"[value & 0xF];
  return digits;
}

protocol::Owner new_owner(const ports::Environment& environment, const std::string& separator) {
  protocol::Owner owner = environment.host.identity();
  owner.host = protocol::fit_host(owner.host, separator, longest_host);
  const auto bits = environment.entropy.draw();
  owner.random = hex(bits[0]) + hex(bits[1]);
  return owner;
}

}  // namespace

protocol::Session new_session(const boost::filesystem::path& lockfile, const LockOptions& options,
                              const protocol::Purpose& purpose, const ports::Environment& environment) {
  std::error_code error;
  std::string what;
  protocol::Settings settings = settings_from(lockfile, options, purpose, error, what);
  if (error) throw LockError(error, lockfile, what);
  settings.user = environment.host.effective_user();
  try {
    protocol::Owner owner = new_owner(environment, settings.separator);
    return protocol::Session(std::move(settings), std::move(owner));
  } catch (const std::system_error& refused) {
    throw LockError(refused.code(), lockfile, "the system gives no random numbers, and no lock object is without one");
  }
}

LeaseTime give_up_at(LeaseTime now, const std::optional<Duration>& timeout) {
  if (!timeout) return LeaseTime::max();
  const Duration wait = std::max(*timeout, Duration::zero());
  return wait > LeaseTime::max() - now ? LeaseTime::max() : now + wait;
}

}  // namespace leaselock
