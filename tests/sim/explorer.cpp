#include "explorer.hpp"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <unordered_set>

#include "describe.hpp"
#include "disk_checker.hpp"
#include "hashing.hpp"
#include "pending_step.hpp"

namespace leaselock::sim {

namespace step = protocol::step;
using protocol::Result;
using protocol::Step;
using namespace std::chrono_literals;

namespace {

constexpr Duration epoch = 1'700'000'000s;
constexpr Duration lifetime = 15s;
const std::string directory = "/shared/";
const std::string base = "job";

/// A process in a state. Never changed in place: whoever acts gets a copy, all other states go on sharing the old one.
struct Actor {
  Actor(Kind made_kind, Contender made, char letter, Handle root)
      : kind(made_kind), contender(std::move(made)), open{root}, owner(32, letter) {}

  Kind kind;
  Contender contender;
  OpenDirectories open;
  std::optional<PendingStep> pending;
  std::optional<Request> request;      ///< sent, waiting to be executed
  std::optional<LeaseTime> waits;      ///< sleeping instead
  bool repeats = false;                ///< executed once already, its reply was lost
  Operation operation = Operation::lock;
  std::size_t at = 0;                  ///< in the program
  unsigned tries = 0;
  bool gone = false;
  Handle changed_last;                 ///< by its last request: the next listing of it is true
  std::uint64_t token_before = 0;
  LeaseTime deadline_before{};
  std::uint64_t history = 0;
  std::string owner;
};

struct Budget {
  unsigned jumps, repeated, zombies, stale_lists, torn_lists, absent, stale_handles, crashes;
};

struct State {
  std::shared_ptr<const SimulatedServer> server;
  std::vector<std::shared_ptr<const Actor>> actors;
  std::vector<Request> zombies;
  LeaseTime now{100s};
  Budget left{};
  std::uint64_t highest_token = 0;
};

struct Action {
  enum class What : std::uint8_t {
    begin,
    execute,
    lose_reply,
    fail_late,
    old_list,
    torn_list,
    absent,
    stale_handle,
    wake,
    crash,
    zombie,
    jump,
  };
  What what;
  std::size_t who = 0;  ///< actor, zombie, or detail of a listing
  std::size_t detail = 0;
  LeaseTime until{};
};

class Explorer {
 public:
  explicit Explorer(const Configuration& configuration) : configuration_(configuration), disk_(base) {}

  Exploration run() {
    visit(initial());
    if (found_.violation) retrace();
    return std::move(found_);
  }

 private:
  State initial();
  State warmed(State state, std::size_t who);
  void visit(const State& state);
  std::vector<Action> actions(const State& state) const;
  void actor_actions(const State& state, std::size_t who, std::vector<Action>& all) const;
  void jumps(const State& state, std::vector<Action>& all) const;
  State apply(const State& state, const Action& action);

  void start(State& state, Actor& actor, Operation operation);
  void execute(State& state, Actor& actor, const Action& action);
  void deliver(State& state, Actor& actor, const Reply& reply);
  void follow(State& state, Actor& actor, std::optional<Step> step);
  void send(State& state, Actor& actor, std::optional<Request> request);
  void resume(State& state, Actor& actor, Result result);
  void ended(State& state, Actor& actor);
  Reply serve(State& state, const Request& request) const;

  void check(const State& state);
  void check_newcomer(const State& state);
  void report(std::string what) {
    if (!found_.violation) found_.violation = std::move(what);
  }
  void retrace();
  void note(const State& state, const Actor& actor, const std::string& text);
  static std::uint64_t key(const State& state);
  static ServerTime server_time(const State& state) { return ServerTime(epoch + state.now.time_since_epoch()); }

  const Configuration& configuration_;
  DiskChecker disk_;
  Exploration found_;
  std::vector<Action> path_;
  std::unordered_set<std::uint64_t> seen_;
  bool tracing_ = false;
};

Contender make_contender(const Configuration& configuration, Kind kind, std::size_t number) {
  const std::string host = "h" + std::to_string(number);
  const auto pid = static_cast<std::int64_t>(100 + number);
  if (kind == Kind::flufl) {
    FluflPeer::Settings settings;
    settings.directory = directory;
    settings.base = base;
    settings.host = host;
    settings.pid = pid;
    settings.lifetime = lifetime;
    settings.wall_offset = epoch;
    return Contender(FluflPeer(settings, number + 1));
  }
  protocol::Settings settings;
  settings.lock_path = directory + base;
  settings.base = base;
  settings.fenced = kind == Kind::fenced;
  settings.mirror = configuration.mirror;
  settings.lifetime = lifetime;
  settings.user = SimulatedServer::user;
  protocol::Owner owner;
  owner.host = host;
  owner.pid = pid;
  owner.boot = std::string(16, static_cast<char>('a' + number));
  owner.start = 1;
  owner.random = std::string(32, static_cast<char>('a' + number));
  return Contender(protocol::Engine(std::move(settings), std::move(owner)));
}

/// Everything in a session that its next operation can depend on.
std::uint64_t hash_of(const protocol::Session& session, const OpenDirectories& open) {
  std::uint64_t hash = 11;
  for (const Handle& handle : open) mix(hash, handle.inode);
  mix(hash, (session.opened ? 1U : 0U) + (session.fence_open ? 2U : 0U) + (session.lost ? 4U : 0U) +
                (session.guess_is_good ? 8U : 0U) + (session.last_sweep ? 16U : 0U));
  mix(hash, session.fence.inode);
  mix(hash, session.names_made);
  mix(hash, session.last_free);
  mix(hash, session.jitter);
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
  if (session.hold) {
    mix(hash, session.names.baton(session.hold->baton));
    mix(hash, session.hold->highest_tried);
    mix(hash, session.hold->deadline);
    mix(hash, (session.hold->owner ? 1U : 0U) + (session.hold->mirrored ? 2U : 0U));
    for (const auto& [sequence, earned] : session.hold->earned) {
      mix(hash, sequence);
      mix(hash, earned);
    }
  }
  if (session.watch) {
    mix(hash, session.watch->name);
    mix(hash, session.watch->first_seen);
  }
  return hash;
}

/// A client without a memory: staleness comes as a choice here and not from caches.
SimulatedClient& plain_client() {
  static SimulatedClient client;
  return client;
}

State Explorer::initial() {
  State state;
  auto server = std::make_shared<SimulatedServer>(false);
  for (std::size_t i = 0; i < configuration_.processes.size(); ++i) {
    const Kind kind = configuration_.processes[i];
    state.actors.push_back(std::make_shared<const Actor>(kind, make_contender(configuration_, kind, i),
                                                         static_cast<char>('a' + i), server->root()));
  }
  state.server = std::move(server);
  const Configuration& c = configuration_;
  state.left = {c.jumps, c.repeated, c.zombies, c.stale_lists, c.torn_lists, c.absent, c.stale_handles, c.crashes};
  if (configuration_.warm) {
    for (std::size_t i = 0; i < state.actors.size(); ++i) state = warmed(state, i);
  }
  return state;
}

/// After one undisturbed lock() and unlock() of its own: directories are open, the claim exists, the clock is known.
State Explorer::warmed(State state, std::size_t who) {
  Actor actor = *state.actors[who];
  for (const Operation operation : {Operation::lock, Operation::unlock}) {
    start(state, actor, operation);
    while (actor.request) deliver(state, actor, serve(state, *actor.request));
  }
  actor.at = 0;
  state.actors[who] = std::make_shared<const Actor>(std::move(actor));
  return state;
}

void Explorer::visit(const State& state) {
  if (found_.violation || !seen_.insert(key(state)).second) return;
  if (++found_.states >= configuration_.most_states) {
    found_.complete = false;
    return;
  }
  const std::vector<Action> all = actions(state);
  const bool over = std::ranges::all_of(state.actors, [&](const auto& actor) {
    return actor->gone || (!actor->request && !actor->waits && actor->at >= configuration_.program.size());
  });
  if (over) check_newcomer(state);
  for (const Action& action : all) {
    if (found_.violation || !found_.complete) return;
    path_.push_back(action);
    visit(apply(state, action));
    if (!found_.violation) path_.pop_back();
  }
}

std::vector<Action> Explorer::actions(const State& state) const {
  std::vector<Action> all;
  for (std::size_t i = 0; i < state.actors.size(); ++i) actor_actions(state, i, all);
  for (std::size_t i = 0; i < state.zombies.size(); ++i) all.push_back({Action::What::zombie, i});
  if (state.left.jumps > 0) jumps(state, all);
  return all;
}

void Explorer::actor_actions(const State& state, std::size_t who, std::vector<Action>& all) const {
  using What = Action::What;
  const Actor& actor = *state.actors[who];
  const Budget& left = state.left;
  if (actor.gone) return;
  if (actor.waits) {
    all.push_back({What::wake, who});
    return;
  }
  if (!actor.request) {
    if (actor.at < configuration_.program.size()) all.push_back({What::begin, who});
    if (left.crashes > 0 && actor.contender.belief()) all.push_back({What::crash, who});
    return;
  }
  const Request& request = *actor.request;
  all.push_back({What::execute, who});
  if (left.crashes > 0) all.push_back({What::crash, who});
  if (actor.repeats) return;
  if (request.modifies() && left.repeated > 0) all.push_back({What::lose_reply, who});
  if (request.modifies() && left.zombies > 0) all.push_back({What::fail_late, who});
  if (left.stale_handles > 0) all.push_back({What::stale_handle, who});
  if (request.kind == Request::Kind::rename && left.absent > 0) all.push_back({What::absent, who});
  if (request.kind != Request::Kind::list || state.server->status(request.object) == nullptr) return;
  if (left.stale_lists > 0 && request.object != actor.changed_last) {
    all.push_back({What::old_list, who, 1});
    all.push_back({What::old_list, who, 2});
  }
  if (left.torn_lists > 0) {
    all.push_back({What::torn_list, who, 0});
    all.push_back({What::torn_list, who, 1});
  }
}

/// Time may go on past a deadline, while nobody may break yet, and past the moment from which somebody may.
void Explorer::jumps(const State& state, std::vector<Action>& all) const {
  std::vector<LeaseTime> moments;
  for (const auto& actor : state.actors) {
    if (actor->gone) continue;
    if (const auto belief = actor->contender.belief()) {
      moments.push_back(belief->deadline);
      moments.push_back(belief->deadline + 4s);   // past E and the grace
      moments.push_back(belief->deadline + 31s);  // past what the lock file's time says, and flufl.lock's slop
    }
  }
  if (moments.empty()) moments.push_back(state.now + 60s);
  std::ranges::sort(moments);
  const auto repeats = std::ranges::unique(moments);
  moments.erase(repeats.begin(), repeats.end());
  for (const LeaseTime moment : moments) {
    if (moment > state.now) all.push_back({Action::What::jump, 0, 0, moment});
  }
}

State Explorer::apply(const State& state, const Action& action) {
  using What = Action::What;
  State next = state;
  if (action.what == What::jump) {
    --next.left.jumps;
    next.now = action.until;
    if (tracing_) found_.trace.push_back("time goes on to " + describe(next.now.time_since_epoch()));
    check(next);
    return next;
  }
  if (action.what == What::zombie) {
    const Request request = next.zombies[action.who];
    next.zombies.erase(next.zombies.begin() + static_cast<std::ptrdiff_t>(action.who));
    const Reply reply = serve(next, request);
    if (tracing_) found_.trace.push_back("late: " + to_string(request) + ": " + describe_error(reply.error));
    check(next);
    return next;
  }
  Actor actor = *next.actors[action.who];
  switch (action.what) {
    case What::begin: start(next, actor, configuration_.program[actor.at]); break;
    case What::wake: {
      next.now = std::max(next.now, *actor.waits);
      actor.waits.reset();
      resume(next, actor, {});
      break;
    }
    case What::crash:
      --next.left.crashes;
      if (tracing_) note(next, actor, "is killed");
      if (actor.request && actor.request->modifies()) next.zombies.push_back(*actor.request);
      actor.gone = true;
      actor.history = 1;
      actor.pending.reset();
      actor.request.reset();
      actor.waits.reset();
      break;
    default: execute(next, actor, action);
  }
  next.actors[action.who] = std::make_shared<const Actor>(std::move(actor));
  check(next);
  return next;
}

void Explorer::start(State& state, Actor& actor, Operation operation) {
  actor.operation = operation;
  const auto belief = actor.contender.belief();
  actor.token_before = belief ? belief->token : 0;
  actor.deadline_before = belief ? belief->deadline : LeaseTime{};
  if (tracing_) note(state, actor, "begins " + to_string(operation));
  mix(actor.history, static_cast<std::uint64_t>(state.now.time_since_epoch().count()));
  follow(state, actor, actor.contender.start(operation, Duration::zero(), state.now));
}

Reply Explorer::serve(State& state, const Request& request) const {
  if (!request.modifies()) return SimulatedServer(*state.server).execute(request, server_time(state));
  auto server = std::make_shared<SimulatedServer>(*state.server);
  Reply reply = server->execute(request, server_time(state));
  state.server = std::move(server);
  return reply;
}

void Explorer::execute(State& state, Actor& actor, const Action& action) {
  using What = Action::What;
  const Request request = *actor.request;
  Reply reply;
  switch (action.what) {
    case What::lose_reply:
      --state.left.repeated;
      actor.repeats = true;
      mix(actor.history, 7);
      reply = serve(state, request);
      if (tracing_) note(state, actor, "    " + to_string(request) + ": " + describe_error(reply.error) + ", reply lost");
      return;
    case What::fail_late:
      --state.left.zombies;
      state.zombies.push_back(request);
      reply.error = EIO;
      break;
    case What::absent:
      --state.left.absent;
      reply.error = ENOENT;
      break;
    case What::stale_handle:
      --state.left.stale_handles;
      reply.error = ESTALE;
      break;
    default: reply = serve(state, request);
  }
  if (action.what == What::old_list && reply.error == 0) {
    --state.left.stale_lists;
    reply.names = state.server->names(request.object, action.detail);
  }
  if (action.what == What::torn_list && reply.error == 0) {
    --state.left.torn_lists;
    const std::vector<std::string> before = state.server->names(request.object, 1);
    std::vector<std::string> torn;
    if (action.detail == 0) {
      std::ranges::set_intersection(before, reply.names, std::back_inserter(torn));
    } else {
      std::ranges::set_union(before, reply.names, std::back_inserter(torn));
    }
    reply.names = std::move(torn);
  }
  deliver(state, actor, reply);
}

void Explorer::deliver(State& state, Actor& actor, const Reply& reply) {
  const bool changed = actor.request->modifies() && reply.error == 0;
  actor.changed_last = changed ? actor.request->object : Handle{};
  actor.repeats = false;
  actor.request.reset();
  send(state, actor, actor.pending->resume(plain_client(), actor.open, reply, TrueTime{}));
}

void Explorer::follow(State& state, Actor& actor, std::optional<Step> step) {
  if (!step) return ended(state, actor);
  if (tracing_) note(state, actor, protocol::to_string(*step));
  if (const auto* wait = std::get_if<step::WaitUntil>(&*step)) {
    actor.waits = wait->until;
    return;
  }
  if (std::holds_alternative<step::ProbeProcess>(*step)) return resume(state, actor, {});
  actor.pending.emplace(std::move(*step));
  send(state, actor, actor.pending->start(plain_client(), actor.open, state.server->root(), TrueTime{}));
}

void Explorer::send(State& state, Actor& actor, std::optional<Request> request) {
  if (!request) return resume(state, actor, actor.pending->result());
  request->sender = static_cast<std::uint32_t>(actor.owner[0] - 'a' + 1);
  actor.request = std::move(request);
  // A lookup only leads to the handle that the step is about; it needs no interleaving of its own.
  const bool is_lookup = actor.request->kind == Request::Kind::look_up;
  const Step& step = actor.pending->step();
  if (!is_lookup || std::holds_alternative<step::Look>(step) || std::holds_alternative<step::OpenDirectory>(step)) {
    return;
  }
  deliver(state, actor, serve(state, *actor.request));
}

void Explorer::resume(State& state, Actor& actor, Result result) {
  result.sent = result.received = state.now;
  if (tracing_) note(state, actor, "    " + describe(result));
  std::uint64_t& history = actor.history;
  mix(history, static_cast<std::uint64_t>(result.error));
  mix(history, result.status.inode);
  mix(history, result.status.links);
  mix(history, result.status.modified);
  mix(history, result.status.changed);
  mix(history, state.now);
  for (const std::string& name : result.names) mix(history, name);
  mix(history, result.contents);
  actor.pending.reset();
  follow(state, actor, actor.contender.resume(result));
}

void Explorer::ended(State& state, Actor& actor) {
  const Operation operation = actor.operation;
  const Ending ending = actor.contender.ending();
  if (tracing_) note(state, actor, to_string(operation) + " ended: " + actor.contender.error_text());
  const bool ours = actor.kind != Kind::flufl;
  const auto belief = actor.contender.belief();
  if (operation == Operation::lock && ending == Ending::done) {
    if (ours && (!belief || state.now >= belief->deadline)) report("lock() handed out a lease that has run out");
    if (actor.kind == Kind::fenced && belief->token <= state.highest_token) report("a token does not grow");
    if (belief) state.highest_token = std::max(state.highest_token, belief->token);
  }
  // Between operations an engine is its session, whatever led to it.
  if (const protocol::Engine* engine = actor.contender.engine()) actor.history = hash_of(engine->session(), actor.open);
  if (ending == Ending::lost && actor.kind == Kind::fenced && operation == Operation::refresh &&
      state.now < actor.deadline_before && disk_.fence_shows(*state.server, actor.token_before, actor.owner)) {
    report("a holder was told that its lock is lost, and it is not");
  }
  if (operation == Operation::unlock && belief) report("a process believes that it holds what it gave back");
  if (operation == Operation::lock && ending != Ending::done) {
    // One more try; then it gives up, and with it what it would have done while holding.
    if (++actor.tries < configuration_.tries) return;
    while (actor.at < configuration_.program.size() && configuration_.program[actor.at] != Operation::unlock &&
           configuration_.program[actor.at] != Operation::destroy) {
      ++actor.at;
    }
  }
  actor.tries = 0;
  ++actor.at;
}

void Explorer::check(const State& state) {
  disk_.after_change(*state.server, std::ranges::find(configuration_.processes, Kind::flufl) !=
                                        configuration_.processes.end());
  if (disk_.violation()) report(*disk_.violation());
  std::size_t believers = 0;
  for (const auto& actor : state.actors) {
    if (actor->gone || (!configuration_.everybody && actor->kind != Kind::fenced)) continue;
    const auto belief = actor->contender.belief();
    if (belief && state.now < belief->deadline) ++believers;
  }
  if (believers > 1) report("two processes believe that they hold the lock");
}

/// Whatever state the disk was left in: when all others are gone, a newcomer gets the lock after a while.
void Explorer::check_newcomer(const State& state) {
  const Kind kind = configuration_.processes[0];
  if (kind == Kind::flufl || found_.violation) return;
  State alone = state;
  alone.actors.clear();
  Actor actor(kind, make_contender(configuration_, kind, 9), 'j', state.server->root());
  alone.now += 60s;
  auto step = actor.contender.start(Operation::lock, Duration(300s), alone.now);
  for (int steps = 0; step && steps < 1000; ++steps) {
    PendingStep pending(*step);
    if (const auto* wait = std::get_if<step::WaitUntil>(&*step)) {
      alone.now = std::max(alone.now, wait->until);
    } else if (!std::holds_alternative<step::ProbeProcess>(*step)) {
      auto request = pending.start(plain_client(), actor.open, state.server->root(), TrueTime{});
      while (request) {
        request->sender = 10;
        request = pending.resume(plain_client(), actor.open, serve(alone, *request), TrueTime{});
      }
    }
    Result result = pending.result();
    result.sent = result.received = alone.now;
    step = actor.contender.resume(result);
  }
  if (step || !actor.contender.belief()) {
    report("all others are gone, and a newcomer does not get the lock: " + actor.contender.error_text());
  }
}

void Explorer::retrace() {
  const auto violation = found_.violation;
  tracing_ = true;
  State state = initial();
  for (const Action& action : path_) state = apply(state, action);
  found_.violation = violation;
}

void Explorer::note(const State& state, const Actor& actor, const std::string& text) {
  found_.trace.push_back(describe(state.now.time_since_epoch()) + "  p" + (actor.owner[0] - 'a' < 9 ? std::to_string(actor.owner[0] - 'a') : "?") + ' ' + text);
}

std::uint64_t Explorer::key(const State& state) {
  std::uint64_t hash = static_cast<std::uint64_t>(state.now.time_since_epoch().count());
  state.server->hash_into(hash);
  for (const auto& actor : state.actors) {
    mix(hash, actor->history);
    mix(hash, actor->at * 64 + actor->tries * 8 + (actor->gone ? 4U : 0U) + (actor->repeats ? 2U : 0U) +
                  (actor->request ? 1U : 0U));
    mix(hash, actor->request ? static_cast<std::uint64_t>(actor->request->kind) : 99);
  }
  std::uint64_t zombies = 0;
  for (const Request& request : state.zombies) {
    std::uint64_t one = 3;
    mix(one, to_string(request));
    mix(one, request.object.inode);
    zombies += one;
  }
  mix(hash, zombies);
  const Budget& left = state.left;
  for (const unsigned budget : {left.jumps, left.repeated, left.zombies, left.stale_lists, left.torn_lists, left.absent,
                                left.stale_handles, left.crashes}) {
    mix(hash, budget);
  }
  mix(hash, state.highest_token);
  return hash;
}

}  // namespace

Exploration explore(const Configuration& configuration) { return Explorer(configuration).run(); }

}  // namespace leaselock::sim
