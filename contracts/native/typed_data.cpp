#include "contracts/native/typed_data.hpp"

#include <algorithm>

#include "contracts/native/row_key.hpp"

namespace sluice::contracts::native {

namespace {

// Table 0x06 of governance storage.
// 0x06    bytes32 hash of block 0, from block 1 on
constexpr std::uint8_t genesis_table = 0x06;

constexpr std::string_view domain_type =
    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract,bytes32 salt)";
constexpr core::Hash domain_type_hash = constexpr_keccak256(domain_type);
constexpr core::Hash domain_name_hash = constexpr_keccak256("Sluice");
constexpr core::Hash domain_version_hash = constexpr_keccak256("1");

Place<core::Hash> genesis_place(const Storage& governance) {
    return {governance, row_key(genesis_table)};
}

}  // namespace

SigningDomain signing_domain(const Books& books) {
    // A call on the state of genesis runs before the first block has recorded anything.
    if (books.block.height == 1) return {books.block.chain_id, books.block.parent_hash};
    return {books.block.chain_id, genesis_place(books.governance).read()};
}

void record_genesis_hash(JournaledState& state, const BlockContext& block) {
    if (block.height == 1) genesis_place(Storage(state, governance_address)).write(block.parent_hash);
}

core::Hash typed_digest(const SigningDomain& domain, const core::Hash& struct_hash) {
    const core::Hash separator = hash_words(domain_type_hash, domain_name_hash, domain_version_hash,
                                            domain.chain_id, payments_address, domain.genesis_hash);
    std::array<std::uint8_t, 66> signed_bytes{0x19, 0x01};
    std::copy(separator.begin(), separator.end(), signed_bytes.begin() + 2);
    std::copy(struct_hash.begin(), struct_hash.end(), signed_bytes.begin() + 34);
    return core::keccak256(signed_bytes);
}

}  // namespace sluice::contracts::native
