#include "tests/support/test_chain.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "contracts/genesis_state.hpp"
#include "contracts/header_rules.hpp"
#include "core/check.hpp"
#include "node/block_index.hpp"

namespace sluice::test {
namespace {

namespace native = contracts::native;

/// Keys "validator-0" and so on, as far as any test goes.
constexpr std::size_t validator_labels_max = 12;

core::CurrencyCode currency_of(std::string_view text) {
    return *core::CurrencyCode::parse(text);
}

core::Bic bic_of_bank(std::size_t number) {
    return *core::Bic::parse(fmt::format("BNK{}DEFF", static_cast<char>('A' + number)));
}

core::GenesisParticipant bank_entry(std::size_t number) {
    const auto key = [&](core::KeyDuty duty, std::string_view word) {
        return core::GenesisKey{duty, address_of(fmt::format("{}-{}", word, number))};
    };
    return {.name = fmt::format("bank-{}", number),
            .bic = bic_of_bank(number),
            .lei = "",
            .keys = {key(core::KeyDuty::admin, "admin"), key(core::KeyDuty::maker, "maker"),
                     key(core::KeyDuty::approver, "approver")}};
}

core::ChainSpec spec_of(const TestChainOptions& options) {
    core::ChainSpec spec;
    spec.chain_id = 20'022;
    spec.time_ms = options.time_ms;
    spec.devnet = true;
    for (std::size_t i = 0; i < options.validators; ++i)
        spec.validators.push_back({.name = fmt::format("node-{}", i),
                                   .address = address_of(fmt::format("validator-{}", i)),
                                   .bic = *core::Bic::parse(fmt::format("VAL{}DEFF", i))});
    spec.currencies.push_back({.code = currency_of("EUR")});
    spec.currencies.push_back({.code = currency_of("JPY"), .exponent = 0});
    if (options.yen_closes) spec.currencies.back().phase_mode = core::PhaseMode::business_day;
    for (std::size_t i = 0; i < options.banks; ++i)
        spec.participants.push_back(bank_entry(i));
    spec.operators.keys = {address_of("operator")};
    spec.operators.issuers = {address_of("operator")};
    const auto rich = *core::uint256_from_decimal("1000000000000000000000000");
    spec.alloc.push_back(
        {.address = address_of("dev"), .balance = rich, .nonce = 0, .code = {}, .storage = {}});
    CHECK(!core::find_fault(spec));
    return spec;
}

/// Everything of a block that was executed.
node::ExecutedBlock executed(const contracts::BlockContext& context, contracts::ExecutionResult result,
                             ledger::PreparedState state) {
    const auto header = contracts::assemble_header(context, result, state.state_root());
    core::Block block{header, result.transactions};
    auto encoded = core::share(core::encode(block));
    return {.block = std::move(block),
            .hash = core::hash_of(header),
            .encoded = std::move(encoded),
            .receipts = std::move(result.receipts),
            .state = std::move(state),
            .next_validators = std::move(result.next_validators),
            .next_due = result.next_due,
            .queues = std::move(result.queues),
            .balances = {}};
}

}  // namespace

crypto::PrivateKey key_of(std::string_view label) {
    const auto digest = core::keccak256(core::view(fmt::format("sluice test {}", label)));
    return crypto::PrivateKey(std::span<const std::uint8_t, 32>(digest));
}

core::Address address_of(std::string_view label) {
    return crypto::address_of(key_of(label));
}

core::Uetr uetr_of(std::uint64_t number) {
    const auto seed = core::keccak256(core::view(fmt::format("uetr {}", number)));
    std::array<std::uint8_t, 16> bytes{};
    std::copy_n(seed.begin(), bytes.size(), bytes.begin());
    return core::Uetr::from_random(bytes);
}

TestChain::TestChain(TestChainOptions options)
    : options_(options),
      chain_(node::make_chain(spec_of(options))),
      store_(std::make_unique<ledger::MemoryStore>()) {
    open();
}

void TestChain::open() {
    auto genesis = contracts::make_genesis(chain_.spec);
    auto created = ledger::Ledger::create(
        *store_, {chain_.genesis, std::move(genesis.diff), std::move(genesis.validators), {}},
        options_.ledger);
    CHECK(created.has_value());
    ledger_ = std::make_unique<ledger::Ledger>(std::move(created->ledger));
    state_ = std::make_unique<ledger::HeadState>(std::move(created->state));
}

core::Bic TestChain::bank(std::size_t number) const {
    return bic_of_bank(number);
}

contracts::TransactionRules TestChain::rules() const {
    return {chain_id(), chain_.spec.block_gas_limit, chain_.spec.transaction_gas_limit};
}

core::UnixMs TestChain::time_ms() const {
    return core::time_ms_of(snapshot()->head());
}

node::FinalBlock TestChain::append(std::vector<core::TransactionPtr> transactions, core::UnixMs after_ms) {
    const auto head = snapshot();
    const auto validators = std::make_shared<const core::ValidatorSet>(*head->validators(head->height() + 1));
    const auto& view = state_->view();
    const auto context = contracts::context_after(head->head(), head->hash(),
                                                  {.miner = validators->at(0),
                                                   .time_ms = time_ms() + after_ms,
                                                   .chain_id = chain_id(),
                                                   .parameters = contracts::chain_parameters(view),
                                                   .validators = validators,
                                                   .queues = queues_});
    auto result = contracts::execute_block(view, context, transactions, contracts::Mode::build);
    CHECK(result.skipped.empty());
    CHECK(result.money == native::MoneyVerdict::conserved);
    auto prepared = state_->prepare(result.diff);
    auto block = std::make_shared<const node::ExecutedBlock>(
        executed(context, std::move(result), std::move(prepared)));
    std::vector<core::Hash> hashes;
    for (const auto& transaction : block->block.transactions)
        hashes.push_back(transaction->hash);
    auto snapshot =
        ledger_->append({.header = block->block.header,
                         .hash = block->hash,
                         .encoded_block = block->encoded,
                         .transaction_hashes = std::move(hashes),
                         .certificate = seal(block->block.header),
                         .receipts = block->receipts,
                         .state = block->state,
                         .next_validators = *block->next_validators,
                         .index_rows = node::block_index_rows(block->block.header.height, block->receipts)});
    state_->advance(block->state);
    queues_ = block->queues;
    return {std::move(snapshot), std::move(block)};
}

core::CommitCertificate TestChain::seal(const core::Header& header, core::View view) const {
    const auto set = snapshot()->validators(header.height);
    CHECK(set.has_value());
    core::CommitCertificate certificate{header.height, view, core::hash_of(header), {}};
    const auto digest = core::signing_digest(chain_.identity(), {.type = core::VoteType::commit,
                                                                 .height = header.height,
                                                                 .view = view,
                                                                 .digest = certificate.block_hash,
                                                                 .validators_hash = set->hash()});
    for (std::size_t i = 0; i < validator_labels_max; ++i) {
        const auto key = key_of(fmt::format("validator-{}", i));
        if (const auto index = set->index_of(crypto::address_of(key)))
            certificate.signatures.push_back({*index, crypto::sign(digest, key)});
    }
    std::sort(certificate.signatures.begin(), certificate.signatures.end(),
              [](const auto& a, const auto& b) { return a.index < b.index; });
    CHECK(certificate.signatures.size() == set->size());
    return certificate;
}

core::TransactionPtr TestChain::make(const Draft& draft) {
    auto& next = nonces_.try_emplace(std::string(draft.sender), 0).first->second;
    core::Transaction transaction;
    transaction.type = draft.type;
    transaction.chain_id = draft.chain_id.value_or(chain_id());
    transaction.nonce = draft.nonce ? *draft.nonce : next++;
    transaction.max_fee_per_gas = draft.max_fee;
    transaction.max_priority_fee_per_gas =
        draft.type == core::TransactionType::dynamic_fee ? draft.tip : draft.max_fee;
    transaction.gas_limit = draft.gas_limit;
    transaction.to = draft.to;
    transaction.value = draft.value;
    transaction.data = draft.data;
    core::sign(transaction, key_of(draft.sender));
    auto recovered = core::recover_transaction(core::share(core::encode(transaction)));
    CHECK(recovered.has_value());
    return std::move(*recovered);
}

core::TransactionPtr TestChain::call(std::string_view sender, const native::ContractCall& call) {
    return make({.sender = sender, .to = call.to, .data = call.data});
}

core::TransactionPtr TestChain::transfer(std::string_view to, std::uint64_t wei) {
    return make({.to = address_of(to), .value = core::Uint256(wei), .gas_limit = 21'000});
}

native::Instruction TestChain::instruction(const Payment& payment) const {
    native::Instruction instruction;
    instruction.uetr = uetr_of(payment.number).bytes;
    instruction.message_type = native::tag_of(payment.type);
    instruction.payer = bank(payment.from).chars();
    instruction.payee = bank(payment.to).chars();
    instruction.currency = currency_of(payment.currency).chars();
    instruction.amount = payment.amount;
    instruction.priority = payment.priority;
    instruction.value_date = core::date_at(options_.time_ms, 0);
    instruction.latest = payment.latest;
    instruction.instruction_id = fmt::format("I{}", payment.number);
    instruction.end_to_end_id = fmt::format("E{}", payment.number);
    return instruction;
}

core::TransactionPtr TestChain::pay(const Payment& payment) {
    return call(fmt::format("maker-{}", payment.from), native::calls::submit(instruction(payment)));
}

core::TransactionPtr TestChain::issue(std::size_t bank_number, core::Minor amount,
                                      std::string_view currency) {
    return call("operator", native::calls::issue({.bic = bank(bank_number).chars(),
                                                  .currency = currency_of(currency).chars(),
                                                  .amount = amount,
                                                  .rtgs_reference = core::word_from_u64(++issues_)}));
}

}  // namespace sluice::test
