#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace leaselock::nfs {

/// The command line is wrong; what() says how.
class UsageError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A command line of the form COMMAND POSITIONAL... --option value --option=value --flag. Every function throws
/// UsageError when a value is missing or is none of its kind.
class Arguments {
 public:
  Arguments(int count, char** words);

  const std::string& positional(std::size_t index, const std::string& what);
  bool flag(const std::string& name);
  bool given(const std::string& name) const { return options_.contains(name); }
  std::string text(const std::string& name, const std::string& otherwise);
  double number(const std::string& name, double otherwise);
  std::int64_t whole(const std::string& name, std::int64_t otherwise);
  std::chrono::nanoseconds seconds(const std::string& name, double otherwise);

  struct Range {
    double least;
    double most;
  };
  /// "MIN..MAX", or one number for both.
  Range range(const std::string& name, Range otherwise);

  /// To be called when everything was asked for: what is left over is a mistake.
  void expect_all_used() const;

 private:
  std::string take(const std::string& name);

  std::vector<std::string> positionals_;
  std::map<std::string, std::string> options_;
  std::size_t positionals_used_ = 0;
  std::map<std::string, std::string> unused_;
};

/// Throws UsageError, naming `what`, unless all of `text` is a number. A trailing "s", as in "6s", is allowed.
double to_number(const std::string& text, const std::string& what);

}  // namespace leaselock::nfs
