/// Authorizations of set-code transactions: an account's signed wish to run another account's code
/// (EIP-7702).
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/result.hpp"
#include "core/rlp.hpp"

namespace sluice::core {

/// One tuple of an authorization list. Whether it counts is decided when the transaction runs; any values
/// that fit the fields may travel.
struct Authorization {
    Uint256 chain_id;   ///< 0 for every chain
    Address address{};  ///< whose code is to run; zero takes the delegation back
    std::uint64_t nonce = 0;
    std::uint8_t y_parity = 0;
    Uint256 r;
    Uint256 s;
    bool operator==(const Authorization&) const = default;
};

/// What the authority signs: keccak256(0x05 ‖ RLP[chain id, address, nonce]).
Hash signing_hash(const Authorization& authorization);
/// Signs in place. Precondition (CHECK, in crypto): the key is valid.
void sign(Authorization& authorization, const crypto::PrivateKey& key);
/// Who signed; nothing where the y parity is above 1, s above n/2 (EIP-2), or no key fits.
std::optional<Address> authority_of(const Authorization& authorization);

/// Appends the list of authorizations as a transaction has it.
void encode_authorizations(Bytes& to, std::span<const Authorization> list);
/// Reads a whole list. Total; y parity up to 255, chain id, r and s up to 2^256-1, nonce up to 2^64-1.
Result<std::vector<Authorization>, rlp::Error> decode_authorizations(rlp::ListReader list);

/// Code of an account that delegates: 0xef0100 ‖ address.
Bytes delegation_to(const Address& address);
/// The address that a delegation names; nothing for any other code.
std::optional<Address> delegate_in(ByteView code);

}  // namespace sluice::core
