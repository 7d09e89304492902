// Markers of `leaselock run`: their texts and their names.
#include <algorithm>

#include "marker_name.hpp"
#include "marker_text.hpp"
#include "support.hpp"

namespace leaselock::fuzz {
namespace {

using namespace tool;

bool same_judgement(const MarkerText& a, const MarkerText& b) {
  const auto same_slot = [](const Slot& one, const Slot& other) {
    return one.index == other.index && one.token == other.token;
  };
  return a.process.boot == b.process.boot && a.process.pid == b.process.pid && a.process.start == b.process.start &&
         a.lockfile == b.lockfile && a.kind == b.kind && a.lifetime == b.lifetime &&
         std::ranges::equal(a.held, b.held, same_slot);
}

void check_text(const std::string& text) {
  const auto read = parse_marker(text);
  if (!read) return;
  require(read->lifetime > Duration::zero(), "a marker's lifetime is one", text);
  const auto again = parse_marker(read->text());
  require(again.has_value(), "what was read can be written", text);
  const auto third = parse_marker(again->text());
  require(third && same_judgement(*again, *third), "and is judged the same ever after", text);
}

void check_name(std::string_view text) {
  const auto id = id_of_marker(text, "work");
  if (!id) return;
  const MarkerName name{*id, "work"};
  const bool is_one =
      text == name.file(MarkerState::ready) || text == name.file(MarkerState::running) || text == name.temporary();
  require(is_one && text.find('/') == text.npos, "only exact names are markers", text);
}

}  // namespace
}  // namespace leaselock::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  leaselock::fuzz::check_text(std::string(text));
  leaselock::fuzz::check_name(text);
  return 0;
}
