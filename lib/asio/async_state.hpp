#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/filesystem/path.hpp>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <system_error>

#include "asio/job.hpp"
#include "asio/waiting_handlers.hpp"
#include "leaselock/async_lock.hpp"
#include "ports/environment.hpp"
#include "protocol/session.hpp"
#include "protocol/step.hpp"
#include "published_hold.hpp"
#include "reporter.hpp"

namespace leaselock {

class Keeper;

/// An AsyncLock's inside, and the driver: it runs the protocol's operations one after another, each step on the pool
/// and each sleep as a timer. Lives until the last operation has ended, longer than the object if need be.
///
/// There may be thousands. An engine weighs several times what a session does, so there is one only while an operation
/// runs; and what can be found elsewhere is not kept here.
/// Thread safety: any thread. The mutex guards everything but what belongs to the one thread that runs a job.
class AsyncState : public std::enable_shared_from_this<AsyncState> {
 public:
  AsyncState(boost::asio::any_io_executor executor, const boost::filesystem::path& lockfile, const LockOptions& options,
             const boost::asio::any_io_executor& pool, const protocol::Purpose& purpose);

  /// Returns the handler's number, for cancel().
  WaitingHandlers::Number start(AsyncLock::Request request, WaitingHandler::Any handler);
  void cancel(WaitingHandlers::Number handler, boost::asio::cancellation_type type);
  /// The end of the AsyncLock: what is under way ends, what is held is given back.
  void abandon();

  // For async_keep_alive().
  /// From now on unlocking and the lock's end also end this keeper. Refused while there is another.
  boost::system::error_code keep(const std::shared_ptr<Keeper>& keeper);
  WaitingHandlers::Number refresh(WaitingHandler::Plain handler);
  Duration lifetime() const;

  /// For the pool's threads: runs the first job until it sleeps or is done.
  void run();

  Duration remaining() const noexcept;
  std::optional<FencingToken> token() const noexcept;
  const boost::asio::any_io_executor& executor() const { return executor_; }
  boost::filesystem::path lockfile() const;
  [[noreturn]] void raise(std::error_code error) const;

 private:
  using Step = protocol::Step;
  using Trace = std::function<void(const std::string&)>;

  /// Somebody waits for an operation. With the mutex.
  bool is_busy() const { return !jobs_.empty() && jobs_.back().handler != 0; }
  boost::system::error_code why_not(const AsyncLock::Request& request) const;
  void end_keeping();
  /// Ends an acquisition that sleeps, or does not let it sleep any more.
  void give_up(Job& job);
  void answer(Job& job, boost::system::error_code error);
  void enqueue(Job job);
  void run_soon();

  // On the pool, by one thread at a time.
  std::optional<Step> begin(Job& job);
  std::optional<Step> wake(Job& job);
  /// Goes from the step to the next. False when the job sleeps; its timer will call run().
  bool advance(Job& job, std::optional<Step>& step);
  bool sleep(Job& job, LeaseTime until);
  std::optional<Step> resume(Job& job, const Step& step, const protocol::Result& result);
  /// What the engine has just ended.
  void report(const Job& job);
  /// False when there is another phase to run first. Otherwise the job is gone, and the next one is on its way.
  bool finish(Job& job);
  void publish();

  boost::asio::any_io_executor pool() const;
  bool in_forked_child() const noexcept;

  const ports::Environment& environment_;
  boost::asio::any_io_executor executor_;
  std::unique_ptr<const boost::asio::any_io_executor> own_pool_;  ///< null: async_pool()
  std::optional<Duration> timeout_;
  std::unique_ptr<Trace> on_trace_;
  std::unique_ptr<Reporter> reporter_;  ///< null when nobody listens; for the one thread that runs a job
  std::shared_ptr<WaitingHandlers> handlers_;
  std::unique_ptr<ports::FileSystem> files_;
  std::uint64_t generation_;
  PublishedHold published_;

  mutable std::mutex mutex_;
  bool abandoned_ = false;
  std::weak_ptr<Keeper> keeper_;
  Duration lifetime_;          ///< as the last operation left it
  protocol::Session session_;  ///< is in the first job's engine while that runs
  std::list<Job> jobs_;        ///< the first one runs
};

}  // namespace leaselock
