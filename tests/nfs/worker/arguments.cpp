#include "arguments.hpp"

#include <cstdlib>

namespace leaselock::nfs {

double to_number(const std::string& text, const std::string& what) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  const std::string rest = end;
  if (end == text.c_str() || (!rest.empty() && rest != "s")) throw UsageError(what + ": '" + text + "' is no number");
  return value;
}

Arguments::Arguments(int count, char** words) {
  for (int i = 0; i < count; ++i) {
    const std::string word = words[i];
    if (!word.starts_with("--")) {
      positionals_.push_back(word);
    } else if (const auto equals = word.find('='); equals != std::string::npos) {
      options_[word.substr(0, equals)] = word.substr(equals + 1);
    } else if (i + 1 < count && !std::string(words[i + 1]).starts_with("--")) {
      options_[word] = words[++i];
    } else {
      options_[word] = "";
    }
  }
  unused_ = options_;
}

const std::string& Arguments::positional(std::size_t index, const std::string& what) {
  if (index >= positionals_.size()) throw UsageError(what + " is missing");
  positionals_used_ = std::max(positionals_used_, index + 1);
  return positionals_[index];
}

std::string Arguments::take(const std::string& name) {
  unused_.erase(name);
  const auto found = options_.find(name);
  return found == options_.end() ? "" : found->second;
}

bool Arguments::flag(const std::string& name) {
  if (const std::string value = take(name); !value.empty()) throw UsageError(name + " takes no value: " + value);
  return given(name);
}

std::string Arguments::text(const std::string& name, const std::string& otherwise) {
  const std::string value = take(name);
  if (given(name) && value.empty()) throw UsageError(name + " needs a value");
  return given(name) ? value : otherwise;
}

double Arguments::number(const std::string& name, double otherwise) {
  return given(name) ? to_number(text(name, ""), name) : otherwise;
}

std::int64_t Arguments::whole(const std::string& name, std::int64_t otherwise) {
  const double value = number(name, static_cast<double>(otherwise));
  const auto rounded = static_cast<std::int64_t>(value);
  if (static_cast<double>(rounded) != value) throw UsageError(name + " needs a whole number");
  return given(name) ? rounded : otherwise;
}

std::chrono::nanoseconds Arguments::seconds(const std::string& name, double otherwise) {
  return std::chrono::round<std::chrono::nanoseconds>(std::chrono::duration<double>(number(name, otherwise)));
}

Arguments::Range Arguments::range(const std::string& name, Range otherwise) {
  if (!given(name)) return otherwise;
  const std::string value = text(name, "");
  const auto dots = value.find("..");
  const double least = to_number(value.substr(0, dots), name);
  const double most = dots == std::string::npos ? least : to_number(value.substr(dots + 2), name);
  if (least < 0 || most < least) throw UsageError(name + ": " + value + " is no range");
  return {least, most};
}

void Arguments::expect_all_used() const {
  if (!unused_.empty()) throw UsageError("unknown option " + unused_.begin()->first);
  if (positionals_.size() > positionals_used_) throw UsageError("what is '" + positionals_[positionals_used_] + "'?");
}

}  // namespace leaselock::nfs
