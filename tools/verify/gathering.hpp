#pragma once

#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "verify/records.hpp"
#include "verify/scratch.hpp"

namespace leaselock::tool::verify {

/// A run of that name is under way without this host.
struct NotNow : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Hosts that were started with the same name meet through files: each introduces itself, the first that sees enough
/// of them publishes who takes part, each publishes its record, and the last to leave removes everything.
class Gathering {
 public:
  explicit Gathering(const Scratch& scratch) : scratch_(scratch) {}
  /// Leaves; the others are told if this host has no record. Who leaves last removes the directory.
  ~Gathering();
  Gathering(const Gathering&) = delete;
  Gathering& operator=(const Gathering&) = delete;

  /// Hears how many hosts are there, or have reported.
  using Progress = std::function<void(std::size_t)>;

  /// Throws: std::system_error.
  void introduce(Member self);
  /// Waits until `hosts` are there and returns all that take part, ourselves included; empty when too few came.
  /// Throws: Interrupted, NotNow, std::system_error.
  std::vector<Member> meet(std::size_t hosts, LeaseTime deadline, const Progress& progress);
  /// Throws: std::system_error.
  void publish(const HostRecord& record);
  /// The records of all, in the order of the members; those that did not come in time are left out.
  /// Throws: Interrupted, std::system_error.
  std::vector<HostRecord> collect(LeaseTime began, const Progress& progress);

 private:
  /// Fills in the members. Throws: NotNow.
  bool has_begun();
  std::vector<Member> present() const;
  /// Empty when it is not there, not complete, or not one.
  std::optional<HostRecord> record_of(const Member& member) const;
  void leave();

  const Scratch& scratch_;
  Member self_;
  std::vector<Member> members_;       ///< empty: not begun
  std::vector<std::string> missing_;  ///< ids of those that are not waited for any more
  bool published_ = false;
};

}  // namespace leaselock::tool::verify
