#include "hold_log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace leaselock::testing {

namespace {

std::int64_t monotonic_now() {
  return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

HoldLog::HoldLog(const boost::filesystem::path& file)
    : file_(::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666)) {
  if (file_ < 0) throw std::runtime_error("cannot open " + file.string());
}

HoldLog::~HoldLog() { ::close(file_); }

void HoldLog::write(std::uint64_t token, std::int64_t moment) const {
  std::ostringstream line;
  line << ::gettid() << ' ' << serial_ << ' ' << token << ' ' << moment << '\n';
  const std::string text = line.str();
  if (::write(file_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    throw std::runtime_error("cannot record a hold");
  }
}

bool HoldLog::record(std::uint64_t token, const std::function<bool()>& may_act, Duration length) {
  ++serial_;
  const std::int64_t end = monotonic_now() + length.count();
  while (true) {
    // The moment first: if it may act now, it could at that moment.
    const std::int64_t moment = monotonic_now();
    if (!may_act()) return false;
    write(token, moment);
    if (moment >= end) return true;
    std::this_thread::sleep_for(std::min(Duration(end - moment), Duration(std::chrono::milliseconds(2))));
  }
}

std::vector<RecordedHold> read_holds(const boost::filesystem::path& file) {
  std::map<std::pair<std::int64_t, std::uint64_t>, RecordedHold> found;
  std::ifstream lines(file.string());
  std::int64_t thread = 0;
  std::uint64_t serial = 0;
  std::uint64_t token = 0;
  std::int64_t moment = 0;
  while (lines >> thread >> serial >> token >> moment) {
    auto [hold, is_new] = found.try_emplace({thread, serial}, RecordedHold{thread, serial, token, moment, moment});
    hold->second.last = std::max(hold->second.last, moment);
  }
  std::vector<RecordedHold> holds;
  holds.reserve(found.size());
  for (const auto& entry : found) holds.push_back(entry.second);
  std::sort(holds.begin(), holds.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return holds;
}

std::size_t overlaps(const std::vector<RecordedHold>& holds) {
  std::size_t count = 0;
  std::int64_t latest_end = 0;
  for (const RecordedHold& hold : holds) {
    if (hold.first < latest_end) ++count;
    latest_end = std::max(latest_end, hold.last);
  }
  return count;
}

std::size_t most_at_once(const std::vector<RecordedHold>& holds) {
  std::multiset<std::int64_t> ends;  // of those that go on
  std::size_t most = 0;
  for (const RecordedHold& hold : holds) {
    ends.erase(ends.begin(), ends.upper_bound(hold.first));
    ends.insert(hold.last);
    most = std::max(most, ends.size());
  }
  return most;
}

std::size_t turns(const std::vector<RecordedHold>& holds) {
  std::size_t count = 0;
  for (std::size_t i = 1; i < holds.size(); ++i) count += holds[i].thread != holds[i - 1].thread ? 1U : 0U;
  return count;
}

std::size_t token_inversions(const std::vector<RecordedHold>& holds) {
  std::size_t count = 0;
  for (std::size_t i = 1; i < holds.size(); ++i) count += holds[i].token <= holds[i - 1].token ? 1U : 0U;
  return count;
}

}  // namespace leaselock::testing
