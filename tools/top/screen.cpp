#include "top/screen.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <system_error>
#include <utility>

#include "terminal.hpp"
#include "top/frame_changes.hpp"

namespace leaselock::tool::top {

namespace {

// What xterm calls them, and every terminal of today knows: the second page, the cursor, wrapping at the margin.
constexpr std::string_view begin_view = "\x1b[?1049h\x1b[?25l\x1b[?7l";
constexpr std::string_view end_view = "\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l";
constexpr std::string_view erase_page = "\x1b[H\x1b[2J";
/// How long the end waits for a terminal that takes nothing.
constexpr int patience_ms = 300;

int open_terminal() {
  std::array<char, 256> name{};
  int descriptor = -1;
  if (ttyname_r(STDOUT_FILENO, name.data(), name.size()) == 0) {
    descriptor = open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
  }
  // Where terminals have no name, as in a container that sees no /dev/pts of its host.
  if (descriptor < 0) descriptor = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) throw std::system_error(errno, std::system_category(), "cannot open the terminal");
  return descriptor;
}

void send_at_once(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t sent = write(descriptor, text.data(), text.size());
    if (sent > 0) {
      text.remove_prefix(static_cast<std::size_t>(sent));
      continue;
    }
    pollfd ready{descriptor, POLLOUT, 0};
    if (errno != EINTR && (errno != EAGAIN || poll(&ready, 1, patience_ms) <= 0)) return;
  }
}

}  // namespace

Screen::Screen(boost::asio::io_context& io) : terminal_(io, open_terminal()) {
  if (tcgetattr(terminal_.native_handle(), &before_) != 0) {
    throw std::system_error(errno, std::system_category(), "cannot set up the terminal");
  }
}

Screen::~Screen() { give_back(); }

void Screen::take() {
  termios keys_at_once = before_;
  keys_at_once.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  keys_at_once.c_cc[VMIN] = 1;
  keys_at_once.c_cc[VTIME] = 0;
  tcsetattr(terminal_.native_handle(), TCSANOW, &keys_at_once);
  is_ours_ = true;
  is_begun_ = false;
  forget();
}

void Screen::give_back() noexcept {
  if (!is_ours_) return;
  is_ours_ = false;
  send_at_once(terminal_.native_handle(), end_view);
  tcsetattr(terminal_.native_handle(), TCSANOW, &before_);
}

std::size_t Screen::width() { return terminal_width(terminal_.native_handle()); }
std::size_t Screen::height() { return terminal_height(terminal_.native_handle()); }

void Screen::forget() { is_unknown_ = true; }

void Screen::show(std::vector<std::string> lines) {
  wanted_ = std::move(lines);
  if (!is_sending_ && is_ours_) send();
}

void Screen::send() {
  if (!is_begun_) output_ += begin_view;
  is_begun_ = true;
  if (is_unknown_) {
    output_ += erase_page;
    shown_.clear();
    is_unknown_ = false;
  }
  output_ += changes(shown_, wanted_);
  shown_ = wanted_;
  if (output_.empty()) return;
  is_sending_ = true;
  boost::asio::async_write(terminal_, boost::asio::buffer(output_),
                           [this](const boost::system::error_code& error, std::size_t) {
                             is_sending_ = false;
                             output_.clear();
                             if (!error && is_ours_) send();
                           });
}

void Screen::on_typed(std::function<void(std::string_view)> callback) {
  callback_ = std::move(callback);
  read_next();
}

void Screen::read_next() {
  terminal_.async_read_some(boost::asio::buffer(typed_),
                            [this](const boost::system::error_code& error, std::size_t length) {
                              callback_(std::string_view(typed_.data(), length));
                              if (!error) read_next();
                            });
}

}  // namespace leaselock::tool::top
