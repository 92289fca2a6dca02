#include "tests/simulation/workload.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "contracts/native/settlement_calls.hpp"
#include "core/check.hpp"

namespace sluice::simulation {
namespace {

namespace native = contracts::native;

constexpr core::Gas payment_gas = 1'000'000;
constexpr core::Gas call_gas = 90'000;
constexpr std::array<std::string_view, 5> call_kinds{"contract call", "contract call that reverts",
                                                     "contract call that runs out of gas", "CREATE2",
                                                     "SELFDESTRUCT"};

core::Bytes call_data(std::uint8_t choice, std::uint64_t argument) {
    core::Bytes data{choice};
    core::append(data, core::word_from_u64(argument));
    return data;
}

}  // namespace

Workload::Workload(const ChainKit& kit, Random random, Coverage& coverage)
    : kit_(kit),
      random_(random),
      coverage_(coverage),
      value_date_(core::date_from_days(static_cast<std::int64_t>(kit.chain.spec.time_ms / 86'400'000))),
      operator_{&kit.operator_key, 0} {
    for (const auto& key : kit.maker_keys)
        makers_.push_back({&key, 0});
    for (const auto& key : kit.trader_keys)
        traders_.push_back({&key, 0});
}

core::TransactionPtr Workload::sign(Client& client, core::Address to, core::Bytes data, std::uint64_t value,
                                    core::Gas gas, std::string_view kind) {
    core::Transaction transaction;
    transaction.type = core::TransactionType::dynamic_fee;
    transaction.chain_id = kit_.chain.spec.chain_id;
    transaction.nonce = client.nonce++;
    transaction.gas_limit = gas;
    transaction.to = to;
    transaction.value = core::Uint256(value);
    transaction.data = std::move(data);
    core::sign(transaction, *client.key);
    auto recovered = core::recover_transaction(core::share(core::encode(transaction)));
    CHECK(recovered.has_value());
    submitted_.push_back(*recovered);
    kinds_.emplace((*recovered)->hash, kind);
    return *recovered;
}

core::TransactionPtr Workload::payment() {
    const auto payer = random_.below(bank_count);
    // A repeat carries the number of an earlier payment: the same business key, perhaps with other content.
    const bool repeats = payments_ > 0 && random_.percent(10);
    const auto number = repeats ? random_.below(payments_) : payments_++;
    const auto seed = core::keccak256(core::view(fmt::format("uetr {}", number)));
    std::array<std::uint8_t, 16> bytes{};
    std::copy_n(seed.begin(), bytes.size(), bytes.begin());
    native::Instruction instruction;
    instruction.uetr = core::Uetr::from_random(bytes).bytes;
    instruction.message_type = native::tag_of(native::MessageType::bank_credit);
    instruction.payer = bic_of_bank(payer).chars();
    instruction.payee = bic_of_bank((payer + 1 + random_.below(bank_count - 1)) % bank_count).chars();
    instruction.currency = sim_currency().chars();
    instruction.amount = random_.between(1, 900'00);
    instruction.priority = random_.percent(20) ? native::Priority::high : native::Priority::normal;
    instruction.value_date = value_date_;
    if (random_.percent(15)) instruction.latest = kit_.chain.spec.time_ms + 60'000 + random_.below(30'000);
    instruction.instruction_id = fmt::format("I{}", number);
    instruction.end_to_end_id = "E2E";
    const auto call = native::calls::submit(instruction);
    return sign(makers_[payer], call.to, call.data, 0, payment_gas,
                repeats ? "payment sent again" : "payment");
}

core::TransactionPtr Workload::trade() {
    auto& trader = traders_[random_.below(trader_count)];
    if (random_.percent(30)) {
        const auto amount = 1 + random_.below(1'000'000);
        const auto& other = *traders_[random_.below(trader_count)].key;
        return sign(trader, crypto::address_of(other), {}, amount, 21'000, "transfer of coins");
    }
    const auto choice = static_cast<std::uint8_t>(random_.below(call_kinds.size()));
    const auto argument = choice == 0 ? random_.below(4) : ++calls_;
    const auto value = choice == 4 ? 1 + random_.below(1000) : 0;
    return sign(trader, sim_contract(), call_data(choice, argument), value, call_gas, call_kinds[choice]);
}

core::TransactionPtr Workload::ordinary() {
    return random_.percent(65) ? payment() : trade();
}

Submission Workload::next() {
    if (issued_ < bank_count) {
        const auto call = native::calls::issue({.bic = bic_of_bank(issued_).chars(),
                                                .currency = sim_currency().chars(),
                                                .amount = 1'000'00,
                                                .rtgs_reference = core::word_from_u64(issued_ + 1)});
        ++issued_;
        return {{sign(operator_, call.to, call.data, 0, payment_gas, "issue")}, nullptr, false};
    }
    const auto oddity = random_.below(100);
    if (oddity < 6) {
        auto& trader = traders_[random_.below(trader_count)];
        auto first = sign(trader, sim_contract(), call_data(0, 7), 0, call_gas, "contract call");
        auto second = sign(trader, sim_contract(), call_data(0, 8), 0, call_gas, "after a nonce gap");
        return {{std::move(second)}, std::move(first), false};
    }
    if (oddity < 10) {
        auto& trader = traders_[random_.below(trader_count)];
        auto one = sign(trader, sim_contract(), call_data(0, 9), 0, call_gas, "one of two with one nonce");
        --trader.nonce;
        auto other = sign(trader, sim_contract(), call_data(0, 10), 0, call_gas, "one of two with one nonce");
        return {{std::move(one), std::move(other)}, nullptr, true};
    }
    auto transaction = ordinary();
    if (oddity < 25) return {{transaction, transaction}, nullptr, false};
    return {{std::move(transaction)}, nullptr, false};
}

void Workload::note_outcomes(const node::ExecutedBlock& block) {
    const auto& transactions = block.block.transactions;
    if (transactions.empty()) hit(coverage_, "empty block");
    if (transactions.size() >= 5) hit(coverage_, "block of five transactions or more");
    for (std::size_t i = 0; i < transactions.size(); ++i) {
        if (transactions[i]->transaction.type == core::TransactionType::system) {
            hit(coverage_, "system transaction");
            continue;
        }
        const auto kind = kinds_.find(transactions[i]->hash);
        if (kind == kinds_.end()) continue;
        hit(coverage_,
            fmt::format("{}: {}", kind->second, block.receipts[i].succeeded ? "succeeded" : "failed"));
    }
}

core::Uint256 Workload::coins(const core::StateView& state) const {
    core::Uint256 sum;
    const auto add = [&](const core::Address& address) {
        if (const auto account = state.account(address)) sum = sum + account->balance;
    };
    for (const auto& trader : traders_)
        add(crypto::address_of(*trader.key));
    add(sim_contract());
    return sum;
}

}  // namespace sluice::simulation
