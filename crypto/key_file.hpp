/// Keystore V3 files (Web3 Secret Storage): a private key encrypted under a password.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "crypto/secret.hpp"
#include "crypto/signature.hpp"

namespace sluice::crypto {

enum class KeyFileError {
    not_json,              ///< the text is no JSON object
    unsupported_version,   ///< `version` is not 3
    unsupported_cipher,    ///< not aes-128-ctr
    unsupported_kdf,       ///< neither scrypt nor pbkdf2 with hmac-sha256
    bad_field,             ///< a field is missing, has the wrong type, length or hex digits
    kdf_too_costly,        ///< more than 512 MiB of scrypt memory, or 10^8 pbkdf2 rounds
    kdf_too_weak,          ///< below what the caller asked for
    wrong_password,        ///< the MAC does not fit: wrong password or altered file
    invalid_key,           ///< decrypts to something that is no secp256k1 key
};

/// One sentence for people.
std::string_view describe(KeyFileError error);

/// scrypt cost: N = 2^log2_n, r = 8, p = 1.
struct KeyFileCost {
    std::uint8_t log2_n = 18;
};
inline constexpr KeyFileCost production_cost{18};
inline constexpr KeyFileCost devnet_cost{12};

/// What can be read from a key file without its password.
struct KeyFileInfo {
    AddressBytes address{};      ///< as the file claims; checked against the key on decryption
    bool has_address = false;
    bool is_scrypt = false;
    std::uint8_t log2_n = 0;     ///< scrypt only
    bool is_marked_devnet = false;  ///< carries `"x-sluice-devnet": true`
};

/// Encrypts `key`; salt, iv and id come from the operating system's random source.
std::string encrypt_key_file(const PrivateKey& key, const SecretBytes& password, KeyFileCost cost,
                             bool mark_devnet);

tl::expected<KeyFileInfo, KeyFileError> inspect_key_file(std::string_view json);
tl::expected<PrivateKey, KeyFileError> decrypt_key_file(std::string_view json, const SecretBytes& password);

}  // namespace sluice::crypto
