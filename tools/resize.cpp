#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <stop_token>

#include "exit_status.hpp"
#include "help_layout.hpp"
#include "leaselock/semaphore.hpp"
#include "lock_thread.hpp"
#include "message.hpp"
#include "options.hpp"
#include "signal_source.hpp"
#include "text.hpp"
#include "wait_line.hpp"

namespace leaselock::tool {
namespace {

struct ResizeOptions {
  LockOptions lock;
  std::string lockfile;
  std::uint32_t slots = 1;
  bool quiet = false;
};

/// A wait that signals end: the first one gives back the slots that it has gathered, a second one leaves at once.
class Resizing {
 public:
  explicit Resizing(ResizeOptions options)
      : options_(std::move(options)), semaphore_(options_.lockfile, options_.slots, lock_options()) {}

  int run() {
    signals_.on_signal([this](const Signal& signal) {
      if (signal.number == SIGCHLD) return;
      if (stop_.stop_requested()) std::_Exit(exit_signal_base + signal.number);
      interrupted_by_ = signal.number;
      stop_.request_stop();
    });
    if (!options_.quiet) wait_line_.emplace(io_, options_.lockfile, options_.lock.timeout);
    std::optional<Failure> failure;
    bool done = false;
    thread_.start([this] { semaphore_.resize(options_.slots); },
                  [&](const std::optional<Failure>& outcome) {
                    failure = outcome;
                    done = true;
                  });
    while (!done) io_.run_one();
    if (wait_line_) wait_line_->clear();
    return report(failure);
  }

 private:
  LockOptions lock_options() {
    LockOptions result = options_.lock;
    result.stop = stop_.get_token();
    result.on_wait = [this](const Waiting& waiting) {
      boost::asio::post(io_, [this, waiting] {
        if (wait_line_) wait_line_->update(waiting);
      });
    };
    return result;
  }

  int report(const std::optional<Failure>& failure) const {
    if (failure && interrupted_by_ != 0) return exit_signal_base + interrupted_by_;
    if (failure) {
      say(failure->text);
      return exit_status_of(failure->code);
    }
    const std::string count = options_.slots == 1 ? "1 slot" : std::to_string(options_.slots) + " slots";
    if (!options_.quiet) std::cout << printable(options_.lockfile) << ": " << count << std::endl;
    return exit_ok;
  }

  ResizeOptions options_;
  boost::asio::io_context io_;
  SignalSource signals_{io_, {}};
  std::stop_source stop_;
  int interrupted_by_ = 0;
  std::optional<WaitLine> wait_line_;
  Semaphore semaphore_;
  LockThread thread_{io_};
};

}  // namespace

void add_resize(CLI::App& program, Invocation& invocation) {
  auto options = std::make_shared<ResizeOptions>();
  CLI::App& app = *program.add_subcommand("resize", "Change how many slots a lock has");
  app.formatter(std::make_shared<HelpLayout>("leaselock resize [OPTIONS] LOCK N"));
  app.add_option("LOCK", options->lockfile)->required();
  app.add_option("N", options->slots)->required()->check(slot_count());
  add_duration(
      app, "-w,--timeout", [options](Duration length) { options->lock.timeout = length; },
      "how long to wait for the holders; default for ever");
  add_duration(
      app, "--lifetime", [options](Duration length) { options->lock.lifetime = length; },
      "how long what it holds outlives a crash; default 15s");
  app.add_flag("-q,--quiet", options->quiet, "print errors only");
  add_shared_options(app, options->lock);
  app.footer(
      "Waits until it has all slots, then makes the lock anew with N. Who holds a slot\n"
      "keeps it until it is given back; nobody new gets one meanwhile. Those who still\n"
      "ask for the old number are refused afterwards.\n"
      "Exit status: 0 the lock has N slots, 75 not all were given back in time; others\n"
      "as for run.\n"
      "Example:\n"
      "  leaselock resize /mnt/shared/batch.lck 4");
  app.callback([&invocation, options] { invocation.action = [options] { return Resizing(*options).run(); }; });
}

}  // namespace leaselock::tool
