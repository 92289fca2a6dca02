#include "cli/membership_preview.hpp"

#include <gtest/gtest.h>

#include <fmt/format.h>

namespace sluice::cli {
namespace {

using contracts::native::MembershipChange;

core::Address address(std::size_t number) {
    core::Address out{};
    out.back() = static_cast<std::uint8_t>(number + 1);
    return out;
}

/// `count` validators at height 100, of whom the first `live` are heard by a node; `observer` follows.
MembershipPicture picture(std::size_t count, std::size_t live, std::size_t observer = 50) {
    Json rows = Json::array(), seen = Json::array();
    for (std::size_t i = 0; i < count; ++i) {
        const auto hex = core::to_hex_0x(address(i));
        rows.push_back({{"address", hex}, {"name", fmt::format("bank-{}", i)}, {"bic", "BNKADEFF"}});
        Json one{{"address", hex}, {"lastSeenMs", nullptr}};
        if (i < live) one["lastSeenMs"] = 100'000 - 1'000;
        seen.push_back(one);
    }
    const Json status{{"wallMs", 100'000},
                      {"validators", seen},
                      {"observers", Json::array({core::to_hex_0x(address(observer))})}};
    return picture_from({{"height", 100}, {"validators", rows}}, {status});
}

MembershipPlan add(std::size_t joins) {
    return {.change = MembershipChange::add, .joins = address(joins), .name = "new", .bic = "NEWBDEFF"};
}
MembershipPlan remove(std::size_t leaves) {
    return {.change = MembershipChange::remove, .leaves = address(leaves)};
}
MembershipPlan replace(std::size_t leaves, std::size_t joins) {
    auto plan = add(joins);
    plan.change = MembershipChange::replace;
    plan.leaves = address(leaves);
    return plan;
}

TEST(MembershipPreview, shows_the_sets_before_and_after) {
    const auto preview = preview_change(picture(4, 4), add(50));
    EXPECT_FALSE(preview.obstacle);
    ASSERT_EQ(preview.sets.size(), 2u);
    EXPECT_EQ(preview.sets[0].validators, 4u);
    EXPECT_EQ(preview.sets[0].quorum, 3u);
    EXPECT_EQ(preview.sets[1].validators, 5u);
    EXPECT_EQ(preview.sets[1].quorum, 4u);
    EXPECT_EQ(preview.sets[1].faults, 1u);
    EXPECT_EQ(preview.sets[1].live, 5u) << "the observer counts for the set it joins";
    ASSERT_EQ(preview.parties.size(), 5u);
    EXPECT_TRUE(preview.parties[4].joins);
}

TEST(MembershipPreview, a_replacement_has_a_set_between_the_two) {
    const auto preview = preview_change(picture(4, 4), replace(2, 50));
    ASSERT_EQ(preview.sets.size(), 3u);
    EXPECT_EQ(preview.sets[1].validators, 5u);
    EXPECT_EQ(preview.sets[2].validators, 4u);
    EXPECT_FALSE(preview.obstacle);
}

TEST(MembershipPreview, refuses_what_would_leave_too_few_live_validators) {
    EXPECT_FALSE(preview_change(picture(4, 3), add(50)).obstacle) << "three and the new one are four";
    EXPECT_TRUE(preview_change(picture(4, 3), add(51)).obstacle) << "nobody hears the new one";
    EXPECT_FALSE(preview_change(picture(4, 3), remove(0)).obstacle) << "two of three are left";
    const auto preview = preview_change(picture(4, 2), remove(0));
    ASSERT_TRUE(preview.obstacle);
    EXPECT_NE(preview.obstacle->find("3 validators would vote, 2 decide, and only 1 are live"),
              std::string::npos)
        << *preview.obstacle;
}

TEST(MembershipPreview, a_dead_validator_can_be_removed_and_replaced_by_a_live_one) {
    EXPECT_FALSE(preview_change(picture(4, 3), remove(3)).obstacle);
    EXPECT_FALSE(preview_change(picture(4, 3), replace(3, 50)).obstacle);
    EXPECT_TRUE(preview_change(picture(4, 3), replace(3, 51)).obstacle);
}

TEST(MembershipPreview, says_what_the_contract_would_say) {
    EXPECT_EQ(preview_change(picture(4, 4), add(1)).obstacle, "who would join is a validator already");
    EXPECT_EQ(preview_change(picture(4, 4), remove(9)).obstacle, "who would leave is not a validator");
    EXPECT_EQ(preview_change(picture(1, 1), remove(0)).obstacle, "the last validator cannot leave");
    EXPECT_EQ(preview_change(picture(22, 22), add(50)).obstacle,
              "the set is full: 22 validators are the most; remove one first");
}

TEST(MembershipPreview, a_validator_is_live_if_any_node_has_heard_it_lately) {
    const auto hex = core::to_hex_0x(address(0));
    const Json list{{"height", 1}, {"validators", Json::array({{{"address", hex}, {"name", "a"}}})}};
    const auto status = [&](std::uint64_t seen_ms) {
        return Json{{"wallMs", 50'000},
                    {"validators", Json::array({{{"address", hex}, {"lastSeenMs", seen_ms}}})}};
    };
    EXPECT_FALSE(picture_from(list, {status(1'000)}).validators[0].is_live);
    EXPECT_TRUE(picture_from(list, {status(1'000), status(46'000)}).validators[0].is_live);
    EXPECT_FALSE(picture_from(list, {}).validators[0].is_live);
}

TEST(MembershipPreview, finds_validators_by_name_address_and_bic_if_it_is_one_alone) {
    const auto four = picture(4, 4);
    ASSERT_NE(four.find("bank-2"), nullptr);
    EXPECT_EQ(four.find("bank-2"), four.find(core::to_hex_0x(address(2))));
    EXPECT_EQ(four.find("BNKADEFF"), nullptr) << "all four have this BIC";
    EXPECT_NE(picture(1, 1).find("BNKADEFF"), nullptr);
    EXPECT_EQ(four.find("nobody"), nullptr);
}

TEST(MembershipPreview, as_json_it_names_obstacle_sets_and_parties) {
    const auto json = to_json(preview_change(picture(4, 2), remove(0)));
    EXPECT_EQ(json["possible"], false);
    EXPECT_TRUE(json["why"].is_string());
    EXPECT_EQ(json["sets"].size(), 2u);
    EXPECT_EQ(json["parties"][0]["change"], "leaves");
    EXPECT_EQ(json["parties"][3]["live"], false);
}

}  // namespace
}  // namespace sluice::cli
