#include "contracts/native/facade_book.hpp"

#include "contracts/native/row_key.hpp"

namespace sluice::contracts::native {

namespace {

// Tables of a façade.
// 0x01 ‖ first 30 bytes of keccak256(owner ‖ spender)    uint256 allowance
// 0x02 ‖ address owner                                   uint64 permits used
constexpr std::uint8_t allowance_table = 0x01;
constexpr std::uint8_t nonce_table = 0x02;

constexpr core::Hash domain_type_hash =
    constexpr_keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
constexpr core::Hash permit_type_hash =
    constexpr_keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
constexpr core::Hash version_hash = constexpr_keccak256("1");

Place<core::Uint256> allowance_place(const Storage& facade, const AllowanceKey& key) {
    std::array<std::uint8_t, 40> fields{};
    std::copy(key.owner.begin(), key.owner.end(), fields.begin());
    std::copy(key.spender.begin(), key.spender.end(), fields.begin() + 20);
    return {facade, hashed_row_key(allowance_table, fields)};
}
Place<std::uint64_t> nonce_place(const Storage& facade, const core::Address& owner) {
    return {facade, row_key(nonce_table, owner)};
}

}  // namespace

core::Uint256 read_allowance(const Storage& facade, const AllowanceKey& key) {
    return allowance_place(facade, key).read();
}

void write_allowance(const Storage& facade, const AllowanceKey& key, const core::Uint256& amount) {
    allowance_place(facade, key).write(amount);
}

bool spend_allowance(const Storage& facade, const AllowanceKey& key, const core::Uint256& amount) {
    const core::Uint256 allowed = read_allowance(facade, key);
    if (allowed < amount) return false;
    if (allowed != core::Uint256::max()) write_allowance(facade, key, allowed - amount);
    return true;
}

std::uint64_t read_permit_nonce(const Storage& facade, const core::Address& owner) {
    return nonce_place(facade, owner).read();
}

void write_permit_nonce(const Storage& facade, const core::Address& owner, std::uint64_t nonce) {
    nonce_place(facade, owner).write(nonce);
}

std::string facade_name(const CurrencyText& currency) {
    return "Central bank money in " + std::string(currency.begin(), currency.end());
}

core::Hash permit_domain(const core::Address& facade, const CurrencyText& currency, std::uint64_t chain_id) {
    return core::keccak256(abi::encode(domain_type_hash, core::keccak256(core::view(facade_name(currency))),
                                       version_hash, chain_id, facade));
}

core::Hash permit_digest(const Permit& permit, const core::Hash& domain) {
    const core::Hash content = core::keccak256(abi::encode(permit_type_hash, permit.owner, permit.spender,
                                                           permit.value, permit.nonce, permit.deadline));
    std::array<std::uint8_t, 66> signed_bytes{0x19, 0x01};
    std::copy(domain.begin(), domain.end(), signed_bytes.begin() + 2);
    std::copy(content.begin(), content.end(), signed_bytes.begin() + 34);
    return core::keccak256(signed_bytes);
}

}  // namespace sluice::contracts::native
