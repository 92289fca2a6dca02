#include "contracts/evm/instructions_storage.hpp"

#include "contracts/evm/access_gas.hpp"
#include "contracts/evm/memory_access.hpp"
#include "contracts/evm/word_bytes.hpp"

namespace sluice::contracts::evm {

namespace {

/// An SSTORE with no more than the stipend of a call fails (EIP-2200).
constexpr std::int64_t sstore_sentry = 2'300;
constexpr std::int64_t set_gas = 20'000;
constexpr std::int64_t log_gas_per_byte = 8;
constexpr std::int64_t new_account_gas = 25'000;
constexpr std::int64_t selfdestruct_refund = 24'000;

/// The prices of one revision.
struct StorageTariff {
    std::int64_t unchanged;  ///< also each change but the first
    std::int64_t reset;      ///< a first change of what was not zero
    std::int64_t cold;       ///< on top, at first reach
    std::int64_t clear_refund;
};

constexpr StorageTariff tariff_of(Revision revision) {
    if (revision < Revision::berlin) return {access_cost::slot_istanbul, 5'000, 0, 15'000};
    return {access_cost::warm, 5'000 - access_cost::cold_slot, access_cost::cold_slot,
            revision < Revision::london ? 15'000 : 4'800};
}

/// What a slot holds before the transaction, now, and after.
struct SlotChange {
    const core::Word& original;
    const core::Word& now;
    const core::Word& next;
};

constexpr core::Word zero{};

std::int64_t change_gas(const SlotChange& slot, const StorageTariff& tariff) {
    if (slot.now == slot.next || slot.original != slot.now) return tariff.unchanged;
    return slot.original == zero ? set_gas : tariff.reset;
}

std::int64_t change_refund(const SlotChange& slot, const StorageTariff& tariff) {
    if (slot.now == slot.next) return 0;
    std::int64_t refund = 0;
    if (slot.original != zero) {
        if (slot.now == zero) refund -= tariff.clear_refund;
        if (slot.next == zero) refund += tariff.clear_refund;
    }
    if (slot.original != slot.now && slot.original == slot.next)
        refund += (slot.original == zero ? set_gas : tariff.reset) - tariff.unchanged;
    return refund;
}

core::Word to_bytes(const Uint256& word) {
    core::Word bytes;
    store_word(bytes.data(), word);
    return bytes;
}

}  // namespace

std::int64_t sload(Frame& frame, Uint256* top, std::int64_t gas) {
    const SlotRef slot = frame.state.slot_at(frame.self, to_bytes(top[0]));
    if (frame.revision < Revision::berlin)
        gas -= access_cost::slot_istanbul;
    else
        gas -= frame.state.warm(slot) ? access_cost::cold_slot : access_cost::warm;
    if (gas < 0) return gas;
    load_word(top[0], frame.state.storage(slot).data());
    return gas;
}

std::int64_t sstore(Frame& frame, Uint256* top, std::int64_t gas) {
    if (frame.message.is_static) return fail(frame, CallStatus::static_violation);
    if (gas <= sstore_sentry) return -1;
    const StorageTariff tariff = tariff_of(frame.revision);
    const SlotRef slot = frame.state.slot_at(frame.self, to_bytes(top[0]));
    if (frame.revision >= Revision::berlin && frame.state.warm(slot)) gas -= tariff.cold;

    const core::Word next = to_bytes(top[-1]);
    const SlotChange change{
        .original = frame.state.original_storage(slot), .now = frame.state.storage(slot), .next = next};
    gas -= change_gas(change, tariff);
    if (gas < 0) return gas;
    const std::int64_t refund = change_refund(change, tariff);
    if (refund != 0) frame.state.add_refund(refund);
    frame.state.set_storage(slot, next);
    return gas;
}

std::int64_t tload(Frame& frame, Uint256* top, std::int64_t gas) {
    const core::Word value = frame.state.transient(frame.self, to_bytes(top[0]));
    load_word(top[0], value.data());
    return gas;
}

std::int64_t tstore(Frame& frame, Uint256* top, std::int64_t gas) {
    if (frame.message.is_static) return fail(frame, CallStatus::static_violation);
    frame.state.set_transient(frame.self, to_bytes(top[0]), to_bytes(top[-1]));
    return gas;
}

template <std::size_t Topics>
std::int64_t log(Frame& frame, Uint256* top, std::int64_t gas) {
    if (frame.message.is_static) return fail(frame, CallStatus::static_violation);
    gas = reach(frame, top[0], top[-1], gas);
    if (gas < 0) return gas;
    gas -= log_gas_per_byte * static_cast<std::int64_t>(top[-1].limbs[0]);
    if (gas < 0) return gas;
    core::Log log{.address = frame.message.recipient,
                  .topics = {},
                  .data = core::to_bytes(region(frame, top[0], top[-1]))};
    log.topics.reserve(Topics);
    for (std::size_t at = 0; at < Topics; ++at)
        log.topics.push_back(to_bytes(*(top - 2 - at)));
    frame.state.add_log(std::move(log));
    return gas;
}

template std::int64_t log<0>(Frame&, Uint256*, std::int64_t);
template std::int64_t log<1>(Frame&, Uint256*, std::int64_t);
template std::int64_t log<2>(Frame&, Uint256*, std::int64_t);
template std::int64_t log<3>(Frame&, Uint256*, std::int64_t);
template std::int64_t log<4>(Frame&, Uint256*, std::int64_t);

std::int64_t selfdestruct(Frame& frame, Uint256* top, std::int64_t gas) {
    if (frame.message.is_static) return fail(frame, CallStatus::static_violation);
    JournaledState& state = frame.state;
    const AccountRef beneficiary = state.account_at(to_address(top[0]));
    const Uint256 balance = state.balance(frame.self);
    if (frame.revision >= Revision::berlin && warms_up(frame, beneficiary)) gas -= access_cost::cold_account;
    if (!balance.is_zero() && state.is_empty(beneficiary)) gas -= new_account_gas;
    if (gas < 0) return gas;

    const core::Address& self = frame.message.recipient;
    if (frame.execution.tracer != nullptr)
        frame.execution.tracer->on_self_destruct(self, state.address_of(beneficiary), balance);
    const bool goes = frame.revision < Revision::cancun || state.was_created_in_transaction(frame.self);
    // Sums of balances stay below 2^256 wherever the genesis does.
    if (!state.transfer(frame.self, beneficiary, balance)) return -1;
    if (!goes) return gas;
    if (frame.self == beneficiary) state.set_balance(self, {});
    const std::size_t changes_before = state.checkpoint().changes;
    state.destroy(self);
    const bool is_first = state.checkpoint().changes != changes_before;
    if (is_first && frame.revision < Revision::london) state.add_refund(selfdestruct_refund);
    return gas;
}

}  // namespace sluice::contracts::evm
