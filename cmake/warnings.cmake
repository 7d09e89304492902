# Flags for our own sources only: never exported, never forced on those who add this project to theirs.
add_library(leaselock_warnings INTERFACE)
target_compile_options(leaselock_warnings INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow
                                                    $<$<BOOL:${LEASELOCK_WERROR}>:-Werror>)

# GCC 12 at -O2 and above warns inside its own <string> and in std::optional where nothing is wrong (GCC bugs 105651
# and 80635), and with sanitizers these warnings are known to be unreliable. Clang has neither.
target_compile_options(leaselock_warnings
                       INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
                                 $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
