#include "names.hpp"

size_t leaselock_names_count(const leaselock_names_t* names) {
  return leaselock::c::if_valid(names) != nullptr ? names->all.size() : 0;
}
const char* leaselock_names_at(const leaselock_names_t* names, size_t index) {
  return index < leaselock_names_count(names) ? names->all[index].c_str() : nullptr;
}
void leaselock_names_free(leaselock_names_t** names) { leaselock::c::free_handle(names); }
