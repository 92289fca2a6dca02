/// Contracts that do the most work for their gas: milliseconds that a block's worth of gas takes over a state
/// in memory, as one JSON object.
///
///     worst_case_bench [Mgas] [case]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>

#include "contracts/call.hpp"
#include "crypto/signature.hpp"
#include "tests/contracts/evm/bytecode.hpp"

namespace {

using namespace sluice;
using namespace sluice::contracts;
using namespace sluice::contracts::test;
using core::Bytes;
using core::Uint256;

constexpr core::Address contract{0xc0};
constexpr core::Address callee{0xca};
/// Addresses that begin so and go on with zeros have the longest code there may be, each another one.
constexpr std::uint8_t large_contract = 0xc1;

bool is_large(const core::Address& address) {
    return address[0] == large_contract && core::read_be64(&address[1]) == 0;
}

/// A contract, its callee, and as many large contracts as anybody asks for.
class AdverseState final : public core::StateView {
  public:
    AdverseState(Bytes code, Bytes callee_code)
        : code_(core::share(std::move(code))),
          callee_code_(core::share(std::move(callee_code))),
          large_code_(core::share(test::code(op::stop, Bytes(24'575, 0x01)))) {}
    std::optional<core::Account> account(const core::Address& address) const override {
        core::Account account{.nonce = 1, .balance = Uint256(1) << 100, .code_hash = {}};
        std::copy(address.begin(), address.end(), account.code_hash.begin());
        if (address == contract || address == callee || is_large(address)) return account;
        return std::nullopt;
    }
    core::Word storage(const core::Address&, const core::Word&) const override { return {}; }
    core::SharedBytes code(const core::Hash& hash) const override {
        if (hash[0] == large_contract) return large_code_;
        return hash[0] == contract[0] ? code_ : callee_code_;
    }
    bool has_storage(const core::Address&) const override { return false; }

  private:
    core::SharedBytes code_;
    core::SharedBytes callee_code_;
    core::SharedBytes large_code_;
};

struct Case {
    std::string name;
    Bytes code;
    Bytes callee{};
};

/// `before` once, then `body` until the gas is used up. The stack has a counter on top that each round
/// raises.
Case forever(std::string name, const Bytes& body, const Bytes& before = {}) {
    const Bytes start = code(before, push(1));
    return {std::move(name),
            code(start, op::jumpdest, body, push(1), op::add, push_bytes(2, start.size()), op::jump)};
}

/// Bytes into memory from 0 on.
Bytes in_memory(const Bytes& bytes) {
    Bytes stores;
    for (std::size_t at = 0; at < bytes.size(); at += 32) {
        core::Word word{};
        std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                    std::min<std::size_t>(32, bytes.size() - at), word.begin());
        stores = code(stores, mstore(at, Uint256::from_word(word)));
    }
    return stores;
}

Case precompile(std::string name, std::uint64_t number, const Bytes& input) {
    return forever(
        std::move(name),
        code(push(0), push(0), push(input.size()), push(0), push(number), op::gas, op::staticcall, op::pop),
        in_memory(input));
}

Bytes hex(std::string_view digits) {
    return *core::from_hex(digits);
}

template <typename... Parts>
Bytes joined(const Parts&... parts) {
    Bytes all;
    (core::append(all, parts), ...);
    return all;
}

Bytes word(const Uint256& value) {
    return core::to_bytes(value.to_word());
}

Bytes signature_input() {
    crypto::PrivateKey key;
    key.writable_bytes()[31] = 7;
    const core::Hash digest = core::keccak256(core::view("text"));
    const core::Signature signature = crypto::sign(digest, key);
    return joined(digest, word(Uint256(27u + signature.recovery_id)), signature.r, signature.s);
}

/// The base point as key: the signature is wrong, which takes as long to see as that it is right.
Bytes p256_input() {
    return joined(word(Uint256(12345) << 230), word(Uint256::max() >> 1), word(Uint256::max() >> 2),
                  hex("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"),
                  hex("4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"));
}

/// Pairs of the two generators.
Bytes pairing_input(std::size_t pairs) {
    const Bytes pair =
        joined(word(1), word(2), hex("198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2"),
               hex("1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed"),
               hex("090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b"),
               hex("12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa"));
    return repeat(pairs, pair);
}

Bytes modexp_input(std::size_t operand, std::size_t exponent) {
    return joined(word(operand), word(exponent), word(operand), Bytes(operand, 0xfe), Bytes(exponent, 0xff),
                  Bytes(operand, 0xfd));
}

Bytes blake_input(std::uint32_t rounds) {
    Bytes input;
    core::append_be32(input, rounds);
    return joined(input, Bytes(208, 0x5a), Bytes{1});
}

std::vector<Case> precompile_cases() {
    const Bytes generator = joined(word(1), word(2));
    return {
        precompile("ecrecover", 1, signature_input()),
        precompile("sha256_1KiB", 2, Bytes(1'024, 1)),
        precompile("ripemd160_1KiB", 3, Bytes(1'024, 1)),
        precompile("identity_1KiB", 4, Bytes(1'024, 1)),
        precompile("modexp_32_32", 5, modexp_input(32, 32)),
        precompile("modexp_256_32", 5, modexp_input(256, 32)),
        precompile("modexp_1024_4", 5, modexp_input(1'024, 4)),
        precompile("modexp_8_1024", 5, modexp_input(8, 1'024)),
        precompile("bn254_add", 6, joined(generator, generator)),
        precompile("bn254_multiply", 7, joined(generator, word(Uint256::max()))),
        precompile("bn254_pairing_1", 8, pairing_input(1)),
        precompile("bn254_pairing_10", 8, pairing_input(10)),
        precompile("blake2f", 9, blake_input(1'000'000)),
        precompile("blake2f_0_rounds", 9, blake_input(0)),
        precompile("p256verify", 0x100, p256_input()),
    };
}

/// A loop over what one instruction of one operand does to ever new keys or addresses.
Case storm(std::string name, std::uint8_t opcode) {
    return forever(std::move(name), code(duplicate(1), opcode, op::pop));
}

Bytes call_of(const Bytes& address, std::uint8_t opcode = op::staticcall) {
    return code(push(0), push(0), push(0), push(0), opcode == op::call ? push(0) : Bytes{}, address, op::gas,
                opcode, op::pop);
}

std::vector<Case> state_cases() {
    const Bytes large_address = code(duplicate(5), push_bytes(20, Uint256(large_contract) << 152), op::or_);
    Case recursion{"recursion", code(call_of(code(op::address), op::call), op::push0, op::jump)};
    recursion.code = code(op::jumpdest, recursion.code);
    Case fresh_memory = forever("fresh_memory", call_of(push(callee)));
    fresh_memory.callee = mstore(23'000, 1);
    Case small_calls = forever("calls", call_of(push(callee)));
    small_calls.callee = {op::stop};
    return {
        storm("cold_sload", op::sload),
        storm("extcodesize", op::extcodesize),
        storm("extcodehash", op::extcodehash),
        storm("balance", op::balance),
        forever("calls_of_large_contracts", call_of(large_address)),
        // Eight of them again and again; their hashes fall together.
        forever("calls_of_eight_large_contracts",
                call_of(code(duplicate(5), push(7), op::and_, push_bytes(20, Uint256(large_contract) << 152),
                             op::or_))),
        forever("copies_of_large_contracts",
                code(push(1), push(0), push(0), duplicate(4), push_bytes(20, Uint256(large_contract) << 152),
                     op::or_, op::extcodecopy)),
        forever("sstore_of_new_slots", code(duplicate(1), duplicate(1), op::sstore)),
        forever("sstore_of_one_slot", code(duplicate(1), push(0), op::sstore)),
        forever("tstore", code(duplicate(1), duplicate(1), op::tstore)),
        forever("log0", code(push(0), push(0), op::log0)),
        forever("log4", code(repeat(4, duplicate(1)), push(32), push(0), op::log4)),
        forever("create", code(push(0), push(0), push(0), op::create, op::pop)),
        forever("create2_of_48KiB", code(duplicate(1), push(49'152), push(0), push(0), op::create2, op::pop)),
        std::move(recursion),
        std::move(fresh_memory),
        std::move(small_calls),
    };
}

std::vector<Case> machine_cases() {
    const Uint256 large = Uint256::max() - Uint256(188);
    return {
        forever("jumps", {}),
        forever("memory_growth", code(duplicate(1), duplicate(1), push(5), op::shl, op::mstore)),
        forever("mcopy_1KiB", code(push(1'024), push(1), push(0), op::mcopy)),
        forever("keccak_32", code(push(32), push(0), op::keccak256, op::pop)),
        forever("keccak_16KiB", code(push(16'384), push(0), op::keccak256, op::pop)),
        forever("exp", code(push(Uint256::max()), push(large), op::exp, op::pop)),
        forever("mulmod",
                code(repeat(8, code(duplicate(2), duplicate(4), duplicate(6), op::mulmod, op::pop))),
                code(push(large), push(large >> 1), push(large >> 2), push(large), push(large >> 1))),
        forever("addmod",
                code(repeat(8, code(duplicate(2), duplicate(4), duplicate(6), op::addmod, op::pop))),
                code(push(large), push(large >> 1), push(large >> 2), push(large >> 70), push(large >> 1))),
        forever("div", code(repeat(8, code(duplicate(2), duplicate(4), op::div, op::pop))),
                code(push(large), push(large >> 1), push(large >> 2), push(large >> 100))),
        forever("sdiv", code(repeat(8, code(duplicate(2), duplicate(4), op::sdiv, op::pop))),
                code(push(large), push(large >> 1), push(large >> 2), push(large >> 100))),
        forever("mul", code(repeat(8, code(duplicate(2), duplicate(4), op::mul, op::pop))),
                code(push(large), push(large >> 1), push(large >> 2))),
    };
}

/// Milliseconds until `gas` is used up.
double measure(const Case& worst, core::Gas gas) {
    evm::Machine machine;
    const AdverseState view(worst.code, worst.callee);
    // The processor's time: other processes do not count.
    const std::clock_t start = std::clock();
    JournaledState state(view);
    state.begin_transaction();
    BlockContext block;
    block.gas_limit = gas;
    block.height = 1'000;
    const native::Registry registry{};
    Execution execution{.state = state, .block = block, .registry = registry, .machine = machine};
    const CallResult result =
        call(execution, {.gas = gas, .sender = callee, .recipient = contract, .code_address = contract});
    state.finish_transaction();
    const double spent_ms = 1e3 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    if (result.status != CallStatus::out_of_gas) {
        std::fprintf(stderr, "%s: %s\n", worst.name.c_str(), std::string(describe(result.status)).c_str());
        std::abort();
    }
    return spent_ms;
}

}  // namespace

int main(int argc, char** argv) {
    const core::Gas gas =
        1'000'000ull * static_cast<core::Gas>(argc > 1 ? std::max(std::atoi(argv[1]), 1) : 30);
    const char* const only = argc > 2 ? argv[2] : nullptr;
    std::vector<Case> cases = precompile_cases();
    for (auto& more : {state_cases(), machine_cases()})
        cases.insert(cases.end(), more.begin(), more.end());
    std::string worst;
    double worst_ms = 0;
    std::printf("{\"unit\": \"ms\", \"gas\": %llu", static_cast<unsigned long long>(gas));
    for (const Case& one : cases) {
        if (only != nullptr && one.name != only) continue;
        double ms = 1e9;
        for (int round = 0; round < 3; ++round)
            ms = std::min(ms, measure(one, gas));
        std::printf(", \"%s\": %.1f", one.name.c_str(), ms);
        std::fflush(stdout);
        if (ms > worst_ms) worst = one.name;
        worst_ms = std::max(worst_ms, ms);
    }
    std::printf(", \"worst\": \"%s\", \"worst_ms\": %.1f}\n", worst.c_str(), worst_ms);
    return 0;
}
