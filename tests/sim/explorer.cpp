#include "explorer.hpp"

#include <algorithm>
#include <set>
#include <unordered_set>

#include "describe.hpp"
#include "disk_checker.hpp"
#include "explored_state.hpp"
#include "fleet.hpp"
#include "transitions.hpp"

namespace leaselock::sim {

namespace step = protocol::step;
using protocol::Result;
using namespace std::chrono_literals;

namespace {

/// Depth first; states are shared, so that a branch costs little more than what changes in it.
class Explorer {
 public:
  explicit Explorer(const Configuration& configuration)
      : configuration_(configuration), transitions_(configuration), disk_(lock_name) {}

  Exploration run() {
    visit(transitions_.initial());
    if (found_.violation) retrace();
    return std::move(found_);
  }

 private:
  void visit(const State& state);
  std::vector<Action> actions(const State& state) const;
  void actor_actions(const State& state, std::size_t who, std::vector<Action>& all) const;
  bool may_wake(const State& state, std::size_t who) const;
  void jumps(const State& state, std::vector<Action>& all) const;
  void check(const State& state);
  void check_sharing(const State& state);
  void check_newcomer(const State& state);
  void retrace();
  void report(std::string what) {
    if (!found_.violation) found_.violation = std::move(what);
  }

  const Configuration& configuration_;
  Transitions transitions_;
  DiskChecker disk_;
  Exploration found_;
  std::vector<Action> path_;
  std::unordered_set<std::uint64_t> seen_;
};

void Explorer::visit(const State& state) {
  if (found_.violation || !seen_.insert(state.key()).second) return;
  if (++found_.states >= configuration_.most_states) {
    found_.complete = false;
    return;
  }
  const std::vector<Action> all = actions(state);
  const bool over = std::ranges::all_of(state.actors, [&](const auto& actor) {
    const std::size_t end = configuration_.program_of(actor->number()).size();
    return actor->gone || (!actor->request && !actor->waits && actor->at >= end);
  });
  if (over) check_newcomer(state);
  for (const Action& action : all) {
    if (found_.violation || !found_.complete) return;
    path_.push_back(action);
    const State next = transitions_.apply(state, action);
    check(next);
    visit(next);
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
    if (may_wake(state, who)) all.push_back({What::wake, who});
    return;
  }
  if (!actor.request) {
    if (actor.at < configuration_.program_of(who).size()) all.push_back({What::begin, who});
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

/// Where nobody waits on purpose, sleeps end in any order; they are few.
bool Explorer::may_wake(const State& state, std::size_t who) const {
  if (configuration_.timeout == Duration::zero()) return true;
  return std::ranges::none_of(state.actors, [&](const auto& other) {
    return other->request || (other->waits && *other->waits < *state.actors[who]->waits);
  });
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
  moments.erase(std::unique(moments.begin(), moments.end()), moments.end());
  for (const LeaseTime moment : moments) {
    if (moment > state.now) all.push_back({Action::What::jump, 0, 0, moment});
  }
}

void Explorer::check(const State& state) {
  disk_.after_change(*state.server,
                     std::ranges::find(configuration_.processes, Kind::flufl) != configuration_.processes.end());
  for (const auto& violation : {disk_.violation(), transitions_.violation()}) {
    if (violation) report(*violation);
  }
  if (configuration_.purpose.kind != LockKind::lock) return check_sharing(state);
  std::size_t believers = 0;
  for (const auto& actor : state.actors) {
    if (actor->gone || (!configuration_.everybody && actor->kind != Kind::fenced)) continue;
    const auto belief = actor->contender.belief();
    if (belief && state.now < belief->deadline) ++believers;
  }
  if (believers > 1) report("two processes believe that they hold the lock");
}

void Explorer::check_sharing(const State& state) {
  std::size_t writers = 0;
  std::set<std::uint32_t> read;
  std::set<std::uint32_t> written;
  for (const auto& actor : state.actors) {
    if (actor->gone) continue;
    for (const Belief& belief : actor->contender.beliefs()) {
      if (state.now >= belief.deadline) continue;
      if (!belief.shared) ++writers;
      (belief.shared ? read : written).insert(belief.slot);
    }
  }
  const bool meet = std::ranges::any_of(read, [&](std::uint32_t slot) { return written.contains(slot); });
  if (written.size() < writers || writers > configuration_.purpose.slots) report("a slot has two holders");
  if (meet) report("a reader and a writer hold the lock");
}

/// Whatever state the disk was left in: when all others are gone, a newcomer gets the lock after a while.
void Explorer::check_newcomer(const State& state) {
  const Kind kind = configuration_.processes[0];
  if (kind == Kind::flufl || found_.violation) return;
  State alone = state;
  alone.actors.clear();
  Member newcomer = Member::numbered(kind, 5);
  newcomer.purpose = configuration_.purpose;
  newcomer.mirror = newcomer.purpose.kind == LockKind::lock;
  Actor actor(kind, make_contender(newcomer), 'f', state.server->root());
  alone.now += 60s;
  auto step = actor.contender.start(Operation::lock, Duration(300s), alone.now);
  for (int steps = 0; step && steps < 1000; ++steps) {
    PendingStep pending(*step);
    if (const auto* wait = std::get_if<step::WaitUntil>(&*step)) {
      alone.now = std::max(alone.now, wait->until);
    } else if (!std::holds_alternative<step::ProbeProcess>(*step)) {
      auto request = pending.start(transitions_.client(), actor.open, state.server->root(), TrueTime{});
      while (request) {
        request->sender = 6;
        request = pending.resume(transitions_.client(), actor.open, transitions_.serve(alone, *request), TrueTime{});
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

/// Walks the path to the violation again and writes down every step.
void Explorer::retrace() {
  transitions_.trace_to(&found_.trace);
  State state = transitions_.initial();
  for (const Action& action : path_) state = transitions_.apply(state, action);
}

}  // namespace

Exploration explore(const Configuration& configuration) { return Explorer(configuration).run(); }

}  // namespace leaselock::sim
