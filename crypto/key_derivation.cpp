#include "crypto/key_derivation.hpp"

#include <bit>
#include <new>

#include <cryptopp/pwdbased.h>
#include <cryptopp/scrypt.h>
#include <cryptopp/sha.h>

#include "crypto/precondition.hpp"

namespace sluice::crypto {

bool is_well_formed(const ScryptCost& cost) {
    return cost.n >= 2 && std::has_single_bit(cost.n) && cost.r != 0 && cost.p != 0;
}

bool is_affordable(const ScryptCost& cost) {
    // In this order no product overflows: r and p are small before n is multiplied.
    if (cost.r > scrypt_r_max || cost.p > scrypt_p_max) return false;
    if (cost.n > scrypt_memory_bytes_max / 128) return false;
    const std::uint64_t memory_bytes = 128 * cost.n * cost.r;
    return memory_bytes <= scrypt_memory_bytes_max && memory_bytes * cost.p <= scrypt_work_bytes_max;
}

std::optional<DerivedKey> scrypt(const SecretBytes& password, ByteView salt, const ScryptCost& cost) {
    require(is_well_formed(cost) && is_affordable(cost), "scrypt was asked for a cost outside its limits");
    DerivedKey key;
    try {
        CryptoPP::Scrypt().DeriveKey(key.writable_bytes().data(), key.bytes().size(), password.bytes().data(),
                                     password.size(), salt.data(), salt.size(), cost.n, cost.r, cost.p);
    } catch (const std::bad_alloc&) {
        return std::nullopt;
    }
    return key;
}

DerivedKey pbkdf2_sha256(const SecretBytes& password, ByteView salt, std::uint64_t rounds) {
    require(rounds >= 1 && rounds <= pbkdf2_rounds_max, "pbkdf2 was asked for a cost outside its limits");
    DerivedKey key;
    constexpr CryptoPP::byte unused_purpose = 0;
    CryptoPP::PKCS5_PBKDF2_HMAC<CryptoPP::SHA256>().DeriveKey(
        key.writable_bytes().data(), key.bytes().size(), unused_purpose, password.bytes().data(),
        password.size(), salt.data(), salt.size(), static_cast<unsigned>(rounds), /*timeInSeconds=*/0);
    return key;
}

}  // namespace sluice::crypto
