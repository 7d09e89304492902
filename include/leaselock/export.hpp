#pragma once

/// LEASELOCK_API marks what programs link to; everything else in the library is hidden from them
/// (docs/packaging.md). It is the same in static libraries, so that exceptions have one type in the whole process
/// also where a plug-in contains one.
#define LEASELOCK_API __attribute__((visibility("default")))

/// LEASELOCK_LOCAL hides what would be visible because it stands within a class that is.
#define LEASELOCK_LOCAL __attribute__((visibility("hidden")))
