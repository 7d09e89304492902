#include "record/cycles.hpp"

// For the Python worker, which loads this through ctypes.
extern "C" unsigned long long leaselock_cycles();

unsigned long long leaselock_cycles() { return leaselock::nfs::cycles(); }
