#include "line.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

namespace leaselock::nfs {
namespace {

struct Shape {
  bool sequence;
  std::vector<std::string_view> numbers;
  std::vector<std::string_view> words;
  std::vector<std::string_view> optional = {};
};

const std::map<std::string_view, Shape>& shapes() {
  static const std::map<std::string_view, Shape> all{
      {"ready", {false, {"pid", "tsc"}, {"mode"}}},
      {"waiting", {false, {"tsc", "waited_us"}, {}}},
      {"lock-failed", {false, {"tsc", "waited_us"}, {"error"}}},
      {"done", {false, {"holds", "tsc"}, {}}},
      {"held", {true, {"token", "tsc", "waited_us", "left_us"}, {"pred"}, {"slots", "of", "shared"}}},
      {"held-too-late", {true, {"token", "tsc", "waited_us", "left_us"}, {"pred"}, {"slots", "of", "shared"}}},
      {"still", {true, {"tsc"}, {}}},
      {"refreshed", {true, {"tsc"}, {}}},
      {"refresh-failed", {true, {"tsc"}, {"error"}}},
      {"change-failed", {true, {"tsc"}, {"error"}}},
      {"end", {true, {"last", "tsc"}, {"how", "error"}}},
      {"gave-back", {true, {"tsc"}, {"error"}}},
      // By a witness of processes (cut/witness.cpp).
      {"clock", {false, {"realtime_ms", "tsc"}, {}}},
      {"began", {true, {"pid", "parent", "first", "tsc"}, {}}},
      {"gone", {true, {"pid", "last", "tsc"}, {}}},
      {"left", {true, {"pid", "last", "tsc"}, {}}},
  };
  return all;
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t begin = text.find_first_not_of(" \r\n"); begin != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(" \r\n", begin), text.size());
    words.push_back(text.substr(begin, end - begin));
    begin = text.find_first_not_of(" \r\n", end);
  }
  return words;
}

bool has_shape(const Line& line, const Shape& shape) {
  const auto is_number = [&](std::string_view key) {
    const auto found = line.values.find(key);
    return found != line.values.end() && number_in(found->second);
  };
  const auto is_word = [&](std::string_view key) {
    const auto found = line.values.find(key);
    return found != line.values.end() && !found->second.empty();
  };
  const auto is_there = [&](std::string_view key) { return line.values.contains(key); };
  return std::ranges::all_of(shape.numbers, is_number) && std::ranges::all_of(shape.words, is_word) &&
         line.values.size() == shape.numbers.size() + shape.words.size() +
                                   static_cast<std::size_t>(std::ranges::count_if(shape.optional, is_there));
}

// The words between the event and the full stop.
bool read_into(Line& line, const Shape& shape, const std::vector<std::string_view>& words) {
  const std::size_t head = shape.sequence ? 3 : 2;
  if (words.size() <= head) return false;
  line.name = words[1];
  if (shape.sequence) {
    const auto sequence = number_in(words[2]);
    if (!sequence) return false;
    line.sequence = *sequence;
  }
  for (std::size_t i = head; i + 1 < words.size(); ++i) {
    const std::size_t equals = words[i].find('=');
    if (equals == std::string_view::npos) return false;
    if (!line.values.emplace(words[i].substr(0, equals), words[i].substr(equals + 1)).second) return false;
  }
  return has_shape(line, shape);
}

}  // namespace

std::optional<std::uint64_t> number_in(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::uint64_t Line::number(std::string_view key) const { return number_in(values.at(key)).value(); }

Line parse_line(std::string_view text) {
  Line line;
  const auto words = words_of(text);
  if (words.empty()) return line;
  const auto shape = shapes().find(words.front());
  if (shape == shapes().end()) return line;
  line.event = words.front();
  if (words.back() != ".") {
    line.kind = Line::Kind::torn;
  } else {
    line.kind = read_into(line, shape->second, words) ? Line::Kind::event : Line::Kind::malformed;
  }
  return line;
}

}  // namespace leaselock::nfs
