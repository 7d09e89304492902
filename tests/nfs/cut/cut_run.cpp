#include "cut_run.hpp"

#include <algorithm>
#include <functional>
#include <future>
#include <set>
#include <thread>

#include "shared_cluster.hpp"
#include "stage.hpp"

namespace leaselock::nfs {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr auto patience = 60s;

struct Act {
  milliseconds at;
  std::function<void()> what;
};

void perform(std::vector<Act> acts) {
  std::ranges::stable_sort(acts, {}, &Act::at);
  const auto start = steady_clock::now();
  for (const Act& act : acts) {
    std::this_thread::sleep_until(start + act.at);
    act.what();
  }
}

std::set<std::size_t> hosts_of_firsts(const Batch& batch) {
  std::set<std::size_t> hosts;
  for (const Trial& trial : batch.trials) hosts.insert(trial.first_host);
  return hosts;
}

/// What takes longer goes on in the background, since what happens to the supervisors must not wait for it.
void strike(const Batch& batch, std::future<void>& background) {
  switch (batch.blow) {
    case Blow::cut:
      for (const std::size_t host : hosts_of_firsts(batch)) shared_cluster().host(host).cut();
      return;
    case Blow::server_hangs:
      return shared_cluster().server().pause();
    case Blow::server_crashes:
      background = std::async(std::launch::async, [] { shared_cluster().crash_and_restart_server(); });
      return;
  }
}

void undo(const Batch& batch) {
  if (batch.blow == Blow::server_hangs) return shared_cluster().server().resume();
  if (batch.blow != Blow::cut) return;
  for (const std::size_t host : hosts_of_firsts(batch)) shared_cluster().host(host).heal();
}

std::vector<Act> blow_and_fates(const Batch& batch, Stage& stage, std::future<void>& background) {
  const milliseconds blow_at = batch.blow_after;
  std::vector<Act> acts = {{blow_at, [&] {
                              stage.strike();
                              strike(batch, background);
                            }}};
  if (batch.length) acts.push_back({blow_at + *batch.length, [&] { undo(batch); }});
  for (std::size_t index = 0; index < batch.trials.size(); ++index) {
    acts.push_back({blow_at + batch.trials[index].fate_after, [&stage, index] { stage.meet_fate(index); }});
  }
  return acts;
}

}  // namespace

std::vector<Outcome> play(const Batch& batch) {
  Stage stage(batch);
  std::vector<Act> starts;
  for (std::size_t index = 0; index < batch.trials.size(); ++index) {
    starts.push_back({batch.trials[index].start, [&stage, index] { stage.start_first(index); }});
  }
  perform(std::move(starts));
  stage.wait_for_all(&Sightings::first_began, patience);  // who never began will be complained about
  for (std::size_t index = 0; index < batch.trials.size(); ++index) stage.start_second(index);
  std::future<void> background;
  perform(blow_and_fates(batch, stage, background));
  stage.wait_for_all(&Sightings::second_is_gone, patience);
  if (background.valid()) background.get();
  if (!batch.length) undo(batch);
  stage.wait_for_all(&Sightings::first_is_gone, patience);
  return stage.finish();
}

}  // namespace leaselock::nfs
