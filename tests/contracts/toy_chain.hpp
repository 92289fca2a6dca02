/// A chain with small native contracts of the tests' own: dispatch, reverts, logs, gas, due work, money,
/// validators.
#pragma once

#include "contracts/header_rules.hpp"
#include "contracts/native/registry.hpp"
#include "tests/contracts/memory_state.hpp"

namespace sluice::contracts::test {

inline constexpr core::Address toy_address = native::native_address(0xf0);
inline constexpr core::Address toy_governance = native::native_address(0xf1);
/// Active from height 10 on.
inline constexpr core::Address later_address = native::native_address(0xf2);
inline constexpr std::uint64_t toy_chain_id = 20'022;

/// Methods of the toy contract at `toy_address`:
///   put(uint256,uint256) returns (uint256 old)     writes, logs Put(uint256 indexed key, uint256 value)
///   get(uint256) returns (uint256)                 view
///   putThenRefuse(uint256,uint256)                 writes, logs, reverts with Refused("AM05")
///   fail(string)                                   reverts with Error(string)
///   spend(uint64)                                  costs entry + that much gas
///   who() returns (address caller, address origin) view
///   mint(uint128)                                  makes money that nobody issued
///   schedule(uint64 at, uint64 again)              work is due from `at` on, `again` times after the first
/// and of `toy_governance`:
///   setValidators(address[])
/// and of the family of façades 0x5e20…:
///   symbol() returns (bytes3)                      view
const native::Registry& toy_registry();

/// The chain after its genesis, with `member(0)` … `member(3)` as validators and `rich()` with 10^18 wei.
class ToyChain {
  public:
    ToyChain();
    static core::ChainSpec spec();
    static core::Address member(std::uint8_t number);
    static core::Address rich();

    BlockContext next_context() const;
    /// Executes, expects no fault, applies the diff and makes the block the head.
    ExecutionResult append(std::vector<core::TransactionPtr> transactions, core::UnixMs time_ms = 0);

    MemoryState state;
    core::Header head;
    std::shared_ptr<const core::ValidatorSet> validators;
};

/// A transaction without signature, as if recovered from `sender`.
struct Draft {
    core::Address sender = ToyChain::rich();
    std::uint64_t nonce = 0;
    std::optional<core::Address> to = toy_address;
    core::Uint256 value{};
    core::Bytes data{};
    core::Gas gas_limit = 200'000;
    core::TransactionType type = core::TransactionType::dynamic_fee;
    std::optional<std::uint64_t> chain_id = toy_chain_id;
    core::Uint256 max_fee{};
    core::Uint256 tip{};
    std::vector<core::AccessListEntry> access_list{};
    core::Uint256 max_blob_fee{};
    std::vector<core::Hash> blob_hashes{};
    std::vector<core::Authorization> authorizations{};
};
core::TransactionPtr make(const Draft& draft);

/// A call of the toy contract: `toy_call(nonce, selector_of("put(uint256,uint256)"), key, value)`.
template <typename... Ts>
core::TransactionPtr toy_call(std::uint64_t nonce, const native::Selector& selector, const Ts&... arguments) {
    return make({.nonce = nonce, .data = native::abi::encode_call(selector, arguments...)});
}

core::Word toy_slot(std::uint64_t key);

}  // namespace sluice::contracts::test
