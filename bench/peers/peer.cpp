#include "peer.hpp"

#include <cerrno>
#include <system_error>

namespace leaselock::bench {

std::map<std::string, MakePeer>& peers() {
  static std::map<std::string, MakePeer> all;
  return all;
}

void check(long result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace leaselock::bench
