#include "verify/crew.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <exception>
#include <iostream>
#include <system_error>

#include "doctor/interrupt.hpp"
#include "exit_status.hpp"
#include "verify/record_json.hpp"

namespace leaselock::tool::verify {

namespace {

constexpr std::chrono::milliseconds between_looks{200};
/// How long a worker that was told to stop may take to give the lock back.
constexpr std::chrono::seconds patience_at_the_end{10};

[[noreturn]] void be_worker(const Job& job, int pipe, pid_t parent) {
  // When this program dies its workers stop; and a worker whose report nobody reads stops in order, not by SIGPIPE.
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  ::signal(SIGPIPE, SIG_IGN);
  if (::getppid() != parent) ::_exit(exit_os);
  try {
    work(job, pipe);
    ::_exit(exit_ok);
  } catch (const std::exception&) {
    ::_exit(exit_software);
  }
}

}  // namespace

Crew::Crew(const std::vector<Job>& jobs) {
  std::cout.flush();
  std::fflush(nullptr);
  workers_.reserve(jobs.size());
  for (const Job& job : jobs) start(job);
}

void Crew::start(const Job& job) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    throw std::system_error(errno, std::system_category(), "cannot make a pipe");
  Descriptor reading(ends[0]);
  Descriptor writing(ends[1]);
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) throw std::system_error(errno, std::system_category(), "cannot start a process");
  if (pid == 0) {
    workers_.clear();  // their pipes
    be_worker(job, writing.get(), parent);
  }
  Worker& worker = workers_.emplace_back();
  worker.pid = pid;
  worker.pipe = std::move(reading);
  worker.record.number = job.own.number;
  worker.record.mount = job.mount;
  worker.record.trouble = "ended without a report";
}

Crew::~Crew() {
  for (const Worker& worker : workers_) {
    if (worker.running()) ::kill(worker.pid, SIGTERM);
  }
  const LeaseTime deadline = LeaseClock::now() + patience_at_the_end;
  while (any_running() && LeaseClock::now() < deadline) listen(between_looks);
  for (Worker& worker : workers_) {
    if (worker.running()) ::kill(worker.pid, SIGKILL);
    reap(worker, false);
  }
}

bool Crew::any_running() const { return std::ranges::any_of(workers_, &Worker::running); }

std::vector<WorkerRecord> Crew::finish(LeaseTime deadline, const std::function<void(std::size_t)>& progress) {
  while (any_running() && LeaseClock::now() < deadline) {
    listen(between_looks);
    doctor::InterruptWatch::check();
    std::size_t holds = 0;
    for (const Worker& worker : workers_) holds += worker.record.holds.size();
    progress(holds);
  }
  std::vector<WorkerRecord> records;
  for (Worker& worker : workers_) {
    if (worker.running()) worker.record.trouble = "did not end in time: its last request was not answered";
    records.push_back(std::move(worker.record));
  }
  return records;
}

void Crew::listen(Duration at_most) {
  std::vector<pollfd> pipes;
  for (const Worker& worker : workers_) pipes.push_back({worker.pipe.get(), POLLIN, 0});
  const auto timeout = std::chrono::duration_cast<std::chrono::milliseconds>(at_most);
  if (::poll(pipes.data(), pipes.size(), static_cast<int>(timeout.count())) <= 0) return;
  for (std::size_t i = 0; i < pipes.size(); ++i) {
    if (pipes[i].revents != 0) read(workers_[i]);
  }
}

void Crew::read(Worker& worker) {
  std::array<char, 65536> buffer{};
  const ssize_t length = ::read(worker.pipe.get(), buffer.data(), buffer.size());
  if (length < 0 && errno == EINTR) return;
  if (length <= 0) {
    worker.pipe.close();
    return reap(worker, true);
  }
  worker.unread.append(buffer.data(), static_cast<std::size_t>(length));
  std::size_t begin = 0;
  for (std::size_t end = 0; (end = worker.unread.find('\n', begin)) != std::string::npos; begin = end + 1) {
    add_line(std::string_view(worker.unread).substr(begin, end - begin), worker.record);
  }
  worker.unread.erase(0, begin);
}

/// A worker that closed its pipe is past its last request, so waiting for its end is not waiting for the server.
void Crew::reap(Worker& worker, bool wait) {
  if (!worker.running()) return;
  while (::waitpid(worker.pid, nullptr, wait ? 0 : WNOHANG) < 0 && errno == EINTR) {
  }
  worker.pid = -1;
}

}  // namespace leaselock::tool::verify
