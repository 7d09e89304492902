#include <algorithm>
#include <boost/filesystem.hpp>
#include <boost/filesystem/fstream.hpp>
#include <chrono>
#include <csignal>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "live.hpp"
#include "picture.hpp"
#include "processes.hpp"
#include "records.hpp"
#include "story.hpp"
#include "table.hpp"

// The main job, for people to watch: six worker processes share a resource under one lock, one is killed with -9 while
// it holds the lock, the others carry on. Ends with a table and a picture; both are made from the workers' records.
namespace {

namespace fs = boost::filesystem;
using namespace std::chrono_literals;
using demo::Did;

constexpr const char* victim = "worker-2";
volatile std::sig_atomic_t interrupted = 0;

struct Arguments {
  std::string worker;
  std::string python;  ///< empty: a sixth C++ worker instead
  std::string python_worker;
  fs::path pictures;
  int seconds = 40;
};

/// A directory for the lock, the resource and the records, which goes away with this object.
class Workshop {
 public:
  Workshop() : directory_(fs::temp_directory_path() / fs::unique_path("leaselock-demo-%%%%%%%%")) {
    fs::create_directory(directory_);
    fs::ofstream(resource()) << "0\n";
  }
  Workshop(const Workshop&) = delete;
  Workshop& operator=(const Workshop&) = delete;
  ~Workshop() {
    boost::system::error_code ignored;
    fs::remove_all(directory_, ignored);
  }
  fs::path lock() const { return directory_ / "shared.lock"; }
  fs::path resource() const { return directory_ / "resource"; }
  fs::path record() const { return directory_ / "record"; }

 private:
  fs::path directory_;
};

void start_workers(const Arguments& arguments, const Workshop& workshop, std::int64_t stop_ns,
                   demo::Processes& workers) {
  const auto start = [&](const std::string& name, std::vector<std::string> command) {
    for (const fs::path& path : {workshop.lock(), workshop.record(), workshop.resource()})
      command.push_back(path.string());
    command.push_back(std::to_string(stop_ns));
    workers.start(name, command);
  };
  const int in_cpp = arguments.python.empty() ? 6 : 5;
  for (int i = 1; i <= in_cpp; ++i) {
    const std::string name = "worker-" + std::to_string(i);
    start(name, {arguments.worker, name});
  }
  if (!arguments.python.empty()) start("python", {arguments.python, arguments.python_worker, "python"});
}

/// Kills the victim once it holds the lock in the second quarter of the run. The record says when it was dead.
bool kill_while_holding(const demo::Story& story, std::int64_t kill_after_ns, const Workshop& workshop,
                        demo::Processes& workers) {
  if (story.end_ns < kill_after_ns || story.holds.empty()) return false;
  const demo::Hold& last = story.holds.back();
  if (last.worker != victim || !last.running) return false;
  workers.kill(victim);
  demo::append_event(workshop.record().string(), {demo::monotonic_ns(), Did::killed, victim, last.pid, last.token});
  return true;
}

demo::Story watch(const Arguments& arguments, const Workshop& workshop, std::int64_t start_ns, std::int64_t stop_ns,
                  demo::Processes& workers) {
  demo::Live live(stop_ns - start_ns + 2'000'000'000);
  const std::int64_t kill_after_ns = start_ns + arguments.seconds * std::int64_t{250'000'000};
  const std::int64_t give_up_ns = stop_ns + 70'000'000'000;
  bool killed = false;
  bool taken_over = false;
  demo::Story story;
  while (workers.any_running() && interrupted == 0 && demo::monotonic_ns() < give_up_ns) {
    std::this_thread::sleep_for(50ms);
    workers.reap();
    story = demo::tell(demo::read_events(workshop.record().string()), demo::monotonic_ns());
    live.show(story);
    if (!killed && kill_while_holding(story, kill_after_ns, workshop, workers)) {
      killed = true;
      live.tell(story, std::string(victim) + " killed with -9 while it holds the lock");
    } else if (killed && !taken_over && story.holds.back().took_over) {
      taken_over = true;
      live.tell(story, story.holds.back().worker + " took the lock over from the dead worker");
    }
  }
  const std::vector<demo::Event> events = demo::read_events(workshop.record().string());
  return demo::tell(events, events.empty() ? demo::monotonic_ns() : events.back().at_ns);
}

/// What must be true of the records; one line each, and whether all of it was.
bool judge(const demo::Story& story, const demo::Processes& workers, long resource) {
  bool good = true;
  const auto check = [&](bool holds, const std::string& what) {
    std::cout << (holds ? "  ok    " : "  WRONG ") << what << '\n';
    good = good && holds;
  };
  long finished = 0;
  bool killed = false;
  bool taken_over = false;
  for (const demo::Hold& hold : story.holds) {
    if (!hold.killed && !hold.lost) ++finished;
    killed = killed || hold.killed;
    taken_over = taken_over || hold.took_over;
  }
  check(demo::count_overlaps(story.holds) == 0,
        "overlaps, counted from the records: " + std::to_string(demo::count_overlaps(story.holds)));
  check(demo::tokens_increase(story.holds), "every fencing token larger than the one before");
  check(killed && taken_over, "a worker was killed while it held the lock, and another took it over");
  // The worker may have died between writing the resource and saying so.
  check(resource == finished || resource == finished + 1, "the resource counted " + std::to_string(resource) +
                                                              ", the records " + std::to_string(finished) +
                                                              " finished holds");
  for (const demo::Child& child : workers.all()) {
    const bool held =
        std::ranges::any_of(story.holds, [&](const demo::Hold& hold) { return hold.worker == child.name; });
    if (!held) check(false, child.name + " never got the lock");
    if (child.name != victim && child.status != 0) check(false, child.name + " failed");
  }
  return good;
}

int run(const Arguments& arguments) {
  const Workshop workshop;
  demo::Processes workers;
  const std::int64_t start_ns = demo::monotonic_ns();
  const std::int64_t stop_ns = start_ns + arguments.seconds * std::int64_t{1'000'000'000};
  start_workers(arguments, workshop, stop_ns, workers);
  const demo::Story story = watch(arguments, workshop, start_ns, stop_ns, workers);
  if (interrupted != 0) return 130;
  long resource = -1;
  fs::ifstream(workshop.resource()) >> resource;

  std::cout << '\n' << demo::table(story) << '\n';
  const bool good = judge(story, workers, resource);
  fs::create_directories(arguments.pictures);
  fs::ofstream(arguments.pictures / "timeline.svg") << demo::picture(story);
  return good ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) {
    std::cerr << "usage: leaselock_demo SECONDS PICTURES WORKER FLUFL_WORKER [PYTHON]\n";
    return 2;
  }
  std::signal(SIGINT, [](int) { interrupted = 1; });
  std::signal(SIGTERM, [](int) { interrupted = 1; });
  try {
    return run({argv[3], argc > 5 ? argv[5] : "", argv[4], argv[2], std::stoi(argv[1])});
  } catch (const std::exception& error) {
    std::cerr << "demo: " << error.what() << '\n';
    return 1;
  }
}
