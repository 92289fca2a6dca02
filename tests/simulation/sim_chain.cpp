#include "tests/simulation/sim_chain.hpp"

#include <fmt/format.h>

#include "contracts/native/settlement_calls.hpp"
#include "core/check.hpp"

namespace sluice::simulation {
namespace {

namespace native = contracts::native;

constexpr std::uint64_t sim_chain_id = 20022;
const core::CurrencyCode euro = *core::CurrencyCode::parse("EUR");

}  // namespace

crypto::PrivateKey key_of(std::string_view label, std::uint64_t number) {
    const auto seed = fmt::format("sluice simulation {} {}", label, number);
    return crypto::PrivateKey(std::span<const std::uint8_t, 32>(core::keccak256(core::view(seed))));
}

core::Bic bic_of_bank(std::size_t bank) {
    return *core::Bic::parse(fmt::format("BNK{}DEFF", static_cast<char>('A' + bank)));
}

node::Chain make_sim_chain(std::size_t validators, core::UnixMs time_ms, std::uint64_t rotation_period) {
    core::ChainSpec spec;
    spec.chain_id = sim_chain_id;
    spec.time_ms = time_ms;
    spec.devnet = true;
    spec.rotation_period = rotation_period;
    for (std::size_t i = 0; i < validators; ++i)
        spec.validators.push_back({.name = fmt::format("node-{}", i),
                                   .address = crypto::address_of(key_of("validator", i)),
                                   .bic = *core::Bic::parse(fmt::format("VAL{}DEFF", i))});
    spec.currencies.push_back({.code = euro});
    for (std::size_t i = 0; i < bank_count; ++i)
        spec.participants.push_back(
            {.name = fmt::format("bank-{}", i),
             .bic = bic_of_bank(i),
             .lei = "",
             .keys = {{core::KeyDuty::admin, crypto::address_of(key_of("admin", i))},
                      {core::KeyDuty::maker, crypto::address_of(key_of("maker", i))}}});
    const auto operator_address = crypto::address_of(key_of("operator", 0));
    spec.operators.keys = {operator_address};
    spec.operators.issuers = {operator_address};
    CHECK(!core::find_fault(spec));
    return node::make_chain(std::move(spec));
}

Workload::Workload(const node::Chain& chain, Random random)
    : chain_id_(chain.spec.chain_id),
      time_ms_(chain.spec.time_ms),
      value_date_(core::date_from_days(static_cast<std::int64_t>(chain.spec.time_ms / 86'400'000))),
      random_(random),
      maker_nonces_(bank_count, 0) {}

core::TransactionPtr Workload::sign_call(const crypto::PrivateKey& key, std::uint64_t& nonce,
                                         core::Address to, core::Bytes data) {
    core::Transaction transaction;
    transaction.type = core::TransactionType::dynamic_fee;
    transaction.chain_id = chain_id_;
    transaction.nonce = nonce++;
    transaction.gas_limit = 1'000'000;
    transaction.to = to;
    transaction.data = std::move(data);
    core::sign(transaction, key);
    auto recovered = core::recover_transaction(core::share(core::encode(transaction)));
    CHECK(recovered.has_value());
    submitted_.push_back(*recovered);
    return *recovered;
}

core::TransactionPtr Workload::next() {
    if (issued_ < bank_count) {
        const auto call = native::calls::issue({.bic = bic_of_bank(issued_).chars(),
                                                .currency = euro.chars(),
                                                .amount = 1'000'00,
                                                .rtgs_reference = core::word_from_u64(issued_ + 1)});
        ++issued_;
        return sign_call(key_of("operator", 0), operator_nonce_, call.to, call.data);
    }
    const auto payer = random_.below(bank_count);
    // A repeat carries the number of an earlier payment: the same business key, perhaps with other content.
    const auto number = payments_ > 0 && random_.percent(10) ? random_.below(payments_) : payments_++;
    const auto seed = core::keccak256(core::view(fmt::format("uetr {}", number)));
    std::array<std::uint8_t, 16> bytes{};
    std::copy_n(seed.begin(), bytes.size(), bytes.begin());
    native::Instruction instruction;
    instruction.uetr = core::Uetr::from_random(bytes).bytes;
    instruction.message_type = native::tag_of(native::MessageType::bank_credit);
    instruction.payer = bic_of_bank(payer).chars();
    instruction.payee = bic_of_bank((payer + 1 + random_.below(bank_count - 1)) % bank_count).chars();
    instruction.currency = euro.chars();
    instruction.amount = random_.between(1, 900'00);
    instruction.priority = random_.percent(20) ? native::Priority::high : native::Priority::normal;
    instruction.value_date = value_date_;
    if (random_.percent(15)) instruction.latest = time_ms_ + random_.below(30'000);
    instruction.instruction_id = fmt::format("I{}", number);
    instruction.end_to_end_id = "E2E";
    const auto call = native::calls::submit(instruction);
    return sign_call(key_of("maker", payer), maker_nonces_[payer], call.to, call.data);
}

}  // namespace sluice::simulation
