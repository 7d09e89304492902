#include "contestant.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>

namespace leaselock::faults {

namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t slots = 3;

std::uint32_t slots_of(Way way) {
  if (way == Way::one_slot) return 1;
  return way == Way::two_slots ? 2 : slots;
}

std::variant<Lock, Semaphore, SharedLock> make(Way way, const boost::filesystem::path& path) {
  switch (way) {
    case Way::one_slot:
    case Way::two_slots:
    case Way::all_slots:
      return Semaphore(path, slots, options_for(way));
    case Way::writer:
    case Way::reader:
      return SharedLock(path, options_for(way));
    default:
      return Lock(path, options_for(way));
  }
}

}  // namespace

std::string to_string(Way way) {
  switch (way) {
    case Way::fenced:
      return "fenced";
    case Way::without_mirror:
      return "fenced_without_mirror";
    case Way::without_fast_path:
      return "fenced_without_fast_path";
    case Way::for_a_group:
      return "fenced_for_a_group";
    case Way::compat:
      return "compat";
    case Way::one_slot:
      return "one_slot_of_three";
    case Way::two_slots:
      return "two_slots_of_three";
    case Way::all_slots:
      return "all_slots_of_three";
    case Way::writer:
      return "writer";
    case Way::reader:
      return "reader";
  }
  return "";
}

Way exclusive(Way way) {
  if (way == Way::one_slot || way == Way::two_slots) return Way::all_slots;
  return way == Way::reader ? Way::writer : way;
}

LockOptions options_for(Way way) {
  LockOptions options;
  options.lifetime = 300ms;
  options.stamp_error = 20ms;
  options.grace = 40ms;
  options.timeout = 5s;
  options.mirror = way != Way::without_mirror;
  if (way == Way::compat) options.mode = Mode::compat;
  if (way == Way::for_a_group) options.permissions = 0660;
  if (way == Way::without_fast_path) options.fast_path = FastPath::off;
  return options;
}

Contestant::Contestant(Way way, const boost::filesystem::path& path) : way_(way), object_(make(way, path)) {}

void Contestant::lock(Duration timeout) {
  std::visit(
      [&]<class Object>(Object& object) {
        if constexpr (std::is_same_v<Object, Semaphore>) {
          if (!object.try_acquire_for(timeout, slots_of(way_)))
            throw TimeOutError(Errc::timed_out, object.lockfile(), "");
        } else if constexpr (std::is_same_v<Object, SharedLock>) {
          way_ == Way::reader ? object.lock_shared(timeout) : object.lock(timeout);
        } else {
          object.lock(timeout);
        }
      },
      object_);
}

bool Contestant::try_lock(Duration timeout) {
  try {
    lock(timeout);
    return true;
  } catch (const TimeOutError&) {
    return false;
  }
}

void Contestant::unlock() {
  std::visit(
      [&]<class Object>(Object& object) {
        if constexpr (std::is_same_v<Object, Semaphore>) {
          object.release();
        } else if constexpr (std::is_same_v<Object, SharedLock>) {
          object.holds_shared() ? object.unlock_shared() : object.unlock();
        } else {
          object.unlock();
        }
      },
      object_);
}

void Contestant::refresh() {
  std::visit([](auto& object) { object.refresh(); }, object_);
}

bool Contestant::may_act() const {
  return std::visit([](const auto& object) { return object.may_act(); }, object_);
}

std::optional<FencingToken> Contestant::fencing_token() const {
  return std::visit([](const auto& object) { return object.fencing_token(); }, object_);
}

void leave_dead_holder(Way way, const boost::filesystem::path& path) {
  const pid_t child = ::fork();
  if (child == 0) {
    Contestant holder(way, path);
    holder.lock();
    ::_exit(0);
  }
  int status = 0;
  if (child == -1 || ::waitpid(child, &status, 0) != child || status != 0) throw std::runtime_error("no dead holder");
}

}  // namespace leaselock::faults
