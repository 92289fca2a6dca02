/// Keystore V3 files (Web3 Secret Storage): a private key encrypted under a password
/// (docs/formats/key-file.md). Texts only, no file is touched here. Any thread; a call lasts as long as the
/// key derivation it needs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "crypto/secret.hpp"
#include "crypto/signature.hpp"

namespace sluice::crypto {

/// Why a text is refused as a key file.
enum class KeyFileError {
    not_json,             ///< the text is no JSON object, or longer than `key_file_bytes_max`
    unsupported_version,  ///< `version` is not 3
    unsupported_cipher,   ///< not aes-128-ctr
    unsupported_kdf,      ///< neither scrypt nor pbkdf2 with hmac-sha256
    bad_field,            ///< a field is missing, has the wrong type, length, value or hex digits,
                          ///< or `address` is not that of the key
    kdf_too_costly,       ///< above a limit of crypto/key_derivation.hpp, or more memory than the machine has
    kdf_too_weak,         ///< below what the caller asked for
    wrong_password,       ///< the MAC does not fit: wrong password or altered file
    invalid_key,          ///< decrypts to something that is no secp256k1 key
};

/// One sentence for people.
std::string_view describe(KeyFileError error);

/// scrypt cost: N = 2^log2_n, r = 8, p = 1.
struct KeyFileCost {
    std::uint8_t log2_n = 18;
};
/// For keys that hold real money: 256 MiB and about a second.
inline constexpr KeyFileCost production_cost{18};
/// For keys of a development network, made and opened by the dozen: 4 MiB and some 15 ms.
inline constexpr KeyFileCost devnet_cost{12};
/// As a least cost: asks for nothing.
inline constexpr KeyFileCost any_cost{0};

/// A longer text is refused unread; real key files have some 500 bytes.
inline constexpr std::size_t key_file_bytes_max = 65'536;

/// What can be read from a key file without its password.
struct KeyFileInfo {
    AddressBytes address{};  ///< as the file claims; checked against the key on decryption
    bool has_address = false;
    bool is_scrypt = false;
    std::uint8_t log2_n = 0;        ///< scrypt only
    std::uint64_t kdf_work = 0;     ///< scrypt: N * r * p; pbkdf2: rounds
    bool is_marked_devnet = false;  ///< carries `"x-sluice-devnet": true`
};

/// Encrypts `key`; salt, iv and id come from the operating system's random source.
/// Preconditions (CHECKed by abort): `is_valid(key)`, 1 <= log2_n <= 19, and the machine has the memory.
std::string encrypt_key_file(const PrivateKey& key, const SecretBytes& password, KeyFileCost cost,
                             bool mark_devnet);

/// Reads and checks everything that needs no password: never `wrong_password`, `invalid_key`, `kdf_too_weak`.
tl::expected<KeyFileInfo, KeyFileError> inspect_key_file(std::string_view json);

/// Takes the key out. The bytes of `password` are used as they are, with no Unicode normalisation. A file
/// below `least` is refused before any work: scrypt must reach N * r * p >= 8 * 2^log2_n, pbkdf2 2^log2_n
/// rounds.
tl::expected<PrivateKey, KeyFileError> decrypt_key_file(std::string_view json, const SecretBytes& password,
                                                        KeyFileCost least = any_cost);

}  // namespace sluice::crypto
