#include "consensus/evidence.hpp"

#include <gtest/gtest.h>

#include "consensus/limits.hpp"
#include "crypto/signer.hpp"

namespace sluice::consensus {
namespace {

class EvidenceTest : public ::testing::Test {
  protected:
    EvidenceTest() {
        std::array<std::uint8_t, 32> scalar{};
        scalar[31] = 9;
        signer_.emplace(crypto::PrivateKey(std::span<const std::uint8_t, 32>(scalar)));
    }
    SignedStatement statement(core::VoteType type, core::Height height, std::uint8_t tag) {
        SignedStatement said;
        said.subject = {.type = type, .height = height, .view = 2, .digest = {}, .validators_hash = {}};
        said.subject.digest[0] = tag;
        said.signature = signer_->sign(core::signing_digest(chain_, said.subject));
        return said;
    }
    Evidence proof(core::VoteType type = core::VoteType::prepare, core::Height height = 5) {
        return {.validator = signer_->address(),
                .first = statement(type, height, 1),
                .second = statement(type, height, 2)};
    }

    core::ChainIdentity chain_{.chain_id = 3, .genesis_hash = {}};
    std::optional<crypto::LocalSigner> signer_;
};

TEST_F(EvidenceTest, two_digests_for_one_height_view_and_type_convict) {
    EXPECT_TRUE(verify(proof(), chain_));
}

TEST_F(EvidenceTest, anything_less_does_not_convict) {
    Evidence same = proof();
    same.second = same.first;
    EXPECT_FALSE(verify(same, chain_));
    Evidence other_height = proof();
    other_height.second = statement(core::VoteType::prepare, 6, 2);
    EXPECT_FALSE(verify(other_height, chain_));
    Evidence other_type = proof();
    other_type.second = statement(core::VoteType::commit, 5, 2);
    EXPECT_FALSE(verify(other_type, chain_));
    Evidence unsigned_second = proof();
    unsigned_second.second.signature.r[5] ^= 1;
    EXPECT_FALSE(verify(unsigned_second, chain_));
    Evidence somebody_else = proof();
    somebody_else.validator[0] ^= 1;
    EXPECT_FALSE(verify(somebody_else, chain_));
    EXPECT_FALSE(verify(proof(), core::ChainIdentity{.chain_id = 4, .genesis_hash = {}}));
}

TEST_F(EvidenceTest, heartbeats_may_differ) {
    EXPECT_FALSE(verify(proof(core::VoteType::heartbeat), chain_));
}

TEST_F(EvidenceTest, one_entry_per_validator_height_view_and_type) {
    EvidenceLog log;
    EXPECT_TRUE(log.add(proof()));
    Evidence again = proof();
    again.second = statement(core::VoteType::prepare, 5, 77);
    EXPECT_FALSE(log.add(again));
    EXPECT_TRUE(log.add(proof(core::VoteType::commit)));
    EXPECT_EQ(log.entries().size(), 2u);
    EXPECT_EQ(log.entries()[0], proof());
}

TEST_F(EvidenceTest, collection_is_bounded_and_keeps_the_first) {
    EvidenceLog log;
    Evidence entry = proof();
    for (core::Height height = 1; height <= 2 * limits::evidence_max; ++height) {
        entry.first.subject.height = height;
        entry.second.subject.height = height;
        log.add(entry);
    }
    EXPECT_EQ(log.entries().size(), limits::evidence_max);
    EXPECT_EQ(log.entries().front().first.subject.height, 1u);
}

}  // namespace
}  // namespace sluice::consensus
