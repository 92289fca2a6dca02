#include "tests/simulation/chain_kit.hpp"

#include <array>
#include <tuple>

#include <fmt/format.h>

#include "core/check.hpp"
#include "ledger/memory_store.hpp"
#include "ledger/memory_vote_directory.hpp"
#include "tests/simulation/local_clock.hpp"

namespace sluice::simulation {
namespace {

constexpr std::uint64_t sim_chain_id = 20022;

/// The first byte of the call data chooses, the 32 bytes after it are an argument:
/// 1 reverts; 2 spends all its gas; 3 creates a contract with CREATE2 and the argument as salt; 4 creates one
/// that destroys itself at once and gives its coins back; anything else adds 1 to the slot of the argument.
constexpr std::array<std::uint8_t, 0x58> contract_code{
    0x5f, 0x35, 0x60, 0xf8, 0x1c,                                      // first byte of the call data
    0x80, 0x60, 0x01, 0x14, 0x60, 0x2c, 0x57,                          // 1: to 2c
    0x80, 0x60, 0x02, 0x14, 0x60, 0x30, 0x57,                          // 2: to 30
    0x80, 0x60, 0x03, 0x14, 0x60, 0x34, 0x57,                          // 3: to 34
    0x80, 0x60, 0x04, 0x14, 0x60, 0x47, 0x57,                          // 4: to 47
    0x60, 0x01, 0x35, 0x80, 0x54, 0x60, 0x01, 0x01, 0x90, 0x55, 0x00,  // slot += 1, stop
    0x5b, 0x5f, 0x5f, 0xfd,                                            // 2c: revert
    0x5b, 0x60, 0x30, 0x56,                                            // 30: for ever
    0x5b, 0x63, 0x60, 0x01, 0x5f, 0x55, 0x5f, 0x52, 0x60, 0x01, 0x35, 0x60, 0x04, 0x60, 0x1c, 0x5f,
    0xf5, 0x50,
    0x00,  // 34: CREATE2 of PUSH1 1 PUSH0 SSTORE
    0x5b, 0x61, 0x33, 0xff, 0x5f, 0x52, 0x60, 0x01, 0x35, 0x60, 0x02, 0x60, 0x1e, 0x34, 0xf5, 0x50,
    0x00,  // 47: CREATE2 of CALLER SELFDESTRUCT
};

core::ChainSpec make_spec(const ChainKit& kit, std::size_t validators, std::uint64_t rotation_period) {
    core::ChainSpec spec;
    spec.chain_id = sim_chain_id;
    spec.time_ms = start_wall_ms - 60'000;
    spec.devnet = true;
    spec.rotation_period = rotation_period;
    for (std::size_t i = 0; i < validators; ++i)
        spec.validators.push_back(
            {.name = fmt::format("node-{}", i),
             .address = kit.addresses[i],
             .bic = *core::Bic::parse(fmt::format("VAL{}DEFF", static_cast<char>('A' + i)))});
    spec.currencies.push_back({.code = sim_currency()});
    for (std::size_t i = 0; i < bank_count; ++i)
        spec.participants.push_back(
            {.name = fmt::format("bank-{}", i),
             .bic = bic_of_bank(i),
             .lei = "",
             .keys = {{core::KeyDuty::admin, crypto::address_of(key_of("admin", i))},
                      {core::KeyDuty::maker, crypto::address_of(kit.maker_keys[i])}}});
    const auto operator_address = crypto::address_of(kit.operator_key);
    spec.operators.keys = {operator_address};
    spec.operators.issuers = {operator_address};
    for (const auto& key : kit.trader_keys)
        spec.alloc.push_back({.address = crypto::address_of(key),
                              .balance = trader_balance(),
                              .nonce = 0,
                              .code = {},
                              .storage = {}});
    spec.alloc.push_back({.address = sim_contract(),
                          .balance = core::Uint256(),
                          .nonce = 1,
                          .code = core::Bytes(contract_code.begin(), contract_code.end()),
                          .storage = {}});
    return spec;
}

ChainKit make_kit(std::size_t validators, std::size_t observers, std::uint64_t rotation_period) {
    ChainKit kit;
    for (std::size_t i = 0; i < validators + observers; ++i)
        kit.addresses.push_back(crypto::address_of(key_of("validator", i)));
    kit.operator_key = key_of("operator", 0);
    for (std::size_t i = 0; i < bank_count; ++i)
        kit.maker_keys.push_back(key_of("maker", i));
    for (std::size_t i = 0; i < trader_count; ++i)
        kit.trader_keys.push_back(key_of("trader", i));
    auto spec = make_spec(kit, validators, rotation_period);
    CHECK(!core::find_fault(spec));
    kit.chain = node::make_chain(std::move(spec));
    ledger::MemoryStore store;
    ledger::MemoryVoteDirectory votes;
    CHECK(node::create_data(store, votes, kit.chain, {}).has_value());
    kit.genesis_store = store.image();
    return kit;
}

}  // namespace

crypto::PrivateKey key_of(std::string_view label, std::uint64_t number) {
    const auto seed = fmt::format("sluice simulation {} {}", label, number);
    return crypto::PrivateKey(std::span<const std::uint8_t, 32>(core::keccak256(core::view(seed))));
}

core::Bic bic_of_bank(std::size_t bank) {
    return *core::Bic::parse(fmt::format("BNK{}DEFF", static_cast<char>('A' + bank)));
}

core::CurrencyCode sim_currency() {
    return *core::CurrencyCode::parse("EUR");
}

core::Uint256 trader_balance() {
    return core::Uint256(1'000'000'000'000'000'000ull);
}

core::Address sim_contract() {
    core::Address address{};
    address[0] = 0xc0;
    address[19] = 0xde;
    return address;
}

const ChainKit& chain_kit(std::size_t validators, std::size_t observers, std::uint64_t rotation_period) {
    static std::map<std::tuple<std::size_t, std::size_t, std::uint64_t>, std::unique_ptr<ChainKit>> kits;
    auto& kit = kits[{validators, observers, rotation_period}];
    if (!kit) kit = std::make_unique<ChainKit>(make_kit(validators, observers, rotation_period));
    return *kit;
}

}  // namespace sluice::simulation
