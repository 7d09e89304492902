#include "transitions.hpp"

#include <algorithm>
#include <cerrno>

#include "describe.hpp"
#include "fleet.hpp"
#include "hashing.hpp"

namespace leaselock::sim {

namespace step = protocol::step;
using protocol::Entry;
using protocol::Result;
using protocol::Step;
using namespace std::chrono_literals;

Transitions::Transitions(const Configuration& configuration) : configuration_(configuration), disk_(lock_name) {}

State Transitions::apply(const State& state, const Action& action) {
  using What = Action::What;
  State next = state;
  if (action.what == What::jump) {
    --next.left.jumps;
    next.now = action.until;
    note("time goes on to " + describe(next.now.time_since_epoch()));
    return next;
  }
  if (action.what == What::zombie) {
    const Request request = next.zombies[action.who];
    next.zombies.erase(next.zombies.begin() + static_cast<std::ptrdiff_t>(action.who));
    const Reply reply = serve(next, request);
    note("late: " + describe(request) + ": " + describe_error(reply.error));
    return next;
  }
  Actor actor = *next.actors[action.who];
  switch (action.what) {
    case What::begin:
      start(next, actor, configuration_.program_of(action.who)[actor.at]);
      break;
    case What::wake: {
      next.now = std::max(next.now, *actor.waits);
      actor.waits.reset();
      resume(next, actor, {});
      break;
    }
    case What::crash:
      --next.left.crashes;
      note(next, actor, "is killed");
      if (actor.request && actor.request->modifies()) next.zombies.push_back(*actor.request);
      actor.gone = true;
      actor.history = 1;
      actor.pending.reset();
      actor.request.reset();
      actor.waits.reset();
      break;
    default:
      execute(next, actor, action);
  }
  next.actors[action.who] = std::make_shared<const Actor>(std::move(actor));
  return next;
}

State Transitions::initial() {
  State state;
  auto server = std::make_shared<SimulatedServer>(false);
  for (std::size_t i = 0; i < configuration_.processes.size(); ++i) {
    const Kind kind = configuration_.processes[i];
    Member member = Member::numbered(kind, i);
    member.mirror = configuration_.mirror;
    member.purpose = configuration_.purpose;
    if (configuration_.one_host) member.boot = std::string(16, 'e');
    state.actors.push_back(
        std::make_shared<const Actor>(kind, make_contender(member), member.random[0], server->root()));
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
State Transitions::warmed(State state, std::size_t who) {
  Actor actor = *state.actors[who];
  for (const Operation operation : {Operation::lock, Operation::unlock}) {
    start(state, actor, operation);
    while (actor.request) deliver(state, actor, serve(state, *actor.request));
  }
  actor.at = 0;
  state.actors[who] = std::make_shared<const Actor>(std::move(actor));
  return state;
}

void Transitions::start(State& state, Actor& actor, Operation operation) {
  actor.operation = operation;
  const auto belief = actor.contender.belief();
  actor.token_before = belief ? belief->token : 0;
  actor.deadline_before = belief ? belief->deadline : LeaseTime{};
  note(state, actor, "begins " + to_string(operation));
  mix(actor.history, static_cast<std::uint64_t>(state.now.time_since_epoch().count()));
  const Duration length = is_lock(operation) ? configuration_.timeout : Duration::zero();
  follow(state, actor, actor.contender.start(operation, length, state.now));
}

Reply Transitions::serve(State& state, const Request& request) const {
  if (!request.modifies())
    return SimulatedServer(*state.server).execute(request, ServerTime(epoch + state.now.time_since_epoch()));
  auto server = std::make_shared<SimulatedServer>(*state.server);
  Reply reply = server->execute(request, ServerTime(epoch + state.now.time_since_epoch()));
  state.server = std::move(server);
  return reply;
}

void Transitions::execute(State& state, Actor& actor, const Action& action) {
  using What = Action::What;
  const Request request = *actor.request;
  Reply reply;
  switch (action.what) {
    case What::lose_reply:
      --state.left.repeated;
      actor.repeats = true;
      mix(actor.history, 7);
      reply = serve(state, request);
      note(state, actor, "    " + describe(request) + ": " + describe_error(reply.error) + ", reply lost");
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
    default:
      reply = serve(state, request);
  }
  if (action.what == What::old_list && reply.error == 0) {
    --state.left.stale_lists;
    reply.entries = state.server->listing(request.object, action.detail);
  }
  if (action.what == What::torn_list && reply.error == 0) {
    --state.left.torn_lists;
    const std::vector<Entry> before = state.server->listing(request.object, 1);
    std::vector<Entry> torn;
    if (action.detail == 0) {
      std::ranges::set_intersection(before, reply.entries, std::back_inserter(torn), {}, &Entry::name, &Entry::name);
    } else {
      std::ranges::set_union(before, reply.entries, std::back_inserter(torn), {}, &Entry::name, &Entry::name);
    }
    reply.entries = std::move(torn);
  }
  deliver(state, actor, reply);
}

void Transitions::deliver(State& state, Actor& actor, const Reply& reply) {
  const bool changed = actor.request->modifies() && reply.error == 0;
  actor.changed_last = changed ? actor.request->object : Handle{};
  actor.repeats = false;
  actor.request.reset();
  send(state, actor, actor.pending->resume(client_, actor.open, reply, TrueTime{}));
}

void Transitions::follow(State& state, Actor& actor, std::optional<Step> step) {
  if (!step) return ended(state, actor);
  note(state, actor, protocol::to_string(*step));
  if (const auto* wait = std::get_if<step::WaitUntil>(&*step)) {
    actor.waits = wait->until;
    return;
  }
  if (const auto* probe = std::get_if<step::ProbeProcess>(&*step))
    return resume(state, actor, probed(state, actor, *probe));
  actor.pending.emplace(std::move(*step));
  send(state, actor, actor.pending->start(client_, actor.open, state.server->root(), TrueTime{}));
}

Result Transitions::probed(const State& state, const Actor& asking, const step::ProbeProcess& probe) const {
  Result result;
  const std::string& ours = asking.contender.engine()->session().me.boot;
  for (const auto& actor : state.actors) {
    const protocol::Engine* other = actor->contender.engine();
    if (probe.boot != ours || other == nullptr || other->session().me.pid != probe.pid) continue;
    result.gone = actor->gone;
    result.runs = !actor->gone;
  }
  return result;
}

void Transitions::send(State& state, Actor& actor, std::optional<Request> request) {
  if (!request) return resume(state, actor, actor.pending->result());
  request->sender = actor.number() + 1;
  actor.request = std::move(request);
  // A lookup only leads to the handle that the step is about; it needs no interleaving of its own.
  const bool is_lookup = actor.request->kind == Request::Kind::look_up;
  const Step& step = actor.pending->step();
  if (!is_lookup || std::holds_alternative<step::Look>(step) || std::holds_alternative<step::OpenDirectory>(step)) {
    return;
  }
  deliver(state, actor, serve(state, *actor.request));
}

void Transitions::resume(State& state, Actor& actor, Result result) {
  result.sent = result.received = state.now;
  note(state, actor, "    " + describe(result));
  std::uint64_t& history = actor.history;
  mix(history, static_cast<std::uint64_t>(result.error));
  mix(history, result.status.inode);
  mix(history, result.status.links);
  mix(history, result.status.modified);
  mix(history, result.status.changed);
  mix(history, state.now);
  for (const Entry& entry : result.entries) mix(history, entry);
  mix(history, (result.gone ? 1U : 0U) + (result.runs ? 2U : 0U));
  mix(history, result.contents);
  actor.pending.reset();
  follow(state, actor, actor.contender.resume(result));
}

void Transitions::ended(State& state, Actor& actor) {
  const Operation operation = actor.operation;
  const Ending ending = actor.contender.ending();
  note(state, actor, to_string(operation) + " ended: " + actor.contender.error_text());
  const bool ours = actor.kind != Kind::flufl;
  const auto belief = actor.contender.belief();
  if (is_lock(operation) && ending == Ending::done) {
    if (ours && (!belief || state.now >= belief->deadline)) report("lock() handed out a lease that has run out");
    // Of a semaphore each slot has its own, and readers begin in any order.
    const bool grows = actor.kind == Kind::fenced && configuration_.purpose.slots == 1 && !belief->shared;
    if (grows && belief->token <= state.highest_token) report("a token does not grow");
    if (belief) state.highest_token = std::max(state.highest_token, belief->token);
  }
  // Between operations an engine is its session, whatever led to it.
  if (const protocol::Engine* engine = actor.contender.engine()) actor.history = hash_of(engine->session(), actor.open);
  if (ending == Ending::lost && actor.kind == Kind::fenced && operation == Operation::refresh &&
      state.now < actor.deadline_before && disk_.fence_shows(*state.server, actor.token_before, actor.owner)) {
    report("a holder was told that its lock is lost, and it is not");
  }
  if (operation == Operation::unlock && belief) report("a process believes that it holds what it gave back");
  if (is_lock(operation) && ending != Ending::done) {
    if (++actor.tries < configuration_.tries) return;
    give_up(actor);
  }
  actor.tries = 0;
  ++actor.at;
}

/// With the lock it gives up what it would have done while holding.
void Transitions::give_up(Actor& actor) const {
  const auto& program = configuration_.program_of(actor.number());
  while (actor.at < program.size() && program[actor.at] != Operation::unlock &&
         program[actor.at] != Operation::destroy) {
    ++actor.at;
  }
}

void Transitions::note(const std::string& text) {
  if (trace_ != nullptr) trace_->push_back(text);
}

void Transitions::note(const State& state, const Actor& actor, const std::string& text) {
  if (trace_ == nullptr) return;
  trace_->push_back(describe(state.now.time_since_epoch()) + "  p" + std::to_string(actor.number()) + ' ' + text);
}

}  // namespace leaselock::sim
