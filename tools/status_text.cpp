#include "status_text.hpp"

#include <algorithm>

#include "holder_words.hpp"
#include "leaselock/format_time.hpp"
#include "message.hpp"
#include "table.hpp"
#include "text.hpp"

namespace leaselock::tool {

namespace {

class Text {
 public:
  Text(const LockStatus& status, const LockOptions& options, WallTime now, std::size_t width, const Palette& palette)
      : status_(status), options_(options), now_(now), width_(width), palette_(palette) {}

  std::vector<std::string> lines() {
    if (status_.kind == LockKind::lock) {
      lock();
    } else {
      many();
    }
    names("leftover", status_.leftovers);
    if (!status_.problem.empty()) row("problem", status_.problem);
    const std::string next = next_step();
    if (!next.empty()) row("next", next);
    return std::move(lines_);
  }

 private:
  void row(const std::string& name, const std::string& value) {
    lines_.push_back("  " + name + std::string(11 - name.size(), ' ') + printable(value));
  }
  void names(const std::string& name, const std::vector<std::string>& values) {
    for (const std::string& value : values) row(&value == &values.front() ? name : "", value);
  }
  void title(const std::string& text) { lines_.push_back(printable(status_.lockfile.string()) + ": " + text); }
  void table(const Table& table) {
    constexpr std::size_t indent = 2;
    for (const std::string& line : table.lines(width_ - std::min(width_, indent), palette_)) {
      lines_.push_back(std::string(indent, ' ') + line);
    }
  }

  void lock() {
    title(state_in_words());
    if (status_.holder) {
      row("holder", describe(*status_.holder));
      if (status_.holder->expires) row("expires", describe_expiry(*status_.holder->expires));
      if (!status_.holder->claim.empty()) row("claim", status_.holder->claim);
    }
    if (status_.token) row(status_.holder ? "token" : "last token", std::to_string(*status_.token));
    for (std::size_t place = 0; place < status_.queue.size(); ++place) {
      const Waiter& waiter = status_.queue[place];
      row(place == 0 ? "queue" : "", std::to_string(place + 1) + ". host " + waiter.host + ", pid " +
                                         std::to_string(waiter.pid) + ", since " + format_time(waiter.since));
    }
    names("waiting", status_.waiters);
  }

  std::string state_in_words() const {
    if (!status_.problem.empty() && !status_.holder) return palette_.paint(Colour::red, "not understood");
    switch (status_.state) {
      case LockState::unlocked:
        return palette_.paint(Colour::green, "unlocked");
      case LockState::stale:
        return palette_.paint(Colour::red, "held by a process that is gone");
      case LockState::ours_expired:
      case LockState::theirs_expired:
        return palette_.paint(Colour::red, "held, but the lease has run out");
      case LockState::ours:
      case LockState::unknown:
        break;
    }
    return palette_.paint(Colour::yellow, "held");
  }

  void many() {
    const Cell summary = summary_of(status_, now_);
    std::string text = palette_.paint(*summary.colour, summary.text);
    if (!status_.queue.empty()) text += ", " + number_waiting(status_.queue.size());
    title(text);
    if (!status_.holders.empty()) table(table_of_holders());
    if (status_.holders.empty() && status_.token) row("last token", std::to_string(*status_.token));
    if (!status_.queue.empty()) table(table_of_queue());
  }

  Table table_of_holders() const {
    Table table({{"slot", true}, {"host", false, true}, {"pid", true}, {"lease", true}, {"token", true}, {"state"}});
    for (const Holder& holder : status_.holders) {
      table.add({{holder.slot ? std::to_string(*holder.slot) : "", {}},
                 {holder.host, {}},
                 {std::to_string(holder.pid), {}},
                 lease_of(holder, now_),
                 {holder.token ? std::to_string(*holder.token) : "", {}},
                 state_of(holder, status_, now_)});
    }
    return table;
  }

  Table table_of_queue() const {
    Table table({{"queue", true}, {"host", false, true}, {"pid", true}, {"waits", true}, {"since"}});
    for (std::size_t place = 0; place < status_.queue.size(); ++place) {
      const Waiter& waiter = status_.queue[place];
      table.add({{std::to_string(place + 1), {}},
                 {waiter.host, {}},
                 {std::to_string(waiter.pid), {}},
                 {format_duration(std::max<Duration>(now_ - waiter.since, Duration::zero())), {}},
                 {format_time(waiter.since), {}}});
    }
    return table;
  }

  /// What a person can do about it; empty when nothing needs doing.
  std::string next_step() const {
    if (!status_.problem.empty()) return next_step_of_problem();
    if (status_.kind != LockKind::lock) return next_step_of_many();
    const bool ran_out = status_.holder && lease_ran_out(*status_.holder, now_);
    if (status_.state == LockState::theirs_expired || (status_.state == LockState::stale && ran_out)) {
      return "whoever wants it next takes it; to free it now: " + command("break");
    }
    if (status_.state == LockState::stale) return "it is free when the lease has run out; nothing needs to be done";
    return next_step_of_leftovers();
  }

  std::string next_step_of_problem() const {
    if (status_.kind != LockKind::semaphore) return "";
    return "to make it anew: " + command("resize") + " " + std::to_string(status_.slots);
  }

  std::string next_step_of_many() const {
    const bool is_lost =
        std::ranges::any_of(status_.holders, [this](const Holder& holder) { return needs_attention(holder, now_); });
    if (is_lost) return "whoever comes next takes it over when the lease has run out; nothing needs to be done";
    return next_step_of_leftovers();
  }

  std::string next_step_of_leftovers() const {
    return status_.leftovers.empty() ? "" : "to remove the leftovers: " + command("clean");
  }

  std::string command(std::string_view name) const { return command_for(name, status_.lockfile, options_); }

  const LockStatus& status_;
  const LockOptions& options_;
  WallTime now_;
  std::size_t width_;
  const Palette& palette_;
  std::vector<std::string> lines_;
};

}  // namespace

std::vector<std::string> status_text(const LockStatus& status, const LockOptions& options, WallTime now,
                                     std::size_t width, const Palette& palette) {
  return Text(status, options, now, width, palette).lines();
}

}  // namespace leaselock::tool
