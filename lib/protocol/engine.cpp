#include "protocol/engine.hpp"

#include <utility>

namespace leaselock::protocol {

/// In place: operations are kilobytes, and an uncontended lock() is a microsecond.
template <class Operation, class... Parameters>
std::optional<Step> Engine::begin(LeaseTime now, Parameters&&... parameters) {
  error_.clear();
  auto& running = operation_.emplace<Operation>(std::forward<Parameters>(parameters)...);
  if (auto next = running.start(session_, now)) return next;
  return finish();
}

std::optional<Step> Engine::start_acquire(AcquireRequest request, LeaseTime now) {
  // Slots whose leases ran out while nobody asked; who takes a new one does not hold them with it.
  if (!session_.holds(now)) session_.more.clear();
  if (request.slots != 1) return begin<AcquireSlots>(now, std::move(request));
  return begin<Acquire>(now, std::move(request));
}
std::optional<Step> Engine::start_release(LeaseTime now) {
  return session_.more.empty() ? begin<Release>(now) : begin<ReleaseSlots>(now);
}
std::optional<Step> Engine::start_destroy(LeaseTime now, DestroyRequest request) {
  return begin<Destroy>(now, request);
}
std::optional<Step> Engine::start_upgrade(LeaseTime now) { return begin<Upgrade>(now); }
std::optional<Step> Engine::start_downgrade(LeaseTime now) { return begin<Downgrade>(now); }
std::optional<Step> Engine::start_inspect(LeaseTime now) { return begin<Inspect>(now); }
std::optional<Step> Engine::start_sweep(LeaseTime now, SweepRequest request) { return begin<Sweep>(now, request); }
std::optional<Step> Engine::start_close(LeaseTime now) { return begin<Close>(now); }
std::optional<Step> Engine::start_refresh(std::optional<Duration> lifetime, LeaseTime now) {
  return session_.more.empty() ? begin<Refresh>(now, lifetime) : begin<RefreshSlots>(now, lifetime);
}

std::optional<Step> Engine::resume(const Result& result) {
  auto next = std::visit(
      [&](auto& operation) -> std::optional<Step> {
        if constexpr (std::is_same_v<std::decay_t<decltype(operation)>, std::monostate>) {
          return std::nullopt;
        } else {
          return operation.resume(session_, result);
        }
      },
      operation_);
  return next ? next : finish();
}

void Engine::give_up() {
  if (auto* acquire = std::get_if<Acquire>(&operation_)) acquire->give_up();
  if (auto* acquire = std::get_if<AcquireSlots>(&operation_)) acquire->give_up();
}

std::optional<Step> Engine::finish() {
  if (const auto* inspect = std::get_if<Inspect>(&operation_)) sighting_ = inspect->sighting();
  if (const auto* sweep = std::get_if<Sweep>(&operation_)) swept_ = sweep->swept();
  std::visit(
      [&](const auto& operation) {
        if constexpr (!std::is_same_v<std::decay_t<decltype(operation)>, std::monostate>) error_ = operation.error();
      },
      operation_);
  operation_.emplace<std::monostate>();
  return std::nullopt;
}

}  // namespace leaselock::protocol
