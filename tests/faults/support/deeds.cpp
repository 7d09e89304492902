#include "deeds.hpp"

namespace leaselock::faults {

namespace {

using namespace std::chrono_literals;

void join(Stage& stage) { stage.subject = std::make_unique<Contestant>(stage.way, stage.path); }

void take(Stage& stage) {
  join(stage);
  stage.subject->lock();
}

void take_and_give_back(Stage& stage) {
  take(stage);
  stage.subject->unlock();
}

void join_after_somebody(Stage& stage) {
  Contestant before(stage.way, stage.path);
  before.lock();
  before.unlock();
  join(stage);
}

void join_while_somebody_holds(Stage& stage) {
  stage.other = std::make_unique<Contestant>(exclusive(stage.way), stage.path);
  stage.other->lock();
  join(stage);
}

void join_after_a_death(Stage& stage) {
  leave_dead_holder(exclusive(stage.way), stage.path);
  join(stage);
}

void join_a_smaller_one(Stage& stage) {
  Semaphore before(stage.path, 2, options_for(stage.way));
  before.acquire();
  before.release();
  join(stage);
}

/// Of a semaphore only leases that have run out count, and not that their owner is dead.
void break_the_expired(Stage& stage) {
  try {
    break_expired(stage.path, options_for(stage.way));
  } catch (const LockError& error) {
    if (error.code() != Errc::still_alive) throw;
  }
}

void lock(Stage& stage) { stage.subject->lock(); }

const std::vector<Deed>& of_all() {
  static const std::vector<Deed> deeds = {
      {"first lock", join, lock},
      {"lock", join_after_somebody, lock},
      {"lock again", take_and_give_back, lock},
      {"break", join_after_a_death, lock},
      {"wait", join_while_somebody_holds, [](Stage& stage) { stage.subject->try_lock(30ms); }},
      {"refresh", take, [](Stage& stage) { stage.subject->refresh(); }},
      {"unlock", take, [](Stage& stage) { stage.subject->unlock(); }},
      {"end of a free object", take_and_give_back, [](Stage& stage) { stage.subject.reset(); }},
      {"end of a holding object", take, [](Stage& stage) { stage.subject.reset(); }},
      {"status", join_while_somebody_holds, [](Stage& stage) { inspect(stage.path, options_for(stage.way)); }},
      {"break of the expired", join_after_a_death, break_the_expired},
      {"break by force", join_after_a_death, [](Stage& stage) { unsafe_break(stage.path, options_for(stage.way)); }},
      {"clean", join_after_a_death, [](Stage& stage) { clean(stage.path, options_for(stage.way)); }},
  };
  return deeds;
}

}  // namespace

std::vector<Deed> deeds_of(Way way) {
  std::vector<Deed> deeds = of_all();
  if (way == Way::writer) {
    deeds.push_back({"downgrade", take, [](Stage& stage) { stage.subject->as_shared_lock().downgrade(); }});
  } else if (way == Way::reader) {
    deeds.push_back({"upgrade", take, [](Stage& stage) { stage.subject->as_shared_lock().try_upgrade(); }});
  } else if (way == Way::one_slot) {
    deeds.push_back({"resize", join_a_smaller_one, [](Stage& stage) { stage.subject->as_semaphore().resize(3); }});
  } else if (way != Way::two_slots) {
    deeds.push_back({"destroy", take, [](Stage& stage) { stage.subject->as_lock().destroy(); }});
    deeds.push_back({"state", take, [](Stage& stage) { stage.subject->as_lock().state(); }});
  }
  return deeds;
}

}  // namespace leaselock::faults
