#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "protocol/step.hpp"
#include "subject.hpp"

namespace leaselock::conformance {

namespace step = protocol::step;
using protocol::FileKind;
using protocol::Place;
using protocol::Result;

/// The directory of the lock, and the one below it that stands for the fence.
inline constexpr Place here = Place::lock_directory;
inline constexpr Place inside = Place::fence;

/// A client that has opened the directory.
class Client {
 public:
  explicit Client(std::unique_ptr<ports::FileSystem> files) : files_(std::move(files)) {
    opened_ = run(step::OpenLockDirectory{});
  }

  Result run(const protocol::Step& one) {
    Result result;
    files_->perform(one, result);
    return result;
  }
  int error_of(const protocol::Step& one) { return run(one).error; }
  const Result& opened() const { return opened_; }

  std::vector<std::string> names(Place place = here) {
    Result result = run(step::List{place});
    EXPECT_EQ(result.error, 0);
    std::vector<std::string> names;
    for (protocol::Entry& entry : result.entries) names.push_back(std::move(entry.name));
    std::sort(names.begin(), names.end());
    return names;
  }
  protocol::FileStatus look(const std::string& name, Place place = here) {
    const Result result = run(step::Look{place, name, true});
    EXPECT_EQ(result.error, 0) << name;
    return result.status;
  }

 private:
  std::unique_ptr<ports::FileSystem> files_;
  Result opened_;
};

class Conformance : public ::testing::TestWithParam<SubjectKind> {
 protected:
  Conformance() : subject(GetParam().make()), client(another()), other(another()) {}

  Client another() { return Client(subject->client()); }

  std::unique_ptr<Subject> subject;
  Client client;
  Client other;
};

using Names = std::vector<std::string>;

inline std::string name_of(const ::testing::TestParamInfo<SubjectKind>& info) { return info.param.name; }

/// Makes GoogleTest's messages name the file system instead of printing its bytes.
inline void PrintTo(const SubjectKind& kind, std::ostream* out) { *out << kind.name; }

}  // namespace leaselock::conformance
