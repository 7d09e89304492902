#include "protocol/mutation.hpp"

#ifdef LEASELOCK_MUTANTS
namespace leaselock::protocol {

Bug& active_bug() {
  static Bug bug = Bug::none;
  return bug;
}

}  // namespace leaselock::protocol
#endif
