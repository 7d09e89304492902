#include "failing_new.h"

#include <cstdlib>
#include <new>

namespace {

thread_local long successes_left = -1;
thread_local bool failed = false;

void* allocate(std::size_t size) {
  if (successes_left == 0) {
    successes_left = -1;
    failed = true;
    throw std::bad_alloc();
  }
  if (successes_left > 0) --successes_left;
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

void fail_after(long successes) {
  successes_left = successes;
  failed = false;
}
int has_failed() { return failed ? 1 : 0; }

// The program's own, which the library uses as well.
void* operator new(std::size_t size) { return allocate(size); }
void* operator new[](std::size_t size) { return allocate(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  try {
    return allocate(size);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
