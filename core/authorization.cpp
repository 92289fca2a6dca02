#include "core/authorization.hpp"

#include <algorithm>

namespace sluice::core {

namespace {

/// EIP-7702, "Parameters".
constexpr std::uint8_t signing_magic = 0x05;
constexpr std::array<std::uint8_t, 3> delegation_prefix = {0xef, 0x01, 0x00};

Bytes encode_signed_fields(const Authorization& authorization) {
    Bytes fields;
    rlp::encode_uint256(fields, authorization.chain_id);
    rlp::encode_address(fields, authorization.address);
    rlp::encode_u64(fields, authorization.nonce);
    return fields;
}

Result<Authorization, rlp::Error> decode_authorization(rlp::ListReader fields) {
    Authorization authorization;
    authorization.chain_id = fields.uint256();
    authorization.address = fields.address();
    authorization.nonce = fields.u64();
    const std::uint64_t y_parity = fields.u64();
    if (y_parity > 0xff) fields.reject(rlp::Error::too_large);
    authorization.y_parity = static_cast<std::uint8_t>(y_parity);
    authorization.r = fields.uint256();
    authorization.s = fields.uint256();
    if (const auto ended = fields.finish(); !ended) return fail(ended.error());
    return authorization;
}

}  // namespace

Hash signing_hash(const Authorization& authorization) {
    Bytes message{signing_magic};
    append(message, rlp::wrap_list(encode_signed_fields(authorization)));
    return keccak256(message);
}

void sign(Authorization& authorization, const crypto::PrivateKey& key) {
    const Signature signature = crypto::sign(signing_hash(authorization), key);
    authorization.y_parity = signature.recovery_id;
    authorization.r = Uint256::from_word(signature.r);
    authorization.s = Uint256::from_word(signature.s);
}

std::optional<Address> authority_of(const Authorization& authorization) {
    if (authorization.y_parity > 1) return std::nullopt;
    const Signature signature{.r = authorization.r.to_word(),
                              .s = authorization.s.to_word(),
                              .recovery_id = authorization.y_parity};
    if (!crypto::is_low_s(signature)) return std::nullopt;
    return crypto::recover_address(signing_hash(authorization), signature);
}

void encode_authorizations(Bytes& to, std::span<const Authorization> list) {
    Bytes payload;
    for (const Authorization& authorization : list) {
        Bytes fields = encode_signed_fields(authorization);
        rlp::encode_u64(fields, authorization.y_parity);
        rlp::encode_uint256(fields, authorization.r);
        rlp::encode_uint256(fields, authorization.s);
        append(payload, rlp::wrap_list(fields));
    }
    append(to, rlp::wrap_list(payload));
}

Result<std::vector<Authorization>, rlp::Error> decode_authorizations(rlp::ListReader list) {
    std::vector<Authorization> authorizations;
    while (list.has_more()) {
        auto authorization = decode_authorization(list.list());
        if (list.failed()) break;
        if (!authorization) return fail(authorization.error());
        authorizations.push_back(*authorization);
    }
    if (const auto ended = list.finish(); !ended) return fail(ended.error());
    return authorizations;
}

Bytes delegation_to(const Address& address) {
    Bytes code(delegation_prefix.begin(), delegation_prefix.end());
    append(code, address);
    return code;
}

std::optional<Address> delegate_in(ByteView code) {
    if (code.size() != delegation_prefix.size() + Address{}.size()) return std::nullopt;
    if (!std::equal(delegation_prefix.begin(), delegation_prefix.end(), code.begin())) return std::nullopt;
    Address address;
    std::copy(code.begin() + delegation_prefix.size(), code.end(), address.begin());
    return address;
}

}  // namespace sluice::core
