#include "simulated_server.hpp"

#include <algorithm>
#include <cerrno>

#include "hashing.hpp"

namespace leaselock::sim {

using protocol::FileKind;
using protocol::FileStatus;

namespace {

Reply failed(int error) {
  Reply reply;
  reply.error = error;
  return reply;
}

constexpr std::uint32_t umask = 022;

}  // namespace

SimulatedServer::SimulatedServer(bool reuse, bool counts_directories)
    : reuse_(reuse), counts_directories_(counts_directories) {
  root_ = make_inode(FileKind::directory, 0777, 0, ServerTime{});
}

Reply SimulatedServer::execute(const Request& request, ServerTime now) {
  const Inode* object = inode(request.object);
  if (object == nullptr) return failed(ESTALE);
  Reply reply;
  switch (request.kind) {
    case Request::Kind::attributes:
      break;
    case Request::Kind::look_up:
      reply = look_up(request);
      break;
    case Request::Kind::list:
      reply = list(request);
      break;
    case Request::Kind::make_directory:
      reply = make(request, FileKind::directory, request.mode & ~umask, now);
      break;
    case Request::Kind::remove_directory:
      reply = remove_directory(request, now);
      break;
    case Request::Kind::create:
      reply = make(request, FileKind::regular, 0644, now);
      break;
    case Request::Kind::write:
      reply = write(request, now);
      break;
    case Request::Kind::read:
      reply = read(request);
      break;
    case Request::Kind::touch:
      reply = touch(request, now);
      break;
    case Request::Kind::link:
      reply = link(request, now);
      break;
    case Request::Kind::rename:
      reply = rename(request, now);
      break;
    case Request::Kind::unlink:
      reply = unlink(request, now);
      break;
  }
  reply.directory = object->status;
  reply.change = object->change;
  if (reply.handle == Handle{}) {
    reply.handle = request.object;
    reply.status = object->status;
  }
  return reply;
}

Reply SimulatedServer::look_up(const Request& request) const {
  const auto found = find(request.object, request.name);
  if (!found) return failed(ENOENT);
  Reply reply;
  reply.handle = *found;
  reply.status = inode(*found)->status;
  return reply;
}

Reply SimulatedServer::list(const Request& request) const {
  Reply reply;
  reply.entries = listing(request.object, 0);
  return reply;
}

Reply SimulatedServer::make(const Request& request, FileKind kind, std::uint32_t mode, ServerTime now) {
  if (find(request.object, request.name)) return failed(EEXIST);
  Reply reply;
  reply.handle = make_inode(kind, mode, request.sender, now);
  reply.status = inode(reply.handle)->status;
  Inode& directory = *inode(request.object);
  remember(directory);
  directory.entries[request.name] = reply.handle;
  if (kind == FileKind::directory && counts_directories_) ++directory.status.links;
  modified(directory, now);
  return reply;
}

Reply SimulatedServer::remove_directory(const Request& request, ServerTime now) {
  const auto found = find(request.object, request.name);
  if (!found) return failed(ENOENT);
  const Inode& victim = *inode(*found);
  if (victim.status.kind != FileKind::directory) return failed(ENOTDIR);
  if (!victim.entries.empty()) return failed(ENOTEMPTY);
  Inode& directory = *inode(request.object);
  remember(directory);
  drop_directory(directory, *found);
  directory.entries.erase(request.name);
  modified(directory, now);
  return {};
}

Reply SimulatedServer::write(const Request& request, ServerTime now) {
  Inode& file = *inode(request.object);
  file.contents = request.contents;
  file.status.size = file.contents.size();
  file.status.modified = file.status.changed = now;
  return {};
}

Reply SimulatedServer::read(const Request& request) const {
  const Inode& file = *inode(request.object);
  if (file.status.kind == FileKind::directory) return failed(EISDIR);
  Reply reply;
  reply.contents = file.contents.substr(0, 4096);
  return reply;
}

Reply SimulatedServer::touch(const Request& request, ServerTime now) {
  Inode& file = *inode(request.object);
  const ServerTime stamp = now + request.skew.value_or(Duration::zero());
  file.status.modified = request.time.value_or(stamp);
  file.status.changed = stamp;
  ++file.change;
  return {};
}

Reply SimulatedServer::link(const Request& request, ServerTime now) {
  Inode* file = inode(request.source);
  if (file == nullptr) return failed(ESTALE);
  if (find(request.object, request.new_name)) return failed(EEXIST);
  ++file->status.links;
  file->status.changed = now;
  Inode& directory = *inode(request.object);
  remember(directory);
  directory.entries[request.new_name] = request.source;
  modified(directory, now);
  Reply reply;
  reply.handle = request.source;
  reply.status = file->status;
  return reply;
}

Reply SimulatedServer::rename(const Request& request, ServerTime now) {
  const auto source = find(request.object, request.name);
  if (!source) return failed(ENOENT);
  const bool is_directory = inode(*source)->status.kind == FileKind::directory;
  const auto target = find(request.object, request.new_name);
  if (target == source) return {};  // two links of one file: nothing happens and that is success
  if (target) {
    const Inode& old = *inode(*target);
    const bool onto_directory = old.status.kind == FileKind::directory;
    if (is_directory != onto_directory) return failed(onto_directory ? EISDIR : ENOTDIR);
    if (!old.entries.empty()) return failed(ENOTEMPTY);
  }
  Inode& directory = *inode(request.object);
  remember(directory);
  if (target && is_directory) drop_directory(directory, *target);
  if (target && !is_directory) drop_link(*target, now);
  inode(*source)->status.changed = now;
  directory.entries.erase(request.name);
  directory.entries[request.new_name] = *source;
  modified(directory, now);
  return {};
}

Reply SimulatedServer::unlink(const Request& request, ServerTime now) {
  const auto found = find(request.object, request.name);
  if (!found) return failed(ENOENT);
  if (inode(*found)->status.kind == FileKind::directory) return failed(EISDIR);
  Inode& directory = *inode(request.object);
  remember(directory);
  directory.entries.erase(request.name);
  drop_link(*found, now);
  modified(directory, now);
  return {};
}

std::vector<protocol::Entry> SimulatedServer::listing(Handle directory, std::size_t changes_ago) const {
  const Inode& found = *inode(directory);
  if (changes_ago > 0) return found.before[std::min(changes_ago, history) - 1];
  std::vector<protocol::Entry> entries;
  entries.reserve(found.entries.size());
  for (const auto& [name, handle] : found.entries) entries.push_back({name, handle.inode});
  return entries;
}

std::optional<Handle> SimulatedServer::find(Handle directory, const std::string& name) const {
  const Inode* found = inode(directory);
  if (found == nullptr) return std::nullopt;
  const auto entry = found->entries.find(name);
  if (entry == found->entries.end()) return std::nullopt;
  return entry->second;
}

const FileStatus* SimulatedServer::status(Handle file) const {
  const Inode* found = inode(file);
  return found == nullptr ? nullptr : &found->status;
}

const std::string* SimulatedServer::contents(Handle file) const {
  const Inode* found = inode(file);
  return found == nullptr ? nullptr : &found->contents;
}

void SimulatedServer::hash_into(std::uint64_t& hash) const {
  for (const auto& [number, file] : inodes_) {
    mix(hash, number);
    mix(hash, file.status.links);
    mix(hash, file.status.modified);
    mix(hash, file.status.changed);
    mix(hash, file.contents);
    for (const auto& [name, handle] : file.entries) {
      mix(hash, name);
      mix(hash, handle.inode);
    }
    for (const auto& listing : file.before) {
      for (const auto& entry : listing) mix(hash, entry);
    }
  }
  for (const auto& [sender, count] : given_) mix(hash, sender * 1000 + count);
}

SimulatedServer::Inode* SimulatedServer::inode(Handle handle) {
  const auto found = inodes_.find(handle.inode);
  if (found == inodes_.end() || found->second.generation != handle.generation) return nullptr;
  return &found->second;
}

const SimulatedServer::Inode* SimulatedServer::inode(Handle handle) const {
  return const_cast<SimulatedServer*>(this)->inode(handle);
}

Handle SimulatedServer::make_inode(FileKind kind, std::uint32_t mode, std::uint32_t sender, ServerTime now) {
  std::uint64_t number = 1;
  if (reuse_) {
    for (const auto& [used, file] : inodes_) {
      if (used != number) break;
      ++number;
    }
  } else {
    number = 1000 * sender + ++given_[sender];
  }
  // Without reuse the number is as good as a generation, and as independent of the order of events.
  const Handle handle{number, reuse_ ? ++generations_ : number};
  Inode& made = inodes_[number];
  made.generation = handle.generation;
  made.status.kind = kind;
  made.status.device = 1;
  made.status.inode = number;
  made.status.mode = mode;
  made.status.owner = user;
  made.status.links = kind == FileKind::directory ? 2 : 1;
  made.status.modified = made.status.changed = now;
  return handle;
}

void SimulatedServer::remember(Inode& directory) {
  directory.before[1] = std::move(directory.before[0]);
  directory.before[0].clear();
  for (const auto& [name, handle] : directory.entries) directory.before[0].push_back({name, handle.inode});
}

void SimulatedServer::modified(Inode& directory, ServerTime now) {
  directory.status.modified = directory.status.changed = now;
  ++directory.change;
}

void SimulatedServer::drop_directory(Inode& parent, Handle handle) {
  inodes_.erase(handle.inode);
  if (counts_directories_) --parent.status.links;
}

void SimulatedServer::drop_link(Handle handle, ServerTime now) {
  Inode& file = *inode(handle);
  file.status.changed = now;
  if (--file.status.links == 0) inodes_.erase(handle.inode);
}

}  // namespace leaselock::sim
