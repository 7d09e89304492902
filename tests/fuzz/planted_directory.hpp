#pragma once

#include <boost/filesystem/path.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace leaselock::fuzz {

/// A lock's directory as anybody might have left it, made from a text, and a file beside it that nobody may touch. Each
/// line makes one thing: a letter that says what, its name, and what is in it behind a tab.
///
///   f file    o file of long ago    d directory    i file in the last directory    l symbolic link to the file outside
///   h hard link to the file outside    p FIFO    s sparse file of a gigabyte    u hard link to the last file
///
/// In a name \xHH is a byte, and a slash cannot be. `@` stands for an object's id, `%` for a host and process of ours.
class PlantedDirectory {
 public:
  PlantedDirectory();
  ~PlantedDirectory();
  PlantedDirectory(const PlantedDirectory&) = delete;
  PlantedDirectory& operator=(const PlantedDirectory&) = delete;

  /// Instead of all that was there before.
  void plant(std::string_view lines);

  boost::filesystem::path lock() const { return place_ / "L"; }
  const boost::filesystem::path& path() const { return place_; }
  /// Of everything: name and kind; of files also size and time.
  std::vector<std::string> state() const;
  /// Ends the process when the file outside has changed.
  void require_untouched() const;

 private:
  void make(char kind, const std::string& name, const std::string& contents);

  boost::filesystem::path root_;
  boost::filesystem::path place_;
  boost::filesystem::path outside_;
  boost::filesystem::path last_directory_;
  boost::filesystem::path last_file_;
};

}  // namespace leaselock::fuzz
