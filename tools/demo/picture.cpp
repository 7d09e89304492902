#include "picture.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace demo {
namespace {

constexpr int width = 1200;
constexpr int left = 110;
constexpr int right = 30;
constexpr int top = 96;
constexpr int row_height = 38;
constexpr int bar_height = 22;

// Viewers that do not know the media query show the light colours, which come first.
constexpr const char* head = R"(<style>
  text { font-family: "DejaVu Sans", "Segoe UI", Helvetica, Arial, sans-serif; }
  .page { fill: #ffffff; } .ink { fill: #1f2933; } .soft { fill: #64748b; } .grid { stroke: #e2e8f0; }
  .wait { fill: #cbd5e1; } .hold { fill: #2563eb; } .flufl { fill: #d97706; } .dead { fill: #dc2626; }
  .gap { fill: #dc2626; fill-opacity: 0.08; } .gapline { stroke: #dc2626; }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0f172a; } .ink { fill: #e2e8f0; } .soft { fill: #94a3b8; } .grid { stroke: #1e293b; }
    .wait { fill: #475569; } .hold { fill: #60a5fa; } .flufl { fill: #fbbf24; } .dead { fill: #f87171; }
    .gap { fill: #f87171; fill-opacity: 0.12; } .gapline { stroke: #f87171; }
  }
</style>
)";

class Drawing {
 public:
  explicit Drawing(const Story& story) : story_(story) {}

  std::string draw() {
    const int height = top + row_height * static_cast<int>(story_.workers.size()) + 78;
    add(R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-label="Timeline of the demo">)"
        "\n",
        width, height, width, height);
    text_ += head;
    add(R"(<rect class="page" width="%d" height="%d" rx="10"/>)"
        "\n",
        width, height);
    title();
    death();
    rows();
    axis();
    legend(height - 22);
    text_ += "</svg>\n";
    return text_;
  }

 private:
  template <class... Values>
  void add(const char* format, Values... values) {
    std::array<char, 400> line{};
    std::snprintf(line.data(), line.size(), format, values...);
    text_ += line.data();
  }

  double x(std::int64_t at_ns) const {
    const double share =
        static_cast<double>(at_ns - story_.start_ns) / static_cast<double>(story_.end_ns - story_.start_ns);
    return left + share * (width - left - right);
  }
  int bottom() const { return top + row_height * static_cast<int>(story_.workers.size()); }
  void label(const char* css, double at_x, int at_y, int size, const char* anchor, const std::string& words) {
    add(R"(<text class="%s" x="%.1f" y="%d" font-size="%d" text-anchor="%s">%s</text>)"
        "\n",
        css, at_x, at_y, size, anchor, words.c_str());
  }
  void bar(const char* css, const Span& span, int y, int height) {
    add(R"(<rect class="%s" x="%.2f" y="%d" width="%.2f" height="%d" rx="1.5"/>)"
        "\n",
        css, x(span.start_ns), y, std::max(1.5, x(span.end_ns) - x(span.start_ns)), height);
  }

  void title() {
    label("ink", 24, 38, 20, "start",
          "One lock, " + std::to_string(story_.workers.size()) + " processes, one killed while holding");
    label("soft", 24, 62, 13, "start",
          std::to_string(story_.holds.size()) + " holds, " + std::to_string(count_overlaps(story_.holds)) +
              " overlaps, fencing tokens " +
              (tokens_increase(story_.holds) ? "increase with every hold" : "DO NOT INCREASE"));
  }

  // The time between a holder's death and the next hold: nobody could know yet that the lease would not be used.
  void death() {
    for (auto hold = story_.holds.begin(); hold != story_.holds.end(); ++hold) {
      if (!hold->killed || hold + 1 == story_.holds.end()) continue;
      const Hold& next = *(hold + 1);
      const double from = x(hold->end_ns);
      const double to = x(next.start_ns);
      add(R"(<rect class="gap" x="%.1f" y="%d" width="%.1f" height="%d"/>)"
          "\n",
          from, top - 10, to - from, bottom() - top + 10);
      std::array<char, 80> words{};
      std::snprintf(words.data(), words.size(), "the dead worker's lease runs out: %.1f s",
                    static_cast<double>(next.start_ns - hold->end_ns) / 1e9);
      label("dead", (from + to) / 2, top - 15, 12, "middle", words.data());
    }
  }

  void rows() {
    int y = top;
    for (const std::string& worker : story_.workers) {
      const int middle = y + row_height / 2;
      add(R"(<line class="grid" x1="%d" x2="%d" y1="%d" y2="%d"/>)"
          "\n",
          left, width - right, middle, middle);
      label("ink", left - 14, middle + 5, 14, "end", worker);
      for (const Span& wait : story_.waits) {
        if (wait.worker == worker) bar("wait", wait, middle - 3, 6);
      }
      for (const Hold& hold : story_.holds) {
        if (hold.worker != worker) continue;
        bar(hold.token == 0 ? "flufl" : "hold", hold, middle - bar_height / 2, bar_height);
        if (hold.killed) label("dead", x(hold.end_ns), middle + 8, 22, "middle", "\u2716");
      }
      y += row_height;
    }
  }

  void axis() {
    const std::int64_t seconds = (story_.end_ns - story_.start_ns) / 1'000'000'000;
    for (std::int64_t second = 0; second <= seconds; second += 5) {
      label("soft", x(story_.start_ns + second * 1'000'000'000), bottom() + 20, 12, "middle",
            std::to_string(second) + " s");
    }
  }

  void legend(int y) {
    int at = left;
    const auto entry = [&](const char* css, int height, const char* words, int room) {
      add(R"(<rect class="%s" x="%d" y="%d" width="26" height="%d" rx="1.5"/>)"
          "\n",
          css, at, y - 5 - height / 2, height);
      label("soft", at + 34, y, 13, "start", words);
      at += room;
    };
    entry("hold", 14, "holds the lock (leaselock)", 230);
    const bool python = std::ranges::any_of(story_.holds, [](const Hold& hold) { return hold.token == 0; });
    if (python) entry("flufl", 14, "holds the lock (Python flufl.lock)", 280);
    entry("wait", 6, "waits", 110);
    label("dead", at + 10, y + 3, 20, "middle", "\u2716");
    label("soft", at + 26, y, 13, "start", "killed with -9");
  }

  const Story& story_;
  std::string text_;
};

}  // namespace

std::string picture(const Story& story) { return Drawing(story).draw(); }

}  // namespace demo
