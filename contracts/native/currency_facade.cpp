/// The ERC-20 façade of each currency, 0x5e20…: central-bank money as a token that contracts can use, with
/// permits (EIP-2612).
#include "contracts/native/account_book.hpp"
#include "contracts/native/facade_book.hpp"
#include "contracts/native/facade_transfer.hpp"
#include "contracts/native/instruction.hpp"
#include "contracts/native/method_gas.hpp"
#include "contracts/native/settlement_contracts.hpp"
#include "contracts/native/settlement_events.hpp"

namespace sluice::contracts::native {

namespace {

constexpr Selector insufficient_allowance =
    selector_of("ERC20InsufficientAllowance(address,uint256,uint256)");
constexpr Selector invalid_spender = selector_of("ERC20InvalidSpender(address)");
constexpr Selector expired_signature = selector_of("ERC2612ExpiredSignature(uint256)");
constexpr Selector invalid_signer = selector_of("ERC2612InvalidSigner(address,address)");

CurrencyText currency_text(const Invocation& call) {
    CurrencyText text{};
    std::copy(call.self.end() - 3, call.self.end(), text.begin());
    return text;
}

/// The currency of the façade; nothing where none was installed.
std::optional<Currency> own_currency(const Invocation& call, const Books& books) {
    return find_currency(books.governance, currency_text(call));
}

// ---- views

MethodResult name(Invocation& call) {
    return abi::encode(facade_name(currency_text(call)));
}

MethodResult symbol(Invocation& call) {
    const CurrencyText code = currency_text(call);
    return abi::encode(std::string(code.begin(), code.end()));
}

MethodResult decimals(Invocation& call) {
    const Books books(call.state, call.block);
    const auto currency = own_currency(call, books);
    if (!currency) return malformed();
    return abi::encode(currency->exponent);
}

MethodResult total_supply(Invocation& call) {
    const Books books(call.state, call.block);
    const auto currency = own_currency(call, books);
    if (!currency) return malformed();
    const IssuedTotals totals = issued_totals(books.accounts, currency->index);
    return abi::encode(totals.issued - totals.redeemed);
}

MethodResult balance_of_owner(Invocation& call) {
    const auto arguments = abi::decode<core::Address>(call.arguments);
    const Books books(call.state, call.block);
    const auto currency = own_currency(call, books);
    if (!arguments || !currency) return malformed();
    return abi::encode(balance_of(books, find_holding(books, currency->index, std::get<0>(*arguments))));
}

MethodResult allowance(Invocation& call) {
    const auto arguments = abi::decode<core::Address, core::Address>(call.arguments);
    if (!arguments) return malformed();
    const auto& [owner, spender] = *arguments;
    return abi::encode(read_allowance(call.storage(), {owner, spender}));
}

MethodResult nonces(Invocation& call) {
    const auto arguments = abi::decode<core::Address>(call.arguments);
    if (!arguments) return malformed();
    return abi::encode(read_permit_nonce(call.storage(), std::get<0>(*arguments)));
}

MethodResult domain_separator(Invocation& call) {
    return abi::encode(permit_domain(call.self, currency_text(call), call.block.chain_id));
}

// ---- transfers

MethodResult move_and_tell(Invocation& call, const FacadeTransfer& transfer) {
    const Books books(call.state, call.block);
    const auto currency = own_currency(call, books);
    if (!currency) return malformed();
    if (auto fault = transfer_money(books, *currency, transfer)) return core::fail(std::move(*fault));
    call.emit(transfer_topic, {word_of(transfer.from), word_of(transfer.to)}, abi::encode(transfer.amount));
    return abi::encode(true);
}

MethodResult transfer(Invocation& call) {
    const auto arguments = abi::decode<core::Address, core::Uint256>(call.arguments);
    if (!arguments) return malformed();
    const auto& [to, amount] = *arguments;
    return move_and_tell(call, {call.caller, to, amount});
}

/// Who may move money of a bank by its mandate needs no allowance of its key.
bool is_mandated_caller(const Invocation& call, const core::Address& owner) {
    const Books books(call.state, call.block);
    const auto currency = own_currency(call, books);
    return currency && has_mandate(books, find_holding(books, currency->index, owner), call.caller);
}

MethodResult transfer_from(Invocation& call) {
    const auto arguments = abi::decode<core::Address, core::Address, core::Uint256>(call.arguments);
    if (!arguments) return malformed();
    const auto& [from, to, amount] = *arguments;
    const AllowanceKey key{from, call.caller};
    FacadeTransfer wanted{from, to, amount};
    if (!spend_allowance(call.storage(), key, amount)) {
        if (!is_mandated_caller(call, from))
            return core::fail(Revert{abi::encode_call(insufficient_allowance, call.caller,
                                                      read_allowance(call.storage(), key), amount)});
        wanted.agent = call.caller;
    }
    return move_and_tell(call, wanted);
}

// ---- allowances

MethodResult set_allowance(const Invocation& call, const AllowanceKey& key, const core::Uint256& amount) {
    if (key.spender == core::Address{})
        return core::fail(Revert{abi::encode_call(invalid_spender, key.spender)});
    write_allowance(call.storage(), key, amount);
    call.emit(approval_topic, {word_of(key.owner), word_of(key.spender)}, abi::encode(amount));
    return abi::encode(true);
}

MethodResult approve(Invocation& call) {
    const auto arguments = abi::decode<core::Address, core::Uint256>(call.arguments);
    if (!arguments) return malformed();
    const auto& [spender, amount] = *arguments;
    return set_allowance(call, {call.caller, spender}, amount);
}

std::optional<core::Address> signer_of(const core::Hash& digest, std::uint8_t v, const core::Word& r,
                                       const core::Word& s) {
    core::Bytes bytes(r.begin(), r.end());
    core::append(bytes, s);
    bytes.push_back(v);
    const auto signature = signature_from_bytes(bytes);
    if (!signature) return std::nullopt;
    const auto address = crypto::recover_address(digest, *signature);
    return address ? std::optional(*address) : std::nullopt;
}

MethodResult permit(Invocation& call) {
    const auto arguments = abi::decode<core::Address, core::Address, core::Uint256, core::Uint256,
                                       std::uint8_t, core::Word, core::Word>(call.arguments);
    if (!arguments) return malformed();
    const auto& [owner, spender, value, deadline, v, r, s] = *arguments;
    if (core::Uint256(call.block.time_ms / 1000) > deadline)
        return core::fail(Revert{abi::encode_call(expired_signature, deadline)});
    const std::uint64_t nonce = read_permit_nonce(call.storage(), owner);
    const core::Hash domain = permit_domain(call.self, currency_text(call), call.block.chain_id);
    const auto signer = signer_of(permit_digest({owner, spender, value, nonce, deadline}, domain), v, r, s);
    if (!signer || *signer != owner)
        return core::fail(Revert{abi::encode_call(invalid_signer, signer.value_or(core::Address{}), owner)});
    write_permit_nonce(call.storage(), owner, nonce + 1);
    if (auto result = set_allowance(call, {owner, spender}, value); !result) return result;
    return core::Bytes{};
}

// A transfer reads who both addresses are, whether the payer may pay, and both accounts with what holds money
// back; it writes both, limits, an allowance or a mandate, and lets the payee's queue try.
constexpr Work transfer_work{.reads = 37, .again = 12, .writes = 14};
constexpr core::Gas transfer_more = cost::log(3, 32) + 2 * cost::log(4, 96) + cost::hash(40);
constexpr core::Gas approve_more = cost::log(3, 32) + cost::hash(40);
constexpr core::Gas digest_more = 4 * cost::hash(192);
constexpr core::Gas permit_more = approve_more + cost::recover + digest_more;
static_assert(gas_of(transfer_work) + transfer_more == 127'284);

constexpr std::array methods{
    Method{"name()", selector_of("name()"), Access::view, fixed_gas<Work{}>, name},
    Method{"symbol()", selector_of("symbol()"), Access::view, fixed_gas<Work{}>, symbol},
    Method{"decimals()", selector_of("decimals()"), Access::view, fixed_gas<Work{.reads = 1}>, decimals},
    Method{"totalSupply()", selector_of("totalSupply()"), Access::view, fixed_gas<Work{.reads = 2}>,
           total_supply},
    Method{"balanceOf(address)", selector_of("balanceOf(address)"), Access::view, fixed_gas<Work{.reads = 5}>,
           balance_of_owner},
    Method{"allowance(address,address)", selector_of("allowance(address,address)"), Access::view,
           fixed_gas<Work{.reads = 1}, cost::hash(40)>, allowance},
    Method{"transfer(address,uint256)", selector_of("transfer(address,uint256)"), Access::write,
           fixed_gas<transfer_work, transfer_more>, transfer},
    Method{"approve(address,uint256)", selector_of("approve(address,uint256)"), Access::write,
           fixed_gas<Work{.reads = 1, .writes = 1}, approve_more>, approve},
    Method{"transferFrom(address,address,uint256)", selector_of("transferFrom(address,address,uint256)"),
           Access::write, fixed_gas<transfer_work, transfer_more>, transfer_from},
    Method{"permit(address,address,uint256,uint256,uint8,bytes32,bytes32)",
           selector_of("permit(address,address,uint256,uint256,uint8,bytes32,bytes32)"), Access::write,
           fixed_gas<Work{.reads = 2, .writes = 2}, permit_more>, permit},
    Method{"nonces(address)", selector_of("nonces(address)"), Access::view, fixed_gas<Work{.reads = 1}>,
           nonces},
    Method{"DOMAIN_SEPARATOR()", selector_of("DOMAIN_SEPARATOR()"), Access::view,
           fixed_gas<Work{}, digest_more>, domain_separator},
};

}  // namespace

constinit const NativeContract currency_facade_contract{
    .address = facade_address({}), .name = "currency_facade", .family_bytes = 3, .methods = methods};

}  // namespace sluice::contracts::native
