#include "run_marker.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/filesystem/operations.hpp>
#include <mutex>
#include <thread>
#include <utility>

#include "leaselock/lease_timer.hpp"
#include "marker_file.hpp"
#include "marker_sweep.hpp"
#include "message.hpp"

namespace leaselock::tool {

namespace {

constexpr auto longest_goodbye = std::chrono::seconds(2);

MarkerFile file_of(const MarkerOptions& options, const MarkerText& text) {
  return {boost::filesystem::absolute(options.directory).string(),
          MarkerName{marker_id(text.host, text.process.pid, options.nonce), options.name}};
}

}  // namespace

/// Everything but the mutex's own is the thread's.
struct RunMarker::Shared {
  Shared(const MarkerOptions& options, MarkerText first, bool judge)
      : text(std::move(first)), file(file_of(options, text)), judge_processes(judge) {}

  std::error_code keep(MarkerState state);
  void renew();
  void schedule();
  void sweep(bool look_at_all);
  bool may_act() {
    const std::lock_guard guard(mutex);
    return lease_runs && lease_runs();
  }
  void end() {
    const std::lock_guard guard(mutex);
    lease_runs = nullptr;
    over = true;
  }
  bool is_over() {
    const std::lock_guard guard(mutex);
    return over;
  }

  MarkerText text;
  MarkerFile file;
  bool judge_processes;
  bool warned = false;
  LeaseTime renewed{};
  boost::asio::io_context io;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{io.get_executor()};
  LeaseTimer timer{io};

  std::mutex mutex;
  std::function<bool()> lease_runs = [] { return true; };
  bool over = false;
};

std::error_code RunMarker::Shared::keep(MarkerState state) {
  text.state = state;
  // Writing makes an NFS client read the directory anew, too.
  if (const std::error_code error = file.write(text)) return error;
  // Before others can see that we run: who was there before us must not seem to run beside us.
  sweep(true);
  if (const std::error_code error = file.rename()) return error;
  schedule();
  return {};
}

void RunMarker::Shared::schedule() {
  renewed = LeaseClock::now();
  timer.expires_after(text.lifetime / 4);
  timer.async_wait([this](const boost::system::error_code& cancelled) {
    if (!cancelled && !is_over()) renew();
  });
}

void RunMarker::Shared::renew() {
  // Where we or the file server stood still, so may have the others: they get a round to show that they live.
  const bool in_time = LeaseClock::now() < renewed + text.lifetime / 2;
  if (may_act()) {
    const std::error_code error = file.touch();
    if (error && !warned) say("warning: the marker in " + file.directory() + " is not touched: " + error.message());
    warned = bool(error);
    if (!error && in_time) sweep(false);
  }
  schedule();
}

void RunMarker::Shared::sweep(bool look_at_all) {
  remove_what_is_over(file, MarkerSweep{file.stamp(), text, look_at_all, judge_processes});
}

RunMarker::RunMarker(const MarkerOptions& options, pid_t keeper, const std::string& lockfile,
                     const HoldRequest& request, const LockOptions& lock) {
  MarkerText text;
  text.host = Lock(lockfile).hostname();
  text.process = own_identity();
  text.process.pid = keeper;
  text.started = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  text.lockfile = boost::filesystem::absolute(lockfile).lexically_normal().string();
  text.kind = request.kind;
  text.lifetime = lock.lifetime;
  shared_ = std::make_shared<Shared>(options, std::move(text), lock.break_dead);
  std::thread([shared = shared_] { shared->io.run(); }).detach();
}

RunMarker::~RunMarker() { leave(); }

std::future<std::error_code> RunMarker::start(std::function<std::error_code(Shared&)> task) {
  auto promised = std::make_shared<std::packaged_task<std::error_code()>>(
      [shared = shared_.get(), task = std::move(task)] { return task(*shared); });
  auto outcome = promised->get_future();
  boost::asio::post(shared_->io, [promised] { (*promised)(); });
  return outcome;
}

void RunMarker::succeed(std::function<std::error_code(Shared&)> task) {
  const std::error_code error = start(std::move(task)).get();
  if (error) throw std::system_error(error, "cannot keep a marker in " + shared_->file.directory());
}

void RunMarker::become_ready() {
  succeed([](Shared& shared) { return shared.keep(MarkerState::ready); });
}

void RunMarker::become_running(const std::vector<Slot>& held, std::function<bool()> may_act) {
  {
    const std::lock_guard guard(shared_->mutex);
    shared_->lease_runs = std::move(may_act);
  }
  succeed([held](Shared& shared) {
    shared.text.held = held;
    return shared.keep(MarkerState::running);
  });
}

void RunMarker::remove() {
  if (std::exchange(ended_, true)) return;
  shared_->end();
  auto removal = start([](Shared& shared) {
    shared.timer.cancel();
    shared.work.reset();
    return shared.file.remove();
  });
  const std::string marker = "warning: the marker in " + shared_->file.directory();
  if (removal.wait_for(longest_goodbye) != std::future_status::ready) {
    say(marker + " is not removed yet: its file system does not answer");
  } else if (const std::error_code error = removal.get()) {
    say(marker + " was not removed: " + error.message());
  }
}

void RunMarker::leave() {
  if (std::exchange(ended_, true)) return;
  shared_->end();
  start([](Shared& shared) {
    shared.timer.cancel();
    shared.work.reset();
    return std::error_code();
  });
}

}  // namespace leaselock::tool
