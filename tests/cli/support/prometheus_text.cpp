#include "support/prometheus_text.hpp"

#include <cmath>
#include <cstdlib>
#include <regex>
#include <sstream>

namespace leaselock::cli_test {
namespace {

using Labels = PrometheusText::Labels;

const std::regex comment_line(R"(# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+))");
const std::regex sample_line(R"re(([a-zA-Z_:][a-zA-Z0-9_:]*)(\{(.+)\})? ([^ ]+))re");
const std::regex label(R"re(([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\\\|\\"|\\n)*)"(,|$))re");

std::string unescaped(const std::string& text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      result += text[i];
      continue;
    }
    ++i;
    result += text[i] == 'n' ? '\n' : text[i];
  }
  return result;
}

/// Empty when they are not well-formed.
std::optional<Labels> labels_in(std::string text) {
  Labels labels;
  std::smatch match;
  while (!text.empty()) {
    if (!std::regex_search(text, match, label, std::regex_constants::match_continuous)) return std::nullopt;
    const bool new_one = labels.emplace(match[1], unescaped(match[2])).second;
    const bool dangling = match[3] == "," && match.suffix().length() == 0;
    if (!new_one || dangling) return std::nullopt;
    text = match.suffix();
  }
  return labels;
}

std::optional<double> number_in(const std::string& text) {
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  return *end == '\0' && !text.empty() ? std::optional(number) : std::nullopt;
}

/// The name whose TYPE covers a sample.
std::string family_of(const std::string& name, const std::map<std::string, std::string>& types) {
  for (const std::string end : {"_bucket", "_sum", "_count"}) {
    if (!name.ends_with(end)) continue;
    const std::string family = name.substr(0, name.size() - end.size());
    if (const auto type = types.find(family); type != types.end() && type->second == "histogram") return family;
  }
  return name;
}

}  // namespace

PrometheusText::PrometheusText(const std::string& text) {
  if (!text.ends_with('\n')) complain("no end of the last line", text);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) read_line(line);
  for (const auto& [name, type] : types) {
    if (type == "histogram") check_histogram(name);
    if (type == "counter" && !name.ends_with("_total")) complain("a counter that does not end in _total", name);
  }
}

std::optional<double> PrometheusText::value(const std::string& name, const Labels& labels) const {
  const auto found = samples.find(name);
  if (found == samples.end()) return std::nullopt;
  const auto sample = found->second.find(labels);
  return sample == found->second.end() ? std::nullopt : std::optional(sample->second);
}

void PrometheusText::read_line(const std::string& line) {
  if (line.starts_with('#')) return read_comment(line);
  read_sample(line);
}

void PrometheusText::read_comment(const std::string& line) {
  std::smatch match;
  if (!std::regex_match(line, match, comment_line)) return complain("no comment", line);
  const std::string name = match[2];
  if (match[1] == "HELP") {
    if (types.contains(name)) complain("a second HELP", line);
    helped_ = name;
    return;
  }
  const std::string type = match[3];
  if (helped_ != name) complain("TYPE without HELP before it", line);
  if (type != "counter" && type != "gauge" && type != "histogram") complain("no type", line);
  if (!types.emplace(name, type).second) complain("a second TYPE", line);
  family_ = name;
}

void PrometheusText::read_sample(const std::string& line) {
  std::smatch match;
  if (!std::regex_match(line, match, sample_line)) return complain("no sample", line);
  const std::string name = match[1];
  if (family_of(name, types) != family_) complain("a sample away from its TYPE", line);
  const auto labels = labels_in(match[3]);
  const auto value = number_in(match[4]);
  if (!labels || !value) return complain("labels or number", line);
  if (!samples[name].emplace(*labels, *value).second) complain("a series twice", line);
}

void PrometheusText::check_histogram(const std::string& name) {
  std::map<Labels, std::map<double, double>> all;
  for (const auto& [labels, value] : samples[name + "_bucket"]) {
    Labels others = labels;
    const auto bound = number_in(others["le"]);
    if (!bound) return complain("a bucket without a bound", name);
    others.erase("le");
    all[others][*bound] = value;
  }
  if (all.empty()) complain("no buckets", name);
  for (const auto& [labels, buckets] : all) {
    double before = 0;
    for (const auto& [bound, value] : buckets) {
      if (value < before) complain("buckets that do not grow", name);
      before = value;
    }
    const bool complete = std::isinf(buckets.rbegin()->first) && value(name + "_count", labels) == before;
    if (!complete || !value(name + "_sum", labels)) complain("no end of the buckets, count or sum", name);
  }
}

void PrometheusText::complain(const std::string& what, const std::string& where) {
  problem += what + ": " + where + '\n';
}

}  // namespace leaselock::cli_test
