#include "options.hpp"

#include <charconv>
#include <cmath>
#include <utility>

#include "leaselock/semaphore.hpp"

namespace leaselock::tool {

namespace {

struct Unit {
  std::string_view name;
  double nanoseconds;
};

/// Nanoseconds of the unit that `text` begins with, which is then taken off; a number at the very end is seconds
/// only if it stands alone, since "1h30" may mean minutes or seconds.
std::optional<double> take_unit(std::string_view& text, bool alone) {
  constexpr Unit units[] = {{"ms", 1e6}, {"us", 1e3}, {"s", 1e9}, {"m", 6e10}, {"h", 3.6e12}, {"d", 8.64e13}};
  if (text.empty()) return alone ? std::optional(1e9) : std::nullopt;
  for (const Unit& unit : units) {
    if (text.substr(0, unit.name.size()) != unit.name) continue;
    text.remove_prefix(unit.name.size());
    return unit.nanoseconds;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) {
  constexpr double longest = static_cast<double>(Duration::max().count()) / 2;
  if (text.empty()) return std::nullopt;
  double nanoseconds = 0;
  for (bool first = true; !text.empty(); first = false) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    // from_chars also reads a sign, "inf" and "nan", which are no lengths of time.
    if (error != std::errc() || text.find_first_of("0123456789.") != 0) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const std::optional<double> unit = take_unit(text, first);
    if (!unit) return std::nullopt;
    nanoseconds += number * *unit;
    if (nanoseconds > longest) return std::nullopt;
  }
  return Duration(std::llround(nanoseconds));
}

CLI::Option* add_duration(CLI::App& app, const std::string& name, std::function<void(Duration)> store,
                          const std::string& description) {
  const auto read = [name, store = std::move(store)](const std::string& text) {
    const std::optional<Duration> length = parse_duration(text);
    if (!length) {
      throw CLI::ValidationError("'" + text + "' is not a length of time such as 500ms, 15s, 2m or 1h30m");
    }
    store(*length);
  };
  return app.add_option_function<std::string>(name, read, description)->type_name("TIME")->take_last();
}

CLI::Validator slot_count() {
  CLI::Validator range = CLI::Range(std::uint32_t{1}, Semaphore::most_slots);
  return range.description("");  // which --help would show
}

std::optional<std::uint32_t> parse_permissions(std::string_view text) {
  std::uint32_t bits = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits, 8);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && bits <= 07777U ? std::optional(bits) : std::nullopt;
}

namespace {

void add_permissions(CLI::App& app, LockOptions& options) {
  const auto read = [&options](const std::string& text) {
    options.permissions = parse_permissions(text);
    if (!options.permissions) throw CLI::ValidationError("'" + text + "' are no octal permissions such as 0660");
  };
  app.add_option_function<std::string>("--permissions", read, "of its files, whatever the umask; 0660 for a group")
      ->type_name("OCTAL")
      ->take_last();
}

}  // namespace

void add_shared_options(CLI::App& app, LockOptions& options) {
  CLI::Option* compat = app.add_flag_callback(
      "--compat", [&options] { options.mode = Mode::compat; }, "flufl.lock's files only; no fencing token");
  CLI::Option* no_mirror = app.add_flag_callback(
      "--no-mirror", [&options] { options.mirror = false; }, "no file at LOCK itself; excludes no flufl.lock");
  no_mirror->excludes(compat);
  app.add_flag_callback(
      "--trust-anyone", [&options] { options.trust = Trust::anyone; }, "trust a fence directory of any user");
  add_permissions(app, options);
  app.add_option("--separator", options.separator, "between the parts of file names; default |")
      ->type_name("TEXT")
      ->take_last();
}

}  // namespace leaselock::tool
