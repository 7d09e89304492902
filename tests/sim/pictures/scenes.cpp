#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "describe.hpp"
#include "stage.hpp"

/// leaselock_scenes: plays the schedules whose pictures stand in docs/protocol.md, and prints what happened, one event
/// a line, words set apart by tabs. draw.py makes pictures of it.
namespace {

using namespace leaselock::sim;
using namespace std::chrono_literals;
using leaselock::Duration;
using Wire = Request::Kind;
constexpr std::optional<Duration> for_ever;

/// A stage that prints.
class Scene {
 public:
  Scene(std::string_view name, std::string_view about) { std::cout << "scene\t" << name << '\t' << about << '\n'; }

  std::size_t enter(Stage::Role role, std::string_view title) {
    const std::size_t who = stage_.enter(role);
    believed_.push_back(false);
    std::cout << "actor\t" << who << '\t' << title << '\n';
    return who;
  }
  /// From here on it is shown; what came before was the preparation.
  void show() {
    shown_ = true;
    stage_.show([this](const Stage::Seen& seen) { print(seen); });
  }
  /// It has used the lock before, so it knows where everything is.
  void rehearse(std::size_t who) {
    perform(who, Operation::lock);
    perform(who, Operation::unlock);
  }
  void begin(std::size_t who, Operation operation, std::optional<Duration> length = Duration::zero()) {
    say("begins", who, to_string(operation) + "()");
    stage_.begin(who, operation, length);
    tell_beliefs();
  }
  void perform(std::size_t who, Operation operation, std::optional<Duration> length = Duration::zero()) {
    begin(who, operation, length);
    finish(who);
  }
  void finish(std::size_t who, Duration patience = 5s) {
    stage_.finish(who, patience);
    tell_beliefs();
  }
  /// Until it stands before a rename, which it has not sent.
  void advance_to_rename(std::size_t who) { stage_.advance_to(who, Wire::rename); }
  void step(std::size_t who) {
    stage_.step(who);
    tell_beliefs();
  }
  void pass(Duration time, std::string_view why) {
    std::cout << "passes\t" << describe(time) << '\t' << why << '\n';
    stage_.pass(time);
    tell_beliefs();
  }
  void remark(std::size_t who, const std::string& text) { say("remark", who, text); }

 private:
  void say(std::string_view kind, std::size_t who, const std::string& text) const {
    if (shown_) std::cout << kind << '\t' << who << '\t' << text << '\n';
  }
  void print(const Stage::Seen& seen) {
    tell_beliefs();
    std::cout << "request\t" << seen.who << '\t' << describe(seen.request) << '\t' << describe_error(seen.reply.error)
              << '\n';
  }
  void tell_beliefs() {
    for (std::size_t who = 0; who < believed_.size(); ++who) {
      if (believed_[who] == stage_.believes(who)) continue;
      believed_[who] = !believed_[who];
      std::cout << (believed_[who] ? "holds\t" : "ends\t") << who << '\n';
    }
  }

  Stage stage_;
  std::vector<bool> believed_;
  bool shown_ = false;
};

constexpr Stage::Role bare{.mirror = false};

void uncontended() {
  Scene scene("uncontended", "Nobody else is there: one request each");
  const auto a = scene.enter(bare, "A");
  scene.rehearse(a);
  scene.show();
  scene.perform(a, Operation::lock);
  scene.pass(5s, "the work");
  scene.perform(a, Operation::refresh);
  scene.pass(5s, "the work");
  scene.perform(a, Operation::unlock);
}

void queue() {
  Scene scene("queue", "B and C wait in order of arrival");
  const auto a = scene.enter(bare, "A");
  const auto b = scene.enter(bare, "B");
  const auto c = scene.enter(bare, "C");
  scene.rehearse(a);
  scene.perform(a, Operation::lock);
  scene.show();
  scene.begin(b, Operation::lock, for_ever);
  scene.finish(b, Duration::zero());
  scene.begin(c, Operation::lock, for_ever);
  scene.finish(c, Duration::zero());
  scene.perform(a, Operation::unlock);
  scene.finish(b);
  scene.perform(b, Operation::unlock);
  scene.finish(c);
}

void expired() {
  Scene scene("expired", "A crashes: its lease ends, B takes over");
  const auto a = scene.enter(bare, "A");
  const auto b = scene.enter(bare, "B");
  scene.rehearse(a);
  scene.show();
  scene.perform(a, Operation::lock);
  scene.remark(a, "crashes");
  scene.begin(b, Operation::lock, for_ever);
  scene.finish(b, Duration::zero());
  scene.pass(15s, "A's lease runs out");
  scene.pass(3s, "and the grace of 2 s");
  scene.finish(b);
}

void late_breaker() {
  Scene scene("late_breaker", "Whoever is late changes nothing");
  const auto a = scene.enter(bare, "A");
  const auto b = scene.enter(bare, "B");
  const auto c = scene.enter(bare, "C");
  scene.rehearse(a);
  scene.perform(a, Operation::lock);
  scene.show();
  scene.pass(18s, "A is paused, its lease runs out");
  scene.begin(b, Operation::lock, for_ever);
  scene.advance_to_rename(b);
  scene.begin(c, Operation::lock, for_ever);
  scene.advance_to_rename(c);
  scene.remark(c, "is paused before its rename");
  scene.finish(b);
  scene.remark(c, "goes on");
  scene.step(c);
  scene.finish(c, Duration::zero());
  scene.remark(a, "goes on");
  scene.perform(a, Operation::refresh);
  scene.remark(a, "its lease is lost");
}

void mirror() {
  Scene scene("mirror", "The lock file excludes flufl.lock processes");
  const auto a = scene.enter({}, "A");
  const auto f = scene.enter({.kind = Kind::flufl}, "F, flufl.lock");
  scene.rehearse(a);
  scene.show();
  scene.perform(a, Operation::lock);
  scene.begin(f, Operation::lock, for_ever);
  scene.finish(f, Duration::zero());
  scene.perform(a, Operation::unlock);
  scene.finish(f);
}

}  // namespace

int main() {
  uncontended();
  queue();
  expired();
  late_breaker();
  mirror();
}
