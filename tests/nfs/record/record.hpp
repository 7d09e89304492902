#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "held.hpp"

namespace leaselock::nfs {

struct Line;

/// What one worker got, over all its lives if it was started again.
struct Share {
  std::string host;
  std::string name;
  std::string mode;
  std::size_t holds = 0;
  std::size_t lost = 0;
  std::size_t unseen = 0;
  double longest_wait_us = 0;
  double longest_without_us = 0;  ///< while it lived, from hold to hold, its own pauses included
  std::uint64_t refreshes = 0;
};

/// Something that the test did, for the picture: "crash", "cut", "heal".
struct Mark {
  Cycles at = 0;
  std::string host;
  std::string what;
};

/// Everything that a record says.
struct Report {
  double cycles_per_us = 1;
  Cycles begin = 0;             ///< of the first line
  Cycles end = 0;               ///< of the last one
  std::vector<HeldLock> holds;  ///< in order of `first`
  std::vector<Overlap> overlaps;
  std::vector<Crowd> crowds;
  std::vector<TokenFault> token_faults;
  std::vector<Share> shares;  ///< in order of host and name
  double fairness = 1;
  std::map<std::string, std::size_t> errors;  ///< "lock timed_out", "refresh EIO", "end lost may_act"
  std::vector<Mark> marks;
  std::vector<std::string> malformed;  ///< events that were not understood: a bug of a worker or of the channel
  std::vector<std::string> notes;      ///< what was no event, for example error messages
  std::size_t torn = 0;                ///< events cut off in the middle
  std::size_t events = 0;

  double us(Cycles cycles) const { return static_cast<double>(cycles) / cycles_per_us; }
  std::size_t count(Ended ended) const;
};

/// Collects what workers say. It may be asked for a report at any time. Not thread safe.
class Record {
 public:
  explicit Record(double cycles_per_us) : cycles_per_us_(cycles_per_us) {}

  /// A line as it came from a host; the end of line may be missing.
  void add_line(const std::string& host, std::string_view text);
  void mark(Cycles at, const std::string& host, const std::string& what) { marks_.push_back({at, host, what}); }

  Report report() const;

 private:
  struct Worker {
    Share share;
    std::optional<std::size_t> hold;  ///< the latest of this life, as an index
    bool holding = false;
    Cycles without_since = 0;
    Cycles seen = 0;
    bool alive = false;
  };

  bool take(Worker& worker, const Line& line);
  void begin_life(Worker& worker, const Line& line);
  bool begin_hold(Worker& worker, const Line& line);
  bool go_on(Worker& worker, const Line& line);
  bool end_hold(Worker& worker, HeldLock& hold, const Line& line);
  void note_gap(Worker& worker, Cycles until) const;
  void count_error(const std::string& where, const Line& line);

  double cycles_per_us_;
  std::map<std::string, Worker, std::less<>> workers_;  ///< by "host/name"
  std::vector<HeldLock> holds_;
  std::vector<Mark> marks_;
  std::map<std::string, std::size_t> errors_;
  std::vector<std::string> malformed_;
  std::vector<std::string> notes_;
  std::size_t torn_ = 0;
  std::size_t events_ = 0;
  Cycles begin_ = 0;
  Cycles end_ = 0;
};

}  // namespace leaselock::nfs
