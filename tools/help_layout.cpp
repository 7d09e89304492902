#include "help_layout.hpp"

#include <algorithm>
#include <sstream>
#include <utility>
#include <vector>

namespace leaselock::tool {

namespace {

using Row = std::pair<std::string, std::string>;

std::vector<Row> rows_of(const CLI::App& app) {
  std::vector<Row> rows;
  for (const CLI::App* command : app.get_subcommands({})) {
    rows.emplace_back(command->get_name(), command->get_description());
  }
  for (const CLI::Option* option : app.get_options([](const CLI::Option* one) { return one->nonpositional(); })) {
    if (option == app.get_help_ptr() && app.get_parent() != nullptr) continue;
    std::string name = option->get_name(false, true);
    if (option->get_type_size() != 0) name += " " + option->get_type_name();
    rows.emplace_back(name, option->get_description());
  }
  return rows;
}

}  // namespace

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
