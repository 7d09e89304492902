#include "posix/posix_entropy.hpp"

#include <sys/random.h>

#include <cerrno>
#include <system_error>

#include "posix/retry.hpp"

namespace leaselock::posix {

std::array<std::uint64_t, 2> PosixEntropy::draw() {
  std::array<std::uint64_t, 2> bits{};
  // Up to 256 bytes come in one piece (getrandom(2)).
  if (retry([&] { return ::getrandom(bits.data(), sizeof bits, 0); }) != static_cast<ssize_t>(sizeof bits)) {
    throw std::system_error(errno, std::system_category(), "getrandom");
  }
  return bits;
}

}  // namespace leaselock::posix
