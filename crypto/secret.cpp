#include "crypto/secret.hpp"

#include <openssl/crypto.h>

namespace sluice::crypto {

void wipe(void* data, std::size_t size_bytes) noexcept {
    OPENSSL_cleanse(data, size_bytes);
}

bool equal_constant_time(std::span<const std::uint8_t> left, std::span<const std::uint8_t> right) {
    return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace sluice::crypto
