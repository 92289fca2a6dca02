#include "network/peer_table.hpp"

#include <gtest/gtest.h>

#include "network/limits.hpp"

namespace sluice::network {
namespace {

using namespace std::chrono_literals;
using Indices = std::vector<PeerTable::TargetIndex>;

core::Address address(std::uint8_t value) {
    core::Address result{};
    result.back() = value;
    return result;
}

const core::Address self = address(1);
constexpr PeerTable::Instant start{1h};

PeerTarget at(std::uint16_t port, std::optional<core::Address> expected = {}) {
    return {.host = "127.0.0.1", .port = port, .expected = expected};
}

TEST(PeerTable, dials_every_target_once_at_the_start) {
    PeerTable table(self, {at(1), at(2)});
    EXPECT_EQ(table.begin_due_dials(start), (Indices{0, 1}));
    EXPECT_EQ(table.begin_due_dials(start + 1h), Indices{});
}

TEST(PeerTable, waits_longer_after_each_failure_up_to_five_seconds) {
    PeerTable table(self, {at(1)});
    PeerTable::Instant now = start;
    std::vector<std::chrono::milliseconds> waits;
    for (int i = 0; i < 8; ++i) {
        ASSERT_EQ(table.begin_due_dials(now), Indices{0});
        table.dial_failed(0, CloseReason::unreachable, now);
        auto wait = 0ms;
        for (; table.begin_due_dials(now + wait) != Indices{0}; wait += 10ms)
            ASSERT_LE(wait, redial_max);
        table.dial_failed(0, CloseReason::unreachable, now);
        waits.push_back(wait);
        now += 1min;
    }
    EXPECT_EQ(waits.front(), redial_first);
    EXPECT_TRUE(std::is_sorted(waits.begin(), waits.end()));
    EXPECT_EQ(waits.back(), redial_max);
}

TEST(PeerTable, refusal_that_time_does_not_mend_waits_longest_at_once) {
    PeerTable table(self, {at(1)});
    table.begin_due_dials(start);
    table.dial_failed(0, CloseReason::wrong_genesis, start);
    EXPECT_EQ(table.begin_due_dials(start + redial_max - 1ms), Indices{});
    EXPECT_EQ(table.begin_due_dials(start + redial_max), Indices{0});
}

TEST(PeerTable, peer_that_is_connected_the_other_way_is_not_dialled) {
    PeerTable table(self, {at(1, address(2))});
    table.peer_up(address(2));
    EXPECT_EQ(table.begin_due_dials(start), Indices{});
    EXPECT_TRUE(table.absent().empty());
}

TEST(PeerTable, target_without_expected_address_remembers_who_answered) {
    PeerTable table(self, {at(1)});
    table.begin_due_dials(start);
    table.learn_identity(0, address(2));
    table.dial_failed(0, CloseReason::already_connected, start);
    table.peer_up(address(2));
    EXPECT_EQ(table.begin_due_dials(start + 1h), Indices{});
}

TEST(PeerTable, lost_peer_is_dialled_again_soon) {
    PeerTable table(self, {at(1, address(2))});
    table.begin_due_dials(start);
    table.dial_succeeded(0);
    table.peer_up(address(2));
    table.peer_down(address(2), CloseReason::connection_lost, start);
    EXPECT_EQ(table.begin_due_dials(start), Indices{});
    EXPECT_EQ(table.begin_due_dials(start + redial_first), Indices{0});
    ASSERT_EQ(table.absent().size(), 1u);
    EXPECT_EQ(table.absent().front().last_reason, CloseReason::connection_lost);
}

TEST(PeerTable, this_node_itself_in_the_list_is_never_dialled) {
    PeerTable known(self, {at(1, self)});
    EXPECT_EQ(known.begin_due_dials(start), Indices{});
    PeerTable found_out(self, {at(1)});
    found_out.begin_due_dials(start);
    found_out.dial_failed(0, CloseReason::self_connection, start);
    EXPECT_EQ(found_out.begin_due_dials(start + 1h), Indices{});
    EXPECT_TRUE(found_out.absent().empty());
}

TEST(PeerTable, ban_doubles_with_each_offence_and_ends_by_itself) {
    PeerTable table(self, {});
    PeerTable::Instant now = start;
    for (auto length = ban_first; length < 32'000ms; length *= 2) {
        table.penalise(address(2), now);
        EXPECT_TRUE(table.is_banned(address(2), now + length - 1ms));
        EXPECT_FALSE(table.is_banned(address(2), now + length));
        now += length;
    }
}

TEST(PeerTable, ban_never_lasts_longer_than_ten_minutes) {
    PeerTable table(self, {});
    for (int i = 0; i < 100; ++i)
        table.penalise(address(2), start);
    EXPECT_TRUE(table.is_banned(address(2), start + ban_max - 1ms));
    EXPECT_FALSE(table.is_banned(address(2), start + ban_max));
}

TEST(PeerTable, long_good_behaviour_clears_the_record) {
    PeerTable table(self, {});
    for (int i = 0; i < 5; ++i)
        table.penalise(address(2), start);
    const PeerTable::Instant later = start + ban_max + 1h;
    table.penalise(address(2), later);
    EXPECT_FALSE(table.is_banned(address(2), later + ban_first));
}

TEST(PeerTable, banned_peer_is_not_dialled_until_the_ban_ends) {
    PeerTable table(self, {at(1, address(2))});
    table.penalise(address(2), start);
    EXPECT_EQ(table.begin_due_dials(start), Indices{});
    EXPECT_EQ(table.begin_due_dials(start + ban_first), Indices{0});
}

TEST(PeerTable, bans_are_bounded_in_number) {
    PeerTable table(self, {});
    for (std::size_t i = 0; i < bans_max + 10; ++i) {
        core::Address offender{};
        offender[0] = static_cast<std::uint8_t>(i >> 8);
        offender[1] = static_cast<std::uint8_t>(i);
        table.penalise(offender, start + std::chrono::microseconds(i));
    }
    EXPECT_FALSE(table.is_banned(core::Address{}, start + 1us));
}

}  // namespace
}  // namespace sluice::network
