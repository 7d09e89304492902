/* That the header compiles alone, twice and in C99 without a warning is the test. */
#include <leaselock.h>

int leaselock_header_in_c(void);
int leaselock_header_in_c(void) { return leaselock_version_number() == LEASELOCK_VERSION_NUMBER; }
