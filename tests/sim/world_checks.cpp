#include <algorithm>

#include "describe.hpp"
#include "leaselock/error.hpp"
#include "world.hpp"

/// What every schedule is checked for, besides exclusion and tokens.
namespace leaselock::sim {

void World::watch(Process& process) {
  if (is_shared()) {
    std::vector<SharingChecker::TrueBelief> truths;
    for (const Belief& belief : process.contender ? process.contender->beliefs() : std::vector<Belief>()) {
      truths.push_back({belief.slot, belief.token, true_time(process, belief.deadline), belief.shared});
    }
    return sharing_.observe(process.number, std::move(truths), now_);
  }
  const auto belief = process.contender ? process.contender->belief() : std::nullopt;
  std::optional<ExclusionChecker::TrueBelief> truth;
  if (belief) truth = {belief->token, true_time(process, belief->deadline)};
  exclusion_.observe(process.number, process.kind, truth, now_);
}

bool World::shows_hold(const Process& process) const {
  if (process.kind != Kind::fenced || !process.contender->belief()) return false;
  return std::ranges::all_of(process.contender->beliefs(), [&](const Belief& belief) {
    return disk_.fence_shows(server_, belief.token, process.owner);
  });
}

std::optional<Handle> World::claim(const Process& process) const {
  const protocol::Engine* engine = process.contender ? process.contender->engine() : nullptr;
  if (engine == nullptr || !engine->session().claim) return std::nullopt;
  return server_.find(server_.root(), engine->session().claim->name);
}

bool World::shows_claim(const Process& process) const {
  const auto file = claim(process);
  return file && disk_.lock_file(server_) == file;
}

void World::check_ending(Process& process, Ending ending) {
  const std::string who = "process " + std::to_string(process.number) + ": ";
  const LeaseTime now = own(process);
  const auto belief = process.contender->belief();
  const bool ours = process.kind != Kind::flufl;
  if (is_lock(process.operation) && ending == Ending::done && ours) {
    if (!belief || now >= belief->deadline) disk_.report(who + "lock() handed out a lease that has run out");
    check_mirror_time(process);
  }
  if (process.operation == Operation::refresh && ending == Ending::done) check_mirror_time(process);
  if (is_lock(process.operation) && gates_.is_in_line(process.number)) {
    disk_.report(who + "has ended lock() and still stands at the gate");
  }
  if (ending == Ending::lost && ours) check_loss(process, now);
  if (ending == Ending::lost && belief) disk_.report(who + "believes in a hold that it was told is lost");
  if (process.operation == Operation::inspect && ending == Ending::done && ours) check_sighting(process);
  if (ending == Ending::failed && ours) check_error(process);
  const bool gave_back = process.operation == Operation::unlock || process.operation == Operation::destroy;
  if (gave_back && belief) disk_.report(who + "believes that it holds what it gave back");
  if (gave_back && process.final_round && ours && ending != Ending::done) {
    disk_.report(who + "could not give the lock back although nothing is wrong: " + process.contender->error_text());
  }
}

/// A hold may be reported lost only when it is, or when its holder cannot know better.
void World::check_loss(const Process& process, LeaseTime now) {
  if (now >= process.deadline_before) return;
  const std::string who = "process " + std::to_string(process.number);
  if (process.kind == Kind::fenced) {
    const bool shown = disk_.fence_shows(server_, process.token_before, process.owner);
    const bool still_shown = process.operation != Operation::unlock && process.operation != Operation::destroy
                                 ? shown
                                 : process.shown_before && (!scenario_.mirror || process.lock_file_before);
    // A killed process's rename may hide a hold at any time, and another's bring it back too late.
    if (scenario_.killed_renames && !(shown && process.shown_before)) return;
    if (still_shown) disk_.report(who + " was told that its lock is lost, and it is not");
    return;
  }
  if (process.taken && disk_.lock_file(server_) == process.taken) {
    disk_.report(who + " was told that its lock is lost, and it is not");
  }
}

/// is_locked() must not say yes about a hold that had been replaced before it was asked.
void World::check_sighting(const Process& process) {
  const protocol::Engine& engine = *process.contender->engine();
  const Host& host = hosts_[process.host];
  // A killed process's rename may hide a hold, and another's bring it back.
  const bool blameless = process.saw_old_listing || host.has_old_listing || host.client.policy().compares_times ||
                         scenario_.killed_renames;
  if (process.kind != Kind::fenced || process.shown_before || blameless || !engine.session().hold) return;
  if (engine.sighting().shows_hold_of(engine.session())) {
    disk_.report("process " + std::to_string(process.number) + " sees a hold of its own that is over");
  }
}

/// Errors that no fault of this model explains.
void World::check_error(const Process& process) {
  const std::error_code error = process.contender->engine()->error();
  if (error.category() != lock_category()) return;
  const bool may_be_foreign = scenario_.lost_files || scenario_.has(Kind::flufl);
  const bool foreign_file = error == make_error_code(Errc::not_a_lock_file) && may_be_foreign;
  const bool passing = error == make_error_code(Errc::mirror_lost) ||
                       error == make_error_code(Errc::lifetime_too_short) ||
                       error == make_error_code(Errc::fence_damaged);
  if (foreign_file || passing) return;
  disk_.report("process " + std::to_string(process.number) + " failed without reason: " + error.message());
}

/// flufl.lock peers must not see our lock file expire before our lease does (4.6).
void World::check_mirror_time(const Process& process) {
  const protocol::Engine* engine = process.contender->engine();
  if (process.kind != Kind::fenced || !scenario_.mirror || scenario_.has(Kind::flufl)) return;
  const protocol::Session& session = engine->session();
  if (!session.hold || !session.claim) return;
  const auto file = claim(process);
  if (!file || disturbed_files_.contains(*file)) return;
  if (server_.status(*file)->modified < session.hold->baton.expiry()) {
    disk_.report("the claim of process " + std::to_string(process.number) + " expires before its lease");
  }
}

/// Nobody takes the lock file of a living holder away, except by a request that came late.
void World::check_removal(const Event& event, const std::optional<Handle>& lock_before) {
  if (!lock_before || scenario_.has(Kind::flufl) || disk_.lock_file(server_) == lock_before) return;
  // A late unlock() may move a successor's lock file aside before it sees whose it is; it puts it back (6.2).
  if (is_removal(event.request) && event.request.kind == Request::Kind::rename && event.unlocking) return;
  for (const Process& process : processes_) {
    if (process.number == event.process || !process.contender || process.kind == Kind::flufl) continue;
    const auto belief = process.contender->belief();
    if (!belief || own(process) >= belief->deadline || claim(process) != lock_before) continue;
    disk_.report("process " + std::to_string(event.process) + " took the lock file of process " +
                 std::to_string(process.number) + " away, which holds the lock");
  }
}

void World::check_queue() {
  const auto fence = server_.find(server_.root(), disk_.base() + "|fence");
  if (!fence || !scenario_.has(Kind::fenced)) return;
  std::set<std::string> slots;
  for (const protocol::Entry& entry : server_.listing(*fence, 0)) {
    if (!entry.name.starts_with("b|")) continue;
    const bool is_new = slots.insert(entry.name.substr(0, entry.name.find('|', 2))).second;
    if (!is_new) disk_.report("there are two batons of one slot");
  }
  std::vector<QueueChecker::Waiter> waiters;
  for (const Process& process : processes_) {
    if (process.waiting && process.kind == Kind::fenced) {
      waiters.push_back({process.owner, process.fair, process.attentive});
    }
  }
  queue_.observe(server_, *fence, waiters, now_);
}

/// Who does not wait any more has no place among those who do.
void World::check_tickets() {
  const auto fence = server_.find(server_.root(), disk_.base() + "|fence");
  if (!fence) return;
  for (const protocol::Entry& entry : server_.listing(*fence, 0)) {
    if (!entry.name.starts_with("q|") || excused_tickets_.contains(entry.name)) continue;
    for (const Process& process : processes_) {
      if (!process.finished || entry.name.find(process.owner) == std::string::npos) continue;
      disk_.report("process " + std::to_string(process.number) + " waits no more and its ticket is still there");
    }
  }
}

void World::check_end() {
  check_tickets();
  for (const Process& process : processes_) {
    if (process.finished || process.kind == Kind::flufl) continue;  // flufl.lock may wait for ever, for a claim gone
    disk_.report("process " + std::to_string(process.number) + " never got the lock after everything had healed (" +
                 to_string(process.operation) + ")");
  }
  if (disk_.lock_file(server_) && !scenario_.has(Kind::flufl)) {
    disk_.report("everybody has unlocked and closed, and the lock file is still there");
  }
}

bool World::is_removal(const Request& request) const {
  const bool removes = request.kind == Request::Kind::unlink || request.kind == Request::Kind::rename;
  return removes && request.object == server_.root() && request.name == disk_.base();
}

/// The removal itself, and what puts a wrong victim back: where flufl.lock's guarantee allows no pause and no error.
bool World::removes_lock(const protocol::Step& step) const {
  namespace step_kind = protocol::step;
  if (const auto* unlink = std::get_if<step_kind::Unlink>(&step)) return unlink->name == disk_.base();
  if (const auto* rename = std::get_if<step_kind::Rename>(&step)) return rename->from == disk_.base();
  if (const auto* look = std::get_if<step_kind::Look>(&step)) return is_aside(look->name);
  if (const auto* link = std::get_if<step_kind::Link>(&step)) return is_aside(link->from);
  return false;
}

bool World::is_aside(const std::string& name) const { return name.starts_with(disk_.base() + "|aside|"); }

void World::note(const Process& process, const std::string& text) {
  if (tracing_) note("p" + std::to_string(process.number) + ' ' + text);
}

void World::note(const std::string& text) {
  if (tracing_) outcome_.trace.push_back(describe(now_ - TrueTime{}) + "  " + text);
}

std::string replay_command(const Scenario& scenario, std::uint64_t seed) {
  return "leaselock_sim --seed " + std::to_string(seed) + " --scenario " + scenario.name + " --trace";
}

}  // namespace leaselock::sim
