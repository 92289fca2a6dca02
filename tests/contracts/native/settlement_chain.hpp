/// A chain of the real settlement contracts with banks on it: blocks, payments, and what came of them.
#pragma once

#include <map>
#include <string>

#include "contracts/header_rules.hpp"
#include "contracts/native/conservation.hpp"
#include "contracts/native/settlement_calls.hpp"
#include "contracts/native/settlement_results.hpp"
#include "contracts/simulation.hpp"
#include "tests/contracts/memory_state.hpp"

namespace sluice::contracts::test {

inline constexpr native::CurrencyText eur{'E', 'U', 'R'};
inline constexpr native::CurrencyText usd{'U', 'S', 'D'};
inline constexpr native::CurrencyText jpy{'J', 'P', 'Y'};

/// 2026-02-02T08:00:00Z, a Monday.
inline constexpr core::UnixMs genesis_time_ms = 1'770'019'200'000;
inline constexpr core::DateYmd genesis_date = 20'260'202;
inline constexpr core::UnixMs hour_ms = 3'600'000;
inline constexpr core::UnixMs day_ms = 24 * hour_ms;

inline constexpr std::uint64_t settlement_chain_id = 20'022;

/// BIC of bank number `number`, from 0.
native::BicText bank_bic(std::size_t number);
/// An address nobody else has: `kind` 1 admin, 2 maker, 3 approver of bank `number`.
core::Address bank_key(std::size_t number, std::uint8_t kind);
inline core::Address admin_of(std::size_t bank) {
    return bank_key(bank, 1);
}
inline core::Address maker_of(std::size_t bank) {
    return bank_key(bank, 2);
}
inline core::Address approver_of(std::size_t bank) {
    return bank_key(bank, 3);
}
core::Address operator_key(std::uint8_t number = 0);
core::Address issuer_key();
/// Key of validator `number`; those of genesis are the first four.
core::Address validator_key(std::size_t number);

/// EUR and USD at UTC, JPY at UTC+09:00; `banks` active participants with an admin, a maker and an approver
/// each.
core::ChainSpec settlement_spec(std::size_t banks, std::uint32_t operators = 1, std::uint32_t threshold = 1);

/// A payment of the tests: everything that matters less has a default. `number` makes the UETR.
struct PaymentDraft {
    std::size_t payer = 0;
    std::size_t payee = 1;
    core::Minor amount = 100;
    std::uint64_t number = 1;
    native::Priority priority = native::Priority::normal;
    native::CurrencyText currency = eur;
    core::DateYmd value_date = genesis_date;
    core::UnixMs earliest = 0;
    core::UnixMs latest = 0;
    std::string_view type = "P009";
    std::string instruction_id = "INSTR-1";
};
native::Instruction instruction_of(const PaymentDraft& draft);
native::UetrBytes uetr_of(std::uint64_t number);
inline native::PaymentId id_of(const PaymentDraft& draft) {
    return native::payment_id(native::view_of(instruction_of(draft)));
}

/// A transaction of a block: who calls what.
struct Sent {
    core::Address sender{};
    native::ContractCall call;
};
Sent submit(const PaymentDraft& draft);

class SettlementChain {
  public:
    explicit SettlementChain(const core::ChainSpec& spec);
    explicit SettlementChain(std::size_t banks = 3) : SettlementChain(settlement_spec(banks)) {}

    /// One block with these transactions, one second after the head or at `time_ms`. Fails the test where
    /// money is not conserved, in the block or in the whole state, or where the block checked differs from
    /// the block built.
    ExecutionResult block(const std::vector<Sent>& acts, core::UnixMs time_ms = 0);
    /// The same without looking at what came out, for measurements.
    void block_unchecked(const std::vector<Sent>& acts);
    /// A block with one transaction; returns what the call gave, as eth_call says it.
    CallOutcome send(const core::Address& sender, const native::ContractCall& call, core::UnixMs time_ms = 0);
    /// The same without the block.
    CallOutcome look(const native::ContractCall& call, const core::Address& from = {}) const;
    BlockContext next_context(core::UnixMs time_ms = 0) const;

    // ---- acts that must succeed
    void issue(std::size_t bank, core::Minor amount, const native::CurrencyText& currency = eur);
    native::Submitted pay(const PaymentDraft& draft, core::UnixMs time_ms = 0);
    /// The code with which the call is refused; fails the test if it is not.
    native::ReasonCode refusal(const core::Address& sender, const native::ContractCall& call);
    /// A bank's admin names a key and the key agrees: two blocks.
    void give_key(std::size_t bank, core::KeyDuty duty, const core::Address& key);
    /// What signatures of this chain are bound to.
    native::SigningDomain signing_domain() const { return {settlement_chain_id, genesis_hash_}; }
    /// Writes a credit line as an operator act will.
    void set_credit_line(std::size_t bank, core::Minor line);

    // ---- what is
    native::PositionInfo position(std::size_t bank, const native::CurrencyText& currency = eur) const;
    core::SignedMinor balance(std::size_t bank, const native::CurrencyText& currency = eur) const {
        return position(bank, currency).balance;
    }
    native::PaymentInfo payment(const native::PaymentId& id) const;
    native::Status status(const PaymentDraft& draft) const { return payment(id_of(draft)).status; }
    std::vector<native::PaymentId> queue(std::size_t bank, bool incoming = false) const;
    std::optional<core::UnixMs> next_due() const {
        return contracts::next_due(state, native::settlement_registry());
    }
    std::size_t slots_of(const core::Address& contract) const;
    /// Who votes on the next block.
    const core::ValidatorSet& validators() const { return *validators_; }
    /// Events of the last block, in order.
    std::vector<native::SettlementEvent> events() const;

    MemoryState state;
    core::Header head;
    ExecutionResult last;

  private:
    std::vector<core::TransactionPtr> sign(const std::vector<Sent>& acts);
    void append(const BlockContext& context);
    void check_money();
    void check_queues() const;

    std::shared_ptr<const core::ValidatorSet> validators_;
    std::shared_ptr<const native::QueueIndex> queues_;
    core::Hash genesis_hash_{};
    std::map<core::Address, std::uint64_t> nonces_;
    std::uint64_t issues_ = 0;
};

/// "AM05" of a code.
std::string text_of(const native::ReasonCode& code);
/// Events of one kind.
template <typename Event>
std::vector<Event> events_of(const std::vector<native::SettlementEvent>& events) {
    std::vector<Event> found;
    for (const native::SettlementEvent& event : events)
        if (const auto* each = std::get_if<Event>(&event)) found.push_back(*each);
    return found;
}

}  // namespace sluice::contracts::test
