#pragma once

#include <sys/types.h>
#include <termios.h>

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// The leaselock command as a child process.
namespace leaselock::cli_test {

struct Settings {
  std::string directory;  ///< to write the outputs into
  std::vector<std::pair<std::string, std::string>> environment;
  /// Runs in the child before the command is executed; false ends the child with status 99.
  std::function<bool()> before_exec;
  bool on_terminal = false;  ///< all three streams are a pseudo-terminal of 80 columns, with job control
};

struct Result {
  int status = -1;  ///< 128 plus the signal's number where one ended it
  std::string out;  ///< on a terminal: what it showed
  std::string err;
};

class Child {
 public:
  Child(const std::vector<std::string>& arguments, const Settings& settings);
  /// Kills the command if it still runs.
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  pid_t pid() const { return pid_; }
  void send(int signal_number) const;
  /// As if typed on the keyboard of its terminal.
  void type(const std::string& text) const;
  /// As if somebody pulled at the window of its terminal.
  void resize(unsigned short lines, unsigned short columns) const;
  /// As if the connection to its terminal broke.
  void hang_up();
  /// How its terminal is set up: by tcgetattr(3).
  termios modes() const;

  /// Waits until the text was written, or the command has ended, or half a minute is over.
  bool says(const std::string& text);
  /// Waits for the end; a command that does not end in half a minute is killed.
  Result wait();
  bool has_ended();
  std::string out();
  std::string err();

 private:
  void read_terminal();

  pid_t pid_ = -1;
  std::string out_path_;
  std::string err_path_;
  int terminal_ = -1;
  std::string shown_;
  std::optional<int> status_;
};

/// Looks again and again until `condition` holds; false after half a minute.
bool eventually(const std::function<bool()>& condition);

std::string contents(const std::string& path);

}  // namespace leaselock::cli_test
