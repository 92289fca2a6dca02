#include "node/early_messages.hpp"

#include <gtest/gtest.h>

namespace sluice::node {
namespace {

core::SharedBytes bytes(std::size_t size, std::uint8_t fill = 0) {
    return core::share(core::Bytes(size, fill));
}

TEST(EarlyMessages, come_back_once_and_in_order) {
    EarlyMessages early;
    core::Address from{};
    for (std::uint8_t i = 0; i < 3; ++i) {
        from.back() = i;
        early.keep(from, bytes(10, i));
    }
    const auto all = early.take();
    ASSERT_EQ(all.size(), 3u);
    EXPECT_EQ(all[0].first.back(), 0);
    EXPECT_EQ(all[2].second->front(), 2);
    EXPECT_TRUE(early.take().empty());
}

TEST(EarlyMessages, the_oldest_leave_when_there_are_too_many) {
    EarlyMessages early;
    for (std::size_t i = 0; i < EarlyMessages::messages_max + 10; ++i)
        early.keep({}, bytes(1, static_cast<std::uint8_t>(i)));
    EXPECT_EQ(early.size(), EarlyMessages::messages_max);
    EXPECT_EQ(early.take().front().second->front(), 10);
}

TEST(EarlyMessages, who_floods_loses_its_own_and_not_what_others_said) {
    EarlyMessages early;
    const core::Address quiet{1};
    const core::Address loud{2};
    early.keep(quiet, bytes(10, 7));
    for (std::size_t i = 0; i < 3 * EarlyMessages::messages_max; ++i)
        early.keep(loud, bytes(10));
    const auto all = early.take();
    EXPECT_EQ(all.size(), EarlyMessages::messages_max);
    EXPECT_EQ(all.front().first, quiet);
}

TEST(EarlyMessages, they_never_hold_more_bytes_than_allowed) {
    EarlyMessages early;
    const auto large = bytes(EarlyMessages::bytes_max / 2);
    for (int i = 0; i < 5; ++i)
        early.keep({}, large);
    EXPECT_EQ(early.size(), 2u);
    early.keep({}, bytes(EarlyMessages::bytes_max + 1));
    EXPECT_EQ(early.size(), 2u) << "one that is too large drives nobody out";
}

}  // namespace
}  // namespace sluice::node
