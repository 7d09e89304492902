#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "leaselock/lease_time.hpp"
#include "ports/file_system.hpp"

namespace leaselock::conformance {

/// What stands at a name although nobody following the protocol put it there.
enum class Obstacle { symlink, dangling_symlink, fifo };

/// One empty directory on a file system under test, and what a test must be able to do to it from outside.
class Subject {
 public:
  virtual ~Subject() = default;

  /// A client with handles of its own, as another process or machine has; nothing is opened yet.
  virtual std::unique_ptr<ports::FileSystem> client() = 0;
  /// Puts something at a name. False when that cannot be done; the simulator has no such things.
  virtual bool plant(Obstacle /*obstacle*/, const std::string& /*name*/) { return false; }
  /// Lets time pass, on the server's clock too.
  virtual void pass(Duration length) = 0;
  /// How exactly a time that was set is kept.
  virtual Duration granularity() const = 0;
  /// After this long the server's stamps differ.
  virtual Duration tick() const = 0;
};

struct SubjectKind {
  std::string name;  ///< as it stands in the names of the tests
  std::function<std::unique_ptr<Subject>()> make;
};

/// The POSIX adapter in a temporary directory, on tmpfs where there is one, and on every directory listed in
/// LEASELOCK_TEST_DIRECTORIES (separated by colons; for example mounts of one NFS server); and the simulator.
std::vector<SubjectKind> all_subjects();

std::vector<SubjectKind> posix_subjects();
std::vector<SubjectKind> simulated_subjects();

}  // namespace leaselock::conformance
