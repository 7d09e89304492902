#include "verify/gate.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

namespace leaselock::tool::verify {

namespace {

constexpr const char* inside_name = "inside";
constexpr int most_attempts = 3;
/// The modification time of a door during the first hold; later ones follow by the second. A date that every file
/// system can store.
constexpr std::int64_t first_hold = 1'000'000'000;

bool means_no_links(int error) {
  constexpr std::array<int, 5> refusals{EPERM, EOPNOTSUPP, ENOSYS, EMLINK, EXDEV};
  return std::ranges::find(refusals, error) != refusals.end();
}

}  // namespace

std::string door_of(const WorkerName& worker) { return worker.host + "." + std::to_string(worker.number); }

Gate::Gate(const std::string& contest, WorkerName own, std::vector<WorkerName> others)
    : gate_(open_directory(contest + "/" + gate_name)),
      doors_(open_directory(contest + "/" + doors_name)),
      own_(std::move(own)),
      others_(std::move(others)) {}

void Gate::announce(std::uint64_t hold) const {
  set_modification_time(doors_.get(), door_of(own_), first_hold + static_cast<std::int64_t>(hold));
}

std::optional<std::uint64_t> Gate::hold_inside(const WorkerName& worker) const {
  const std::optional<struct statx> door = ask_server(doors_.get(), door_of(worker));
  if (!door || door->stx_nlink < 2) return std::nullopt;
  return static_cast<std::uint64_t>(door->stx_mtime.tv_sec - first_hold);
}

bool Gate::try_link() {
  inside_ = ::linkat(doors_.get(), door_of(own_).c_str(), gate_.get(), inside_name, 0) == 0;
  if (inside_) return true;
  if (means_no_links(errno)) {
    has_links_ = false;
    return true;
  }
  const bool taken = errno == EEXIST;
  inside_ = hold_inside(own_).has_value();
  // Either this link was made and its reply got lost, or an earlier one was executed again after it was removed.
  if (inside_ || !taken) doubtful_ = true;
  return inside_ || !taken;
}

void Gate::leave() {
  for (int attempt = 0; inside_ && attempt < most_attempts; ++attempt) {
    // "Not there" may be a lost reply or an old listing; the link count tells.
    inside_ = ::unlinkat(gate_.get(), inside_name, 0) != 0 && hold_inside(own_);
    if (inside_) nudge(gate_.get());
  }
  if (inside_) doubtful_ = true;
}

}  // namespace leaselock::tool::verify
