#include <gtest/gtest.h>

#include "tests/contracts/native/settlement_chain.hpp"

namespace sluice::contracts {
namespace {

using namespace native;
using namespace test;
using core::KeyDuty;

class RelayTest : public testing::Test {
  protected:
    void SetUp() override {
        key.writable_bytes()[31] = 42;
        signer = crypto::address_of(key);
        chain.give_key(0, KeyDuty::approver, signer);
        chain.send(admin_of(0), calls::set_approval_threshold(eur, 1'000));
        chain.issue(0, 5'000);
        chain.pay(draft);
    }
    ContractCall signed_call(const ContractCall& call, std::uint64_t nonce,
                             core::UnixMs deadline_ms = 0) const {
        const SignedAct act{call.data, nonce, deadline_ms};
        return calls::act_signed(act, crypto::sign(signing_digest(act, chain.signing_domain()), key));
    }
    ContractCall approve() const {
        return calls::approve(id_of(draft), content_hash(view_of(instruction_of(draft))));
    }
    std::uint64_t nonce() const { return *results::number(chain.look(calls::act_nonce(signer)).output); }

    SettlementChain chain;
    crypto::PrivateKey key{};
    core::Address signer{};
    core::Address relay{0x77};
    PaymentDraft draft{.amount = 1'000};
};

TEST_F(RelayTest, anybody_may_relay_what_an_approver_signed) {
    const CallOutcome outcome = chain.send(relay, signed_call(approve(), 0));
    ASSERT_TRUE(outcome.succeeded());
    EXPECT_EQ(*results::status(*results::relayed(outcome.output)), Status::settled);
    EXPECT_EQ(nonce(), 1u);
}

TEST_F(RelayTest, a_signature_counts_once_and_in_its_order) {
    const PaymentDraft big{.amount = 900'000, .number = 2};
    chain.pay(big);
    chain.send(approver_of(0), calls::approve(id_of(big), content_hash(view_of(instruction_of(big)))));
    const ContractCall hold = signed_call(calls::hold(id_of(big)), 0);
    EXPECT_EQ(chain.refusal(relay, signed_call(calls::hold(id_of(big)), 1)), reason::duplicate);
    EXPECT_TRUE(chain.send(relay, hold).succeeded());
    EXPECT_EQ(chain.status(big), Status::held);
    EXPECT_TRUE(chain.send(relay, signed_call(calls::unhold(id_of(big)), 1)).succeeded());
    EXPECT_EQ(chain.refusal(relay, hold), reason::duplicate) << "a hold that was taken back stays so";
    EXPECT_EQ(chain.status(big), Status::queued);
}

TEST_F(RelayTest, a_refused_act_uses_nothing_up) {
    EXPECT_EQ(chain.refusal(relay, signed_call(calls::approve(id_of(draft), core::Hash{1}), 0)),
              reason::duplicate);
    EXPECT_EQ(nonce(), 0u);
    EXPECT_TRUE(chain.send(relay, signed_call(approve(), 0)).succeeded());
}

TEST_F(RelayTest, a_signature_ends_with_its_deadline_and_belongs_to_one_chain) {
    const core::UnixMs deadline = core::time_ms_of(chain.head) + 1'500;
    const ContractCall in_time = signed_call(approve(), 0, deadline);
    const CallOutcome late = chain.send(relay, in_time, deadline + 1);
    EXPECT_EQ(decode_refusal(late.output), (RefusalInfo{reason::too_late, std::nullopt}));
    SigningDomain other = chain.signing_domain();
    other.genesis_hash[0] ^= 1;
    const ContractCall call = approve();
    const SignedAct act{call.data, 0, 0};
    EXPECT_EQ(chain.refusal(relay, calls::act_signed(act, crypto::sign(signing_digest(act, other), key))),
              reason::forbidden)
        << "the signer that this chain finds is nobody";
}

TEST_F(RelayTest, limits_and_answers_to_recalls_are_relayed_too) {
    std::uint64_t number = 0;
    for (const ContractCall& call :
         {calls::set_bilateral_limit(bank_bic(1), eur, 70), calls::set_multilateral_limit(eur, 60),
          calls::set_reservation(Priority::high, eur, 50)})
        EXPECT_TRUE(chain.send(relay, signed_call(call, number++)).succeeded());
    const LimitsInfo limits = *results::limits(chain.look(calls::limits(bank_bic(0), eur)).output);
    EXPECT_EQ(limits.bilateral_limits, 1u);
    EXPECT_EQ(limits.multilateral_limit, 60u);
    EXPECT_EQ(limits.high_reservation, 50u);

    const PaymentDraft foreign{.payer = 1, .payee = 0, .amount = 10, .number = 9};
    chain.issue(1, 10);
    chain.pay(foreign);
    const ReasonCode duplicated = abi::iso_code("DUPL");
    chain.send(maker_of(1), calls::request_return({id_of(foreign), 10, duplicated, {}}));
    const ContractCall answer = calls::answer_return(id_of(foreign), abi::iso_code("RJCR"), {});
    EXPECT_TRUE(chain.send(relay, signed_call(answer, number++)).succeeded());
    // Both reach their methods, which want a maker.
    const ContractCall recall = calls::request_return({id_of(draft), 10, duplicated, {}});
    PaymentDraft back{.payer = 0, .payee = 1, .amount = 10, .number = 10, .type = "P004"};
    const ContractCall give_back = calls::return_payment(instruction_of(back), id_of(foreign), duplicated);
    EXPECT_EQ(chain.refusal(relay, signed_call(recall, number)), reason::forbidden);
    EXPECT_EQ(chain.refusal(relay, signed_call(give_back, number)), reason::forbidden);
}

TEST_F(RelayTest, only_acts_of_banks_can_be_relayed) {
    for (const ContractCall& call :
         {calls::set_role(Role::operator_, signer, true), calls::submit(instruction_of({})),
          calls::act_nonce(signer), ContractCall{payments_address, {}}})
        EXPECT_EQ(chain.refusal(relay, signed_call(call, 0)), reason::bad_form);
}

TEST_F(RelayTest, a_key_that_lies_offline_agrees_by_its_signature) {
    crypto::PrivateKey offline{};
    offline.writable_bytes()[31] = 44;
    const core::Address address = crypto::address_of(offline);
    chain.send(admin_of(1), calls::set_key({bank_bic(1), KeyDuty::maker, address}));
    const ContractCall accept = calls::accept_key(bank_bic(1), KeyDuty::maker);
    const SignedAct act{accept.data, 0, 0};
    const auto signature = crypto::sign(signing_digest(act, chain.signing_domain()), offline);
    EXPECT_TRUE(chain.send(admin_of(1), calls::act_signed(act, signature)).succeeded());
    EXPECT_EQ(results::key_holder(chain.look(calls::participant_of(address)).output)->bic, bank_bic(1));
}

}  // namespace
}  // namespace sluice::contracts
