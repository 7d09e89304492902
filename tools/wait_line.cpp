#include "wait_line.hpp"

#include <unistd.h>

#include <cstdio>

#include "leaselock/format_time.hpp"
#include "message.hpp"
#include "terminal.hpp"
#include "text.hpp"

namespace leaselock::tool {

namespace {

/// A wait shorter than this is not worth a line in a log.
constexpr std::chrono::seconds quiet_at_first{3};
constexpr std::chrono::milliseconds redraw_interval{250};
/// Back to the first column, and erase to the end of the line (ECMA-48 8.3.41).
constexpr std::string_view erase_line = "\r\x1b[K";

}  // namespace

WaitLine::WaitLine(boost::asio::io_context& io, boost::filesystem::path lockfile, std::optional<Duration> timeout)
    : lockfile_(std::move(lockfile)),
      timeout_(timeout),
      timer_(io),
      started_(std::chrono::steady_clock::now()),
      live_(is_live_terminal(STDERR_FILENO)) {
  if (!live_) timer_.expires_after(quiet_at_first);
  schedule();
}

void WaitLine::update(const Waiting& waiting) {
  waiting_ = waiting;
  if (live_ && !finished_) draw();
}

void WaitLine::clear() {
  finished_ = true;
  timer_.cancel();
  if (!drawn_) return;
  std::fwrite(erase_line.data(), 1, erase_line.size(), stderr);
  std::fflush(stderr);
  drawn_ = false;
}

void WaitLine::schedule() {
  if (live_) timer_.expires_after(redraw_interval);
  timer_.async_wait([this](const boost::system::error_code& cancelled) {
    if (!cancelled && !finished_) show();
  });
}

void WaitLine::show() {
  if (live_) {
    if (waiting_) draw();
    return schedule();
  }
  say("waiting for " + lockfile_.string() + holder_in_words());
}

std::string WaitLine::holder_in_words() const {
  if (!waiting_ || !waiting_->holder) return "";
  const Holder& holder = *waiting_->holder;
  std::string text = ": held by " + describe(holder);
  if (!holder.expires) return text;
  const Duration left = *holder.expires - std::chrono::system_clock::now();
  return text + (left > Duration::zero() ? ", lease runs " + format_duration(left) : ", lease has run out");
}

void WaitLine::draw() {
  std::string text = "waiting " + format_duration(std::chrono::steady_clock::now() - started_);
  if (timeout_) text += " of " + format_duration(*timeout_);
  text += " for " + lockfile_.filename().string() + holder_in_words();
  // The last column stays free: some terminals wrap as soon as it is written.
  const std::string line =
      std::string(erase_line) + first_characters(printable(text), terminal_width(STDERR_FILENO) - 1);
  std::fwrite(line.data(), 1, line.size(), stderr);
  std::fflush(stderr);
  drawn_ = true;
}

}  // namespace leaselock::tool
