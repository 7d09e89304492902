#include <algorithm>
#include <vector>

#include "support/judgement.hpp"

namespace leaselock::keep {
namespace {

using namespace std::chrono_literals;

/// Everything that can happen, in every order of a few events: what must hold always.
class EveryOrder : public Judgement {
 protected:
  void explore(int depth) {
    if (depth == 0) return;
    for (int event = 0; event < 8; ++event) {
      const LeaseJudge before = *judge;
      const LeaseTime time = now;
      const LeaseTime believed = deadline;
      happen(event);
      look();
      check(before);
      explore(depth - 1);
      judge = before;
      now = time;
      deadline = believed;
    }
  }

 private:
  void happen(int event) {
    const bool under_way = judge->report(now).unanswered.has_value();
    if (event < 3)
      now += std::vector<Duration>{3s, 5s, 20s}[static_cast<std::size_t>(event)];
    else if (event == 3 && !under_way)
      judge->sent(now);
    else if (under_way)
      answer(event);
  }
  void answer(int event) {
    const std::error_code error = event == 5   ? io_error
                                  : event == 6 ? make_error_code(Errc::mirror_lost)
                                  : event == 7 ? make_error_code(Errc::lease_lost)
                                               : success;
    const bool extends = event == 4 || event == 6;
    const LeaseTime lock_says = extends ? now - *judge->report(now).unanswered + lifetime : LeaseTime{};
    if (judge->state() != LeaseState::lost) deadline = std::max(deadline, lock_says);
    judge->answered(error, lock_says, now);
    if (error == Errc::lease_lost) ++definite;
  }
  void check(const LeaseJudge& before) {
    const LeaseReport report = judge->report(now);
    ++checked;
    ASSERT_GE(report.state, before.state() == LeaseState::lost ? LeaseState::lost : LeaseState::held);
    ASSERT_TRUE(judge->must_stop() || !before.must_stop());
    ASSERT_TRUE(judge->must_stop() || report.state == LeaseState::held);
    if (report.state == LeaseState::held) {
      ASSERT_LT(now, report.deadline);
    }
    if (report.state != LeaseState::lost) {
      ASSERT_EQ(report.deadline, deadline) << "nothing but an answer moves it";
      ASSERT_GT(judge->look_at(), now) << "it can be waited for";
    }
    ASSERT_EQ(judge->loss() != success, report.state == LeaseState::lost);
  }

 protected:
  LeaseTime deadline{};
  int definite = 0;
  int checked = 0;
};

TEST_F(EveryOrder, of_events_keeps_the_promises) {
  begin();
  deadline = now + lifetime;
  explore(6);
  EXPECT_EQ(checked, 8 + 64 + 512 + 4096 + 32768 + 262144);
  EXPECT_GT(definite, 0);
}

}  // namespace
}  // namespace leaselock::keep
