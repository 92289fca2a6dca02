#include "contracts/native/settlement_calls.hpp"

namespace sluice::contracts::native::calls {

namespace {

template <typename... Ts>
ContractCall to_accounts(const Selector& selector, const Ts&... arguments) {
    return {accounts_address, abi::encode_call(selector, arguments...)};
}
template <typename... Ts>
ContractCall to_facade(const CurrencyText& currency, const Selector& selector, const Ts&... arguments) {
    return {facade_address(currency), abi::encode_call(selector, arguments...)};
}

}  // namespace

ContractCall lock(const LockOrder& order) {
    return to_accounts(selector_of("lock(bytes32,bytes11,bytes11,bytes3,uint128,uint64)"), order.operation,
                       order.payer, order.beneficiary, order.currency, order.amount, order.expiry_ms);
}

ContractCall release(const LockId& id) {
    return to_accounts(selector_of("release(bytes32)"), id);
}

ContractCall refund(const LockId& id) {
    return to_accounts(selector_of("refund(bytes32)"), id);
}

ContractCall lock_of(const LockId& id) {
    return to_accounts(selector_of("lockOf(bytes32)"), id);
}

ContractCall locks_of(const LockQuery& query) {
    return to_accounts(selector_of("locksOf(bytes11,bytes3,bool,uint256,uint256)"), query.bic, query.currency,
                       query.incoming, core::Uint256(query.from), core::Uint256(query.max));
}

ContractCall bind_address(const core::Address& who) {
    return to_accounts(selector_of("bindAddress(address)"), who);
}

ContractCall set_holder(const core::Address& who, HolderStatus status) {
    return to_accounts(selector_of("setHolder(address,uint8)"), who, status);
}

ContractCall address_of(const BicText& bic) {
    return to_accounts(selector_of("addressOf(bytes11)"), bic);
}

ContractCall settles_for(const core::Address& who) {
    return to_accounts(selector_of("settlesFor(address)"), who);
}

ContractCall holder_of(const core::Address& who) {
    return to_accounts(selector_of("holderOf(address)"), who);
}

ContractCall holders(std::uint64_t from, std::uint64_t max) {
    return to_accounts(selector_of("holders(uint256,uint256)"), core::Uint256(from), core::Uint256(max));
}

ContractCall holder_entry_count(const core::Address& who, const CurrencyText& currency) {
    return to_accounts(selector_of("holderEntryCount(address,bytes3)"), who, currency);
}

// ---- façade of a currency

ContractCall facade_transfer(const CurrencyText& currency, const core::Address& to,
                             const core::Uint256& amount) {
    return to_facade(currency, selector_of("transfer(address,uint256)"), to, amount);
}

ContractCall facade_approve(const CurrencyText& currency, const core::Address& spender,
                            const core::Uint256& amount) {
    return to_facade(currency, selector_of("approve(address,uint256)"), spender, amount);
}

ContractCall facade_transfer_from(const CurrencyText& currency, const core::Address& from,
                                  const core::Address& to, const core::Uint256& amount) {
    return to_facade(currency, selector_of("transferFrom(address,address,uint256)"), from, to, amount);
}

ContractCall facade_balance(const CurrencyText& currency, const core::Address& owner) {
    return to_facade(currency, selector_of("balanceOf(address)"), owner);
}

ContractCall facade_allowance(const CurrencyText& currency, const core::Address& owner,
                              const core::Address& spender) {
    return to_facade(currency, selector_of("allowance(address,address)"), owner, spender);
}

ContractCall facade_supply(const CurrencyText& currency) {
    return to_facade(currency, selector_of("totalSupply()"));
}

}  // namespace sluice::contracts::native::calls
