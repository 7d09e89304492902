#include "leaselock/c/version.h"

int leaselock_version_number() { return LEASELOCK_VERSION_NUMBER; }
const char* leaselock_version() { return LEASELOCK_VERSION; }
