#include "said.hpp"

#include <iostream>
#include <mutex>
#include <utility>

namespace leaselock::nfs {
namespace {

std::mutex mutex;
bool keeps = false;
std::string kept;

}  // namespace

void say(const std::string& text) {
  const std::lock_guard guard(mutex);
  if (keeps) {
    kept += text;
  } else {
    std::cout << text << std::flush;
  }
}

void keep_what_is_said() {
  const std::lock_guard guard(mutex);
  keeps = true;
}

std::string take_what_was_said() {
  const std::lock_guard guard(mutex);
  return std::exchange(kept, {});
}

}  // namespace leaselock::nfs
