#include "node/surroundings.hpp"

#include <gtest/gtest.h>

namespace sluice::node {
namespace {

using namespace std::chrono_literals;

struct KeptLog final : EventLog {
    void write(LogLevel, std::string_view event, std::span<const LogField> fields) override {
        std::string line(event);
        for (const LogField& field : fields)
            line += " " + std::string(field.key) + "=" + field.value;
        lines.push_back(line);
    }
    std::vector<std::string> lines;
};

network::RefusedPeer refused_from(const std::string& endpoint,
                                  network::CloseReason reason = network::CloseReason::not_allowed) {
    network::RefusedPeer refused;
    refused.endpoint = endpoint;
    refused.reason = reason;
    return refused;
}

struct RefusalLogTest : testing::Test {
    KeptLog log;
    RefusalLog refusals{log};
    RefusalLog::Instant now{};
};

TEST_F(RefusalLogTest, a_host_that_is_refused_again_and_again_is_one_line_in_ten_seconds) {
    for (int port = 1; port <= 1'000; ++port)
        refusals.note(refused_from("10.0.0.1:" + std::to_string(port)), now);
    ASSERT_EQ(log.lines.size(), 1u);
    refusals.note(refused_from("10.0.0.1:9"), now + RefusalLog::interval);
    ASSERT_EQ(log.lines.size(), 2u);
    EXPECT_NE(log.lines[1].find("more_like_it=999"), std::string::npos) << log.lines[1];
}

TEST_F(RefusalLogTest, another_reason_and_another_host_are_lines_of_their_own) {
    refusals.note(refused_from("10.0.0.1:1"), now);
    refusals.note(refused_from("10.0.0.1:1", network::CloseReason::banned), now);
    refusals.note(refused_from("10.0.0.2:1"), now);
    EXPECT_EQ(log.lines.size(), 3u);
}

TEST_F(RefusalLogTest, refusals_of_very_many_hosts_do_not_fill_memory_or_log) {
    for (std::size_t host = 0; host < 10 * RefusalLog::hosts_max; ++host)
        refusals.note(refused_from("[2001:db8::" + std::to_string(host) + "]:1"), now);
    EXPECT_EQ(log.lines.size(), RefusalLog::hosts_max);
    refusals.note(refused_from("10.0.0.1:1"), now + RefusalLog::interval);
    EXPECT_EQ(log.lines.size(), RefusalLog::hosts_max + 1);
}

TEST(IsLoopback, is_true_of_this_machine_only) {
    EXPECT_TRUE(is_loopback("127.0.0.1"));
    EXPECT_TRUE(is_loopback("::1"));
    EXPECT_TRUE(is_loopback("localhost"));
    EXPECT_FALSE(is_loopback("0.0.0.0"));
    EXPECT_FALSE(is_loopback("bank-a"));
}

}  // namespace
}  // namespace sluice::node
