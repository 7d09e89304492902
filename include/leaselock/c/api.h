#pragma once

#include <stddef.h>
#include <stdint.h>

// What all headers of the C interface use.

/// The functions of this interface are seen outside a shared library, whatever it hides besides.
#if defined(__GNUC__)
#define LEASELOCK_C_API __attribute__((visibility("default")))
#else
#define LEASELOCK_C_API
#endif

#ifdef __cplusplus
#define LEASELOCK_C_BEGIN extern "C" {
#define LEASELOCK_C_END }
#else
#define LEASELOCK_C_BEGIN
#define LEASELOCK_C_END
#endif

/// Lengths of time are nanoseconds in an int64_t: 15 * LEASELOCK_SECOND. Points in wall time are counted in
/// nanoseconds since 1970.
#define LEASELOCK_MILLISECOND INT64_C(1000000)
#define LEASELOCK_SECOND INT64_C(1000000000)
/// As a timeout: wait without end. Every negative timeout means this.
#define LEASELOCK_FOREVER INT64_C(-1)
/// What a function returns for a time or a number that is not there.
#define LEASELOCK_NONE INT64_C(-1)
