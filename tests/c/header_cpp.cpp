// The header in C++: it compiles alone, beside the C++ interface, and names the same functions as in C.
#include <leaselock.h>

#include <leaselock/leaselock.hpp>
#include <string>

extern "C" int leaselock_header_in_c(void);

int main() {
  const bool same = leaselock_header_in_c() == 1 && std::string(leaselock_version()) == LEASELOCK_PROJECT_VERSION &&
                    std::string(LEASELOCK_VERSION) == LEASELOCK_PROJECT_VERSION;
  return same ? 0 : 1;
}
