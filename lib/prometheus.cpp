#include <charconv>
#include <string_view>

#include "counter_names.hpp"

namespace leaselock {
namespace {

std::string decimal(double number) {
  std::array<char, 400> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed).ptr;
  return {text.data(), end};
}

void head(std::string& text, const char* name, const char* help, const char* type) {
  text += std::string("# HELP ") + name + ' ' + help + "\n# TYPE " + name + ' ' + type + '\n';
}

/// `{lock="...",reason="died"}`; nothing where there is none. The last label is added to those of the series.
std::string labels(const CounterSeries& series, const char* last = nullptr, const std::string& value = {}) {
  std::string text;
  const auto add = [&](const std::string& name, const std::string& content) {
    text += (text.empty() ? "{" : ",") + name + '=' + prometheus_quoted(content);
  };
  for (const auto& [name, content] : series.labels) add(name, content);
  if (last != nullptr) add(last, value);
  return text.empty() ? text : text + '}';
}

void add_histogram(std::string& text, const char* name, const CounterSeries& series, const Histogram& histogram) {
  const std::string bucket = std::string(name) + "_bucket";
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < histogram.counts.size(); ++i) {
    const std::string bound = i < Histogram::bounds.size() ? decimal(Histogram::bounds[i]) : "+Inf";
    sum += histogram.counts[i];
    text += bucket + labels(series, "le", bound) + ' ' + std::to_string(sum) + '\n';
  }
  const double seconds = std::chrono::duration<double>(histogram.total()).count();
  text += std::string(name) + "_sum" + labels(series) + ' ' + decimal(seconds) + '\n';
  text += std::string(name) + "_count" + labels(series) + ' ' + std::to_string(sum) + '\n';
}

}  // namespace

std::string prometheus_quoted(const std::string& value) {
  std::string text = "\"";
  for (const char c : value) {
    if (c == '\\' || c == '"') text += '\\';
    text += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return text + '"';
}

std::string to_prometheus(const std::vector<CounterSeries>& series) {
  std::string text;
  std::string_view previous;
  for (const CounterName& each : counter_names) {
    if (each.name != previous) head(text, each.name, each.help, "counter");
    previous = each.name;
    for (const CounterSeries& one : series) {
      const std::string all = each.reason == nullptr ? labels(one) : labels(one, "reason", each.reason);
      text += each.name + all + ' ' + std::to_string(one.values.*each.counter) + '\n';
    }
  }
  for (const HistogramName& each : histogram_names) {
    head(text, each.name, each.help, "histogram");
    for (const CounterSeries& one : series) add_histogram(text, each.name, one, one.values.*each.histogram);
  }
  return text;
}

}  // namespace leaselock
