#include <unistd.h>

#include <boost/json/serialize.hpp>
#include <cerrno>
#include <random>
#include <system_error>
#include <thread>

#include "doctor/interrupt.hpp"
#include "exit_status.hpp"
#include "leaselock/format_time.hpp"
#include "leaselock/lock.hpp"
#include "verify/counter.hpp"
#include "verify/gate.hpp"
#include "verify/job.hpp"
#include "verify/record_json.hpp"

namespace leaselock::tool::verify {

namespace {

/// One hold in so many is refreshed, so that refreshes are part of what is tested.
constexpr unsigned refresh_every = 8;

bool interrupted() {
  try {
    doctor::InterruptWatch::check();
    return false;
  } catch (const doctor::Interrupted&) {
    return true;
  }
}

/// A moment counts as sure if the lease still ran after the clock had been read.
void note_sure(const Lock& lock, Hold& hold) {
  const LeaseTime now = LeaseClock::now();
  if (!lock.may_act()) return;
  if (!hold.sure) hold.sure = Span{now, now};
  hold.sure->until = now;
}

void send(int pipe, std::string line) {
  line += '\n';
  for (std::string_view rest = line; !rest.empty();) {
    const ssize_t written = ::write(pipe, rest.data(), rest.size());
    if (written < 0 && errno != EINTR) throw std::system_error(errno, std::system_category(), "cannot report");
    if (written > 0) rest.remove_prefix(static_cast<std::size_t>(written));
  }
}

class Contestant {
 public:
  Contestant(const Job& job, int pipe)
      : job_(job),
        pipe_(pipe),
        gate_(job.contest, job.own, job.others),
        counter_(job.contest),
        lock_(job.contest + "/" + lock_name, lock_options()) {}

  void run(WorkerRecord& record) {
    const LeaseTime began = LeaseClock::now();
    unsigned holds = 0;
    while (!interrupted() && LeaseClock::now() < job_.end && (!job_.holds || holds < *job_.holds)) {
      if (!one_hold(record, holds)) break;
      ++holds;
      std::this_thread::sleep_for(Duration(pause_(random_)));
    }
    record.worked = LeaseClock::now() - began;
    record.no_links = !gate_.has_links();
    record.doubtful = gate_.doubtful();
    if (interrupted()) {
      record.trouble = "was stopped";
    } else if (holds < job_.holds.value_or(1)) {
      record.trouble = "got the lock " + std::to_string(holds) + " times" +
                       (job_.holds ? ", not " + std::to_string(*job_.holds) : "") + ", in " +
                       format_duration(record.worked);
    }
    record.finished = record.trouble.empty();
  }

 private:
  LockOptions lock_options() {
    LockOptions options = job_.lock;
    options.stop = stop_.get_token();
    options.on_wait = [this](const Waiting&) {
      if (interrupted()) stop_.request_stop();
    };
    return options;
  }

  /// False when the run was over before the lock was ours.
  bool one_hold(WorkerRecord& record, unsigned number) {
    gate_.announce(number);
    const LeaseTime asked = LeaseClock::now();
    try {
      lock_.lock(std::max(job_.end - asked, Duration::zero()));
    } catch (const LockError& error) {
      if (error.code() != Errc::timed_out && error.code() != Errc::cancelled) throw;
      record.unserved = LeaseClock::now() - asked;
      return false;
    }
    Hold hold;
    hold.waited = LeaseClock::now() - asked;
    hold.token = lock_.fencing_token().value_or(0);
    stay(hold);
    leave(hold);
    send(pipe_, boost::json::serialize(to_json(hold)));
    return true;
  }

  void stay(Hold& hold) {
    note_sure(lock_, hold);
    hold.met = gate_.enter(lock_);
    note_sure(lock_, hold);
    const std::int64_t place_before = counter_.read();
    std::this_thread::sleep_for(job_.hold);
    note_sure(lock_, hold);
    if (random_() % refresh_every == 0) {
      perform(hold, [this] { lock_.refresh(); });
      note_sure(lock_, hold);
    }
    if (lock_.may_act()) {
      hold.place = place_before + 1;
      counter_.write(hold.place);
      hold.place_sure = lock_.may_act();
    }
    gate_.leave();
    note_sure(lock_, hold);
    hold.overstayed = !lock_.may_act();
  }

  void leave(Hold& hold) {
    perform(hold, [this] { lock_.unlock(); });
  }

  /// A lock that is lost although its deadline has not come was taken away by somebody.
  template <class Call>
  void perform(Hold& hold, Call call) {
    // now() before remaining(): the sum is at most the deadline.
    const LeaseTime now = LeaseClock::now();
    const LeaseTime deadline = now + lock_.remaining();
    try {
      call();
    } catch (const NotLockedError& error) {
      if (error.code() == Errc::lease_lost && LeaseClock::now() < deadline) hold.lost_early = true;
    }
  }

  const Job& job_;
  int pipe_;
  std::stop_source stop_;
  std::mt19937_64 random_{std::random_device{}()};
  std::uniform_int_distribution<Duration::rep> pause_{0, 2 * job_.hold.count()};
  Gate gate_;
  Counter counter_;
  Lock lock_;
};

}  // namespace

void work(const Job& job, int pipe) {
  WorkerRecord record;
  record.number = job.own.number;
  record.mount = job.mount;
  try {
    Contestant(job, pipe).run(record);
  } catch (const std::system_error& error) {
    record.trouble = error.what();
    record.status = exit_status_of(error.code());
    record.doubtful = true;
  }
  send(pipe, boost::json::serialize(to_json(record)));
}

}  // namespace leaselock::tool::verify
