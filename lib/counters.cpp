#include "leaselock/counters.hpp"

#include <algorithm>
#include <numeric>

#include "counter_names.hpp"

namespace leaselock {
namespace {

template <class Number>
void increase(Number& number, Number amount) noexcept {
  std::atomic_ref(number).fetch_add(amount, std::memory_order_relaxed);
}

template <class Number>
Number read(Number& number) noexcept {
  return std::atomic_ref(number).load(std::memory_order_relaxed);
}

}  // namespace

std::uint64_t Histogram::count() const noexcept {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

CounterValues Counters::values() const noexcept {
  CounterValues copy;
  for (const CounterName& each : counter_names) copy.*each.counter = read(values_.*each.counter);
  for (const HistogramName& each : histogram_names) {
    Histogram& from = values_.*each.histogram;
    Histogram& to = copy.*each.histogram;
    to.total_ns = read(from.total_ns);
    for (std::size_t i = 0; i < to.counts.size(); ++i) to.counts[i] = read(from.counts[i]);
  }
  return copy;
}

void Counters::add(std::uint64_t CounterValues::*counter, std::uint64_t amount) noexcept {
  increase(values_.*counter, amount);
}

void Counters::observe(Histogram CounterValues::*histogram, Duration length) noexcept {
  Histogram& into = values_.*histogram;
  const double seconds = std::chrono::duration<double>(length).count();
  const auto bucket = std::ranges::lower_bound(Histogram::bounds, seconds) - Histogram::bounds.begin();
  increase(into.counts[static_cast<std::size_t>(bucket)], std::uint64_t{1});
  increase(into.total_ns, std::int64_t{length.count()});
}

}  // namespace leaselock
