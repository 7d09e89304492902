#pragma once

#include <CLI/CLI.hpp>
#include <initializer_list>
#include <string>
#include <utility>

namespace leaselock::tool {

/// Lays out --help so that it fits a screen of 24 lines of 80 columns: usage, one sentence, one line for each
/// command, option or row of options, and the examples of the footer.
class HelpLayout : public CLI::FormatterBase {
 public:
  explicit HelpLayout(std::string usage) : usage_(std::move(usage)) {}
  std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const override;

 private:
  std::string usage_;
};

/// Options that --help is to show in one line, with what they mean together.
void in_one_row(std::initializer_list<CLI::Option*> options, const std::string& meaning);

}  // namespace leaselock::tool
