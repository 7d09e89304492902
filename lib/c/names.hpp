#pragma once

#include <string>
#include <vector>

#include "handle.hpp"
#include "leaselock/c/holder.h"

struct leaselock_names_t : leaselock::c::Marked<0x6c6c'6e61'6d65'7301> {
  std::vector<std::string> all;
};

namespace leaselock::c {

/// The word that C++ has for an enumerator, for ever; "unknown" for numbers that are none.
template <class Enum, int count>
const char* word_for(int number) noexcept {
  struct Words {
    Words() {
      for (int i = 0; i < count; ++i) all[i] = to_string(static_cast<Enum>(i));
    }
    std::string all[count];
  };
  if (number < 0 || number >= count) return "unknown";
  try {
    // Never destroyed: somebody may ask while the program ends.
    static const Words& words = *new Words;
    return words.all[number].c_str();
  } catch (...) {
    return "unknown";
  }
}

}  // namespace leaselock::c
