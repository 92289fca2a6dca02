#include <gtest/gtest.h>

#include "contracts/native/payment_book.hpp"
#include "tests/contracts/native/settlement_chain.hpp"

namespace sluice::contracts {
namespace {

using namespace native;
using namespace test;

/// An instruction with something in every member; its hashes were computed apart from this code.
Instruction full_instruction() {
    Instruction instruction;
    instruction.uetr = core::Uetr::parse("eb6305c9-1f7f-49de-aed0-16487c27b42d")->bytes;
    instruction.message_type = tag_of(MessageType::customer_credit);
    instruction.payer = bank_bic(0);
    instruction.payee = bank_bic(1);
    instruction.currency = eur;
    instruction.amount = 25'000;
    instruction.priority = Priority::normal;
    instruction.value_date = genesis_date;
    instruction.latest = 1'770'030'000'000;
    instruction.instruction_id = "INSTR-2026/1";
    instruction.end_to_end_id = "E2E 1";
    instruction.message_hash = core::keccak256(core::view("message"));
    instruction.sealed_payload = {1, 2, 3};
    return instruction;
}

TEST(InstructionHashes, are_those_of_the_documented_encodings) {
    const Instruction instruction = full_instruction();
    const InstructionView view = view_of(instruction);
    EXPECT_EQ(core::to_hex(payment_id(view)),
              "b715597abaf4c8da63789aed5d544eca2e04ed60c9d0c666771a084777957fca");
    EXPECT_EQ(core::to_hex(content_hash(view)),
              "00e64590df69ec722c0bfbdd62309b40968b480bf27bbd9b83ce864a80d41477");
    EXPECT_EQ(core::to_hex(signing_digest(view, {20'022, core::keccak256(core::view("genesis"))})),
              "0ea380cb8772f02d2edd59ad708b6045367356e67705a58fe784d315ade4cede");
}

TEST(RelayedActs, have_the_documented_digest) {
    const core::Bytes call{1, 2, 3, 4, 5};
    EXPECT_EQ(core::to_hex(signing_digest(SignedAct{call, 7, 1'770'030'000'000},
                                          {20'022, core::keccak256(core::view("genesis"))})),
              "c44c1d9c347fb38a21fc8284ffb23eec253d1e99b327a16501c5c2ff801b73a0");
}

TEST(SettlementCalls, have_the_documented_selectors) {
    const Instruction instruction = full_instruction();
    const auto selector = [](const ContractCall& call) { return core::to_hex({call.data.data(), 4}); };
    EXPECT_EQ(selector(calls::submit(instruction)), "4b28c36c");
    EXPECT_EQ(selector(calls::submit_batch(std::span(&instruction, 1))), "83acf960");
    EXPECT_EQ(selector(calls::submit_signed(instruction, {})), "a3390f3e");
    EXPECT_EQ(core::to_hex(payment_status_topic),
              "c9ba42a6d7e2f30e8b670b351e8faaff04a12a17c711df12974921f6377f2bd0");
    EXPECT_EQ(core::to_hex(account_entry_topic),
              "26affa5f1803331c94e5652767068eda092e2fa175bf982dfdaf56a7d3aea990");
}

TEST(SettlementCalls, carry_instructions_that_can_be_read_back) {
    const Instruction one = full_instruction();
    Instruction two = one;
    two.amount = 7;
    EXPECT_EQ(instructions_in(calls::submit(one).data), std::vector<Instruction>{one});
    EXPECT_EQ(instructions_in(calls::submit_signed(two, {}).data), std::vector<Instruction>{two});
    EXPECT_EQ(instructions_in(calls::submit_batch(std::array{one, two}).data),
              (std::vector<Instruction>{one, two}));
    EXPECT_TRUE(instructions_in(calls::hold({}).data).empty());
    EXPECT_TRUE(instructions_in({}).empty());
}

TEST(SettlementCalls, that_are_cut_or_garbled_are_read_as_nothing_or_something_but_never_crash) {
    const core::Bytes whole = calls::submit_batch(std::array{full_instruction(), full_instruction()}).data;
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_TRUE(instructions_in({whole.data(), size}).empty() || size > whole.size() - 32) << size;
    }
    for (std::size_t at = 4; at < whole.size(); ++at) {
        core::Bytes garbled = whole;
        garbled[at] ^= 0xff;
        EXPECT_LE(instructions_in(garbled).size(), garbled.size() / 32);
    }
}

TEST(SettlementResults, refuse_what_is_no_result) {
    const core::Bytes wrong_status = abi::encode(std::uint8_t{10}, ReasonCode{});
    EXPECT_EQ(results::submitted(wrong_status).error(), abi::Error::dirty_bits);
    EXPECT_EQ(results::submitted({}).error(), abi::Error::truncated);
    EXPECT_FALSE(results::payment(core::Bytes(32, 0)).has_value());
}

TEST(SettlementResults, a_refusal_is_told_from_other_reverts) {
    EXPECT_EQ(decode_refusal(abi::encode_refused(reason::duplicate)),
              (RefusalInfo{reason::duplicate, std::nullopt}));
    EXPECT_EQ(decode_refusal(abi::encode_error("no")), std::nullopt);
    EXPECT_EQ(decode_refusal({}), std::nullopt);
    EXPECT_EQ(describe(reason::duplicate), "the key was used before with other content");
    EXPECT_EQ(describe(abi::iso_code("ZZ99")), "");
}

TEST(PaymentFacts, come_from_a_transaction_and_its_logs) {
    SettlementChain chain;
    chain.issue(0, 150);
    const std::vector<Instruction> batch{instruction_of({.amount = 100, .number = 1}),
                                         instruction_of({.amount = 100, .number = 2})};
    chain.block({{maker_of(0), calls::submit_batch(batch)}});
    const auto facts = payment_facts(chain.last.transactions[0]->transaction, chain.last.receipts[0]);
    ASSERT_EQ(facts.size(), 2u);
    EXPECT_EQ(facts[0].event.status, Status::settled);
    EXPECT_EQ(facts[0].instruction, batch[0]);
    EXPECT_EQ(facts[1].event.status, Status::queued);
    EXPECT_EQ(facts[1].instruction, batch[1]);

    chain.issue(0, 100);
    ASSERT_EQ(chain.last.receipts.size(), 2u);
    const auto later = payment_facts(chain.last.transactions[1]->transaction, chain.last.receipts[1]);
    ASSERT_EQ(later.size(), 1u);
    EXPECT_EQ(later[0].event.status, Status::settled);
    EXPECT_EQ(later[0].event.uetr, batch[1].uetr) << "events of the system transaction name the UETR too";
    EXPECT_EQ(later[0].instruction, std::nullopt);
}

TEST(SettlementCalls, of_the_business_day_have_the_selectors_of_their_interface) {
    // keccak256 of the signatures in docs/settlement-contracts.md.
    const auto selector = [](const ContractCall& call) {
        EXPECT_EQ(call.to, business_day_address);
        return Selector{call.data[0], call.data[1], call.data[2], call.data[3]};
    };
    EXPECT_EQ(selector(calls::advance(eur, Phase::open)), selector_of("advance(bytes3,uint8)"));
    EXPECT_EQ(selector(calls::calendar(eur, genesis_date, {})),
              selector_of("calendar(bytes3,uint32,uint64[5])"));
    EXPECT_EQ(calls::calendar(eur, genesis_date, {}).data.size(), 4u + 7 * 32);
    EXPECT_EQ(calls::set_schedule(eur, {}).data.size(), 4u + 7 * 32);
}

TEST(SettlementEvents, a_log_that_no_settlement_contract_can_have_written_is_no_event) {
    const core::Log good = log_of({.id = {1}, .status = Status::settled, .amount = 5});
    EXPECT_TRUE(decode_event(good).has_value());
    core::Log bad = good;
    bad.address = accounts_address;
    EXPECT_FALSE(decode_event(bad).has_value());
    bad = good;
    bad.topics.pop_back();
    EXPECT_FALSE(decode_event(bad).has_value());
    bad = good;
    bad.topics[2][31] = 1;
    EXPECT_FALSE(decode_event(bad).has_value()) << "bits behind a BIC";
    bad = good;
    bad.data.resize(64);
    EXPECT_FALSE(decode_event(bad).has_value());
    EXPECT_FALSE(decode_event(core::Log{}).has_value());
}

TEST(PaymentRecordSlot, can_be_read_from_a_proof) {
    SettlementChain chain;
    chain.issue(0, 150);
    const PaymentDraft draft{.amount = 100};
    chain.pay(draft);
    const auto record = record_in(chain.state.storage(payments_address, record_key(id_of(draft))));
    ASSERT_TRUE(record.has_value());
    EXPECT_EQ(record->status, Status::settled);
    EXPECT_EQ(record->amount, 100u);
    EXPECT_EQ(record->value_date, genesis_date);
    EXPECT_EQ(record_in(core::Word{})->status, Status::none);
    core::Word impossible{};
    impossible[31] = 10;
    EXPECT_EQ(record_in(impossible), std::nullopt);
}

TEST(Names, of_statuses_and_outcomes_are_the_documented_words) {
    EXPECT_EQ(name_of(Status::awaiting_approval), "AwaitingApproval");
    EXPECT_EQ(name_of(Status::expired), "Expired");
    EXPECT_EQ(outcome_of(Status::none), Outcome::unknown);
    EXPECT_EQ(outcome_of(Status::held), Outcome::pending);
    EXPECT_EQ(outcome_of(Status::settled), Outcome::final);
    EXPECT_EQ(outcome_of(Status::rejected), Outcome::never);
    for (const MessageType type :
         {MessageType::customer_credit, MessageType::bank_credit, MessageType::bank_credit_cover,
          MessageType::bank_credit_advice, MessageType::payment_return, MessageType::bank_direct_debit})
        EXPECT_EQ(message_type_of(tag_of(type)), type);
    EXPECT_EQ(message_type_of({}), std::nullopt);
}

}  // namespace
}  // namespace sluice::contracts
