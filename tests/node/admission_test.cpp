#include "node/admission.hpp"

#include <gtest/gtest.h>

namespace sluice::node {
namespace {

core::Address address(std::uint8_t number) {
    core::Address out{};
    out.back() = number;
    return out;
}

const core::ValidatorSet before = *core::ValidatorSet::make({address(1), address(2)});
const core::ValidatorSet after = *core::ValidatorSet::make({address(1), address(3)});

TEST(Admission, without_a_list_everybody_with_a_certificate_may_connect) {
    Admission admission({}, before);
    EXPECT_TRUE(admission.allows(address(1)));
    EXPECT_TRUE(admission.allows(address(99)));
    static_cast<void>(admission.renew(after));
    EXPECT_TRUE(admission.allows(address(2)));
}

TEST(Admission, an_empty_list_admits_validators_and_configured_peers_only) {
    NodeConfig config;
    config.p2p_observers.emplace();
    config.p2p_peers = {{{"host", 1}, address(7)}, {{"other", 1}, std::nullopt}};
    const Admission admission(config, before);
    EXPECT_TRUE(admission.allows(address(1)));
    EXPECT_TRUE(admission.allows(address(7)));
    EXPECT_FALSE(admission.allows(address(8)));
}

TEST(Admission, TC68_a_removed_validator_may_connect_no_more_and_an_added_one_may) {
    NodeConfig config;
    config.p2p_observers.emplace();
    Admission admission(config, before);
    EXPECT_FALSE(admission.renew(before)) << "nothing has changed";
    EXPECT_FALSE(admission.allows(address(3)));
    EXPECT_TRUE(admission.renew(after)) << "live connections are looked at again";
    EXPECT_TRUE(admission.allows(address(3)));
    EXPECT_FALSE(admission.allows(address(2)));
}

TEST(Admission, listed_observers_may_connect_whatever_the_set) {
    NodeConfig config;
    config.p2p_observers = {{address(2), address(5)}};
    Admission admission(config, before);
    EXPECT_TRUE(admission.allows(address(5)));
    static_cast<void>(admission.renew(after));
    EXPECT_TRUE(admission.allows(address(2))) << "removed, and listed as an observer";
}

}  // namespace
}  // namespace sluice::node
