#include "run_metrics.hpp"

#include "text.hpp"

namespace leaselock::tool {
namespace {

std::string seconds_since_epoch(WallTime time) {
  const auto ms = std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
  std::string fraction = std::to_string(ms % 1000);
  fraction.insert(0, 3 - fraction.size(), '0');
  return std::to_string(ms / 1000) + '.' + fraction;
}

std::optional<std::string> moment(const std::optional<WallTime>& time) {
  if (!time) return std::nullopt;
  return seconds_since_epoch(*time);
}

template <class Number>
std::optional<std::string> number(const std::optional<Number>& value) {
  if (!value) return std::nullopt;
  return std::to_string(*value);
}

/// Nothing where there is no value: what is not so has no time.
void add_gauge(std::string& text, const std::string& name, const char* help, const std::string& labels,
               const std::optional<std::string>& value) {
  if (!value) return;
  text += "# HELP " + name + ' ' + help + "\n# TYPE " + name + " gauge\n" + name + labels + ' ' + *value + '\n';
}

}  // namespace

void RunMetrics::note(const Event& event) {
  switch (event.kind) {
    case EventKind::waiting:
      if (!waiting_since) waiting_since = event.time - event.waited.value_or(Duration::zero());
      break;
    case EventKind::acquired:
      waiting_since.reset();
      held_since = event.time;
      token = event.token;
      lease_expires = event.time + event.remaining.value_or(Duration::zero());
      break;
    case EventKind::refreshed:
    case EventKind::mirror_lost:
      lease_expires = event.time + event.remaining.value_or(Duration::zero());
      break;
    case EventKind::gave_up:
    case EventKind::failed:
      waiting_since.reset();
      break;
    case EventKind::lost:
    case EventKind::released:
      held_since.reset();
      lease_expires.reset();
      break;
    case EventKind::broke:
    case EventKind::refresh_failed:
    case EventKind::swept:
    case EventKind::upgraded:
    case EventKind::downgraded:
      break;
  }
}

void RunMetrics::end(std::optional<int> status) {
  exit_status = status;
  waiting_since.reset();
  held_since.reset();
}

std::string to_prometheus(const RunMetrics& run, const CounterValues& counters) {
  const CounterSeries series{{{"lock", as_utf8(run.lockfile)}, {"run", as_utf8(run.name)}}, counters};
  std::string labels;
  for (const auto& [name, value] : series.labels) {
    labels += (labels.empty() ? "{" : ",") + name + '=' + prometheus_quoted(value);
  }
  labels += '}';
  std::string text;
  const auto add = [&](const char* name, const char* help, const std::optional<std::string>& value) {
    add_gauge(text, name, help, labels, value);
  };
  add("leaselock_held", "Whether the lock is held.", run.held_since ? "1" : "0");
  add("leaselock_waiting", "Whether the lock is waited for.", run.waiting_since ? "1" : "0");
  add("leaselock_start_timestamp_seconds", "When the run was started.", moment(run.started));
  add("leaselock_waiting_since_timestamp_seconds", "Since when the lock is waited for.", moment(run.waiting_since));
  add("leaselock_held_since_timestamp_seconds", "Since when the lock is held.", moment(run.held_since));
  add("leaselock_lease_expiry_timestamp_seconds", "When the lease ends unless it is refreshed.",
      moment(run.lease_expires));
  add("leaselock_fencing_token", "Fencing token of the last hold.", number(run.token));
  add("leaselock_exit_status", "Exit status of the run, once it has ended.", number(run.exit_status));
  return text + leaselock::to_prometheus({series});
}

}  // namespace leaselock::tool
