#include <gtest/gtest.h>

#include "contracts/native/payment_book.hpp"
#include "tests/contracts/native/settlement_chain.hpp"

namespace sluice::contracts {
namespace {

using namespace native;
using namespace test;

class PaymentTest : public testing::Test {
  protected:
    ReasonCode refusal_of(const PaymentDraft& draft) {
        const Sent act = submit(draft);
        return chain.refusal(act.sender, act.call);
    }
    ReasonCode refusal_of_instruction(const Instruction& instruction) {
        return chain.refusal(maker_of(0), calls::submit(instruction));
    }
    SettlementChain chain;
};

TEST_F(PaymentTest, with_funds_it_settles_at_once) {
    chain.issue(0, 1'000);
    EXPECT_EQ(chain.pay({.amount = 250}), (Submitted{Status::settled, reason::none}));
    EXPECT_EQ(chain.balance(0), 750);
    EXPECT_EQ(chain.balance(1), 250);
    EXPECT_EQ(chain.last.transactions.size(), 1u) << "nothing is due after it";
}

TEST_F(PaymentTest, settling_logs_the_status_and_one_entry_for_each_side) {
    chain.issue(0, 1'000);
    const PaymentDraft draft{.amount = 250};
    chain.pay(draft);
    const auto events = chain.events();
    ASSERT_EQ(events.size(), 3u);
    EXPECT_EQ(std::get<PaymentStatusEvent>(events[0]),
              (PaymentStatusEvent{.id = id_of(draft),
                                  .payer = bank_bic(0),
                                  .payee = bank_bic(1),
                                  .uetr = uetr_of(1),
                                  .message_type = {'P', '0', '0', '9'},
                                  .status = Status::settled,
                                  .reason = {},
                                  .amount = 250,
                                  .currency = eur}));
    EXPECT_EQ(std::get<AccountEntryEvent>(events[1]),
              (AccountEntryEvent{bank_bic(0), eur, 2, -250, 750, id_of(draft)}));
    EXPECT_EQ(std::get<AccountEntryEvent>(events[2]),
              (AccountEntryEvent{bank_bic(1), eur, 1, 250, 250, id_of(draft)}));
}

TEST_F(PaymentTest, a_settled_payment_keeps_two_slots) {
    chain.issue(0, 1'000);
    const std::size_t before = chain.slots_of(payments_address);
    chain.pay({.amount = 250, .latest = genesis_time_ms + hour_ms});
    EXPECT_EQ(chain.slots_of(payments_address), before + 2);
}

TEST_F(PaymentTest, a_payment_that_was_queued_leaves_no_more_slots_than_one_that_was_not) {
    const std::size_t before = chain.slots_of(payments_address);
    chain.pay({.amount = 250, .latest = genesis_time_ms + hour_ms});
    EXPECT_EQ(chain.status({.amount = 250}), Status::queued);
    chain.issue(0, 250);
    EXPECT_EQ(chain.status({.amount = 250}), Status::settled);
    // Beside the record: the last arrival number.
    EXPECT_EQ(chain.slots_of(payments_address), before + 3);
}

TEST_F(PaymentTest, entries_of_an_account_count_without_gaps) {
    chain.issue(0, 1'000);
    for (std::uint64_t i = 1; i <= 5; ++i)
        chain.pay({.amount = 10, .number = i});
    EXPECT_EQ(results::number(chain.look(calls::entry_count(bank_bic(0), eur)).output), 6u);
    EXPECT_EQ(events_of<AccountEntryEvent>(chain.events())[0].entry, 6u);
}

TEST_F(PaymentTest, each_currency_has_accounts_of_its_own) {
    chain.issue(0, 1'000, usd);
    EXPECT_EQ(chain.pay({.amount = 10}).status, Status::queued);
    EXPECT_EQ(chain.pay({.amount = 10, .number = 2, .currency = usd, .value_date = 20'260'203}).status,
              Status::settled);
    EXPECT_EQ(chain.balance(0, usd), 990);
}

TEST_F(PaymentTest, down_to_minus_the_credit_line_there_are_funds) {
    chain.set_credit_line(0, 50'000);
    EXPECT_EQ(chain.pay({.amount = 30'000}).status, Status::settled);
    EXPECT_EQ(chain.pay({.amount = 20'001, .number = 2}).status, Status::queued);
    EXPECT_EQ(chain.send(maker_of(0), calls::cancel(id_of({.number = 2}), {})).succeeded(), true);
    EXPECT_EQ(chain.pay({.amount = 20'000, .number = 3}).status, Status::settled);
    EXPECT_EQ(chain.balance(0), -50'000);
    EXPECT_EQ(chain.position(0).available, 0);
}

// ---- repetition

TEST_F(PaymentTest, the_same_payment_again_gives_its_status_and_moves_nothing) {
    chain.issue(0, 1'000);
    const PaymentDraft draft{.amount = 250};
    chain.pay(draft);
    EXPECT_EQ(chain.pay(draft), (Submitted{Status::settled, reason::none}));
    EXPECT_TRUE(chain.last.receipts[0].logs.empty());
    EXPECT_EQ(chain.balance(0), 750);
}

TEST_F(PaymentTest, the_same_payment_twice_in_a_block_pays_once) {
    chain.issue(0, 1'000);
    const PaymentDraft draft{.amount = 250};
    chain.block({submit(draft), submit(draft)});
    EXPECT_EQ(chain.balance(0), 750);
}

TEST_F(PaymentTest, the_same_key_with_other_content_is_refused) {
    chain.issue(0, 1'000);
    chain.pay({.amount = 250});
    EXPECT_EQ(refusal_of({.amount = 251}), reason::duplicate);
    EXPECT_EQ(refusal_of({.payee = 2, .amount = 250}), reason::duplicate);
    EXPECT_EQ(refusal_of({.amount = 250, .instruction_id = "INSTR-2"}), reason::duplicate);
    EXPECT_EQ(refusal_of({.amount = 250, .priority = Priority::high}), reason::duplicate);
}

TEST_F(PaymentTest, payer_and_message_type_are_part_of_the_key) {
    chain.issue(0, 1'000);
    chain.issue(1, 1'000);
    chain.pay({.amount = 250});
    EXPECT_EQ(chain.pay({.amount = 100, .type = "COV9"}).status, Status::settled);
    EXPECT_EQ(chain.pay({.amount = 100, .type = "P008"}).status, Status::settled);
    EXPECT_EQ(chain.pay({.payer = 1, .payee = 0, .amount = 7}).status, Status::settled);
}

TEST_F(PaymentTest, another_sealed_payload_does_not_make_another_payment) {
    chain.issue(0, 1'000);
    Instruction instruction = instruction_of({.amount = 250});
    chain.send(maker_of(0), calls::submit(instruction));
    instruction.sealed_payload = {1, 2, 3};
    const CallOutcome outcome = chain.send(maker_of(0), calls::submit(instruction));
    EXPECT_EQ(results::submitted(outcome.output)->status, Status::settled);
    EXPECT_EQ(chain.balance(0), 750);
}

// ---- refusals: nothing is recorded

TEST_F(PaymentTest, a_refused_payment_leaves_no_record_and_its_key_free) {
    chain.issue(0, 1'000);
    EXPECT_EQ(refusal_of({.payer = 0, .payee = 99, .amount = 250}), reason::bad_bank);
    EXPECT_EQ(chain.payment(id_of({})), PaymentInfo{});
    EXPECT_EQ(chain.pay({.amount = 250}).status, Status::settled);
}

TEST_F(PaymentTest, only_a_maker_of_the_payer_may_submit) {
    const ContractCall call = calls::submit(instruction_of({}));
    EXPECT_EQ(chain.refusal(maker_of(1), call), reason::forbidden);
    EXPECT_EQ(chain.refusal(approver_of(0), call), reason::forbidden);
    EXPECT_EQ(chain.refusal(operator_key(), call), reason::forbidden);
}

TEST_F(PaymentTest, a_field_out_of_its_rules_is_refused_with_its_reason) {
    EXPECT_EQ(refusal_of({.amount = 0}), reason::zero_amount);
    EXPECT_EQ(refusal_of({.amount = amount_max + 1}), reason::amount_too_large);
    EXPECT_EQ(refusal_of({.payer = 0, .payee = 0}), reason::bad_creditor);
    EXPECT_EQ(refusal_of({.currency = {'G', 'B', 'P'}}), reason::unknown_currency);
    EXPECT_EQ(refusal_of({.value_date = 20'260'230}), reason::bad_date);
    EXPECT_EQ(refusal_of({.value_date = 0}), reason::bad_date);
    EXPECT_EQ(refusal_of({.earliest = 2'000, .latest = 1'000}), reason::bad_date);
    EXPECT_EQ(refusal_of({.latest = time_limit_ms}), reason::bad_date);
    EXPECT_EQ(refusal_of({.instruction_id = std::string(36, 'A')}), reason::bad_form);
    EXPECT_EQ(refusal_of({.instruction_id = "no_underscore"}), reason::bad_form);
    Instruction instruction = instruction_of({});
    instruction.uetr[6] = 0x10;  // a UUID of version 1
    EXPECT_EQ(refusal_of_instruction(instruction), reason::bad_form);
    instruction = instruction_of({});
    instruction.sealed_payload.assign(sealed_payload_bytes_max + 1, 0);
    EXPECT_EQ(refusal_of_instruction(instruction), reason::bad_form);
}

TEST_F(PaymentTest, messages_that_move_no_money_are_refused) {
    for (const std::string_view type : {"ADV9", "P004", "P00X"})
        EXPECT_EQ(refusal_of({.type = type}), reason::unsupported) << type;
}

TEST_F(PaymentTest, urgent_is_for_the_operator) {
    EXPECT_EQ(refusal_of({.priority = Priority::urgent}), reason::forbidden);
    chain.send(operator_key(), calls::set_role(Role::operator_, maker_of(0), true));
    chain.issue(0, 1'000);
    EXPECT_EQ(chain.pay({.priority = Priority::urgent}).status, Status::settled);
}

/// Every id near a payment's, its row's keys, and keys of the tables beside it.
std::vector<PaymentId> ids_made_up_about(const PaymentId& id) {
    std::vector<PaymentId> ids{record_key(id)};
    for (std::uint64_t by = 1; by <= 16; ++by) {
        ids.push_back(slot_after(id, by));
        ids.push_back(slot_after(record_key(id), by));
    }
    for (std::uint8_t table = 0; table < 0x20; ++table)
        for (const std::uint64_t field : {0, 1, 2, 256}) {
            PaymentId row{};
            row[0] = table;
            core::write_be64(&row[1], field);
            ids.push_back(row);
        }
    return ids;
}

TEST_F(PaymentTest, an_id_that_is_made_up_names_no_payment_whatever_lies_in_storage) {
    chain.issue(0, 100);
    const PaymentDraft settled{.amount = 90};
    // A latest time is a number that the payer chooses; here it looks like the slot of a record.
    const PaymentDraft queued{.amount = 500, .number = 2, .latest = genesis_time_ms + hour_ms};
    ASSERT_EQ(chain.pay(settled).status, Status::settled);
    ASSERT_EQ(chain.pay(queued).status, Status::queued);
    for (const PaymentDraft& draft : {settled, queued})
        for (const PaymentId& id : ids_made_up_about(id_of(draft))) {
            EXPECT_EQ(chain.payment(id).status, Status::none);
            for (const ContractCall& act :
                 {calls::cancel(id, {}), calls::hold(id), calls::unhold(id), calls::approve(id, core::Hash{}),
                  calls::refuse(id, {}), calls::set_priority(id, Priority::high)}) {
                const auto outcome = chain.look(act, maker_of(0));
                EXPECT_FALSE(outcome.succeeded());
                const auto refused = decode_refusal(outcome.output);
                ASSERT_TRUE(refused.has_value());
                EXPECT_EQ(refused->code, reason::unknown_reference);
            }
        }
    EXPECT_EQ(chain.status(settled), Status::settled);
    EXPECT_EQ(chain.status(queued), Status::queued);
}

TEST_F(PaymentTest, input_that_is_no_encoding_reverts_without_reason) {
    ContractCall call = calls::submit(instruction_of({}));
    call.data.resize(call.data.size() - 64);
    const CallOutcome outcome = chain.send(maker_of(0), call);
    EXPECT_FALSE(outcome.succeeded());
    EXPECT_TRUE(outcome.output.empty());
}

// ---- dates and times

TEST_F(PaymentTest, a_value_date_inside_the_window_is_taken_and_one_outside_is_refused) {
    chain.issue(0, 1'000);
    EXPECT_EQ(chain.pay({.number = 1, .value_date = 20'260'131}).status, Status::settled);
    // 400 days before and after 2026-02-02.
    EXPECT_EQ(chain.pay({.number = 2, .value_date = 20'241'229}).status, Status::settled);
    EXPECT_EQ(refusal_of({.number = 3, .value_date = 20'241'228}), reason::bad_date);
    EXPECT_EQ(chain.pay({.number = 4, .value_date = 20'270'309}).status, Status::warehoused);
    EXPECT_EQ(refusal_of({.number = 5, .value_date = 20'270'310}), reason::bad_date);
}

TEST_F(PaymentTest, a_repetition_is_answered_even_when_its_date_has_left_the_window) {
    chain.issue(0, 1'000);
    const PaymentDraft draft{.value_date = 20'241'229};
    chain.pay(draft);
    EXPECT_EQ(chain.pay(draft, genesis_time_ms + 2 * day_ms).status, Status::settled);
    EXPECT_EQ(chain.balance(0), 900);
}

TEST_F(PaymentTest, after_its_latest_time_it_is_recorded_as_rejected) {
    chain.issue(0, 1'000);
    const core::UnixMs now = core::time_ms_of(chain.head) + 10;
    EXPECT_EQ(chain.pay({.latest = now - 1}, now), (Submitted{Status::rejected, reason::too_late}));
    EXPECT_EQ(chain.balance(0), 1'000);
    EXPECT_EQ(chain.pay({.number = 2, .latest = now + 10}, now + 10).status, Status::settled);
}

TEST_F(PaymentTest, a_latest_time_before_the_value_date_begins_is_refused) {
    EXPECT_EQ(refusal_of({.value_date = 20'260'203, .latest = genesis_time_ms + hour_ms}), reason::bad_date);
}

TEST_F(PaymentTest, a_future_value_date_waits_for_its_day_in_the_currency_s_zone) {
    chain.issue(0, 1'000, jpy);
    // In Tokyo it is 17:00; the next day begins at 15:00 UTC.
    const core::UnixMs begins = genesis_time_ms + 7 * hour_ms;
    const PaymentDraft draft{.currency = jpy, .value_date = 20'260'203};
    EXPECT_EQ(chain.pay(draft).status, Status::warehoused);
    EXPECT_EQ(chain.next_due(), begins);
    chain.block({}, begins - 1);
    EXPECT_EQ(chain.status(draft), Status::warehoused);
    chain.block({}, begins);
    EXPECT_EQ(chain.status(draft), Status::settled);
    EXPECT_EQ(chain.balance(1, jpy), 100);
    EXPECT_EQ(chain.next_due(), std::nullopt);
}

TEST_F(PaymentTest, an_earliest_time_is_kept) {
    chain.issue(0, 1'000);
    const core::UnixMs earliest = genesis_time_ms + hour_ms;
    const PaymentDraft draft{.earliest = earliest};
    EXPECT_EQ(chain.pay(draft).status, Status::warehoused);
    EXPECT_EQ(chain.payment(id_of(draft)).release, earliest);
    chain.block({}, earliest);
    EXPECT_EQ(chain.status(draft), Status::settled);
}

TEST_F(PaymentTest, a_released_payment_passes_the_entry_test_like_any_other) {
    const core::UnixMs earliest = genesis_time_ms + hour_ms;
    const PaymentDraft draft{.earliest = earliest, .latest = earliest + hour_ms};
    chain.pay(draft);
    chain.block({}, earliest);
    EXPECT_EQ(chain.status(draft), Status::queued);
    EXPECT_EQ(chain.next_due(), earliest + hour_ms + 1);
    chain.block({}, earliest + hour_ms + 1);
    EXPECT_EQ(chain.payment(id_of(draft)).status, Status::expired);
    EXPECT_EQ(chain.payment(id_of(draft)).reason, reason::timed_out);
}

TEST_F(PaymentTest, a_queued_payment_expires_after_its_latest_time_and_not_at_it) {
    const core::UnixMs latest = genesis_time_ms + hour_ms;
    const PaymentDraft draft{.latest = latest};
    chain.pay(draft);
    chain.block({}, latest);
    EXPECT_EQ(chain.status(draft), Status::queued);
    // Funds in the very block in which it expires come too late.
    const Sent funds{issuer_key(), calls::issue({bank_bic(0), eur, 500, core::word_from_u64(77)})};
    chain.block({funds}, latest + 1);
    EXPECT_EQ(chain.status(draft), Status::expired);
    EXPECT_EQ(chain.balance(0), 500);
    EXPECT_TRUE(chain.queue(0).empty());
}

TEST_F(PaymentTest, a_late_block_expires_what_should_have_been_released) {
    const PaymentDraft draft{.earliest = genesis_time_ms + hour_ms, .latest = genesis_time_ms + 2 * hour_ms};
    chain.issue(0, 1'000);
    chain.pay(draft);
    chain.block({}, genesis_time_ms + 3 * hour_ms);
    EXPECT_EQ(chain.status(draft), Status::expired);
    EXPECT_EQ(chain.balance(0), 1'000);
}

// ---- batches and signatures

TEST_F(PaymentTest, a_batch_submits_in_order) {
    chain.issue(0, 150);
    const std::vector<Instruction> batch{instruction_of({.amount = 100, .number = 1}),
                                         instruction_of({.amount = 100, .number = 2}),
                                         instruction_of({.amount = 10, .number = 3})};
    const CallOutcome outcome = chain.send(maker_of(0), calls::submit_batch(batch));
    EXPECT_EQ(results::statuses(outcome.output),
              (std::vector<Status>{Status::settled, Status::queued, Status::queued}));
}

TEST_F(PaymentTest, one_refused_instruction_refuses_its_batch_and_is_named) {
    chain.issue(0, 1'000);
    const std::vector<Instruction> batch{instruction_of({.number = 1}),
                                         instruction_of({.amount = 0, .number = 2})};
    const CallOutcome outcome = chain.send(maker_of(0), calls::submit_batch(batch));
    EXPECT_EQ(decode_refusal(outcome.output), (RefusalInfo{reason::zero_amount, 1}));
    EXPECT_EQ(chain.status({.number = 1}), Status::none);
    EXPECT_EQ(chain.balance(0), 1'000);
}

class SignedPaymentTest : public PaymentTest {
  protected:
    void SetUp() override {
        key.writable_bytes()[31] = 42;
        const core::Address maker = crypto::address_of(key);
        chain.give_key(0, core::KeyDuty::maker, maker);
        chain.issue(0, 1'000);
    }
    ContractCall signed_call(const Instruction& instruction) const {
        return signed_call(instruction, chain.signing_domain());
    }
    ContractCall signed_call(const Instruction& instruction, const SigningDomain& domain) const {
        return calls::submit_signed(instruction,
                                    crypto::sign(signing_digest(view_of(instruction), domain), key));
    }
    crypto::PrivateKey key{};
    core::Address relay{0x77};
};

TEST_F(SignedPaymentTest, anybody_may_relay_what_a_maker_signed) {
    const Instruction instruction = instruction_of({.amount = 250});
    const CallOutcome outcome = chain.send(relay, signed_call(instruction));
    EXPECT_EQ(results::submitted(outcome.output), (Submitted{Status::settled, reason::none}));
    chain.send(relay, signed_call(instruction));
    EXPECT_EQ(chain.balance(0), 750) << "a replay pays nothing";
}

TEST_F(SignedPaymentTest, a_signature_for_another_chain_or_content_is_nobody_s) {
    Instruction instruction = instruction_of({.amount = 250});
    SigningDomain other = chain.signing_domain();
    ++other.chain_id;
    EXPECT_EQ(chain.refusal(relay, signed_call(instruction, other)), reason::forbidden);
    other = chain.signing_domain();
    other.genesis_hash[0] ^= 1;
    EXPECT_EQ(chain.refusal(relay, signed_call(instruction, other)), reason::forbidden)
        << "another chain with the same number";
    const core::Signature signature =
        crypto::sign(signing_digest(view_of(instruction), chain.signing_domain()), key);
    instruction.amount = 251;
    EXPECT_EQ(chain.refusal(relay, calls::submit_signed(instruction, signature)), reason::forbidden);
}

TEST(FirstBlock, a_signed_payment_in_it_is_bound_to_genesis_as_well) {
    crypto::PrivateKey key{};
    key.writable_bytes()[31] = 43;
    core::ChainSpec spec = settlement_spec(2);
    spec.participants[0].keys[1].address = crypto::address_of(key);
    SettlementChain chain(spec);
    const Instruction instruction = instruction_of({.amount = 250});
    const auto digest = signing_digest(view_of(instruction), chain.signing_domain());
    const CallOutcome outcome =
        chain.send(core::Address{0x77}, calls::submit_signed(instruction, crypto::sign(digest, key)));
    EXPECT_EQ(results::submitted(outcome.output), (Submitted{Status::queued, reason::insufficient_funds}));
}

TEST_F(SignedPaymentTest, a_stripped_payload_breaks_the_signature) {
    Instruction instruction = instruction_of({.amount = 250});
    instruction.sealed_payload = {1, 2, 3};
    const core::Signature signature =
        crypto::sign(signing_digest(view_of(instruction), chain.signing_domain()), key);
    instruction.sealed_payload.clear();
    EXPECT_EQ(chain.refusal(relay, calls::submit_signed(instruction, signature)), reason::forbidden);
}

TEST_F(SignedPaymentTest, a_signature_of_another_form_is_refused) {
    const Instruction instruction = instruction_of({.amount = 250});
    ContractCall call = signed_call(instruction);
    call.data[call.data.size() - 32 + 0] = 29;  // v, the first byte of the last word
    EXPECT_EQ(chain.refusal(relay, call), reason::bad_form);
}

// ---- identity

TEST(PaymentIdentity, the_key_is_the_hash_of_payer_uetr_and_type) {
    const Instruction instruction = instruction_of({});
    core::Bytes packed(instruction.payer.begin(), instruction.payer.end());
    core::append(packed, instruction.uetr);
    packed.insert(packed.end(), instruction.message_type.begin(), instruction.message_type.end());
    EXPECT_EQ(payment_id(view_of(instruction)), core::keccak256(packed));
}

TEST(PaymentIdentity, every_member_but_the_sealed_payload_is_content) {
    const Instruction original = instruction_of({});
    std::vector<Instruction> variants(13, original);
    variants[0].uetr[15] ^= 1;
    variants[1].message_type = {'P', '0', '0', '8'};
    variants[2].payer[10] = '1';
    variants[3].payee[10] = '1';
    variants[4].currency = usd;
    variants[5].amount += 1;
    variants[6].priority = Priority::low;
    variants[7].value_date += 1;
    variants[8].earliest = 1;
    variants[9].latest = 1;
    variants[10].instruction_id = "INSTR-";
    variants[10].end_to_end_id = "1E2E-1";
    variants[11].end_to_end_id = "";
    variants[12].message_hash[0] = 1;
    for (std::size_t i = 0; i < variants.size(); ++i) {
        EXPECT_NE(content_hash(view_of(variants[i])), content_hash(view_of(original))) << i;
        EXPECT_NE(signing_digest(view_of(variants[i]), {1, {}}), signing_digest(view_of(original), {1, {}}))
            << i;
    }
    Instruction sealed = original;
    sealed.sealed_payload = {1};
    EXPECT_EQ(content_hash(view_of(sealed)), content_hash(view_of(original)));
    EXPECT_NE(signing_digest(view_of(sealed), {1, {}}), signing_digest(view_of(original), {1, {}}));
}

}  // namespace
}  // namespace sluice::contracts
