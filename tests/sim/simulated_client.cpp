#include "simulated_client.hpp"

namespace leaselock::sim {

using protocol::FileStatus;

const SimulatedClient::Directory* SimulatedClient::trusted(Handle directory, TrueTime now) const {
  const auto found = directories_.find(directory);
  if (found == directories_.end() || !found->second.known) return nullptr;
  return now - found->second.checked < policy_.trust ? &found->second : nullptr;
}

std::optional<std::optional<Handle>> SimulatedClient::name(Handle directory, const std::string& name,
                                                           TrueTime now) const {
  const Directory* known = trusted(directory, now);
  if (known == nullptr) return std::nullopt;
  const auto found = known->names.find(name);
  if (found == known->names.end()) return std::nullopt;
  return found->second;
}

const FileStatus* SimulatedClient::attributes(Handle file, TrueTime now) const {
  const auto found = attributes_.find(file);
  if (found == attributes_.end() || now - found->second.checked >= policy_.trust) return nullptr;
  return &found->second.status;
}

const std::vector<protocol::Entry>* SimulatedClient::listing(Handle directory, TrueTime now) const {
  const Directory* known = trusted(directory, now);
  return known == nullptr || !known->listing ? nullptr : &*known->listing;
}

void SimulatedClient::learn(const Reply& reply, TrueTime now) {
  if (policy_.trust > Duration::zero()) attributes_[reply.handle] = {reply.status, now};
}

bool SimulatedClient::learn_directory(Handle handle, const Reply& reply, bool changed, TrueTime now) {
  if (policy_.trust == Duration::zero()) return false;
  Directory& directory = directories_[handle];
  if (reply.change < directory.change) {
    if (changed) directory.listing.reset();
    return false;
  }
  directory.change = reply.change;
  const auto stamp = static_cast<std::uint64_t>(reply.directory.changed.time_since_epoch().count());
  const std::uint64_t verifier = policy_.compares_times ? stamp : reply.change;
  // A change of our own, and nobody else's in between, leaves the names we know as true as they were.
  const bool ours_alone = changed && !policy_.compares_times && verifier == directory.verifier + 1;
  if (directory.verifier != verifier && !ours_alone) directory.names.clear();
  if (directory.verifier != verifier || changed) directory.listing.reset();
  directory.verifier = verifier;
  directory.checked = now;
  directory.known = true;
  return true;
}

void SimulatedClient::learn_name(Handle directory, const std::string& name, std::optional<Handle> handle) {
  if (policy_.trust > Duration::zero()) directories_[directory].names[name] = handle;
}

void SimulatedClient::learn_listing(Handle directory, std::vector<protocol::Entry> entries) {
  if (policy_.trust > Duration::zero()) directories_[directory].listing = std::move(entries);
}

void SimulatedClient::forget_name(Handle directory, const std::string& name) {
  const auto found = directories_.find(directory);
  if (found != directories_.end()) found->second.names.erase(name);
}

}  // namespace leaselock::sim
