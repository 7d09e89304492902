#pragma once

#include <functional>
#include <string>

#include "child.hpp"

namespace leaselock::testing {

/// What a container has of its own: process ids, mounts and a host name.
struct ContainerOptions {
  std::string host = "container";
  std::string proc_options;  ///< for the mount of its /proc, as in "hidepid=2"
  bool outer_proc = false;   ///< no /proc of its own
};

/// Can this process make containers?
bool containers_can_be_made();

/// Runs a function as the first process of a new container; otherwise like Child::running.
Child in_container(const std::function<void(Channel&)>& body, const ContainerOptions& options = {});

/// In a container: the next process that is started gets this id, if it is free.
void choose_next_pid(pid_t pid);

}  // namespace leaselock::testing
