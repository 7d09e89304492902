#include "explored_state.hpp"

#include "describe.hpp"
#include "hashing.hpp"

namespace leaselock::sim {

std::uint64_t State::key() const {
  std::uint64_t hash = static_cast<std::uint64_t>(now.time_since_epoch().count());
  server->hash_into(hash);
  for (const auto& actor : actors) {
    mix(hash, actor->history);
    mix(hash, actor->at * 64 + actor->tries * 8 + (actor->gone ? 4U : 0U) + (actor->repeats ? 2U : 0U) +
                  (actor->request ? 1U : 0U));
    mix(hash, actor->request ? static_cast<std::uint64_t>(actor->request->kind) : 99);
  }
  std::uint64_t late = 0;  // their order means nothing
  for (const Request& request : zombies) {
    std::uint64_t one = 3;
    mix(one, describe(request));
    mix(one, request.object.inode);
    late += one;
  }
  mix(hash, late);
  for (const unsigned budget : {left.jumps, left.repeated, left.zombies, left.stale_lists, left.torn_lists, left.absent,
                                left.stale_handles, left.crashes}) {
    mix(hash, budget);
  }
  mix(hash, highest_token);
  return hash;
}

namespace {

void mix_hold(std::uint64_t& hash, const protocol::Session& session, const protocol::Hold& hold) {
  mix(hash, session.names.baton(hold.baton));
  if (hold.shared) mix(hash, hold.name);
  mix(hash, hold.highest_tried);
  mix(hash, hold.deadline);
  mix(hash, (hold.owner ? 1U : 0U) + (hold.mirrored ? 2U : 0U));
  for (const auto& [sequence, earned] : hold.earned) {
    mix(hash, sequence);
    mix(hash, earned);
  }
}

}  // namespace

std::uint64_t hash_of(const protocol::Session& session, const OpenDirectories& open) {
  std::uint64_t hash = 11;
  for (const Handle& handle : open) mix(hash, handle.inode);
  mix(hash, (session.opened ? 1U : 0U) + (session.fence_open ? 2U : 0U) + (session.lost ? 4U : 0U) +
                (session.guess_is_good ? 8U : 0U) + (session.last_sweep ? 16U : 0U));
  mix(hash, session.fence.inode);
  mix(hash, session.names_made);
  mix(hash, session.last_free);
  mix(hash, session.jitter);
  mix(hash, session.ticket);
  if (session.flag) mix(hash, session.flag->name);
  if (session.flag && session.flag->made) mix(hash, *session.flag->made);
  if (session.anchor) {
    mix(hash, session.anchor->sent);
    mix(hash, session.anchor->received);
    mix(hash, session.anchor->stamp);
  }
  if (session.claim) {
    mix(hash, session.claim->name);
    mix(hash, session.claim->status.inode);
    mix(hash, session.claim->status.links);
    mix(hash, session.claim->expiry);
    mix(hash, session.claim->deadline);
  }
  if (session.hold) mix_hold(hash, session, *session.hold);
  for (const protocol::Hold& hold : session.more) mix_hold(hash, session, hold);
  for (const protocol::Watch& watch : session.watches) {
    mix(hash, watch.name);
    mix(hash, watch.first_seen);
    mix(hash, watch.seen_running ? 1U : 0U);
    if (watch.gone_at) mix(hash, *watch.gone_at);
  }
  return hash;
}

}  // namespace leaselock::sim
