#include "held_lock.hpp"

#include <utility>

#include "leaselock/maintenance.hpp"

namespace leaselock::tool {

namespace {

template <class Part>
std::string in_words(const std::vector<Slot>& held, Part part) {
  std::string words;
  for (const Slot& slot : held) words += (words.empty() ? "" : " ") + std::to_string(part(slot));
  return words;
}

}  // namespace

std::string to_string(HoldKind kind) {
  switch (kind) {
    case HoldKind::lock:
      return "lock";
    case HoldKind::slots:
      return "slots";
    case HoldKind::shared:
      return "shared";
    case HoldKind::exclusive:
      return "exclusive";
  }
  return "lock";
}

HeldLock::HeldLock(const boost::filesystem::path& lockfile, const HoldRequest& request, LockOptions options)
    : request_(request), lock_(make(lockfile, request, std::move(options))) {}

HeldLock::AnyLock HeldLock::make(const boost::filesystem::path& lockfile, const HoldRequest& request,
                                 LockOptions options) {
  switch (request.kind) {
    case HoldKind::lock:
      break;
    case HoldKind::slots:
      return Semaphore(lockfile, request.slots, std::move(options));
    case HoldKind::shared:
    case HoldKind::exclusive:
      return SharedLock(lockfile, std::move(options));
  }
  return Lock(lockfile, std::move(options));
}

void HeldLock::lock() {
  if (auto* semaphore = std::get_if<Semaphore>(&lock_)) return semaphore->acquire(request_.take);
  auto* shared = std::get_if<SharedLock>(&lock_);
  if (shared == nullptr) return std::get<Lock>(lock_).lock();
  return request_.kind == HoldKind::shared ? shared->lock_shared() : shared->lock();
}

void HeldLock::keep_alive(std::optional<KeepAlive>& keep, const KeepAliveOptions& how) {
  std::visit([&](auto& lock) { keep.emplace(lock, how); }, lock_);
}

void HeldLock::destroy() { std::get<Lock>(lock_).destroy(); }

Duration HeldLock::remaining() const {
  return std::visit([](const auto& lock) { return lock.remaining(); }, lock_);
}

Predecessor HeldLock::predecessor() const {
  return std::visit([](const auto& lock) { return lock.predecessor(); }, lock_);
}

std::vector<Slot> HeldLock::held() const {
  if (const auto* semaphore = std::get_if<Semaphore>(&lock_)) return semaphore->held();
  const auto token = std::visit([](const auto& lock) { return lock.fencing_token(); }, lock_);
  return token ? std::vector<Slot>{Slot{0, *token}} : std::vector<Slot>{};
}

std::string tokens_of(const std::vector<Slot>& held) {
  return in_words(held, [](const Slot& slot) { return slot.token; });
}

std::string indices_of(const std::vector<Slot>& held) {
  return in_words(held, [](const Slot& slot) { return slot.index; });
}

std::string advice_on_purpose(const boost::filesystem::path& lockfile, const LockOptions& options) {
  std::error_code error;
  const LockStatus status = inspect(lockfile, options, error);
  if (error) return "";
  switch (status.kind) {
    case LockKind::lock:
      return "use none of --slots, --shared and --exclusive, or another LOCK";
    case LockKind::semaphore:
      return "use --slots " + std::to_string(status.slots) + ", or another LOCK";
    case LockKind::shared_lock:
      return "use --shared or --exclusive, or another LOCK";
  }
  return "";
}

}  // namespace leaselock::tool
