#include "tests/contracts/native/settlement_chain.hpp"

#include <algorithm>

#include "contracts/genesis_state.hpp"
#include "contracts/native/queue_index.hpp"

namespace sluice::contracts::test {

using namespace native;

namespace {

constexpr core::Gas call_gas = 20'000'000;

core::Address key(std::uint8_t kind, std::size_t number) {
    core::Address address{};
    address[0] = 0xc0;
    address[1] = kind;
    address[18] = static_cast<std::uint8_t>(number >> 8);
    address[19] = static_cast<std::uint8_t>(number);
    return address;
}

core::TransactionPtr transaction_of(const Sent& act, std::uint64_t nonce) {
    core::Transaction transaction;
    transaction.type = core::TransactionType::dynamic_fee;
    transaction.chain_id = settlement_chain_id;
    transaction.nonce = nonce;
    transaction.gas_limit = 2'000'000 + 16 * static_cast<core::Gas>(act.call.data.size());
    transaction.to = act.call.to;
    transaction.data = act.call.data;
    core::Bytes encoded = core::encode(transaction);
    const core::Hash hash = core::keccak256(encoded);
    return std::make_shared<const core::RecoveredTransaction>(core::RecoveredTransaction{
        std::move(transaction), core::share(std::move(encoded)), hash, act.sender});
}

}  // namespace

BicText bank_bic(std::size_t number) {
    BicText bic{'B', 'K', 'A', 'A', 'D', 'E', 'F', 'F', '0', '0', '0'};
    bic[2] = static_cast<char>('A' + number / 26);
    bic[3] = static_cast<char>('A' + number % 26);
    return bic;
}

core::Address bank_key(std::size_t number, std::uint8_t kind) {
    return key(kind, number);
}

core::Address operator_key(std::uint8_t number) {
    return key(0x10, number);
}

core::Address issuer_key() {
    return key(0x11, 0);
}

core::Address validator_key(std::size_t number) {
    return key(0x20, number);
}

core::ChainSpec settlement_spec(std::size_t banks, std::uint32_t operators, std::uint32_t threshold) {
    core::ChainSpec spec;
    spec.chain_id = settlement_chain_id;
    spec.time_ms = genesis_time_ms;
    for (std::uint8_t i = 0; i < 4; ++i)
        spec.validators.push_back(
            {.name = "node-" + std::to_string(i), .address = validator_key(i), .bic = bic_of(bank_bic(i))});
    spec.currencies.push_back({.code = currency_of(eur)});
    spec.currencies.push_back({.code = currency_of(usd), .value_date = 20'260'203});
    spec.currencies.push_back({.code = currency_of(jpy), .exponent = 0, .time_zone = "UTC+09:00"});
    for (std::size_t i = 0; i < banks; ++i)
        spec.participants.push_back({.name = "Bank " + std::to_string(i),
                                     .bic = bic_of(bank_bic(i)),
                                     .lei = "",
                                     .keys = {{core::KeyDuty::admin, admin_of(i)},
                                              {core::KeyDuty::maker, maker_of(i)},
                                              {core::KeyDuty::approver, approver_of(i)}}});
    for (std::uint32_t i = 0; i < operators; ++i)
        spec.operators.keys.push_back(operator_key(static_cast<std::uint8_t>(i)));
    spec.operators.threshold = threshold;
    spec.operators.issuers = {issuer_key()};
    return spec;
}

UetrBytes uetr_of(std::uint64_t number) {
    UetrBytes uetr{};
    core::write_be64(uetr.data(), number * 0x9e3779b97f4a7c15ull);
    core::write_be64(uetr.data() + 8, number);
    uetr[6] = static_cast<std::uint8_t>((uetr[6] & 0x0f) | 0x40);
    uetr[8] = static_cast<std::uint8_t>((uetr[8] & 0x3f) | 0x80);
    return uetr;
}

Instruction instruction_of(const PaymentDraft& draft) {
    Instruction instruction;
    instruction.uetr = uetr_of(draft.number);
    std::copy_n(draft.type.begin(), 4, instruction.message_type.begin());
    instruction.payer = bank_bic(draft.payer);
    instruction.payee = bank_bic(draft.payee);
    instruction.currency = draft.currency;
    instruction.amount = draft.amount;
    instruction.priority = draft.priority;
    instruction.value_date = draft.value_date;
    instruction.earliest = draft.earliest;
    instruction.latest = draft.latest;
    instruction.instruction_id = draft.instruction_id;
    instruction.end_to_end_id = "E2E-1";
    return instruction;
}

Sent submit(const PaymentDraft& draft) {
    return {maker_of(draft.payer), calls::submit(instruction_of(draft))};
}

SettlementChain::SettlementChain(const core::ChainSpec& spec) {
    const GenesisBlock genesis = make_genesis(spec, settlement_registry());
    state.apply(genesis.diff);
    head = genesis.header;
    genesis_hash_ = core::hash_of(head);
    validators_ = std::make_shared<const core::ValidatorSet>(genesis.validators);
}

BlockContext SettlementChain::next_context(core::UnixMs time_ms) const {
    return context_after(head, core::hash_of(head),
                         {.miner = validators_->at(0),
                          .time_ms = time_ms != 0 ? time_ms : core::time_ms_of(head) + 1'000,
                          .chain_id = settlement_chain_id,
                          .parameters = chain_parameters(state, settlement_registry()),
                          .validators = validators_,
                          .queues = queues_});
}

std::vector<core::TransactionPtr> SettlementChain::sign(const std::vector<Sent>& acts) {
    std::vector<core::TransactionPtr> transactions;
    for (const Sent& act : acts)
        transactions.push_back(transaction_of(act, nonces_[act.sender]++));
    return transactions;
}

void SettlementChain::append(const BlockContext& context) {
    state.apply(last.diff);
    head = assemble_header(context, last, core::keccak256(core::word_from_u64(context.height)));
    validators_ = last.next_validators;
    queues_ = last.queues;
}

void SettlementChain::block_unchecked(const std::vector<Sent>& acts) {
    const BlockContext context = next_context();
    last = execute_block(state, context, sign(acts), Mode::build, settlement_registry());
    append(context);
}

ExecutionResult SettlementChain::block(const std::vector<Sent>& acts, core::UnixMs time_ms) {
    const BlockContext context = next_context(time_ms);
    last = execute_block(state, context, sign(acts), Mode::build, settlement_registry());
    EXPECT_FALSE(last.fault.has_value());
    EXPECT_TRUE(last.skipped.empty());
    EXPECT_EQ(last.money, MoneyVerdict::conserved);
    EXPECT_TRUE(find_money_faults(last.diff, state).empty());
    // Whoever checks a block may not have the queues at hand, and still has to agree.
    BlockContext without_queues = context;
    without_queues.queues = nullptr;
    const ExecutionResult checked =
        execute_block(state, without_queues, last.transactions, Mode::check, settlement_registry());
    EXPECT_FALSE(checked.fault.has_value());
    EXPECT_EQ(checked.diff, last.diff);
    EXPECT_EQ(checked.receipts, last.receipts);

    append(context);
    EXPECT_EQ(last.next_due, next_due());
    EXPECT_EQ(*last.next_validators, validators_after(state, settlement_registry()));
    EXPECT_EQ(*checked.next_validators, *last.next_validators);
    check_queues();
    check_money();
    return last;
}

void SettlementChain::check_queues() const {
    JournaledState journal(state);
    EXPECT_TRUE(*queues_ == *QueueIndex::read(journal)) << "the index follows the state";
}

void SettlementChain::check_money() {
    MoneyAudit audit;
    state.for_each_slot(accounts_address,
                        [&](const core::Word& slot, const core::Word& value) { audit.add(slot, value); });
    EXPECT_TRUE(audit.faults().empty());
}

CallOutcome SettlementChain::look(const ContractCall& call, const core::Address& from) const {
    CallRequest request;
    request.from = from;
    request.to = call.to;
    request.data = call.data;
    return simulate_call(state, next_context(), request, call_gas, settlement_registry());
}

CallOutcome SettlementChain::send(const core::Address& sender, const ContractCall& call,
                                  core::UnixMs time_ms) {
    CallRequest request;
    request.from = sender;
    request.to = call.to;
    request.data = call.data;
    CallOutcome outcome =
        simulate_call(state, next_context(time_ms), request, call_gas, settlement_registry());
    block({{sender, call}}, time_ms);
    EXPECT_EQ(outcome.succeeded(), last.receipts.at(0).succeeded);
    return outcome;
}

void SettlementChain::issue(std::size_t bank, core::Minor amount, const CurrencyText& currency) {
    const CallOutcome outcome =
        send(issuer_key(), calls::issue({.bic = bank_bic(bank),
                                         .currency = currency,
                                         .amount = amount,
                                         .rtgs_reference = core::word_from_u64(++issues_)}));
    EXPECT_EQ(results::flag(outcome.output), true);
}

void SettlementChain::give_key(std::size_t bank, core::KeyDuty duty, const core::Address& key) {
    EXPECT_TRUE(send(admin_of(bank), calls::set_key({bank_bic(bank), duty, key})).succeeded());
    EXPECT_TRUE(send(key, calls::accept_key(bank_bic(bank), duty)).succeeded());
}

Submitted SettlementChain::pay(const PaymentDraft& draft, core::UnixMs time_ms) {
    const Sent act = submit(draft);
    const CallOutcome outcome = send(act.sender, act.call, time_ms);
    const auto submitted = results::submitted(outcome.output);
    EXPECT_TRUE(outcome.succeeded() && submitted.has_value());
    return submitted.value_or(Submitted{});
}

ReasonCode SettlementChain::refusal(const core::Address& sender, const ContractCall& call) {
    const CallOutcome outcome = send(sender, call);
    EXPECT_FALSE(outcome.succeeded());
    EXPECT_TRUE(last.receipts.at(0).logs.empty());
    const auto refused = decode_refusal(outcome.output);
    EXPECT_TRUE(refused.has_value());
    return refused ? refused->code : ReasonCode{};
}

void SettlementChain::set_credit_line(std::size_t bank, core::Minor line) {
    JournaledState journal(state);
    journal.begin_transaction();
    const Storage accounts(journal, accounts_address);
    Account account(accounts, {static_cast<ParticipantIndex>(bank + 1), 1});
    account.set_credit_line(line);
    account.store();
    journal.finish_transaction();
    state.apply(journal.take_diff());
}

PositionInfo SettlementChain::position(std::size_t bank, const CurrencyText& currency) const {
    const auto position = results::position(look(calls::position(bank_bic(bank), currency)).output);
    EXPECT_TRUE(position.has_value());
    return position.value_or(PositionInfo{});
}

PaymentInfo SettlementChain::payment(const PaymentId& id) const {
    const auto payment = results::payment(look(calls::payment(id)).output);
    EXPECT_TRUE(payment.has_value());
    return payment.value_or(PaymentInfo{});
}

std::vector<PaymentId> SettlementChain::queue(std::size_t bank, bool incoming) const {
    const CallOutcome outcome =
        look(calls::queue_of({.bic = bank_bic(bank), .currency = eur, .incoming = incoming}));
    const auto ids = results::payment_ids(outcome.output);
    EXPECT_TRUE(ids.has_value());
    return ids.value_or(std::vector<PaymentId>{});
}

std::size_t SettlementChain::slots_of(const core::Address& contract) const {
    std::size_t count = 0;
    state.for_each_slot(contract, [&](const core::Word&, const core::Word&) { ++count; });
    return count;
}

std::vector<SettlementEvent> SettlementChain::events() const {
    std::vector<SettlementEvent> events;
    for (const core::Receipt& receipt : last.receipts)
        for (const core::Log& log : receipt.logs)
            if (auto event = decode_event(log)) events.push_back(std::move(*event));
    return events;
}

std::string text_of(const ReasonCode& code) {
    return {code.begin(), code.end()};
}

}  // namespace sluice::contracts::test
