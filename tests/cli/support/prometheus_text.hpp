#pragma once

#include <map>
#include <optional>
#include <string>

namespace leaselock::cli_test {

/// What Prometheus reads in a text (exposition format 0.0.4), by a parser that forgives nothing: each name has one
/// HELP, then one TYPE, then all of its samples; names, labels and numbers are as the format says; no series comes
/// twice; buckets of histograms grow and end with their count. `problem` says what is wrong, and with which line.
struct PrometheusText {
  using Labels = std::map<std::string, std::string>;

  explicit PrometheusText(const std::string& text);

  /// The value of a name with exactly these labels.
  std::optional<double> value(const std::string& name, const Labels& labels) const;

  std::string problem;
  std::map<std::string, std::map<Labels, double>> samples;
  std::map<std::string, std::string> types;

 private:
  void read_line(const std::string& line);
  void read_comment(const std::string& line);
  void read_sample(const std::string& line);
  void check_histogram(const std::string& name);
  void complain(const std::string& what, const std::string& where);

  std::string family_;  ///< whose samples may come now
  std::string helped_;
};

}  // namespace leaselock::cli_test
