#include "consensus/message_verifier.hpp"

#include <gtest/gtest.h>

#include "consensus/limits.hpp"
#include "support/dice.hpp"
#include "support/forgery.hpp"

namespace sluice::consensus::testing {
namespace {

class MessageVerifierTest : public ::testing::Test {
  protected:
    ToyChain chain_ = toy_chain(4);
    Forger forger_{chain_};
    core::SharedBytes payload_ = toy_payload("A");
    Hash digest_ = digest_of(payload_);
    MessageVerifier verifier_ = verifier(ValidatorHistory(1, chain_.genesis_validators));

    MessageVerifier verifier(ValidatorHistory history) const {
        return MessageVerifier(chain_.identity, 256, std::move(history), toy_digest, toy_recover);
    }
    template <typename M>
    std::optional<MessageError> refusal(M message) const {
        auto verified = verifier_.verify(Message(std::move(message)));
        if (verified) return std::nullopt;
        return verified.error();
    }
    std::size_t recoveries(Message message) const {
        std::size_t count = 0;
        EXPECT_TRUE(verifier_.verify(std::move(message), &count).has_value());
        return count;
    }
    core::CommitCertificate head(Height height) const {
        return forger_.certificate(height, 0, digest_, {0, 1, 2});
    }
};

TEST_F(MessageVerifierTest, right_messages_of_every_kind_pass) {
    const auto lock = forger_.lock(1, 0, digest_, {0, 2, 3});
    EXPECT_EQ(refusal(forger_.pre_prepare(0, 1, 0, payload_)), std::nullopt);
    EXPECT_EQ(refusal(forger_.prepare(3, 1, 0, digest_)), std::nullopt);
    EXPECT_EQ(refusal(forger_.commit(2, 1, 5, digest_)), std::nullopt);
    EXPECT_EQ(refusal(forger_.view_change(1, 1, 1, std::nullopt, lock)), std::nullopt);
    EXPECT_EQ(refusal(forger_.view_change(1, 2, 1, head(1))), std::nullopt);
    EXPECT_EQ(refusal(forger_.sign(Heartbeat{}, 1, 1, 0)), std::nullopt);
    EXPECT_EQ(refusal(forger_.sign(StatusReport{}, 1, 1, 0)), std::nullopt);
    EXPECT_EQ(refusal(head(1)), std::nullopt);
    EXPECT_EQ(refusal(forger_.new_view(1, 1, 1,
                                       {forger_.view_change(0, 1, 1), forger_.view_change(1, 1, 1),
                                        forger_.view_change(3, 1, 1, std::nullopt, lock)})),
              std::nullopt);
}

TEST_F(MessageVerifierTest, verified_message_names_its_signer) {
    const auto verified = verifier_.verify(Message(forger_.prepare(3, 1, 0, digest_)));
    ASSERT_TRUE(verified.has_value());
    EXPECT_EQ(std::get<Verified<Prepare>>(*verified).signer(), toy_address(3));
}

TEST_F(MessageVerifierTest, bytes_that_are_no_message_are_refused_as_such) {
    EXPECT_EQ(verifier_.verify(core::ByteView{}).error(), MessageError::undecodable);
    EXPECT_TRUE(verifier_.verify(encode(Message(forger_.prepare(1, 1, 0, digest_)))).has_value());
}

TEST_F(MessageVerifierTest, tc13_wrong_or_absent_signature_is_refused_for_every_kind) {
    const auto spoilt = [&](auto message) {
        auto absent = message;
        absent.envelope.signature = {};
        EXPECT_EQ(refusal(absent), MessageError::bad_signature);
        // Signed by another validator than the one it names.
        EXPECT_EQ(refusal(forger_.sign_again(message, (message.envelope.sender + 1u) % 4)),
                  MessageError::bad_signature);
    };
    spoilt(forger_.pre_prepare(0, 1, 0, payload_));
    spoilt(forger_.prepare(1, 1, 0, digest_));
    spoilt(forger_.commit(1, 1, 0, digest_));
    spoilt(forger_.view_change(1, 1, 1));
    spoilt(forger_.new_view(
        1, 1, 1, {forger_.view_change(0, 1, 1), forger_.view_change(1, 1, 1), forger_.view_change(2, 1, 1)}));
    spoilt(forger_.sign(Heartbeat{}, 1, 1, 0));
    spoilt(forger_.sign(StatusReport{}, 1, 1, 0));
}

TEST_F(MessageVerifierTest, every_signed_field_is_covered_by_the_signature) {
    const auto changed = [&](auto change) {
        Prepare message = forger_.prepare(1, 1, 0, digest_);
        change(message);
        return refusal(message).has_value();
    };
    EXPECT_TRUE(changed([](Prepare& m) { ++m.envelope.height; }));
    EXPECT_TRUE(changed([](Prepare& m) { ++m.envelope.view; }));
    EXPECT_TRUE(changed([](Prepare& m) { ++m.envelope.sender; }));
    EXPECT_TRUE(changed([](Prepare& m) { m.digest[0] ^= 1; }));
    EXPECT_TRUE(changed([](Prepare& m) { m.envelope.validators_hash[0] ^= 1; }));
    EXPECT_FALSE(changed([](Prepare&) {}));
}

TEST_F(MessageVerifierTest, tc09_signature_of_one_type_never_passes_as_another) {
    Commit commit = forger_.commit(1, 1, 0, digest_);
    commit.envelope.signature = forger_.prepare(1, 1, 0, digest_).envelope.signature;
    EXPECT_EQ(refusal(commit), MessageError::bad_signature);
    Prepare prepare = forger_.prepare(1, 1, 0, digest_);
    prepare.envelope.signature = forger_.commit(1, 1, 0, digest_).envelope.signature;
    EXPECT_EQ(refusal(prepare), MessageError::bad_signature);
    PrePrepare proposal = forger_.pre_prepare(0, 1, 0, payload_);
    proposal.envelope.signature = forger_.prepare(0, 1, 0, digest_).envelope.signature;
    EXPECT_EQ(refusal(proposal), MessageError::bad_signature);
    auto lock = forger_.lock(1, 0, digest_, {0, 1, 2});
    lock.signatures = forger_.certificate(1, 0, digest_, {0, 1, 2}).signatures;
    EXPECT_EQ(refusal(forger_.view_change(1, 1, 1, std::nullopt, lock)), MessageError::bad_lock);
    auto certificate = forger_.certificate(1, 0, digest_, {0, 1, 2});
    certificate.signatures = forger_.lock(1, 0, digest_, {0, 1, 2}).signatures;
    EXPECT_EQ(refusal(certificate), MessageError::bad_certificate);
}

TEST_F(MessageVerifierTest, tc10_messages_of_another_chain_are_refused) {
    for (const bool other_id : {true, false}) {
        ToyChain other = chain_;
        if (other_id) {
            ++other.identity.chain_id;
        } else {
            other.identity.genesis_hash[31] ^= 1;
        }
        const Forger foreign(other);
        EXPECT_EQ(refusal(foreign.prepare(1, 1, 0, digest_)), MessageError::bad_signature);
        EXPECT_EQ(refusal(foreign.pre_prepare(0, 1, 0, payload_)), MessageError::bad_signature);
        EXPECT_EQ(refusal(foreign.view_change(1, 1, 1)), MessageError::bad_signature);
        EXPECT_EQ(refusal(foreign.certificate(1, 0, digest_, {0, 1, 2})), MessageError::bad_certificate);
    }
}

TEST_F(MessageVerifierTest, tc11_messages_under_another_set_are_refused) {
    const core::ValidatorSet next = toy_validators(5);
    ValidatorHistory history(1, chain_.genesis_validators);
    history.extend(next);
    const MessageVerifier later = verifier(history);
    const Forger after(chain_, next);
    EXPECT_TRUE(later.verify(Message(forger_.prepare(1, 1, 0, digest_))).has_value());
    EXPECT_TRUE(later.verify(Message(after.prepare(1, 2, 0, digest_))).has_value());
    EXPECT_EQ(later.verify(Message(forger_.prepare(1, 2, 0, digest_))).error(),
              MessageError::wrong_validators);
    EXPECT_EQ(later.verify(Message(after.prepare(1, 1, 0, digest_))).error(), MessageError::wrong_validators);
}

TEST_F(MessageVerifierTest, set_of_the_future_is_no_fault_of_the_sender) {
    const Forger after(chain_, toy_validators(5));
    const auto refused = refusal(after.prepare(4, 7, 0, digest_));
    ASSERT_TRUE(refused.has_value());
    EXPECT_EQ(*refused, MessageError::unknown_validators);
    EXPECT_FALSE(blames_sender(*refused));
    EXPECT_EQ(refusal(after.certificate(7, 0, digest_, {0, 1, 2, 3})), MessageError::unknown_validators);
    EXPECT_TRUE(blames_sender(MessageError::bad_signature));
}

TEST_F(MessageVerifierTest, tc12_body_changed_after_signing_is_refused) {
    PrePrepare message = forger_.pre_prepare(0, 1, 0, payload_);
    message.payload = toy_payload("B");
    EXPECT_EQ(refusal(message), MessageError::payload_mismatch);
    ViewChange view_change =
        forger_.view_change(1, 1, 1, std::nullopt, forger_.lock(1, 0, digest_, {0, 1, 2}));
    view_change.lock.reset();
    EXPECT_EQ(refusal(view_change), MessageError::bad_signature);
}

TEST_F(MessageVerifierTest, empty_payload_is_no_proposal) {
    EXPECT_EQ(refusal(forger_.pre_prepare(0, 1, 0, core::share({}))), MessageError::payload_mismatch);
}

TEST_F(MessageVerifierTest, proposal_of_anybody_but_the_primary_is_refused) {
    EXPECT_EQ(refusal(forger_.pre_prepare(1, 1, 0, payload_)), MessageError::wrong_primary);
    EXPECT_EQ(refusal(forger_.pre_prepare(1, 1, 1, payload_)), std::nullopt);
}

TEST_F(MessageVerifierTest, tc28_primary_is_defined_and_rotates_near_the_end_of_numbers) {
    for (View view = ~View{0} - 8; view != 0; ++view) {
        const auto here = chain_.genesis_validators.primary(~Height{0}, view, 1);
        EXPECT_LT(here, 4u);
        if (view + 1 != 0) {
            EXPECT_NE(here, chain_.genesis_validators.primary(~Height{0}, view + 1, 1));
        }
    }
}

TEST_F(MessageVerifierTest, tc15_index_outside_the_set_is_an_error_and_no_crash) {
    Prepare message = forger_.prepare(1, 1, 0, digest_);
    for (const ValidatorIndex index : {ValidatorIndex{4}, ValidatorIndex{100}, ValidatorIndex{0xffff}}) {
        message.envelope.sender = index;
        EXPECT_EQ(refusal(message), MessageError::unknown_sender);
    }
    auto certificate = head(1);
    certificate.signatures.back().index = 4;
    EXPECT_EQ(refusal(certificate), MessageError::bad_certificate);
}

TEST_F(MessageVerifierTest, impossible_heights_and_views_are_refused) {
    EXPECT_EQ(refusal(forger_.prepare(1, 0, 0, digest_)), MessageError::impossible_height);
    EXPECT_EQ(refusal(forger_.view_change(1, 1, 0)), MessageError::impossible_height);
    EXPECT_EQ(refusal(forger_.certificate(0, 0, digest_, {0, 1, 2})), MessageError::impossible_height);
}

// ---- locks

TEST_F(MessageVerifierTest, tc03_lock_with_one_prepare_q_times_is_refused) {
    EXPECT_EQ(refusal(forger_.view_change(1, 1, 1, std::nullopt, forger_.lock(1, 0, digest_, {2, 2, 2}))),
              MessageError::bad_lock);
}

TEST_F(MessageVerifierTest, lock_below_quorum_or_out_of_order_is_refused) {
    EXPECT_EQ(refusal(forger_.view_change(1, 1, 1, std::nullopt, forger_.lock(1, 0, digest_, {0, 1}))),
              MessageError::bad_lock);
    EXPECT_EQ(refusal(forger_.view_change(1, 1, 1, std::nullopt, forger_.lock(1, 0, digest_, {0, 2, 1}))),
              MessageError::bad_lock);
}

TEST_F(MessageVerifierTest, tc08_lock_with_one_prepare_for_another_digest_is_refused) {
    auto lock = forger_.lock(1, 0, digest_, {0, 1, 2});
    lock.signatures[1] = forger_.lock(1, 0, digest_of(toy_payload("B")), {0, 1, 2}).signatures[1];
    EXPECT_EQ(refusal(forger_.view_change(1, 1, 1, std::nullopt, lock)), MessageError::bad_lock);
}

TEST_F(MessageVerifierTest, lock_mixed_of_several_views_is_refused) {
    auto lock = forger_.lock(1, 1, digest_, {0, 1, 2});
    lock.signatures[2] = forger_.lock(1, 0, digest_, {0, 1, 2}).signatures[2];
    EXPECT_EQ(refusal(forger_.view_change(1, 1, 2, std::nullopt, lock)), MessageError::bad_lock);
}

TEST_F(MessageVerifierTest, tc19_lock_from_a_view_not_below_the_promised_one_is_refused) {
    for (const View lock_view : {View{2}, View{3}, View{99}}) {
        EXPECT_EQ(refusal(forger_.view_change(1, 1, 2, std::nullopt,
                                              forger_.lock(1, lock_view, digest_, {0, 1, 2}))),
                  MessageError::bad_lock);
    }
    EXPECT_EQ(refusal(forger_.view_change(1, 1, 2, std::nullopt, forger_.lock(1, 1, digest_, {0, 1, 2}))),
              std::nullopt);
}

TEST_F(MessageVerifierTest, lock_of_another_height_is_refused) {
    EXPECT_EQ(refusal(forger_.view_change(1, 2, 1, head(1), forger_.lock(1, 0, digest_, {0, 1, 2}))),
              MessageError::bad_lock);
}

// ---- heads

TEST_F(MessageVerifierTest, head_certificate_is_demanded_and_must_be_of_the_height_below) {
    EXPECT_EQ(refusal(forger_.view_change(1, 2, 1)), MessageError::bad_head);
    EXPECT_EQ(refusal(forger_.view_change(1, 1, 1, head(1))), MessageError::bad_head);
    EXPECT_EQ(refusal(forger_.view_change(1, 3, 1, head(1))), MessageError::bad_head);
}

TEST_F(MessageVerifierTest, head_certificate_that_does_not_hold_is_refused) {
    ValidatorHistory history(1, chain_.genesis_validators);
    history.extend(chain_.genesis_validators);
    const MessageVerifier certain = verifier(history);
    auto spoilt = head(1);
    spoilt.block_hash[0] ^= 1;
    EXPECT_EQ(certain.verify(Message(forger_.view_change(1, 2, 1, spoilt))).error(), MessageError::bad_head);
    EXPECT_EQ(
        certain.verify(Message(forger_.view_change(1, 2, 1, forger_.certificate(1, 0, digest_, {0, 1}))))
            .error(),
        MessageError::bad_head);
}

// ---- bare certificates

TEST_F(MessageVerifierTest, tc04_certificate_with_one_seal_q_times_is_refused) {
    EXPECT_EQ(refusal(forger_.certificate(1, 0, digest_, {1, 1, 1})), MessageError::bad_certificate);
}

TEST_F(MessageVerifierTest, tc07_certificate_with_more_seals_than_validators_is_refused_without_a_recovery) {
    auto certificate = forger_.certificate(1, 0, digest_, {0, 1, 2, 3});
    certificate.signatures.resize(100'000, certificate.signatures[0]);
    std::size_t count = 0;
    EXPECT_FALSE(verifier_.verify(Message(certificate), &count).has_value());
    EXPECT_EQ(count, 0u);
}

TEST_F(MessageVerifierTest, tc14_seal_that_recovers_to_another_signer_than_it_claims_is_refused) {
    auto certificate = forger_.certificate(1, 0, digest_, {0, 1, 2});
    certificate.signatures[2].index = 3;
    EXPECT_EQ(refusal(certificate), MessageError::bad_certificate);
}

TEST_F(MessageVerifierTest, every_seal_must_verify_also_beyond_the_quorum) {
    auto certificate = forger_.certificate(1, 0, digest_, {0, 1, 2, 3});
    EXPECT_EQ(refusal(certificate), std::nullopt);
    certificate.signatures[3].signature.r[0] ^= 1;
    EXPECT_EQ(refusal(certificate), MessageError::bad_certificate);
}

TEST_F(MessageVerifierTest, certificate_below_the_known_heights_is_nobodys_fault) {
    const MessageVerifier young = verifier(ValidatorHistory(50, chain_.genesis_validators));
    EXPECT_EQ(young.verify(Message(head(1))).error(), MessageError::unknown_validators);
    EXPECT_EQ(young.verify(Message(forger_.prepare(1, 1, 0, digest_))).error(),
              MessageError::unknown_validators);
}

// ---- new views

TEST_F(MessageVerifierTest, tc06_new_view_with_two_view_changes_of_one_sender_is_refused) {
    const ViewChange one = forger_.view_change(0, 1, 1);
    const ViewChange two = forger_.view_change(2, 1, 1);
    EXPECT_EQ(refusal(forger_.new_view(1, 1, 1, {one, one, two})), MessageError::bad_view_changes);
    EXPECT_EQ(refusal(forger_.new_view(1, 1, 1, {one, two, two})), MessageError::bad_view_changes);
}

TEST_F(MessageVerifierTest, new_view_with_too_few_too_many_or_unordered_view_changes_is_refused) {
    const ViewChange zero = forger_.view_change(0, 1, 1);
    const ViewChange two = forger_.view_change(2, 1, 1);
    const ViewChange three = forger_.view_change(3, 1, 1);
    EXPECT_EQ(refusal(forger_.new_view(1, 1, 1, {})), MessageError::bad_view_changes);
    EXPECT_EQ(refusal(forger_.new_view(1, 1, 1, {zero, two})), MessageError::bad_view_changes);
    EXPECT_EQ(refusal(forger_.new_view(1, 1, 1, {zero, three, two})), MessageError::bad_view_changes);
    EXPECT_EQ(refusal(forger_.new_view(1, 1, 1, {zero, two, three, three, three})),
              MessageError::bad_view_changes);
}

TEST_F(MessageVerifierTest, tc20_new_view_of_another_height_or_view_than_its_view_changes_is_refused) {
    const ViewChange zero = forger_.view_change(0, 1, 1);
    const ViewChange two = forger_.view_change(2, 1, 1);
    EXPECT_EQ(refusal(forger_.new_view(1, 1, 1, {zero, two, forger_.view_change(3, 1, 5)})),
              MessageError::bad_view_changes);
    EXPECT_EQ(refusal(forger_.new_view(1, 1, 1, {zero, two, forger_.view_change(3, 2, 1, head(1))})),
              MessageError::bad_view_changes);
    EXPECT_EQ(refusal(forger_.new_view(1, 1, 5, {zero, two, forger_.view_change(3, 1, 1)})),
              MessageError::bad_view_changes);
}

TEST_F(MessageVerifierTest, new_view_of_anybody_but_its_primary_is_refused) {
    const std::vector<ViewChange> set = {forger_.view_change(0, 1, 1), forger_.view_change(1, 1, 1),
                                         forger_.view_change(2, 1, 1)};
    EXPECT_EQ(refusal(forger_.new_view(2, 1, 1, set)), MessageError::wrong_primary);
    EXPECT_EQ(refusal(forger_.new_view(0, 1, 0, set)), MessageError::impossible_height);
}

TEST_F(MessageVerifierTest, tc18_lock_taken_out_of_a_view_change_breaks_the_new_view) {
    ViewChange stripped = forger_.view_change(2, 1, 1, std::nullopt, forger_.lock(1, 0, digest_, {0, 1, 2}));
    stripped.lock.reset();
    EXPECT_EQ(refusal(forger_.new_view(
                  1, 1, 1, {forger_.view_change(0, 1, 1), forger_.view_change(1, 1, 1), stripped})),
              MessageError::bad_signature);
}

TEST_F(MessageVerifierTest, bad_lock_or_bad_signature_inside_spoils_the_new_view) {
    const ViewChange zero = forger_.view_change(0, 1, 1);
    const ViewChange one = forger_.view_change(1, 1, 1);
    EXPECT_EQ(
        refusal(forger_.new_view(
            1, 1, 1,
            {zero, one, forger_.view_change(2, 1, 1, std::nullopt, forger_.lock(1, 0, digest_, {0, 0, 1}))})),
        MessageError::bad_lock);
    EXPECT_EQ(
        refusal(forger_.new_view(1, 1, 1, {zero, one, forger_.sign_again(forger_.view_change(2, 1, 1), 3)})),
        MessageError::bad_signature);
}

// ---- cost

TEST_F(MessageVerifierTest, vote_costs_one_recovery) {
    EXPECT_EQ(recoveries(forger_.prepare(1, 1, 0, digest_)), 1u);
    EXPECT_EQ(recoveries(forger_.pre_prepare(0, 1, 0, payload_)), 1u);
}

TEST_F(MessageVerifierTest, new_view_recovers_each_distinct_signature_once) {
    const auto lock = forger_.lock(2, 0, digest_, {0, 1, 2});
    std::vector<ViewChange> set;
    for (const std::size_t sender : {0, 1, 2, 3}) {
        set.push_back(forger_.view_change(sender, 2, 1, head(1), lock));
    }
    // The NEW-VIEW, four VIEW-CHANGEs, three COMMITs, three PREPAREs.
    EXPECT_EQ(recoveries(forger_.new_view(1, 2, 1, set)), 1u + 4u + 3u + 3u);
}

TEST_F(MessageVerifierTest, refusals_that_need_no_curve_cost_none) {
    std::size_t count = 0;
    const auto refused = [&](Message message) {
        EXPECT_FALSE(verifier_.verify(std::move(message), &count).has_value());
    };
    refused(forger_.pre_prepare(1, 1, 0, payload_));
    refused(forger_.view_change(1, 2, 1));
    refused(forger_.view_change(1, 1, 1, std::nullopt, forger_.lock(1, 5, digest_, {0, 1, 2})));
    refused(forger_.new_view(1, 1, 1, {forger_.view_change(0, 1, 1)}));
    refused(forger_.certificate(1, 0, digest_, {0, 1}));
    EXPECT_EQ(count, 0u);
}

TEST_F(MessageVerifierTest, fetched_body_must_be_what_the_digest_names) {
    EXPECT_TRUE(verifier_.verify_body(digest_, payload_).has_value());
    EXPECT_FALSE(verifier_.verify_body(digest_, toy_payload("B")).has_value());
    EXPECT_FALSE(verifier_.verify_body(digest_, core::share({})).has_value());
    EXPECT_FALSE(verifier_.verify_body(digest_, nullptr).has_value());
}

// ---- the history of sets

TEST(ValidatorHistory, answers_the_set_in_force_and_the_last_one_beyond) {
    ValidatorHistory history(10, toy_validators(4));
    history.extend(toy_validators(4));
    history.extend(toy_validators(5));
    EXPECT_EQ(history.set_of(9), nullptr);
    EXPECT_EQ(history.set_of(10)->size(), 4u);
    EXPECT_EQ(history.set_of(11)->size(), 4u);
    EXPECT_EQ(history.set_of(12)->size(), 5u);
    EXPECT_EQ(history.set_of(999)->size(), 5u);
    EXPECT_EQ(history.certain_up_to(), 12u);
}

TEST(ValidatorHistory, forgets_the_oldest_changes) {
    ValidatorHistory history(1, toy_validators(4));
    for (std::size_t i = 0; i < 2 * limits::validator_history_max; ++i) {
        history.extend(toy_validators(i % 2 == 0 ? 5 : 4));
    }
    EXPECT_EQ(history.set_of(1), nullptr);
    EXPECT_EQ(history.set_of(history.certain_up_to())->size(), 4u);
    EXPECT_EQ(history.set_of(history.certain_up_to() - 1)->size(), 5u);
}

// ---- with the real curve

class RealCurveTest : public ::testing::Test {
  protected:
    RealCurveTest() {
        std::vector<Address> members;
        for (std::uint8_t i = 1; i <= 4; ++i) {
            std::array<std::uint8_t, 32> scalar{};
            scalar[31] = i;
            signers_.emplace_back(crypto::PrivateKey(std::span<const std::uint8_t, 32>(scalar)));
            members.push_back(signers_.back().address());
        }
        validators_ = core::ValidatorSet::make(members);
        verifier_.emplace(chain_, 256, ValidatorHistory(1, *validators_), toy_digest);
    }
    Prepare prepare(std::size_t sender) {
        Prepare message{.envelope = {.height = 1,
                                     .view = 0,
                                     .validators_hash = validators_->hash(),
                                     .sender = static_cast<ValidatorIndex>(sender),
                                     .signature = {}},
                        .digest = digest_of(toy_payload("A"))};
        message.envelope.signature = signers_[sender].sign(core::signing_digest(chain_, subject_of(message)));
        return message;
    }

    core::ChainIdentity chain_{.chain_id = 7, .genesis_hash = core::keccak256(core::view("genesis"))};
    std::vector<crypto::LocalSigner> signers_;
    std::optional<core::ValidatorSet> validators_;
    std::optional<MessageVerifier> verifier_;
};

TEST_F(RealCurveTest, right_signature_passes_and_a_foreign_one_does_not) {
    EXPECT_TRUE(verifier_->verify(Message(prepare(2))).has_value());
    Prepare stolen = prepare(2);
    stolen.envelope.sender = 1;
    EXPECT_EQ(verifier_->verify(Message(stolen)).error(), MessageError::bad_signature);
}

TEST_F(RealCurveTest, tc05_malleated_signature_is_refused) {
    // n - s, with the recovery id flipped, is a second valid signature of the same message.
    static constexpr std::array<std::uint8_t, 32> order = {
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe,
        0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41};
    Prepare message = prepare(2);
    core::Signature& signature = message.envelope.signature;
    int borrow = 0;
    for (std::size_t i = 32; i-- > 0;) {
        int difference = order[i] - signature.s[i] - borrow;
        borrow = difference < 0 ? 1 : 0;
        signature.s[i] = static_cast<std::uint8_t>(difference + 256 * borrow);
    }
    signature.recovery_id ^= 1;
    EXPECT_EQ(verifier_->verify(Message(message)).error(), MessageError::high_s);
    Prepare flipped = prepare(2);
    flipped.envelope.signature.recovery_id ^= 1;
    EXPECT_EQ(verifier_->verify(Message(flipped)).error(), MessageError::bad_signature);
}

}  // namespace
}  // namespace sluice::consensus::testing
