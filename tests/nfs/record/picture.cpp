#include "picture.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>
#include <vector>

namespace leaselock::nfs {
namespace {

constexpr int width = 1200;
constexpr int left = 130;
constexpr int right = 30;
constexpr int top = 84;
constexpr int host_height = 26;
constexpr int row_height = 18;
constexpr int bar_height = 12;
constexpr double label_room = 44;  // what the word of a mark needs

// The colours of the demo's picture. Viewers that do not know the media query show the light ones, which come first.
constexpr const char* style = R"(<style>
  text { font-family: "DejaVu Sans", "Segoe UI", Helvetica, Arial, sans-serif; }
  .page { fill: #ffffff; } .ink { fill: #1f2933; } .soft { fill: #64748b; } .grid { stroke: #e2e8f0; }
  .wait { fill: #cbd5e1; } .hold { fill: #2563eb; } .flufl { fill: #d97706; } .bad { fill: #dc2626; }
  .mark { stroke: #dc2626; stroke-dasharray: 2 2; }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0f172a; } .ink { fill: #e2e8f0; } .soft { fill: #94a3b8; } .grid { stroke: #1e293b; }
    .wait { fill: #475569; } .hold { fill: #60a5fa; } .flufl { fill: #fbbf24; } .bad { fill: #f87171; }
    .mark { stroke: #f87171; }
  }
</style>
)";

class Drawing {
 public:
  explicit Drawing(const Report& report) : report_(report) {
    std::set<std::string> hosts;
    for (const Share& share : report.shares) hosts.insert(share.host);
    for (const Mark& mark : report.marks) hosts.insert(mark.host);
    hosts_.assign(hosts.begin(), hosts.end());
    bottom_ = top + host_height * static_cast<int>(hosts_.size()) + row_height * static_cast<int>(report.shares.size());
    begin_ = report.begin;
    end_ = std::max(report.end, begin_ + 1);
    for (const Mark& mark : report.marks) end_ = std::max(end_, mark.at);
  }

  std::string draw(const std::string& title) {
    const int height = bottom_ + 72;
    add("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\">\n",
        width, height, width, height);
    text_ += style;
    add("<rect class=\"page\" width=\"%d\" height=\"%d\" rx=\"10\"/>\n", width, height);
    label("ink", 24, 36, 19, "start", title);
    label("soft", 24, 58, 13, "start",
          std::to_string(report_.holds.size()) + " holds, " + std::to_string(report_.overlaps.size()) + " overlaps, " +
              std::to_string(report_.token_faults.size()) + " tokens that did not grow");
    for (const Overlap& overlap : report_.overlaps) {
      bar("bad", overlap.later.first, overlap.later.first + overlap.length, top, bottom_ - top);
    }
    int y = top;
    for (const std::string& host : hosts_) y = draw_host(host, y);
    draw_axis();
    draw_legend(height - 18);
    return text_ + "</svg>\n";
  }

 private:
  template <class... Values>
  void add(const char* format, Values... values) {
    std::array<char, 300> line{};
    std::snprintf(line.data(), line.size(), format, values...);
    text_ += line.data();
  }
  double x(Cycles at) const {
    const double share = static_cast<double>(std::max(at, begin_) - begin_) / static_cast<double>(end_ - begin_);
    return left + share * (width - left - right);
  }
  void label(const char* css, double at_x, int at_y, int size, const char* anchor, const std::string& words) {
    add("<text class=\"%s\" x=\"%.1f\" y=\"%d\" font-size=\"%d\" text-anchor=\"%s\">", css, at_x, at_y, size, anchor);
    for (const char c : words) text_ += c == '<' ? "&lt;" : c == '&' ? "&amp;" : std::string(1, c);
    text_ += "</text>\n";
  }
  // Returns where it ends.
  double bar(const char* css, Cycles from, Cycles to, int y, int height, double least = 1) {
    const double length = std::max(least, x(to) - x(from));
    add("<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>\n", css, x(from), y, length, height);
    return x(from) + length;
  }

  int draw_host(const std::string& host, int y) {
    const int start = y;
    label("ink", left - 12, y + 18, 13, "end", host.empty() ? "all" : host);
    y += host_height;
    for (const Share& share : report_.shares) {
      if (share.host != host) continue;
      draw_worker(share, y);
      y += row_height;
    }
    draw_marks(host, start, y);
    return y;
  }

  // Of thousands of holds many share a pixel: what would not be seen is left out.
  void draw_worker(const Share& share, int y) {
    const int middle = y + row_height / 2;
    add("<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>\n", left, width - right, middle, middle);
    label("soft", left - 12, middle + 4, 11, "end", share.name);
    const char* css = share.mode == "flufl" ? "flufl" : "hold";
    double waits_until = 0;
    double holds_until = 0;
    for (const HeldLock& hold : report_.holds) {
      if (hold.host != share.host || hold.name != share.name || hold.ended == Ended::too_late) continue;
      const auto waited = static_cast<Cycles>(hold.waited_us * report_.cycles_per_us);
      if (x(hold.first) > waits_until) waits_until = bar("wait", hold.first - waited, hold.first, middle - 2, 4);
      if (x(hold.last) > holds_until) {
        holds_until = bar(css, hold.first, hold.last, middle - bar_height / 2, bar_height);
      }
      if (hold.ended != Ended::released) bar("bad", hold.last, hold.last, y + 1, row_height - 2, 2);
    }
  }

  void draw_marks(const std::string& host, int from, int to) {
    std::array<double, 2> free_from{};  // two lines of words, so that marks that are close can both be read
    for (const Mark& mark : report_.marks) {
      if (mark.host != host) continue;
      const double at = x(mark.at);
      add("<line class=\"mark\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>\n", at, at, from + 4, to);
      const std::size_t line = at >= free_from[0] ? 0 : 1;
      if (at < free_from[line]) continue;
      label("bad", at + 2, from + (line == 0 ? 12 : 23), 10, "start", mark.what);
      free_from[line] = at + label_room;
    }
  }

  void draw_axis() {
    const double seconds = report_.us(end_ - begin_) / 1e6;
    int step = 1;
    for (const int wider : {2, 5, 10, 30, 60, 120, 300, 600, 1800}) {
      if (seconds / step > 12) step = wider;
    }
    for (int second = 0; second <= seconds; second += step) {
      const auto at = begin_ + static_cast<Cycles>(second * 1e6 * report_.cycles_per_us);
      label("soft", x(at), bottom_ + 20, 12, "middle", std::to_string(second) + " s");
    }
  }

  void draw_legend(int y) {
    int at = left;
    const auto entry = [&](const char* css, int bar_width, int height, const char* words, int room) {
      add("<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>\n", css, at, y - 4 - height / 2, bar_width,
          height);
      label("soft", at + bar_width + 8, y, 12, "start", words);
      at += room;
    };
    entry("hold", 26, bar_height, "holds (leaselock)", 170);
    if (std::ranges::any_of(report_.shares, [](const Share& share) { return share.mode == "flufl"; })) {
      entry("flufl", 26, bar_height, "holds (Python flufl.lock)", 220);
    }
    entry("wait", 26, 4, "waits", 95);
    entry("bad", 2, 16, "the hold was not given back: lost, killed or crashed", 370);
    if (!report_.overlaps.empty()) entry("bad", 26, 16, "two holders at once", 170);
  }

  const Report& report_;
  std::vector<std::string> hosts_;
  std::string text_;
  int bottom_ = 0;
  Cycles begin_ = 0;
  Cycles end_ = 0;
};

}  // namespace

std::string picture(const Report& report, const std::string& title) { return Drawing(report).draw(title); }

}  // namespace leaselock::nfs
