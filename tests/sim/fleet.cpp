#include "fleet.hpp"

#include "simulated_server.hpp"

namespace leaselock::sim {

Member Member::numbered(Kind kind, std::size_t number) {
  const auto letter = static_cast<char>('a' + number);
  Member member;
  member.kind = kind;
  member.host = "h" + std::to_string(number);
  member.pid = 100 + static_cast<std::int64_t>(number);
  member.boot = std::string(16, letter);
  member.random = std::string(32, letter);
  return member;
}

Contender make_contender(const Member& member, std::uint64_t seed) {
  if (member.kind == Kind::flufl) {
    FluflPeer::Settings settings;
    settings.directory = lock_directory;
    settings.base = lock_name;
    settings.host = member.host;
    settings.pid = member.pid;
    settings.lifetime = member.lifetime;
    settings.wall_offset = member.wall_offset;
    return Contender(FluflPeer(settings, seed));
  }
  protocol::Settings settings;
  settings.lock_path = lock_directory + lock_name;
  settings.base = lock_name;
  settings.fenced = member.kind == Kind::fenced;
  settings.mirror = member.mirror;
  settings.purpose = member.purpose;
  settings.lifetime = member.lifetime;
  settings.fair = member.fair;
  settings.gate = member.gate;
  settings.break_dead = member.break_dead;
  settings.drift_ppm = member.drift_ppm;
  settings.trust_server_clock = member.trust_server_clock;
  settings.user = SimulatedServer::user;
  protocol::Owner owner;
  owner.host = member.host;
  owner.pid = member.pid;
  owner.boot = member.boot;
  owner.start = member.start;
  owner.random = member.random;
  return Contender(protocol::Engine(std::move(settings), std::move(owner)));
}

}  // namespace leaselock::sim
