#include "queue_checker.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>

namespace leaselock::sim {
namespace {

std::vector<std::string> fields_of(const std::string& name) {
  std::vector<std::string> fields;
  std::istringstream text(name);
  for (std::string field; std::getline(text, field, '|');) fields.push_back(std::move(field));
  return fields;
}

template <class Number>
Number number_in(const std::string& text) {
  Number number{};
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// What makes an object's id unique: the last part of it.
std::string unique_part(const std::string& object) { return object.substr(object.rfind('.') + 1); }

}  // namespace

void QueueChecker::observe(const SimulatedServer& server, Handle fence, const std::vector<Waiter>& waiters,
                           TrueTime now) {
  if (fence != fence_) {
    fence_ = fence;
    tickets_.clear();
    baton_.reset();
  }
  std::optional<Baton> before = baton_;
  read(server.listing(fence, 0), now);
  if (!baton_ || (before && before->name == baton_->name)) return;
  if (before && before->free() && !baton_->free() && bounds_) {
    judge_take(*baton_, waiters, now);
    judge_progress(waiters, now);
  }
  since_ = now;
  const auto file = server.find(fence, baton_->name);
  const auto made =
      std::chrono::duration_cast<std::chrono::milliseconds>(server.status(*file)->changed.time_since_epoch());
  prompt_ = !baton_->free() || made.count() - baton_->freed_ms < 50;
}

void QueueChecker::read(const std::vector<protocol::Entry>& entries, TrueTime now) {
  std::map<std::string, Ticket> seen;
  std::optional<Baton> baton;
  for (const protocol::Entry& entry : entries) {
    const std::vector<std::string> fields = fields_of(entry.name);
    if (fields.size() == 6 && fields[0] == "q") {
      const auto known = tickets_.find(entry.name);
      Ticket ticket{number_in<std::int64_t>(fields[2]), unique_part(fields[5]), now};
      seen[entry.name] = known != tickets_.end() ? known->second : ticket;
    }
    if (fields.size() < 6 || fields[0] != "b") continue;
    const bool held = fields[3] == "h" && fields.size() >= 10;
    Baton found{entry.name, number_in<std::uint64_t>(fields[2]), held ? unique_part(fields[9]) : "",
                held ? 0 : number_in<std::int64_t>(fields[4])};
    if (!baton || baton->number < found.number) baton = std::move(found);
  }
  tickets_ = std::move(seen);
  baton_ = std::move(baton);
}

std::vector<const QueueChecker::Ticket*> QueueChecker::in_order() const {
  std::vector<const Ticket*> all;
  for (const auto& [name, ticket] : tickets_) all.push_back(&ticket);
  std::ranges::sort(all, [](const Ticket* a, const Ticket* b) {
    return a->stamp != b->stamp ? a->stamp < b->stamp : a->owner < b->owner;
  });
  return all;
}

std::optional<TrueTime> QueueChecker::entitled_since(const Ticket& ticket, const std::vector<Waiter>& waiters) const {
  const auto waiter = std::ranges::find(waiters, ticket.owner, &Waiter::owner);
  if (waiter == waiters.end()) return std::nullopt;
  return std::max(ticket.since, waiter->attentive) + bounds_->patience;
}

/// A free baton is left to those who came before for one patience each. Half of one leaves room for clocks.
void QueueChecker::judge_take(const Baton& taken, const std::vector<Waiter>& waiters, TrueTime now) {
  const auto taker = std::ranges::find(waiters, taken.owner, &Waiter::owner);
  if (taker == waiters.end() || !taker->fair || taker->attentive + bounds_->patience > now) return;
  if (!prompt_) return;  // its name says that it has been free for longer than it was
  if (now - since_ >= bounds_->patience / 2) return;
  for (const Ticket* ticket : in_order()) {
    if (ticket->owner == taken.owner) return;
    const auto entitled = entitled_since(*ticket, waiters);
    if (!entitled || *entitled > now) continue;
    violation_ = "the owner " + taken.owner + " took the lock at once although " + ticket->owner + " was there before";
    return;
  }
}

/// Those who are dead or asleep cost the next one a patience each and no more.
void QueueChecker::judge_progress(const std::vector<Waiter>& waiters, TrueTime now) {
  if (!prompt_) return;
  std::int64_t ahead = 0;
  for (const Ticket* ticket : in_order()) {
    const auto entitled = entitled_since(*ticket, waiters);
    if (!entitled) {
      ++ahead;
      continue;
    }
    const Duration bound = (ahead + 1) * bounds_->patience + bounds_->longest_poll;
    if (now - std::max(*entitled, since_) > bound) {
      violation_ = "a free lock was not taken for long although " + ticket->owner + " was waiting";
    }
    return;
  }
}

}  // namespace leaselock::sim
