#pragma once

#include <cstdint>
#include <optional>
#include <queue>
#include <set>
#include <string>
#include <vector>

#include "contender.hpp"
#include "disk_checker.hpp"
#include "exclusion_checker.hpp"
#include "faults.hpp"
#include "gates.hpp"
#include "keep/lease_judge.hpp"
#include "pending_step.hpp"
#include "queue_checker.hpp"
#include "scenario.hpp"
#include "sharing_checker.hpp"
#include "simulated_client.hpp"
#include "simulated_server.hpp"

namespace leaselock::sim {

/// What became of one schedule.
struct Outcome {
  std::optional<std::string> violation;
  std::vector<std::string> trace;  ///< parameters first, then a line a step; only when asked for
  std::uint64_t holds = 0;
  std::uint64_t requests = 0;
};

/// One schedule: some processes on some hosts, one server, and everything that happens to them, drawn from one seed.
/// A discrete-event simulation without threads, so a seed always gives the same run. Until `heal_` faults occur; then
/// everything works and every process must get the lock once more within a bounded time.
class World {
 public:
  World(const Scenario& scenario, std::uint64_t seed, bool trace);
  Outcome run();

 private:
  struct Host {
    SimulatedClock clock;
    SimulatedClient client;
    std::string name;
    std::string boot;
    Duration wall_offset{};
    bool has_old_listing = false;  ///< the last listing that one of its processes got was an old or a torn one
  };

  struct Process {
    std::size_t number = 0;
    Kind kind = Kind::fenced;
    std::size_t host = 0;
    std::uint64_t incarnation = 1;  ///< grows with every crash; what was under way belongs to an older one
    bool alive = true;
    std::int64_t pid = 0;     ///< may be one that another process had before
    std::uint64_t start = 0;  ///< as its kernel tells it: no two of one id are the same
    bool fair = true;
    bool gate = true;
    bool break_dead = true;
    std::optional<Contender> contender;
    std::string owner;  ///< the unique part of its names
    OpenDirectories open{};
    std::optional<PendingStep> pending;
    LeaseTime sent{};

    Handle changed_last;            ///< a directory that its last request changed: the next listing of it is true
    TrueTime decided;               ///< when the step under way was asked for
    TrueTime looked;                ///< when the step before that was: the answer it rests on may be as old
    bool reads_clock_late = false;  ///< after a pause and not before it
    TrueTime attentive;             ///< since then nothing has delayed or misled it

    // What it sleeps for, and what its kernel has noticed for it (world_waits.cpp).
    std::uint64_t sleeps = 0;  ///< counts them: an event that ends an earlier one comes too late
    bool asleep = false;
    bool waiting = false;  ///< for lock() to end
    std::optional<protocol::step::WaitUntil> wait;
    std::optional<Handle> watched;
    bool noticed = false;

    // How things stood when the operation began, for judging its end.
    Operation operation = Operation::lock;
    std::uint64_t token_before = 0;
    LeaseTime deadline_before{};
    bool shown_before = false;      ///< the server showed its hold
    bool lock_file_before = false;  ///< its claim was the lock file
    bool saw_old_listing = false;   ///< since then
    std::optional<Handle> taken;    ///< what the lock file was when it got the lock

    // Its script.
    int holds_left = 0;
    bool holding = false;
    bool refreshes = true;
    bool refresh_due = false;
    bool final_round = false;
    bool finished = false;
    TrueTime hold_until;

    // How it keeps its lock alive, if it does (world_keeping.cpp).
    std::optional<keep::LeaseJudge> judge;
    std::uint64_t kept_token = 0;
    std::uint64_t looks = 0;  ///< counts them: an earlier one was for what was known then
    TrueTime stopped_until;   ///< nothing of it runs before that
  };

  struct Event {
    enum class What : std::uint8_t { next, step, wake, execute, reply, restart, look };
    What what = What::next;
    std::size_t process = 0;
    std::uint64_t incarnation = 0;
    protocol::Step step;
    std::uint64_t sleep = 0;  ///< wake, look: which one this ends
    int error = 0;            ///< wake: of the step that waited
    bool gone = false;        ///< wake: what a probe found
    bool runs = false;
    Request request;
    Reply answer;
    Fate fate;
    bool answers = true;     ///< execute: its reply is the one that the caller gets
    Handle follows;          ///< execute: a rename by a killed process, of this file under whatever name it has by then
    bool disturbed = false;  ///< execute: late, repeated, or given up by its sender
    bool unlocking = false;  ///< execute: asked for by unlock() or destroy()
    std::vector<protocol::Entry> first_half;
    bool half_read = false;
  };
  struct Due {
    TrueTime at;
    std::uint64_t order;
    std::size_t slot;
    bool operator>(const Due& other) const { return at != other.at ? at > other.at : order > other.order; }
  };

  // Setting up, and healing (world_setup.cpp).
  void draw_parameters();
  void plant_files();
  void plant_forged_name();
  void make_contender(Process& process);
  void heal();
  void release_planted();

  // Time and events (world.cpp).
  void schedule(TrueTime at, Event event);
  Event event_for(const Process& process, Event::What what) const;
  void handle(Event& event);
  LeaseTime own(const Process& process) const;
  TrueTime true_time(const Process& process, LeaseTime moment) const;
  ServerTime server_now() const;
  bool healed() const { return now_ >= heal_; }

  // One process at a time (world.cpp).
  void begin(Process& process, Operation operation, std::optional<Duration> length = std::nullopt);
  void follow(Process& process, std::optional<protocol::Step> step);
  void start_step(Process& process, protocol::Step step);
  void proceed(Process& process, std::optional<Request> request);
  void send(Process& process, Request request);
  /// The process is killed; its rename goes on without it. True if that was this request's fate.
  void execute(Event& event);
  bool read_listing(Event& event, Reply& reply);
  void resume(Process& process, protocol::Result result);
  void crash(Process& process);
  void restart(Process& process);
  bool is_gone(const Process& asking, const protocol::step::ProbeProcess& probe) const;

  // What a process waits for, besides replies (world_waits.cpp).
  /// Begins such a step. False: it is none of these.
  bool start_waiting(Process& process, const protocol::Step& step);
  void sleep_until(Process& process, LeaseTime until, int error);
  void enter_gate(Process& process, const protocol::step::EnterGate& step);
  void leave_gate(Process& process);
  void answer_soon(Process& process, int error = 0);
  void wake(std::size_t number);
  /// Names in the directory came, went or changed; whose host sees that is told.
  void notice_change(const Request& request, std::size_t host);
  void notice_death(const Process& dead);
  void reboot(std::size_t host);
  void choose_pid(Process& process);
  std::string new_boot();

  // Renames of processes that were killed (world_orphans.cpp).
  /// The process is killed; its rename goes on without it. True if that was this request's fate.
  bool orphan(Process& process, const Request& request);
  /// Such a rename is sent again under the name that its file has by now.
  void follow_file(Event& event) const;

  // What a process wants (world_script.cpp).
  void next(Process& process);
  void next_while_holding(Process& process);
  void next_after(Process& process, Duration length);
  bool is_shared() const { return scenario_.purpose.kind != LockKind::lock; }
  Operation how_to_lock(const Process& process);
  std::optional<Operation> change_of_mind(const Process& process);
  Duration nap();
  void ended(Process& process);

  // Keeping a lock alive (world_keeping.cpp).
  void begin_keeping(Process& process);
  void next_while_kept(Process& process);
  void refreshed(Process& process);
  void look(Process& process);
  void check_judgement(const Process& process, LeaseState before, LeaseTime now);

  // Checking (world_checks.cpp).
  void watch(Process& process);
  bool shows_hold(const Process& process) const;
  std::optional<Handle> claim(const Process& process) const;
  bool shows_claim(const Process& process) const;
  void check_ending(Process& process, Ending ending);
  void check_loss(const Process& process, LeaseTime now);
  void check_error(const Process& process);
  void check_sighting(const Process& process);
  void check_mirror_time(const Process& process);
  void check_removal(const Event& event, const std::optional<Handle>& lock_before);
  void check_queue();
  void check_tickets();
  void check_end();
  bool is_removal(const Request& request) const;
  bool removes_lock(const protocol::Step& step) const;
  bool is_aside(const std::string& name) const;
  void note(const Process& process, const std::string& text);
  void note(const std::string& text);

  const Scenario& scenario_;
  std::uint64_t seed_;
  bool tracing_;
  Random random_;
  SimulatedServer server_;
  SimulatedClock server_clock_;
  Duration granularity_{1};
  std::vector<Host> hosts_;
  std::vector<Process> processes_;
  std::optional<Faults> faults_;
  Duration lifetime_{};
  std::int64_t drift_ppm_ = 1000;
  Duration round_trip_{};
  TrueTime now_;
  TrueTime heal_;
  TrueTime end_;

  std::vector<Event> slots_;
  std::vector<std::size_t> free_slots_;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
  std::uint64_t order_ = 0;

  Gates gates_;
  std::uint64_t starts_ = 0;  ///< of processes, so that none has the start time of another
  ExclusionChecker exclusion_;
  SharingChecker sharing_;  ///< in its place where there may be several holders
  QueueChecker queue_;
  DiskChecker disk_;
  std::set<std::string> excused_tickets_;     ///< made or not removed by a request that met a fault
  std::set<Handle> disturbed_files_;          ///< whose times a late or repeated touch may have changed
  std::optional<ServerTime> planted_expiry_;  ///< until when the planted lock file must not be broken
  bool operator_clears_ = false;              ///< a person will remove the strange file from the lock path
  Outcome outcome_;
};

/// The command that runs a schedule again.
std::string replay_command(const Scenario& scenario, std::uint64_t seed);

}  // namespace leaselock::sim
