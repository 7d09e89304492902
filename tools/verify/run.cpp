#include "verify/run.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <random>
#include <set>
#include <stdexcept>
#include <system_error>

#include "leaselock/format_time.hpp"
#include "leaselock/lock.hpp"
#include "message.hpp"
#include "text.hpp"
#include "verify/crew.hpp"
#include "verify/gate.hpp"
#include "verify/gathering.hpp"
#include "verify/progress_line.hpp"
#include "verify/scratch.hpp"

namespace leaselock::tool::verify {

namespace {

/// How long a worker may need to come back from its last request after the end.
constexpr std::chrono::seconds slow_server{5};
constexpr std::chrono::seconds longest_first_lock{30};

std::string new_id() {
  std::random_device random;
  std::array<char, 17> text{};
  std::snprintf(text.data(), text.size(), "%08x%08x", static_cast<std::uint32_t>(random()),
                static_cast<std::uint32_t>(random()));
  return text.data();
}

/// Tells whether two hosts are one machine; for the report only.
std::string running_kernel() {
  std::string id;
  std::getline(std::ifstream("/proc/sys/kernel/random/boot_id"), id);
  return id;
}

Duration limit_of(const VerifyOptions& options) {
  const Duration unless_given = options.holds ? std::chrono::minutes(5) : std::chrono::seconds(20);
  return options.limit.value_or(unless_given);
}

std::string mode_of(const LockOptions& lock) {
  std::string text = lock.mode == Mode::compat ? "--compat" : lock.mirror ? "fenced" : "--no-mirror";
  if (lock.separator != LockOptions().separator) text += " --separator " + shell_word(lock.separator);
  return text;
}

class Run {
 public:
  explicit Run(const VerifyOptions& options)
      : options_(options),
        id_(new_id()),
        name_("leaselock-verify-" + (options.name.empty() ? std::to_string(::getpid()) + "-" + id_ : options.name)),
        scratch_(options.directories.front(), name_) {}

  std::optional<Contest> play() {
    const unsigned caches = count_caches();
    const std::string host = try_lock_once();
    gathering_.introduce({id_, host, running_kernel(), options_.workers, caches, mode_of(options_.lock),
                          limit_of(options_) + 2 * options_.lock.lifetime + slow_server});
    Contest contest;
    contest.directory = options_.directories.front();
    contest.members = meet();
    if (contest.members.empty()) return std::nullopt;
    const LeaseTime began = LeaseClock::now();
    gathering_.publish(contend(contest.members, began));
    contest.records = gathering_.collect(began, [&](std::size_t reported) {
      line_.show("waiting for the records of the hosts: " + std::to_string(reported) + " of " +
                 std::to_string(contest.members.size()));
    });
    line_.clear();
    return contest;
  }

 private:
  std::string contest_through(const std::string& directory) const {
    return directory + "/" + name_ + "/" + Scratch::contest;
  }

  /// Mounts with caches of their own have device numbers of their own.
  unsigned count_caches() const {
    std::set<dev_t> devices;
    std::set<ino_t> inodes;
    for (const std::string& directory : options_.directories) {
      struct stat found {};
      if (::stat(contest_through(directory).c_str(), &found) != 0) {
        if (errno != ENOENT) throw std::system_error(errno, std::system_category(), "cannot look into " + directory);
        throw std::invalid_argument(directory + " is not the same directory as " + options_.directories.front() +
                                    ": what is made in one does not show in the other");
      }
      devices.insert(found.st_dev);
      inodes.insert(found.st_ino);
    }
    if (inodes.size() > 1) throw std::invalid_argument("the directories are not one directory through several mounts");
    return static_cast<unsigned>(devices.size());
  }

  /// Options or a file system that do not suit are better found before anything is started. Returns the host's name.
  std::string try_lock_once() const {
    std::string host;
    for (const std::string& directory : options_.directories) {
      Lock lock(contest_through(directory) + "/" + lock_name, options_.lock);
      lock.lock(longest_first_lock);
      lock.unlock();
      host = lock.hostname();
    }
    return host;
  }

  std::vector<Member> meet() {
    if (options_.name.empty()) return gathering_.meet(1, LeaseTime::max(), [](std::size_t) {});
    if (!options_.quiet) {
      say("waiting at most " + format_duration(options_.wait) + " for " + std::to_string(options_.hosts) +
          " hosts; on each run: leaselock verify --join " + options_.name + " " +
          shell_word(options_.directories.front()));
    }
    const LeaseTime deadline = LeaseClock::now() + options_.wait;
    const std::vector<Member> members = gathering_.meet(options_.hosts, deadline, [&](std::size_t here) {
      here_ = here;
      line_.show("hosts: " + std::to_string(here) + " of " + std::to_string(options_.hosts) + ", waiting " +
                 format_duration(std::max(deadline - LeaseClock::now(), Duration::zero())));
    });
    line_.clear();
    if (members.empty()) {
      say("only " + std::to_string(here_) + " of " + std::to_string(options_.hosts) + " hosts came within " +
          format_duration(options_.wait) + ": start the command on all of them, with one name and one directory");
    }
    return members;
  }

  std::vector<Job> jobs(const std::vector<Member>& members, LeaseTime end) const {
    std::vector<WorkerName> everybody;
    for (const Member& member : members) {
      for (unsigned number = 1; number <= member.workers; ++number) everybody.push_back({member.id, number});
    }
    std::vector<Job> result;
    for (unsigned number = 1; number <= options_.workers; ++number) {
      const std::string& mount = options_.directories[(number - 1) % options_.directories.size()];
      Job& job = result.emplace_back();
      job.own = {id_, number};
      job.others = everybody;
      std::erase(job.others, job.own);
      job.mount = mount;
      job.contest = contest_through(mount);
      job.lock = options_.lock;
      job.hold = options_.hold;
      job.holds = options_.holds;
      job.end = end;
    }
    return result;
  }

  HostRecord contend(const std::vector<Member>& members, LeaseTime began) {
    const LeaseTime end = began + limit_of(options_);
    Crew crew(jobs(members, end));
    HostRecord record;
    for (const Member& member : members) {
      if (member.id == id_) record.member = member;
    }
    record.workers = crew.finish(end + options_.lock.lifetime + slow_server, [&](std::size_t holds) {
      line_.show("verify " + format_duration(LeaseClock::now() - began) + " of " + format_duration(end - began) + ": " +
                 std::to_string(holds) + " holds on this host");
    });
    line_.clear();
    return record;
  }

  const VerifyOptions& options_;
  std::string id_;
  std::string name_;
  Scratch scratch_;
  Gathering gathering_{scratch_};
  std::size_t here_ = 0;
  ProgressLine line_{!options_.quiet};
};

}  // namespace

std::optional<Contest> run(const VerifyOptions& options) { return Run(options).play(); }

}  // namespace leaselock::tool::verify
