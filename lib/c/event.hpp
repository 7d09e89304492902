#pragma once

#include <string>

#include "holder.hpp"
#include "leaselock/c/event.h"
#include "leaselock/event.hpp"
#include "leaselock/options.hpp"

struct leaselock_waiting_t {
  explicit leaselock_waiting_t(const leaselock::Waiting& waiting) : value(waiting), holder(waiting.holder) {}

  const leaselock::Waiting& value;
  leaselock::c::MaybeHolder holder;
};

struct leaselock_event_t {
  explicit leaselock_event_t(const leaselock::Event& event) : value(event), holder(event.holder) {}

  const leaselock::Event& value;
  leaselock::c::MaybeHolder holder;
  mutable std::string text;  ///< made when it is asked for
};
