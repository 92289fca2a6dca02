/// Signatures that cost next to nothing: for simulations of many histories. Nobody can sign for another key
/// by accident, and the forging rules are those of the real thing.
#pragma once

#include "consensus/message_verifier.hpp"
#include "crypto/signer.hpp"

namespace sluice::consensus::testing {

/// Address of the validator with this number; never all zero.
core::Address toy_address(std::size_t number);

/// Signs for one toy address: s is the address, r a tag of address and digest.
class ToySigner final : public crypto::Signer {
  public:
    explicit ToySigner(std::size_t number) : address_(toy_address(number)) {}
    crypto::AddressBytes address() const override { return address_; }
    crypto::Signature sign(const crypto::Digest& digest) override;

  private:
    core::Address address_;
};

/// The inverse, for MessageVerifier.
std::optional<core::Address> toy_recover(const core::Hash& digest, const core::Signature& signature);

}  // namespace sluice::consensus::testing
