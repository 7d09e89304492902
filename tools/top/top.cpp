#include <unistd.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <iostream>
#include <memory>

#include "exit_status.hpp"
#include "help_layout.hpp"
#include "message.hpp"
#include "options.hpp"
#include "status_json.hpp"
#include "terminal.hpp"
#include "top/layout.hpp"
#include "top/live.hpp"

namespace leaselock::tool {
namespace {

constexpr Duration shortest_interval = std::chrono::milliseconds(100);

struct TopOptions {
  LockOptions lock;
  std::vector<std::string> directories;
  Duration interval = std::chrono::seconds(2);
  bool recursive = false;
  bool once = false;
  bool as_json = false;
};

/// What could not be looked at goes to standard error, for JSON has no place for it.
void print_json(const std::vector<top::Look>& looks) {
  for (const top::Look& look : looks) {
    for (const top::Found& found : look.locks) {
      if (found.error.empty()) {
        std::cout << boost::json::serialize(to_json(found.status)) << "\n";
      } else {
        say(found.error);
      }
    }
    for (const std::string& trouble : look.troubles) say(trouble);
  }
}

void print_text(const std::vector<top::Look>& looks, const std::string& title) {
  const std::size_t width = is_live_terminal(STDOUT_FILENO) ? terminal_width(STDOUT_FILENO) : any_width;
  top::Frame frame;
  frame.title = title;
  frame.now = std::chrono::system_clock::now();
  const top::Model model = top::model_of(looks, top::Order::attention, frame.now, top::all_waiters);
  for (const std::string& line : top::whole(frame, model, width, Palette(STDOUT_FILENO))) std::cout << line << "\n";
}

bool has_trouble(const top::Look& look) {
  const auto in_trouble = [](const top::Found& one) { return !one.error.empty() || !one.status.problem.empty(); };
  return !look.troubles.empty() || std::ranges::any_of(look.locks, in_trouble);
}

int print_once(const std::vector<top::Place>& places, const std::string& title, bool as_json) {
  std::vector<top::Look> looks;
  for (const top::Place& place : places) looks.push_back(look_into(place, [] {}));
  if (as_json) {
    print_json(looks);
  } else {
    print_text(looks, title);
  }
  std::cout.flush();
  return std::ranges::any_of(looks, has_trouble) ? exit_trouble : exit_ok;
}

int watch_all(const TopOptions& options) {
  std::vector<top::Place> places;
  std::string title;
  for (const std::string& directory : options.directories) {
    boost::filesystem::path path = directory;
    places.push_back({path.remove_trailing_separator(), options.recursive, options.lock});
    title += (title.empty() ? "" : " ") + directory;
  }
  const bool once = options.once || options.as_json || !is_live_terminal(STDOUT_FILENO);
  return once ? print_once(places, title, options.as_json) : top::run_live(places, title, options.interval);
}

}  // namespace

void add_top(CLI::App& program, Invocation& invocation) {
  auto options = std::make_shared<TopOptions>();
  CLI::App& app = *program.add_subcommand("top", "Watch every lock in directories, its holders and waiters");
  app.formatter(std::make_shared<HelpLayout>("leaselock top [OPTIONS] DIR..."));
  app.add_option("DIR", options->directories)->required();
  add_duration(
      app, "--interval",
      [options](Duration interval) {
        if (interval < shortest_interval) throw CLI::ValidationError("--interval is at least 100ms");
        options->interval = interval;
      },
      "between two looks; 2s unless given");
  app.add_flag("--recursive", options->recursive, "directories below, too");
  app.add_flag("--once", options->once, "print one snapshot, as without a terminal");
  app.add_flag("--json", options->as_json, "the same as JSON, one object for each lock");
  add_shared_options(app, options->lock);
  app.footer(
      "Each look costs the file server some requests for each lock; after a look that\n"
      "was slow top rests longer. Keys: q quit, p pause, s sort, arrows scroll.\n"
      "Exit status: 0, 2 something has a problem or could not be looked at (--once),\n"
      "64 wrong usage, 128 + n ended by signal n.\n"
      "Example:\n"
      "  leaselock top --recursive /mnt/shared");
  app.callback([&invocation, options] { invocation.action = [options] { return watch_all(*options); }; });
}

}  // namespace leaselock::tool
