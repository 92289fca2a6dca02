/// What a native contract is: a row with an address and methods. It runs over the same state as bytecode.
///
///     core::Gas hold_gas(const Invocation&) { return cost::entry + …; }
///     MethodResult hold(Invocation& call) {
///         const auto arguments = abi::decode<core::Word>(call.arguments);
///         if (!arguments) return malformed();
///         …
///         if (!found) return refused("RC01");
///         call.emit(held_topic, {id}, abi::encode(reason));
///         return abi::encode(status);
///     }
///     constexpr std::array methods{Method{"hold(bytes32)", selector_of("hold(bytes32)"), Access::write,
///     hold_gas, hold}}; constinit const NativeContract payments_contract{.address = payments_address, .name
///     = "payments", .methods = methods};
#pragma once

#include <initializer_list>
#include <span>

#include "contracts/block_context.hpp"
#include "contracts/journaled_state.hpp"
#include "contracts/native/abi.hpp"
#include "contracts/native/gas_cost.hpp"
#include "contracts/native/storage_field.hpp"
#include "core/limits.hpp"
#include "core/result.hpp"

namespace sluice::contracts::native {

/// One call of one method. Lives for the call.
struct Invocation {
    JournaledState& state;
    const BlockContext& block;
    core::Address self{};      ///< the contract's address: whose storage it is, whose logs they are
    core::Address caller{};    ///< who called: an account or a contract
    core::Address origin{};    ///< who signed the transaction
    core::ByteView arguments;  ///< input without the selector
    /// Of the message, before the method's price is taken: a price that takes reading to find is looked for
    /// only where the reading can be paid.
    core::Gas gas = ~core::Gas{0};

    Storage storage() const { return Storage(state, self); }
    /// A log of this contract: the event's topic, up to three indexed words, ABI-encoded data.
    void emit(const core::Word& topic, std::initializer_list<core::Word> indexed, core::Bytes data) const {
        emit_from(self, topic, indexed, std::move(data));
    }
    /// A log of another native contract that this one acts for (payments write entries of accounts).
    void emit_from(const core::Address& contract, const core::Word& topic,
                   std::initializer_list<core::Word> indexed, core::Bytes data) const;
};

/// A log of `contract`: the event's topic, up to three indexed words (CHECKed), ABI-encoded data.
void add_event(JournaledState& state, const core::Address& contract, const core::Word& topic,
               std::initializer_list<core::Word> indexed, core::Bytes data);

/// A method undone: its changes and logs are gone, `data` is what the caller gets.
struct Revert {
    core::Bytes data;
};
/// ABI-encoded results, or a revert.
using MethodResult = core::Result<core::Bytes, Revert>;

/// Reverts with Refused(bytes4 isoCode): `refused("AM05")`.
tl::unexpected<Revert> refused(const abi::IsoCode& code);
inline tl::unexpected<Revert> refused(const char (&code)[5]) {
    return refused(abi::IsoCode{code[0], code[1], code[2], code[3]});
}
/// Reverts with Error(string), for what has no ISO reason.
tl::unexpected<Revert> reverted(std::string_view reason);
/// Reverts without data, as Solidity does on input that is not the ABI encoding of its arguments.
tl::unexpected<Revert> malformed();

enum class Access : std::uint8_t {
    view,   ///< changes nothing (CHECKed); callable by STATICCALL
    write,  ///< refused in a static call
};

/// One method. No method takes native coin: a call with value reverts.
struct Method {
    std::string_view signature;  ///< canonical: "submit((bytes16,bytes4))"
    Selector selector{};
    Access access{};
    /// What the call costs, known before the work: a sum of named costs, from the arguments and, where it
    /// must be, from state. Called with arguments not yet checked. A call with less gas fails before it
    /// begins.
    core::Gas (*gas)(const Invocation&) = nullptr;
    MethodResult (*run)(Invocation&) = nullptr;
};

/// One contract, or a family whose addresses differ in their last bytes (a façade per currency).
struct NativeContract {
    core::Address address{};
    std::string_view name;
    std::size_t family_bytes = 0;  ///< trailing bytes of `address` that vary; 0 for a single contract
    core::Height active_from = 0;  ///< calls at lower heights find no contract
    std::span<const Method> methods;
};

/// The code of each native contract (INVALID): Solidity checks that code exists.
inline constexpr std::uint8_t native_code_byte = 0xfe;
extern const core::Hash native_code_hash;

/// Gives `address` the code and nonce of a native contract: at genesis, or when a façade comes to be.
void install_native(JournaledState& state, const core::Address& address);

/// 0x…5e00 to 0x…5eff: the address of native contract `number`.
constexpr core::Address native_address(std::uint8_t number) {
    core::Address address{};
    address[18] = 0x5e;
    address[19] = number;
    return address;
}
/// The ERC-20 façade of a currency: 0x5e20, fifteen zero bytes, the three letters.
constexpr core::Address facade_address(const std::array<char, 3>& currency) {
    core::Address address{};
    address[0] = 0x5e;
    address[1] = 0x20;
    for (std::size_t i = 0; i < currency.size(); ++i)
        address[17 + i] = static_cast<std::uint8_t>(currency[i]);
    return address;
}

}  // namespace sluice::contracts::native
