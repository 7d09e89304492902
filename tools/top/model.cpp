#include "top/model.hpp"

#include <algorithm>
#include <tuple>

#include "holder_words.hpp"

namespace leaselock::tool::top {

namespace {

/// What a person should see first. The order of the enumerators decides.
enum class Urgency { problem, lost, waited_for, held, free };

struct View {
  const Found* found;
  std::string name;
  Urgency urgency;
  std::size_t waiters;
  Duration held;  ///< the longest of its holds
};

/// Who uses the mirror only, as compat mode does, has no place in the queue but a claim.
std::size_t waiters_of(const LockStatus& status) { return std::max(status.queue.size(), status.waiters.size()); }

Urgency urgency_of(const Found& found, WallTime now) {
  const LockStatus& status = found.status;
  if (!found.error.empty() || !status.problem.empty()) return Urgency::problem;
  const auto lost = [now](const Holder& holder) { return needs_attention(holder, now); };
  if (std::ranges::any_of(status.holders, lost)) return Urgency::lost;
  if (waiters_of(status) > 0) return Urgency::waited_for;
  return status.holders.empty() ? Urgency::free : Urgency::held;
}

View view_of(const Found& found, std::string name, WallTime now) {
  Duration longest = Duration::zero();
  for (const Holder& holder : found.status.holders) {
    longest = std::max(longest, held_for(holder, now).value_or(Duration::zero()));
  }
  return {&found, std::move(name), urgency_of(found, now), waiters_of(found.status), longest};
}

void sort(std::vector<View>& views, Order order) {
  std::ranges::sort(views, [order](const View& a, const View& b) {
    if (order == Order::name) return a.name < b.name;
    return std::tie(a.urgency, b.waiters, b.held, a.name) < std::tie(b.urgency, a.waiters, a.held, b.name);
  });
}

Row row_of(const Holder& holder, const LockStatus& status, WallTime now) {
  Row row;
  if (holder.slot) row.slot = std::to_string(*holder.slot);
  row.host = holder.host;
  if (holder.pid != 0) row.pid = std::to_string(holder.pid);
  row.lease = lease_of(holder, now);
  row.time = held_for(holder, now);
  row.state = state_of(holder, status, now);
  return row;
}

Row row_of(const Waiter& waiter, WallTime now) {
  Row row;
  row.host = waiter.host;
  row.pid = std::to_string(waiter.pid);
  row.time = std::max<Duration>(now - waiter.since, Duration::zero());
  row.state = {"waits", {}};
  return row;
}

Row row_that_says(Cell state) {
  Row row;
  row.state = std::move(state);
  return row;
}

void add_waiters(std::vector<Row>& rows, const View& view, WallTime now, std::size_t most) {
  const auto& queue = view.found->status.queue;
  // One more takes no more room than to say that there is one more.
  const std::size_t shown = queue.size() > most && queue.size() - most > 1 ? most : queue.size();
  for (std::size_t place = 0; place < shown; ++place) rows.push_back(row_of(queue[place], now));
  if (view.waiters > shown) {
    const std::string more = number_waiting(view.waiters - shown);
    rows.push_back(row_that_says({shown > 0 ? "and " + more : more, {}}));
  }
}

std::vector<Row> rows_of(const View& view, WallTime now, std::size_t most_waiters) {
  const LockStatus& status = view.found->status;
  const std::string& problem = view.found->error.empty() ? status.problem : view.found->error;
  std::vector<Row> rows;
  if (!problem.empty()) rows.push_back(row_that_says({problem, Colour::red}));
  for (const Holder& holder : status.holders) rows.push_back(row_of(holder, status, now));
  if (rows.empty()) rows.push_back(row_that_says({"free", Colour::green}));
  add_waiters(rows, view, now, most_waiters);
  rows.front().lock = view.name;
  if (status.kind == LockKind::semaphore) {
    rows.front().lock += " " + std::to_string(status.holders.size()) + "/" + std::to_string(status.slots);
  }
  return rows;
}

}  // namespace

Model model_of(const std::vector<Look>& looks, Order order, WallTime now, std::size_t most_waiters) {
  Model model;
  std::vector<View> views;
  for (const Look& look : looks) {
    model.troubles.insert(model.troubles.end(), look.troubles.begin(), look.troubles.end());
    for (const Found& found : look.locks) {
      const auto& path = found.status.lockfile;
      views.push_back(
          view_of(found, (looks.size() == 1 ? path.lexically_relative(look.place.directory) : path).string(), now));
    }
  }
  sort(views, order);
  model.locks = views.size();
  for (const View& view : views) {
    model.holders += view.found->status.holders.size();
    model.waiters += view.waiters;
    if (view.urgency <= Urgency::lost) ++model.need_attention;
    for (Row& row : rows_of(view, now, most_waiters)) model.rows.push_back(std::move(row));
  }
  return model;
}

}  // namespace leaselock::tool::top
