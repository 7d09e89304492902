#include "world.hpp"

/// Renames whose process was killed while they were on their way (docs/protocol.md 4.7).
namespace leaselock::sim {

bool World::orphan(Process& process, const Request& request) {
  if (request.kind != Request::Kind::rename || request.object == server_.root() || !faults_->kills()) return false;
  Event event = event_for(process, Event::What::execute);
  event.request = request;
  event.follows = server_.find(request.object, request.name).value_or(Handle{});
  event.answers = false;
  event.disturbed = true;
  const Duration left = std::max(Duration::zero(), heal_ - now_);
  schedule(now_ + std::min(faults_->orphaned(), left), std::move(event));
  crash(process);
  return true;
}

void World::follow_file(Event& event) const {
  if (event.follows == Handle{} || server_.find(event.request.object, event.request.name)) return;
  for (const protocol::Entry& entry : server_.listing(event.request.object, 0)) {
    if (server_.find(event.request.object, entry.name) == event.follows) event.request.name = entry.name;
  }
}

}  // namespace leaselock::sim
