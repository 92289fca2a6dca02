#include "crypto/signer.hpp"

#include <memory>

#include <gtest/gtest.h>

#include "tests/crypto/bytes.hpp"

namespace sluice::crypto {
namespace {

TEST(LocalSigner, address_is_that_of_its_key) {
    PrivateKey key = generate_private_key();
    const AddressBytes expected = address_of(key);
    const LocalSigner signer(std::move(key));
    EXPECT_EQ(signer.address(), expected);
}

TEST(LocalSigner, signatures_recover_to_its_address) {
    const std::unique_ptr<Signer> signer = std::make_unique<LocalSigner>(generate_private_key());
    const Digest digest = keccak256(bytes_of("a vote"));
    EXPECT_EQ(recover_address(digest, signer->sign(digest)), signer->address());
}

TEST(LocalSigner, takes_the_key_away_from_its_maker) {
    PrivateKey key = generate_private_key();
    const LocalSigner signer(std::move(key));
    EXPECT_FALSE(is_valid(key));
}

TEST(LocalSignerDeathTest, a_key_that_is_no_scalar_ends_the_process) {
    EXPECT_DEATH(LocalSigner{PrivateKey()}, "private key outside");
}

}  // namespace
}  // namespace sluice::crypto
