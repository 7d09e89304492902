#pragma once

#include <boost/filesystem/operations.hpp>
#include <boost/filesystem/path.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "drive/perform.hpp"
#include "ports/environment.hpp"
#include "protocol/engine.hpp"

/// Engines on a real temporary directory, with a hook at every step.
namespace leaselock::test {

/// A fresh directory that goes away with everything in it.
class TemporaryDirectory {
 public:
  TemporaryDirectory()
      : path_(boost::filesystem::temp_directory_path() / boost::filesystem::unique_path("leaselock-%%%%-%%%%-%%%%")) {
    boost::filesystem::create_directory(path_);
  }
  ~TemporaryDirectory() {
    boost::system::error_code ignored;
    boost::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const boost::filesystem::path& path() const { return path_; }

 private:
  boost::filesystem::path path_;
};

inline protocol::Settings settings_for(const boost::filesystem::path& lockfile) {
  protocol::Settings settings;
  settings.lock_path = lockfile.string();
  settings.base = lockfile.filename().string();
  // Judged as a local file system whatever the temporary directory is on.
  settings.stamp_error = std::chrono::milliseconds(20);
  settings.grace = std::chrono::milliseconds(200);
  settings.user = ports::native_environment().host.effective_user();
  return settings;
}

/// One contender: an engine, its directory handles, and what to do instead of a step.
class Contender {
 public:
  /// Returns a result to pretend with; empty means: perform the step.
  using Interceptor = std::function<std::optional<protocol::Result>(const protocol::Step&)>;

  explicit Contender(protocol::Settings settings) : environment_(ports::native_environment()) {
    protocol::Owner owner = environment_.host.identity();
    const auto bits = environment_.entropy.draw();
    owner.random = protocol::short_hash(std::to_string(bits[0])) + protocol::short_hash(std::to_string(bits[1]));
    files_ = environment_.make_file_system(boost::filesystem::path(settings.lock_path).parent_path().string());
    engine = protocol::Engine(std::move(settings), std::move(owner));
  }

  LeaseTime now() const { return environment_.clock.now(); }

  std::error_code run(std::optional<protocol::Step> step) {
    steps.clear();
    while (step) {
      steps.push_back(protocol::to_string(*step));
      std::optional<protocol::Result> instead = interceptor ? interceptor(*step) : std::nullopt;
      if (instead) {
        if (instead->sent == LeaseTime{}) instead->sent = instead->received = now();
      } else {
        instead = drive::perform(*step, *files_, environment_);
      }
      step = engine.resume(*instead);
    }
    return engine.error();
  }
  /// Performs a step although the interceptor will pretend something else.
  protocol::Result really(const protocol::Step& step) { return drive::perform(step, *files_, environment_); }

  std::error_code try_lock() { return run(engine.start_acquire({now()}, now())); }
  std::error_code lock(protocol::AcquireRequest request) {
    request.give_up_at = now();
    return run(engine.start_acquire(std::move(request), now()));
  }
  std::error_code lock_within(Duration patience) { return run(engine.start_acquire({now() + patience}, now())); }
  std::error_code unlock() { return run(engine.start_release(now())); }
  std::error_code refresh() { return run(engine.start_refresh(std::nullopt, now())); }
  std::error_code close() { return run(engine.start_close(now())); }

  protocol::Engine engine;
  Interceptor interceptor;
  std::vector<std::string> steps;  ///< of the last operation, as the trace prints them

 private:
  const ports::Environment& environment_;
  std::unique_ptr<ports::FileSystem> files_;
};

/// The first word of each step: "rename", "link", "look!", ...
inline std::vector<std::string> verbs(const std::vector<std::string>& steps) {
  std::vector<std::string> words;
  for (const auto& step : steps) words.push_back(step.substr(0, step.find(' ')));
  return words;
}

}  // namespace leaselock::test
