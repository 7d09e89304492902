#include "metrics_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <boost/filesystem/operations.hpp>
#include <cerrno>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

#include "file_descriptor.hpp"
#include "message.hpp"
#include "replace_file.hpp"
#include "run_metrics.hpp"

namespace leaselock::tool {
namespace {

constexpr auto write_interval = std::chrono::seconds(10);
constexpr auto longest_goodbye = std::chrono::seconds(2);

/// Whoever reads `file` sees all of one text or all of another. Something that is no file, such as /dev/null, stays.
/// Returns why it could not be done; empty when it was.
std::string replace(const std::string& file, const std::string& text) {
  const boost::filesystem::path path(file);
  const Descriptor directory(open(path.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!directory.valid()) return std::system_category().message(errno);
  const std::string name = path.filename().string();
  struct stat there {};
  const bool is_there = fstatat(directory.get(), name.c_str(), &there, AT_SYMLINK_NOFOLLOW) == 0;
  if (is_there && !S_ISREG(there.st_mode)) return "something that is no file is there";
  // Must not end in ".prom", which node_exporter would read.
  const std::string other = name + boost::filesystem::unique_path(".%%%%-%%%%.tmp").string();
  const std::error_code error = replace_file(directory.get(), other, name, text);
  return error ? error.message() : "";
}

std::string absolute(const std::string& path) {
  boost::system::error_code error;
  const boost::filesystem::path whole = boost::filesystem::absolute(path, error);
  return error ? path : whole.lexically_normal().string();
}

}  // namespace

struct MetricsFile::Shared {
  std::string file;
  std::shared_ptr<Counters> counters = std::make_shared<Counters>();
  std::mutex mutex;
  std::condition_variable changed;
  RunMetrics run;
  bool dirty = true;
  bool finishing = false;
  bool finished = false;

  void change(const std::function<void(RunMetrics&)>& how) {
    const std::lock_guard guard(mutex);
    how(run);
    dirty = true;
    changed.notify_all();
  }

  void write_until_finished();
};

void MetricsFile::Shared::write_until_finished() {
  bool warned = false;
  std::unique_lock lock(mutex);
  for (bool last = false; !last;) {
    changed.wait_for(lock, write_interval, [this] { return dirty || finishing; });
    last = finishing;
    dirty = false;
    const RunMetrics now = run;
    lock.unlock();
    const std::string problem = replace(file, to_prometheus(now, counters->values()));
    if (!problem.empty() && !warned) say("warning: the metrics are not written to " + file + ": " + problem);
    warned = !problem.empty();
    lock.lock();
  }
  finished = true;
  changed.notify_all();
}

MetricsFile::MetricsFile(const std::string& file, const std::string& lockfile) : shared_(std::make_shared<Shared>()) {
  shared_->file = absolute(file);
  shared_->run.name = boost::filesystem::path(file).stem().string();
  shared_->run.lockfile = absolute(lockfile);
  shared_->run.started = std::chrono::system_clock::now();
  std::thread([shared = shared_] { shared->write_until_finished(); }).detach();
}

MetricsFile::~MetricsFile() { finish(std::nullopt); }

void MetricsFile::watch(LockOptions& options) {
  options.counters = shared_->counters;
  options.on_event = [shared = shared_, also = std::move(options.on_event)](const Event& event) {
    if (also) also(event);
    shared->change([&](RunMetrics& run) { run.note(event); });
  };
}

void MetricsFile::finish(std::optional<int> exit_status) {
  std::unique_lock lock(shared_->mutex);
  if (shared_->finishing) return;
  shared_->finishing = true;
  shared_->run.end(exit_status);
  shared_->changed.notify_all();
  shared_->changed.wait_for(lock, longest_goodbye, [this] { return shared_->finished; });
}

}  // namespace leaselock::tool
