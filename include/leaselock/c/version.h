#pragma once

#include "leaselock/c/api.h"

LEASELOCK_C_BEGIN

/// The version of these headers.
#define LEASELOCK_VERSION_MAJOR 0
#define LEASELOCK_VERSION_MINOR 1
#define LEASELOCK_VERSION_PATCH 0
#define LEASELOCK_VERSION "0.1.0"
#define LEASELOCK_VERSION_NUMBER \
  (LEASELOCK_VERSION_MAJOR * 10000 + LEASELOCK_VERSION_MINOR * 100 + LEASELOCK_VERSION_PATCH)

/// The version of the library that is linked, which may be newer: compare it with LEASELOCK_VERSION_NUMBER. Any thread.
///
LEASELOCK_C_API int leaselock_version_number(void);
/// The same as "0.1.0". Valid for ever.
LEASELOCK_C_API const char* leaselock_version(void);

LEASELOCK_C_END
