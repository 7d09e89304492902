#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

/// What every target is: it is given bytes again and again, by libFuzzer or by the replay of what libFuzzer once found.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace leaselock::fuzz {

/// Ends the process, by which a fuzzer knows that it has found something.
inline void require(bool holds, std::string_view what, std::string_view of = {}) {
  if (holds) return;
  std::fprintf(stderr, "not so: %.*s: \"%.*s\"\n", static_cast<int>(what.size()), what.data(),
               static_cast<int>(of.size()), of.data());
  std::abort();
}

/// Takes an input apart, from its beginning; where it has ended there are zeros and empty texts.
class Bytes {
 public:
  Bytes(const std::uint8_t* data, std::size_t size) : rest_(reinterpret_cast<const char*>(data), size) {}

  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const auto first = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return first;
  }
  /// At most `largest`.
  std::uint64_t number(std::uint64_t largest) {
    std::uint64_t value = 0;
    for (int i = 0; i < 8; ++i) value = value << 8U | byte();
    return largest == UINT64_MAX ? value : value % (largest + 1);
  }
  std::string digits(std::size_t count, std::string_view alphabet) {
    std::string text;
    while (text.size() < count) text += alphabet[byte() % alphabet.size()];
    return text;
  }
  /// What comes before the next `end`, which is taken as well.
  std::string_view until(char end) {
    const std::string_view text = rest_.substr(0, rest_.find(end));
    rest_.remove_prefix(text.size() < rest_.size() ? text.size() + 1 : text.size());
    return text;
  }
  std::string_view rest() const { return rest_; }
  bool empty() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

}  // namespace leaselock::fuzz
