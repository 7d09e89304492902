#include "pending_step.hpp"

#include <cerrno>

namespace leaselock::sim {

namespace step = protocol::step;
using protocol::FileKind;
using protocol::FileStatus;
using protocol::Place;

namespace {

template <class... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};
template <class... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;  // clang 14 does not deduce aggregates

/// Where a step's name is to be looked up, and whether that has to come first.
struct Target {
  enum class Lookup : std::uint8_t {
    none,      ///< the server decides by name, or there is no name
    if_known,  ///< a name the client believes absent is answered without asking
    always,    ///< the request carries a handle
  };
  Place place;
  std::string name;
  Lookup look_up;
};

Target target(const protocol::Step& step) {
  using Lookup = Target::Lookup;
  const auto at = [](Place place, const std::string& name, Lookup look_up) { return Target{place, name, look_up}; };
  const auto by_handle = [](const auto& s) { return s.name.empty() ? Lookup::none : Lookup::always; };
  const Overloaded handlers{
      [&](const step::OpenDirectory& s) { return at(Place::lock_directory, s.name, Lookup::always); },
      [&](const step::Look& s) { return at(s.place, s.name, by_handle(s)); },
      [&](const step::List& s) { return at(s.place, "", Lookup::none); },
      [&](const step::MakeDirectory& s) { return at(s.place, s.name, Lookup::none); },
      [&](const step::RemoveDirectory& s) { return at(s.place, s.name, Lookup::if_known); },
      [&](const step::CreateFile& s) { return at(s.place, s.name, Lookup::none); },
      [&](const step::Read& s) { return at(s.place, s.name, Lookup::always); },
      [&](const step::Touch& s) { return at(s.place, s.name, by_handle(s)); },
      [&](const step::Link& s) { return at(s.place, s.from, Lookup::always); },
      [&](const step::Rename& s) { return at(s.place, s.from, Lookup::if_known); },
      [&](const step::Unlink& s) { return at(s.place, s.name, Lookup::if_known); },
      [&](const auto&) { return at(Place::lock_directory, "", Lookup::none); },
  };
  return std::visit(handlers, step);
}

}  // namespace

std::optional<Request> PendingStep::start(SimulatedClient& client, OpenDirectories& open, Handle root, TrueTime now) {
  if (std::holds_alternative<step::OpenLockDirectory>(step_)) open[0] = root;
  Target where = target(step_);
  directory_ = open[static_cast<std::size_t>(where.place)];
  name_ = std::move(where.name);
  if (where.look_up == Target::Lookup::none) return act(client, open, now);
  const auto known = client.name(directory_, name_, now);
  if (known && !*known) return done(ENOENT);
  if (known) {
    file_ = **known;
    return act(client, open, now);
  }
  // Without a memory the client has no reason to look a source up before it lets the server decide.
  const bool forgetful = client.policy().trust == Duration::zero();
  if (where.look_up == Target::Lookup::if_known && forgetful) return act(client, open, now);
  return resolve(client, now);
}

std::optional<Request> PendingStep::resolve(SimulatedClient& client, TrueTime /*now*/) {
  client.forget_name(directory_, name_);
  phase_ = Phase::resolving;
  return request(Request::Kind::look_up);
}

std::optional<Request> PendingStep::act(SimulatedClient& client, OpenDirectories& open, TrueTime now) {
  phase_ = Phase::acting;
  const auto on_file = [this](Request::Kind kind) {
    Request made = request(kind);
    made.object = name_.empty() ? directory_ : file_;
    return made;
  };
  const Overloaded handlers{
      [&](const step::OpenLockDirectory&) -> std::optional<Request> { return request(Request::Kind::attributes); },
      [&](const step::OpenDirectory& s) -> std::optional<Request> {
        if (!fresh_) return on_file(Request::Kind::attributes);
        if (found_.kind != FileKind::directory) return done(ENOTDIR);
        open[static_cast<std::size_t>(s.as)] = file_;
        return done(found_);
      },
      [&](const step::Look& s) -> std::optional<Request> {
        if (fresh_) return done(found_);
        const FileStatus* known = client.attributes(name_.empty() ? directory_ : file_, now);
        if (known != nullptr && !s.force) return done(*known);
        return on_file(Request::Kind::attributes);
      },
      [&](const step::List&) -> std::optional<Request> {
        const auto* known = client.listing(directory_, now);
        if (known == nullptr) return request(Request::Kind::list);
        result_.entries = *known;
        return done(0);
      },
      [&](const step::MakeDirectory& s) -> std::optional<Request> {
        Request made = request(Request::Kind::make_directory);
        made.mode = s.mode;
        return made;
      },
      [&](const step::RemoveDirectory&) -> std::optional<Request> { return request(Request::Kind::remove_directory); },
      [&](const step::CreateFile&) -> std::optional<Request> { return request(Request::Kind::create); },
      [&](const step::Read&) -> std::optional<Request> { return on_file(Request::Kind::read); },
      [&](const step::Touch& s) -> std::optional<Request> {
        Request made = on_file(Request::Kind::touch);
        made.time = s.time;
        if (!name_.empty()) made.skew = client.policy().delegation;
        return made;
      },
      [&](const step::Link& s) -> std::optional<Request> {
        Request made = request(Request::Kind::link);
        made.source = file_;
        made.new_name = s.to;
        return made;
      },
      [&](const step::Rename& s) -> std::optional<Request> {
        Request made = request(Request::Kind::rename);
        made.new_name = s.to;
        return made;
      },
      [&](const step::Unlink&) -> std::optional<Request> { return request(Request::Kind::unlink); },
      [&](const auto&) -> std::optional<Request> { return done(0); },
  };
  return std::visit(handlers, step_);
}

std::optional<Request> PendingStep::resume(SimulatedClient& client, OpenDirectories& open, const Reply& reply,
                                           TrueTime now) {
  const bool answered = reply.directory.kind != FileKind::none;
  if (phase_ == Phase::resolving) {
    const bool news = answered && client.learn_directory(directory_, reply, false, now);
    if (news && reply.error == ENOENT) client.learn_name(directory_, name_, std::nullopt);
    if (reply.error != 0) return done(reply.error);
    client.learn(reply, now);
    if (news) client.learn_name(directory_, name_, reply.handle);
    file_ = reply.handle;
    found_ = reply.status;
    fresh_ = true;
    return act(client, open, now);
  }
  // The kernel looks a name up again, once, when the handle it remembered has gone stale.
  const bool used_memory = !name_.empty() && file_ != Handle{} && !fresh_;
  if (reply.error == ESTALE && used_memory && !retried_) {
    retried_ = true;
    return resolve(client, now);
  }
  return absorb(client, open, reply, now);
}

std::optional<Request> PendingStep::absorb(SimulatedClient& client, OpenDirectories& open, const Reply& reply,
                                           TrueTime now) {
  const bool answered = reply.directory.kind == FileKind::directory;
  const auto learn_change = [&](const std::string& name, std::optional<Handle> handle) {
    if (answered && client.learn_directory(directory_, reply, reply.error == 0, now)) {
      client.learn_name(directory_, name, handle);
    } else {
      client.forget_name(directory_, name);
    }
  };
  const auto learn_status = [&] {
    if (reply.error == 0) client.learn(reply, now);
    if (answered) client.learn_directory(reply.handle, reply, false, now);
  };
  const Overloaded handlers{
      [&](const step::OpenLockDirectory&) {
        learn_status();
        return reply.error != 0 ? done(reply.error) : done(reply.status);
      },
      [&](const step::OpenDirectory& s) {
        learn_status();
        if (reply.error != 0) return done(reply.error);
        if (reply.status.kind != FileKind::directory) return done(ENOTDIR);
        open[static_cast<std::size_t>(s.as)] = file_;
        return done(reply.status);
      },
      [&](const step::Look&) {
        learn_status();
        return reply.error != 0 ? done(reply.error) : done(reply.status);
      },
      [&](const step::List&) {
        const bool news = answered && client.learn_directory(directory_, reply, false, now);
        if (news && reply.error == 0) client.learn_listing(directory_, reply.entries);
        result_.entries = reply.entries;
        return done(reply.error);
      },
      [&](const step::MakeDirectory& s) {
        if (reply.error != 0) {
          client.forget_name(directory_, s.name);
        } else {
          learn_change(s.name, reply.handle);
        }
        return done(reply.error);
      },
      [&](const step::CreateFile& s) -> std::optional<Request> {
        if (reply.error != 0) {
          client.forget_name(directory_, s.name);
          return done(reply.error);
        }
        client.learn(reply, now);
        if (phase_ == Phase::writing) return done(reply.status);
        learn_change(s.name, reply.handle);
        file_ = reply.handle;
        if (s.contents.empty()) return done(reply.status);
        phase_ = Phase::writing;
        Request made = request(Request::Kind::write);
        made.object = file_;
        made.contents = s.contents;
        return made;
      },
      [&](const step::Read&) {
        if (reply.error == 0) client.learn(reply, now);
        result_.contents = reply.contents;
        return reply.error != 0 ? done(reply.error) : done(reply.status);
      },
      [&](const step::Touch&) {
        if (reply.error != 0) return done(reply.error);
        client.learn(reply, now);
        if (name_.empty()) client.learn_directory(directory_, reply, true, now);
        return done(reply.status);
      },
      [&](const step::Link& s) {
        if (reply.error != 0) {
          client.forget_name(directory_, s.to);  // looked up on the wire: the next stat asks again
          return done(reply.error);
        }
        client.learn(reply, now);
        learn_change(s.to, reply.handle);
        return done(reply.status);
      },
      [&](const step::Rename& s) {
        if (reply.error != 0 && reply.error != ENOENT) return done(reply.error);
        learn_change(s.from, std::nullopt);
        if (reply.error == 0 && file_ != Handle{}) client.learn_name(directory_, s.to, file_);
        if (reply.error == 0 && file_ == Handle{}) client.forget_name(directory_, s.to);
        return done(reply.error);
      },
      [&](const step::Unlink& s) {
        if (reply.error == 0 || reply.error == ENOENT) learn_change(s.name, std::nullopt);
        return done(reply.error);
      },
      [&](const step::RemoveDirectory& s) {
        if (reply.error == 0 || reply.error == ENOENT) learn_change(s.name, std::nullopt);
        return done(reply.error);
      },
      [&](const auto&) { return done(0); },
  };
  return std::visit(handlers, step_);
}

std::optional<Request> PendingStep::done(int error) {
  result_.error = error;
  return std::nullopt;
}

std::optional<Request> PendingStep::done(const FileStatus& status) {
  result_.error = 0;
  result_.status = status;
  return std::nullopt;
}

Request PendingStep::request(Request::Kind kind) const {
  Request made;
  made.kind = kind;
  made.object = directory_;
  made.name = name_;
  return made;
}

}  // namespace leaselock::sim
