#include "tests/bench/solidity_contracts.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "core/ids.hpp"

namespace sluice::bench {

namespace {

using core::Uint256;

core::Word word_of_hex(const char* hex) {
    const auto bytes = core::from_hex(hex);
    core::Word word{};
    std::copy(bytes->begin(), bytes->end(), word.begin());
    return word;
}

/// SHA-1 of 1,000 bytes "a", as one dynamic argument.
core::Bytes sha1_input() {
    constexpr std::size_t length = 1'000;
    core::Bytes input = encode_call("sha1Of(bytes)", {32, length});
    input.insert(input.end(), length, 'a');
    input.resize(input.size() + (32 - length % 32) % 32);
    return input;
}

/// BLAKE2b of "abc", the example of RFC 7693.
core::Bytes blake2b_input() {
    std::vector<Uint256> words(17);
    words[0] = 0x636261;
    words[16] = 3;
    return encode_call("blake2bOf(uint64[16],uint64)", words);
}

}  // namespace

core::Bytes solidity_code(const std::string& name) {
    const std::string path = SLUICE_BENCH_CONTRACTS "/" + name + ".hex";
    std::ifstream file(path);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    while (!text.empty() && text.back() == '\n')
        text.pop_back();
    const auto code = core::from_hex(text);
    if (!code || code->empty()) {
        std::fprintf(stderr, "%s holds no bytecode\n", path.c_str());
        std::exit(2);
    }
    return *code;
}

core::Bytes encode_call(const std::string& signature, const std::vector<Uint256>& arguments) {
    const core::Hash hash = core::keccak256(core::view(signature));
    core::Bytes call(hash.begin(), hash.begin() + 4);
    for (const Uint256& argument : arguments)
        core::append(call, argument.to_word());
    return call;
}

std::vector<PureCall> pure_calls() {
    const core::Bytes hashes = solidity_code("Hashes");
    return {
        {"solidity_sha1_1000_bytes", hashes, sha1_input(),
         word_of_hex("291e9a6c66994949b57ba5e650361e98fc36b1ba000000000000000000000000")},
        {"solidity_blake2b", hashes, blake2b_input(), Uint256(0x0d4d1c983fa580ba).to_word()},
        {"solidity_spheres_16", solidity_code("Spheres"), encode_call("render(uint256)", {16}),
         Uint256(18'966'728'100).to_word()},
        {"solidity_sort_200", solidity_code("Sorting"), encode_call("sortedSum(uint256)", {200}),
         Uint256(1'281'256'818).to_word()},
    };
}

}  // namespace sluice::bench
