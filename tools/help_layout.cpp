#include "help_layout.hpp"

#include <algorithm>
#include <sstream>
#include <utility>
#include <vector>

namespace leaselock::tool {

namespace {

using Row = std::pair<std::string, std::string>;

/// The group of an option in a row is what the row means (in_one_row).
void add_row(std::vector<Row>& rows, const std::string& name, const CLI::Option& option) {
  const auto same =
      std::find_if(rows.begin(), rows.end(), [&option](const Row& row) { return row.second == option.get_group(); });
  if (same != rows.end()) {
    same->first += ", " + name;
  } else {
    const bool in_row = option.get_group() != CLI::OptionDefaults().get_group();
    rows.emplace_back(name, in_row ? option.get_group() : option.get_description());
  }
}

std::vector<Row> rows_of(const CLI::App& app) {
  std::vector<Row> rows;
  for (const CLI::App* command : app.get_subcommands({})) {
    rows.emplace_back(command->get_name(), command->get_description());
  }
  for (const CLI::Option* option : app.get_options([](const CLI::Option* one) { return one->nonpositional(); })) {
    if (option == app.get_help_ptr() && app.get_parent() != nullptr) continue;
    std::string name = option->get_name(false, true);
    if (!option->get_type_name().empty()) name += " " + option->get_type_name();
    add_row(rows, name, *option);
  }
  return rows;
}

}  // namespace

void in_one_row(std::initializer_list<CLI::Option*> options, const std::string& meaning) {
  for (CLI::Option* option : options) option->group(meaning);
}

std::string HelpLayout::make_help(const CLI::App* app, std::string /*name*/, CLI::AppFormatMode /*mode*/) const {
  const std::vector<Row> rows = rows_of(*app);
  std::size_t width = 0;
  for (const Row& row : rows) width = std::max(width, row.first.size());

  std::ostringstream text;
  text << "Usage: " << usage_ << "\n" << app->get_description() << "\n\n";
  for (const auto& [name, description] : rows) {
    text << "  " << name << std::string(width - name.size() + 2, ' ') << description << "\n";
  }
  if (!app->get_footer().empty()) text << "\n" << app->get_footer() << "\n";
  return text.str();
}

}  // namespace leaselock::tool
