#include "top/live.hpp"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdlib>
#include <limits>
#include <memory>

#include "exit_status.hpp"
#include "leaselock/format_time.hpp"
#include "signal_source.hpp"
#include "top/keys.hpp"
#include "top/layout.hpp"
#include "top/screen.hpp"
#include "top/watch.hpp"

namespace leaselock::tool::top {

namespace {

using std::chrono::seconds;

/// Of one lock; the others are counted.
constexpr std::size_t most_waiters = 5;
/// Nobody needs to hear of a look that takes less.
constexpr seconds patience{3};
/// More rows than there are; room is left to add to it.
constexpr std::size_t far_down = std::numeric_limits<std::size_t>::max() / 2;
/// What is left of a lease is counted down this often, whatever the interval.
constexpr seconds redraw_at_least_every{1};

class Live {
 public:
  Live(const std::vector<Place>& places, const std::string& title, Duration interval)
      : redraw_every_(std::min<Duration>(interval, redraw_at_least_every)) {
    frame_.title = title;
    for (const Place& place : places) {
      watches_.push_back(std::make_unique<Watch>(io_, place, interval, [this] { draw(); }));
    }
  }

  int run() {
    signals_.on_signal([this](const Signal& signal) { act_on(signal.number); });
    screen_.take();
    screen_.on_typed([this](std::string_view typed) { act_on(typed); });
    redraw();
    io_.run();
    screen_.give_back();
    // A look at a server that does not answer cannot be ended, only left behind.
    if (std::ranges::any_of(watches_, [](const auto& watch) { return watch->is_looking(); })) std::_Exit(status_);
    return status_;
  }

 private:
  void quit(int status) {
    status_ = status;
    io_.stop();
  }

  void act_on(int signal_number) {
    switch (signal_number) {
      case SIGWINCH:
        screen_.forget();
        return draw();
      case SIGTSTP:
        screen_.give_back();
        stop_as_usual();
        [[fallthrough]];
      case SIGCONT:
        screen_.take();
        return draw();
      case SIGINT:
        return quit(exit_ok);
      case SIGHUP:
      case SIGQUIT:
      case SIGTERM:
        return quit(exit_signal_base + signal_number);
      default:
        return;
    }
  }

  void act_on(std::string_view typed) {
    if (typed.empty()) return quit(exit_signal_base + SIGHUP);
    for (const Key key : keys_in(typed)) act_on(key);
    draw();
  }

  void act_on(Key key) {
    const std::size_t page = std::max<std::size_t>(screen_.height(), 4) - 4;
    const auto back = [this](std::size_t rows) { frame_.first -= std::min(rows, frame_.first); };
    switch (key) {
      case Key::quit:
        return quit(exit_ok);
      case Key::pause:
        return pause();
      case Key::sort:
        order_ = order_ == Order::name ? Order::attention : Order::name;
        return;
      case Key::up:
        return back(1);
      case Key::down:
        frame_.first += 1;
        return;
      case Key::page_up:
        return back(page);
      case Key::page_down:
        frame_.first += page;
        return;
      case Key::first:
        return back(frame_.first);
      case Key::last:
        frame_.first = far_down;
        return;
    }
  }

  void pause() {
    is_paused_ = !is_paused_;
    for (const auto& watch : watches_) watch->set_paused(is_paused_);
  }

  void redraw() {
    draw();
    timer_.expires_after(redraw_every_);
    timer_.async_wait([this](const boost::system::error_code& cancelled) {
      if (!cancelled) redraw();
    });
  }

  void draw() {
    // Paused, nothing moves but what was asked for.
    if (!is_paused_) frame_.now = std::chrono::system_clock::now();
    std::vector<Look> looks;
    frame_.notices.clear();
    for (const auto& watch : watches_) {
      if (watch->last()) looks.push_back(*watch->last());
      note_silence_of(*watch);
    }
    frame_.footer = footer();
    const Model model = model_of(looks, order_, frame_.now, most_waiters);
    screen_.show(screenful(frame_, model, screen_.width(), screen_.height(), palette_));
  }

  void note_silence_of(const Watch& watch) {
    const std::string directory = watch.place().directory.string();
    if (watch.silence() >= patience) {
      frame_.notices.push_back(directory + ": no answer for " + format_duration(watch.silence()));
    } else if (!watch.last()) {
      frame_.notices.push_back(directory + ": looking for locks");
    }
  }

  std::string footer() const {
    Duration rest = Duration::zero();
    for (const auto& watch : watches_) rest = std::max(rest, watch->rest());
    return std::string("q quit  p ") + (is_paused_ ? "go on" : "pause") + "  s sort by " +
           (order_ == Order::name ? "attention" : "name") + "  arrows scroll  " +
           (is_paused_ ? "paused" : "every " + format_duration(rest));
  }

  boost::asio::io_context io_;
  SignalSource signals_{io_, {SIGWINCH, SIGTSTP, SIGCONT}};  // before any thread: they inherit the mask
  Palette palette_{STDOUT_FILENO};
  boost::asio::steady_timer timer_{io_};
  Duration redraw_every_;
  Frame frame_;
  Order order_ = Order::attention;
  bool is_paused_ = false;
  int status_ = exit_ok;
  std::vector<std::unique_ptr<Watch>> watches_;
  Screen screen_{io_};
};

}  // namespace

int run_live(const std::vector<Place>& places, const std::string& title, Duration interval) {
  return Live(places, title, interval).run();
}

}  // namespace leaselock::tool::top
