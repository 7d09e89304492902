#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "job_run.hpp"
#include "record/record.hpp"

namespace leaselock::nfs {

/// What a batch came to, from three sources that know nothing of each other: witnesses on the hosts, what the scripts
/// print, and the names of files as the server has them in the end. Not thread safe.
class BatchRecord {
 public:
  /// The directories that hold one file for each job. Nothing is left in the first two in the end.
  static constexpr const char* places[] = {"jobs", "running", "done", "failed", "lost"};

  /// jobs: they are numbered from 1. most: how many may run at once.
  BatchRecord(std::size_t jobs, std::size_t most) : jobs_(jobs), most_(most) {}

  /// A line of a witness (cut/witness.cpp).
  void add_sighting(const std::string& host, std::string_view text);
  /// A line that batch.sh printed there: "batch: NAME@HOST@TOKEN begins, slot 1", for example.
  void add_message(const std::string& host, const std::string& text);
  void mark(Cycles at, const std::string& host, const std::string& what) { marks_.push_back({at, host, what}); }
  /// Everything that runs there ends with its host.
  void crash(Cycles at, const std::string& host);
  /// A file as the server has it in the end: place is a directory's name.
  void add_file(const std::string& place, const std::string& name) { files_[place].push_back(name); }

  /// After the last line and file: tells which run was the one that counts.
  void settle();

  const std::vector<JobRun>& runs() const { return runs_; }
  const std::vector<Mark>& marks() const { return marks_; }
  const std::vector<std::string>& files(const std::string& place) const;
  /// Jobs in done/ and in lost/ or failed/.
  std::size_t done() const { return files("done").size(); }
  std::size_t reported() const { return files("lost").size() + files("failed").size(); }
  /// The most runs that gave signs of life at one moment. One that was killed and hangs in the kernel, since the server
  /// does not answer, gives none and does nothing.
  std::size_t most_at_once() const;

  /// What is wrong, a line each; empty: nothing.
  std::string complaints() const;

 private:
  struct Beginning {
    std::string attempt;
    std::optional<std::size_t> slot;
  };

  std::string complaints_about_job(std::size_t job) const;

  std::size_t jobs_;
  std::size_t most_;
  std::vector<JobRun> runs_;
  std::map<std::pair<std::string, std::size_t>, std::vector<Beginning>> beginnings_;  ///< by host and job
  std::vector<Mark> marks_;
  std::map<std::string, std::vector<std::string>> files_;
};

/// The job's number at the beginning of a file's name; 0: there is none.
std::size_t job_of(const std::string& name);
/// Whether it may be begun only once.
bool is_once(const std::string& name);

}  // namespace leaselock::nfs
