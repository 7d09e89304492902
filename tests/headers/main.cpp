#include "leaselock/leaselock.hpp"

// The program's purpose is to compile and link (see CMakeLists.txt); it makes one object so that the linker has work.
int main() { return leaselock::Lock("a-lock").may_act() ? 1 : 0; }
