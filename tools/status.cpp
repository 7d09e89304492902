#include <unistd.h>
#include <algorithm>
#include <boost/json.hpp>
#include <iostream>
#include <memory>

#include "exit_status.hpp"
#include "help_layout.hpp"
#include "leaselock/format_time.hpp"
#include "leaselock/maintenance.hpp"
#include "message.hpp"
#include "options.hpp"
#include "terminal.hpp"
#include "text.hpp"

namespace leaselock::tool {
namespace {

namespace json = boost::json;

struct StatusOptions {
  LockOptions lock;
  std::vector<std::string> lockfiles;
  bool as_json = false;
  bool quiet = false;
};

json::array json_list(const std::vector<std::string>& names) {
  json::array list;
  for (const std::string& name : names) list.emplace_back(as_utf8(name));
  return list;
}

json::value json_text(const std::string& text) { return text.empty() ? json::value() : json::value(as_utf8(text)); }

json::array json_queue(const std::vector<Waiter>& queue) {
  json::array list;
  for (const Waiter& waiter : queue) {
    list.push_back({{"host", json_text(waiter.host)}, {"pid", waiter.pid}, {"since", format_time_utc(waiter.since)}});
  }
  return list;
}

/// All keys are always there; what is not known is null.
json::object to_json(const LockStatus& status) {
  const Holder holder = status.holder.value_or(Holder());
  json::object object;
  object["lockfile"] = as_utf8(status.lockfile.string());
  object["state"] = to_string(status.state);
  object["host"] = json_text(holder.host);
  object["pid"] = holder.pid == 0 ? json::value() : json::value(holder.pid);
  object["claim"] = json_text(holder.claim);
  object["expires"] = holder.expires ? json::value(format_time_utc(*holder.expires)) : json::value();
  object["token"] = status.token ? json::value(*status.token) : json::value();
  object["queue"] = json_queue(status.queue);
  object["waiters"] = json_list(status.waiters);
  object["leftovers"] = json_list(status.leftovers);
  object["problem"] = json_text(status.problem);
  return object;
}

std::string state_in_words(const LockStatus& status, const Palette& palette) {
  if (!status.problem.empty() && !status.holder) return palette.paint(Colour::red, "not understood");
  switch (status.state) {
    case LockState::unlocked:
      return palette.paint(Colour::green, "unlocked");
    case LockState::stale:
      return palette.paint(Colour::red, "held by a process that is gone");
    case LockState::ours_expired:
    case LockState::theirs_expired:
      return palette.paint(Colour::red, "held, but the lease has run out");
    case LockState::ours:
    case LockState::unknown:
      break;
  }
  return palette.paint(Colour::yellow, "held");
}

void print_row(const std::string& name, const std::string& value) {
  std::cout << "  " << name << std::string(11 - name.size(), ' ') << printable(value) << "\n";
}

void print_names(const std::string& name, const std::vector<std::string>& values) {
  for (const std::string& value : values) print_row(&value == &values.front() ? name : "", value);
}

void print_queue(const std::vector<Waiter>& queue) {
  for (std::size_t place = 0; place < queue.size(); ++place) {
    const Waiter& waiter = queue[place];
    print_row(place == 0 ? "queue" : "", std::to_string(place + 1) + ". host " + waiter.host + ", pid " +
                                             std::to_string(waiter.pid) + ", since " + format_time(waiter.since));
  }
}

bool has_run_out(const LockStatus& status) {
  return status.holder && status.holder->expires && *status.holder->expires < std::chrono::system_clock::now();
}

/// What a person can do about it; empty when nothing needs doing.
std::string next_step(const LockStatus& status, const LockOptions& options) {
  if (!status.problem.empty()) return "";
  if (status.state == LockState::theirs_expired || (status.state == LockState::stale && has_run_out(status))) {
    return "whoever wants it next takes it; to free it now: " + command_for("break", status.lockfile, options);
  }
  if (status.state == LockState::stale) return "it is free when the lease has run out; nothing needs to be done";
  return status.leftovers.empty() ? "" : "to remove the leftovers: " + command_for("clean", status.lockfile, options);
}

void print_status(const LockStatus& status, const LockOptions& options, const Palette& palette) {
  std::cout << printable(status.lockfile.string()) << ": " << state_in_words(status, palette) << "\n";
  if (status.holder) {
    print_row("holder", describe(*status.holder));
    if (status.holder->expires) print_row("expires", describe_expiry(*status.holder->expires));
    if (!status.holder->claim.empty()) print_row("claim", status.holder->claim);
  }
  if (status.token) print_row(status.holder ? "token" : "last token", std::to_string(*status.token));
  print_queue(status.queue);
  print_names("waiting", status.waiters);
  print_names("leftover", status.leftovers);
  if (!status.problem.empty()) print_row("problem", status.problem);
  const std::string next = next_step(status, options);
  if (!next.empty()) print_row("next", next);
}

int exit_status_of(const LockStatus& status) {
  if (!status.problem.empty()) return exit_trouble;
  return status.state == LockState::unlocked ? exit_ok : exit_held;
}

int look_at(const std::string& lockfile, const StatusOptions& options, const Palette& palette) {
  try {
    const LockStatus status = inspect(lockfile, options.lock);
    if (options.as_json) {
      std::cout << json::serialize(to_json(status)) << "\n";
    } else if (!options.quiet) {
      print_status(status, options.lock, palette);
    }
    return exit_status_of(status);
  } catch (const LockError& error) {
    say(error.what());
    return exit_trouble;
  }
}

int look_at_all(const StatusOptions& options) {
  const Palette palette(STDOUT_FILENO);
  int worst = exit_ok;
  for (const std::string& lockfile : options.lockfiles) worst = std::max(worst, look_at(lockfile, options, palette));
  std::cout.flush();
  return worst;
}

}  // namespace

void add_status(CLI::App& program, Invocation& invocation) {
  auto options = std::make_shared<StatusOptions>();
  CLI::App& app = *program.add_subcommand("status", "Show who holds a lock, until when, and who waits");
  app.formatter(std::make_shared<HelpLayout>("leaselock status [OPTIONS] LOCK..."));
  app.add_option("LOCK", options->lockfiles)->required();
  app.add_flag("--json", options->as_json, "one JSON object for each lock, one on each line");
  app.add_flag("-q,--quiet", options->quiet, "print nothing; the exit status tells");
  add_shared_options(app, options->lock);
  app.footer(
      "Exit status: 0 all are unlocked, 1 one is held, 2 one has a problem or could not\n"
      "be looked at, 64 wrong usage.\n"
      "Examples:\n"
      "  leaselock status /mnt/shared/db.lck\n"
      "  leaselock status --quiet /mnt/shared/db.lck && echo free");
  app.callback([&invocation, options] { invocation.action = [options] { return look_at_all(*options); }; });
}

}  // namespace leaselock::tool
