#include "stage.hpp"

/// Schedules for shared locks whose windows chance does not hit.
namespace leaselock::sim {
namespace {

using namespace std::chrono_literals;
using Violation = std::optional<std::string>;
using Wire = Request::Kind;
constexpr Stage::Role sharing{.mirror = false, .purpose = {LockKind::shared_lock, 1}};

/// A reader's refresh is under way when its lease ends, and is executed when a writer has judged it dead.
Violation refresh_of_a_reader_that_is_being_removed() {
  Stage stage;
  const auto reader = stage.enter(sharing);
  const auto writer = stage.enter(sharing);
  stage.perform(reader, Operation::lock_shared);
  stage.pass(13s);
  stage.begin(reader, Operation::refresh);
  stage.advance_to(reader, Wire::touch);
  stage.pass(8s);
  stage.begin(writer, Operation::lock);
  if (!stage.advance_to(writer, Wire::remove_directory, "r|")) return "a writer waits for a dead reader";
  stage.finish(reader);
  stage.finish(writer);
  if (stage.overlapped()) return "a reader and a writer believe that they hold the lock";
  return std::nullopt;
}

/// A reader sleeps past its lease, somebody writes, and the reader wants to write what it has read.
Violation upgrade_after_somebody_has_written() {
  Stage stage;
  const auto reader = stage.enter(sharing);
  const auto writer = stage.enter(sharing);
  stage.perform(reader, Operation::lock_shared);
  stage.pass(30s);
  if (stage.perform(writer, Operation::lock) != Ending::done) return "a writer waits for a dead reader";
  stage.perform(writer, Operation::unlock);
  if (stage.perform(reader, Operation::upgrade) == Ending::done) return "upgraded, and somebody has written in between";
  return std::nullopt;
}

}  // namespace

std::vector<Script> sharing_scripts() {
  return {
      {"refresh_of_a_reader_that_is_being_removed", "a refresh that comes too late",
       refresh_of_a_reader_that_is_being_removed},
      {"upgrade_after_somebody_has_written", "an upgrade after the lease", upgrade_after_somebody_has_written},
  };
}

}  // namespace leaselock::sim
