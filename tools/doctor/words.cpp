#include "doctor/words.hpp"

#include <array>
#include <cstdio>

#include "leaselock/format_time.hpp"

namespace leaselock::tool::doctor {

std::string fine_duration(Duration length) {
  if (length < Duration::zero()) return "-" + fine_duration(-length);
  if (length >= std::chrono::milliseconds(10)) return format_duration(length);
  if (length < std::chrono::milliseconds(1)) return std::to_string(length / std::chrono::microseconds(1)) + "us";
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.2fms", static_cast<double>(length.count()) / 1e6);
  return text.data();
}

std::string option_duration(Duration length) {
  const auto ms = std::chrono::ceil<std::chrono::milliseconds>(length).count();
  if (ms % 1000 == 0) return std::to_string(ms / 1000) + "s";
  if (ms < 1000 || ms % 100 != 0) return std::to_string(ms) + "ms";
  return std::to_string(ms / 1000) + "." + std::to_string(ms % 1000 / 100) + "s";
}

std::string to_string(Verdict verdict) {
  return verdict == Verdict::yes ? "yes" : verdict == Verdict::no ? "no" : "with conditions";
}

}  // namespace leaselock::tool::doctor
