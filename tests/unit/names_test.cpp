#include "protocol/names.hpp"

#include <gtest/gtest.h>

#include <random>

namespace leaselock::protocol {
namespace {

Owner owner() { return Owner{"worker-7", 4711, "0123456789abcdef", 98765, std::string(32, 'a')}; }

Baton held() {
  Baton baton;
  baton.number = 1795248290429514;
  baton.held = true;
  baton.expiry_ms = 1795248292430;
  baton.sequence = 3;
  baton.lifetime_ms = 15000;
  baton.owner = owner();
  return baton;
}

TEST(Names, a_baton_reads_back_as_it_was_written) {
  const Names names("L", "|");
  Baton free;
  free.number = 17;
  free.freed_ms = 1795248292430;
  free.lifetime_ms = 15000;
  EXPECT_EQ(names.baton(free), "b|0|17|f|1795248292430|15000");
  EXPECT_EQ(names.parse_baton("b|0|17|f|1795248292430|15000"), free);
  EXPECT_EQ(names.parse_baton("b|0|0|f|0|0"), Baton{});
  EXPECT_EQ(names.parse_baton(names.baton(held())), held());
  Baton wanted = held();
  wanted.wanted = true;
  EXPECT_EQ(names.parse_baton(names.baton(wanted)), wanted);
  EXPECT_NE(names.parse_baton(names.baton(wanted)), held());

  Baton flagged = wanted;
  flagged.wanted_ms = 1795248292430;
  flagged.wanted_by = "0123456789abcdef";
  const std::string name = names.baton(flagged);
  EXPECT_TRUE(name.ends_with("|w1795248292430.0123456789abcdef")) << name;
  EXPECT_EQ(names.parse_baton(name), flagged);
  EXPECT_FALSE(names.parse_baton(name + "0"));
  EXPECT_FALSE(names.parse_baton(name.substr(0, name.size() - 17)));
  EXPECT_FALSE(names.parse_baton(names.baton(wanted) + "0.0123456789abcdef"));
}

TEST(Names, a_baton_says_what_the_path_is_used_for) {
  const Names names("L", "|");
  Baton slot = held();
  slot.purpose = {LockKind::semaphore, 12};
  slot.slot = 11;
  EXPECT_TRUE(names.baton(slot).starts_with("b|11.12|1795248290429514|h|")) << names.baton(slot);
  EXPECT_EQ(names.parse_baton(names.baton(slot)), slot);
  Baton shared = held();
  shared.purpose = {LockKind::shared_lock, 1};
  EXPECT_TRUE(names.baton(shared).starts_with("b|rw|")) << names.baton(shared);
  EXPECT_EQ(names.parse_baton(names.baton(shared)), shared);
  for (const char* place : {"1", "00", "12.12", "2.1", "0.0", "0.1025", ".2", "0.", "0.02", "w", "rw1", ""}) {
    EXPECT_FALSE(names.parse_baton("b|" + std::string(place) + "|17|f|1795248292430|15000")) << place;
  }
}

TEST(Names, a_reader_reads_back_as_it_was_written) {
  const Names names("L", "|");
  const Reader reader{1795248290429514, 1795248292430, 15000, owner()};
  const std::string name = names.reader(reader);
  EXPECT_EQ(name,
            "r|1795248290429514|1795248292430|15000|worker-7|4711|0123456789abcdef.98765." + std::string(32, 'a'));
  EXPECT_EQ(names.parse_reader(name), reader);
  EXPECT_FALSE(names.parse_reader(name + "|w"));
  EXPECT_FALSE(names.parse_reader("q" + name.substr(1)));
  EXPECT_FALSE(names.parse_reader("r|017" + name.substr(name.find('|', 2))));
  EXPECT_FALSE(names.parse_reader("r|17|9000000000001|15000|h|1|0123456789abcdef.1." + std::string(32, 'a')));
  EXPECT_FALSE(names.parse_baton(name));
}

TEST(Names, a_claim_reads_back_and_tells_its_kind) {
  const Names names("L", "|");
  const auto fenced = names.parse_claim(names.claim(owner(), ClaimKind::fenced, 2));
  ASSERT_TRUE(fenced);
  EXPECT_EQ(fenced->kind, ClaimKind::fenced);
  EXPECT_EQ(*fenced->owner, owner());
  EXPECT_EQ(names.parse_claim(names.claim(owner(), ClaimKind::compat, 2))->kind, ClaimKind::compat);
  const auto flufl = names.parse_claim("L|host.example.org|12|8374893749283749");
  ASSERT_TRUE(flufl);
  EXPECT_EQ(flufl->kind, ClaimKind::flufl);
  EXPECT_EQ(flufl->host, "host.example.org");
  EXPECT_EQ(flufl->pid, 12);
}

TEST(Names, what_is_not_exactly_a_name_of_ours_is_no_name) {
  const Names names("L", "|");
  for (const char* name :
       {"", "L", "L|", "L|host", "L|host|1", "L|host|1|", "L|host|x|5", "L|host|-1|5", "L|host|-0|5", "L|host|01|5",
        "L|host|1|5|6", "K|host|1|5", "L|host|1|5a", "L|host|1|f.5", "L||1|5", "L|host|1|5/../../etc", "../L|host|1|5",
        "L|host|99999999999999999999|5", "L|host|1|f.0123456789abcdef.1.short.1"}) {
    EXPECT_FALSE(names.parse_claim(name)) << name;
  }
  const std::string good = names.baton(held());
  for (const std::string& name :
       {std::string("b"), std::string("b|0|1"), std::string("b|0|01|f|0|0"), std::string("b|00|1|f|0|0"),
        std::string("b|0|1|f"), std::string("b|0|1|f|w"), std::string("b|0|1|f|0|0|w"), std::string("b|0|1|f|0|01"),
        std::string("b|0|-1|f|0|0"), std::string("b|0|1|x"), good + "|", good + "|x", good + "|w|w", good.substr(0, 30),
        std::string("c") + good.substr(1)}) {
    EXPECT_FALSE(names.parse_baton(name)) << name;
  }
}

TEST(Names, numbers_that_could_overflow_the_arithmetic_do_not_parse) {
  const Names names("L", "|");
  Baton baton = held();
  baton.expiry_ms = 9'223'372'036'854'775'807;
  EXPECT_FALSE(names.parse_baton(names.baton(baton)));
  EXPECT_FALSE(names.parse_baton("b|0|1|f|9223372036854775807|0"));
  baton = held();
  baton.lifetime_ms = longest_lifetime.count() + 1;
  EXPECT_FALSE(names.parse_baton(names.baton(baton)));
  EXPECT_FALSE(names.parse_baton("b|0|1|f|0|" + std::to_string(longest_lifetime.count() + 1)));
  baton = held();
  baton.wanted = true;
  baton.wanted_ms = 9'000'000'000'001;
  baton.wanted_by = std::string(16, 'f');
  EXPECT_FALSE(names.parse_baton(names.baton(baton)));
  EXPECT_FALSE(names.parse_mark("L|break|1-9223372036854775807-0"));
}

TEST(Names, random_bytes_never_parse_and_never_crash) {
  std::mt19937_64 random(1);
  const Names names("L", "|");
  const std::string alphabet = "L|b0123456789hfw.-abcdefx/\n";
  for (int i = 0; i < 200'000; ++i) {
    std::string text = i % 2 == 0 ? "L|" : "b|0|";
    for (auto length = random() % 40; length > 0; --length) text += alphabet[random() % alphabet.size()];
    if (const auto claim = names.parse_claim(text); claim && claim->owner) ADD_FAILURE() << text;
    if (const auto baton = names.parse_baton(text); baton && baton->held) ADD_FAILURE() << text;
    (void)names.parse_mark(text);
    if (names.parse_boot(text) || names.parse_aside(text)) ADD_FAILURE() << text;
  }
}

TEST(Names, what_is_in_preparation_or_moved_aside_names_its_process) {
  const Names names("L", "|");
  const std::string unique = "4711." + owner().object_id() + ".3";
  ASSERT_TRUE(names.parse_boot(names.boot(unique)));
  EXPECT_EQ(names.parse_boot(names.boot(unique))->pid, 4711);
  EXPECT_TRUE(names.parse_boot(names.boot(unique))->same_object(owner()));
  EXPECT_TRUE(names.parse_aside(names.aside(unique)));
  EXPECT_FALSE(names.parse_boot(names.aside(unique)));
  EXPECT_FALSE(names.parse_boot(names.boot(owner().object_id() + ".3")));
}

TEST(Names, a_mark_names_the_inode_and_the_time_of_its_victim) {
  const Names names("L", "|");
  FileStatus victim;
  victim.inode = 42;
  victim.modified = ServerTime(std::chrono::seconds(1000) + std::chrono::nanoseconds(7));
  EXPECT_EQ(names.mark(victim), "L|break|42-1000-7");
  EXPECT_EQ(names.parse_mark("L|break|42-1000-7")->modified, victim.modified);
  EXPECT_FALSE(names.parse_mark("L|break|42-1000-1000000000"));
}

TEST(Names, a_host_name_that_cannot_stand_in_a_file_name_is_made_to_fit) {
  EXPECT_EQ(fit_host("plain.example", "|", 100), "plain.example");
  EXPECT_EQ(fit_host("a|b/c d", "|", 100), "a_b_c_d");
  EXPECT_EQ(fit_host("", "|", 100), "localhost");
  EXPECT_EQ(fit_host("a_b c", "_", 100), "axbxc");
  EXPECT_EQ(fit_host("web-", "--", 100), "web_") << "nor half a separator";
  const std::string longer(150, 'h');
  const std::string fitted = fit_host(longer, "|", 100);
  EXPECT_EQ(fitted.size(), 100U);
  EXPECT_EQ(fitted, std::string(83, 'h') + "~" + short_hash(longer));
  EXPECT_EQ(fit_host(longer, "|", 10), short_hash(longer));
}

TEST(Names, only_the_last_component_of_a_path_in_a_file_counts) {
  EXPECT_EQ(last_component("/somewhere/else/L|h|1|2"), "L|h|1|2");
  EXPECT_EQ(last_component("L|h|1|2"), "L|h|1|2");
  EXPECT_EQ(last_component("../../precious/"), "");
}

}  // namespace
}  // namespace leaselock::protocol
