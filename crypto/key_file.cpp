#include "crypto/key_file.hpp"

#include <algorithm>
#include <bit>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include <cryptopp/aes.h>
#include <cryptopp/modes.h>
#include <nlohmann/json.hpp>

#include "crypto/hash.hpp"
#include "crypto/hex.hpp"
#include "crypto/key_derivation.hpp"
#include "crypto/precondition.hpp"
#include "crypto/random.hpp"

namespace sluice::crypto {
namespace {

using nlohmann::json;
using Iv = std::array<std::uint8_t, 16>;

constexpr std::size_t key_bytes = 32;
constexpr std::size_t salt_bytes_min = 8;
constexpr std::size_t salt_bytes_max = 128;
constexpr std::uint64_t written_r = 8;
constexpr std::uint64_t written_p = 1;
constexpr const char* devnet_mark = "x-sluice-devnet";

struct Pbkdf2Cost {
    std::uint64_t rounds = 0;
};

/// A key file as read: every field has its length and its cost is within the limits.
struct KeyFile {
    std::optional<AddressBytes> address;
    bool is_marked_devnet = false;
    Iv iv{};
    std::vector<std::uint8_t> ciphertext;
    Digest mac{};
    std::vector<std::uint8_t> salt;
    std::variant<ScryptCost, Pbkdf2Cost> cost;
};

const json* member(const json& object, const char* name) {
    const auto found = object.find(name);
    return found == object.end() ? nullptr : &*found;
}

const json* object_member(const json& object, const char* name) {
    const json* value = member(object, name);
    return value != nullptr && value->is_object() ? value : nullptr;
}

std::optional<std::string_view> text_member(const json& object, const char* name) {
    const json* value = member(object, name);
    if (value == nullptr || !value->is_string()) return std::nullopt;
    return std::string_view(*value->get_ptr<const std::string*>());
}

/// A missing text reads as an empty one, which no field accepts.
std::string_view text_or_empty(const json& object, const char* name) {
    return text_member(object, name).value_or(std::string_view());
}

/// A missing, negative or fractional number reads as zero, which no field accepts.
std::uint64_t number_or_zero(const json& object, const char* name) {
    const json* value = member(object, name);
    return value != nullptr && value->is_number_unsigned() ? *value->get_ptr<const std::uint64_t*>() : 0;
}

std::optional<KeyFileError> read_head(const json& root, KeyFile& file) {
    if (number_or_zero(root, "version") != 3) return KeyFileError::unsupported_version;
    if (const json* mark = member(root, devnet_mark)) {
        if (!mark->is_boolean()) return KeyFileError::bad_field;
        file.is_marked_devnet = *mark->get_ptr<const bool*>();
    }
    if (member(root, "address") == nullptr) return std::nullopt;
    std::string_view digits = text_or_empty(root, "address");
    if (digits.starts_with("0x")) digits.remove_prefix(2);
    AddressBytes address{};
    if (digits.size() != 2 * address.size() || !read_hex_number(digits, address))
        return KeyFileError::bad_field;
    file.address = address;
    return std::nullopt;
}

std::optional<KeyFileError> read_cipher(const json& section, KeyFile& file) {
    if (const auto cipher = text_member(section, "cipher"); !cipher) {
        return KeyFileError::bad_field;
    } else if (*cipher != "aes-128-ctr") {
        return KeyFileError::unsupported_cipher;
    }
    const json* parameters = object_member(section, "cipherparams");
    // Some writers print the iv as a number, without leading zeros and with an odd count of digits.
    if (parameters == nullptr || !read_hex_number(text_or_empty(*parameters, "iv"), file.iv)) {
        return KeyFileError::bad_field;
    }
    // Some writers drop the leading zero bytes of the key, so the text may be shorter than a key.
    auto ciphertext = read_hex_bytes(text_or_empty(section, "ciphertext"), 1, key_bytes);
    const std::string_view mac = text_or_empty(section, "mac");
    if (!ciphertext || mac.size() != 2 * file.mac.size() || !read_hex_number(mac, file.mac)) {
        return KeyFileError::bad_field;
    }
    file.ciphertext = std::move(*ciphertext);
    return std::nullopt;
}

std::optional<KeyFileError> read_scrypt(const json& parameters, KeyFile& file) {
    const ScryptCost cost{.n = number_or_zero(parameters, "n"),
                          .r = number_or_zero(parameters, "r"),
                          .p = number_or_zero(parameters, "p")};
    if (!is_well_formed(cost)) return KeyFileError::bad_field;
    if (!is_affordable(cost)) return KeyFileError::kdf_too_costly;
    file.cost = cost;
    return std::nullopt;
}

std::optional<KeyFileError> read_pbkdf2(const json& parameters, KeyFile& file) {
    if (const auto prf = text_member(parameters, "prf"); !prf) {
        return KeyFileError::bad_field;
    } else if (*prf != "hmac-sha256") {
        return KeyFileError::unsupported_kdf;
    }
    const std::uint64_t rounds = number_or_zero(parameters, "c");
    if (rounds == 0) return KeyFileError::bad_field;
    if (rounds > pbkdf2_rounds_max) return KeyFileError::kdf_too_costly;
    file.cost = Pbkdf2Cost{rounds};
    return std::nullopt;
}

std::optional<KeyFileError> read_derivation(const json& section, KeyFile& file) {
    const auto name = text_member(section, "kdf");
    const json* parameters = object_member(section, "kdfparams");
    if (!name) return KeyFileError::bad_field;
    if (*name != "scrypt" && *name != "pbkdf2") return KeyFileError::unsupported_kdf;
    if (parameters == nullptr || number_or_zero(*parameters, "dklen") != key_bytes)
        return KeyFileError::bad_field;
    auto salt = read_hex_bytes(text_or_empty(*parameters, "salt"), salt_bytes_min, salt_bytes_max);
    if (!salt) return KeyFileError::bad_field;
    file.salt = std::move(*salt);
    return *name == "scrypt" ? read_scrypt(*parameters, file) : read_pbkdf2(*parameters, file);
}

tl::expected<KeyFile, KeyFileError> read_key_file(std::string_view text) {
    if (text.size() > key_file_bytes_max) return tl::unexpected(KeyFileError::not_json);
    const json root = json::parse(text, /*callback=*/nullptr, /*allow_exceptions=*/false);
    if (!root.is_object()) return tl::unexpected(KeyFileError::not_json);
    KeyFile file;
    if (const auto error = read_head(root, file)) return tl::unexpected(*error);
    const json* section = object_member(root, "crypto");
    // The spelling of the first wallets; files with it are still about.
    if (section == nullptr) section = object_member(root, "Crypto");
    if (section == nullptr) return tl::unexpected(KeyFileError::bad_field);
    if (const auto error = read_cipher(*section, file)) return tl::unexpected(*error);
    if (const auto error = read_derivation(*section, file)) return tl::unexpected(*error);
    return file;
}

std::uint64_t work_of(const KeyFile& file) {
    if (const auto* cost = std::get_if<ScryptCost>(&file.cost)) return cost->n * cost->r * cost->p;
    return std::get<Pbkdf2Cost>(file.cost).rounds;
}

bool reaches(const KeyFile& file, KeyFileCost least) {
    if (least.log2_n == 0) return true;
    require(least.log2_n < 32, "a key file was asked to reach an absurd cost");
    const std::uint64_t n = std::uint64_t{1} << least.log2_n;
    return work_of(file) >= (std::holds_alternative<ScryptCost>(file.cost) ? n * written_r * written_p : n);
}

std::optional<DerivedKey> derive(const KeyFile& file, const SecretBytes& password) {
    if (const auto* cost = std::get_if<ScryptCost>(&file.cost)) return scrypt(password, file.salt, *cost);
    return pbkdf2_sha256(password, file.salt, std::get<Pbkdf2Cost>(file.cost).rounds);
}

/// keccak256(second half of the derived key, ciphertext); the first half is the cipher's key.
Digest mac_of(const DerivedKey& derived, ByteView ciphertext) {
    return Keccak256().update(derived.bytes().last<16>()).update(ciphertext).finish();
}

/// AES-128 in counter mode, the same in both directions.
void apply_cipher(const DerivedKey& derived, const Iv& iv, ByteView in, std::span<std::uint8_t> out) {
    CryptoPP::CTR_Mode<CryptoPP::AES>::Encryption cipher(derived.bytes().data(), 16, iv.data());
    cipher.ProcessData(out.data(), in.data(), in.size());
}

/// A random UUID (RFC 4122, version 4).
std::string random_id() {
    std::array<std::uint8_t, 16> bytes;
    fill_random(bytes);
    bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | 0x40);
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80);
    std::string text = to_hex(bytes);
    for (const std::size_t position : {8, 13, 18, 23})
        text.insert(position, "-");
    return text;
}

}  // namespace

std::string_view describe(KeyFileError error) {
    switch (error) {
        case KeyFileError::not_json:
            return "This is no key file: the text is no JSON object, or longer than 64 KiB.";
        case KeyFileError::unsupported_version:
            return "The key file is not of version 3, the only one that can be read.";
        case KeyFileError::unsupported_cipher:
            return "The key file uses another cipher than aes-128-ctr.";
        case KeyFileError::unsupported_kdf:
            return "The key file derives its key by neither scrypt nor pbkdf2 with hmac-sha256.";
        case KeyFileError::bad_field:
            return "A field of the key file is missing or damaged, or its address is not that of its key.";
        case KeyFileError::kdf_too_costly:
            return "Opening the key file would cost more memory or time than is allowed.";
        case KeyFileError::kdf_too_weak:
            return "The key file resists password guessing less than is required here.";
        case KeyFileError::wrong_password:
            return "The password is wrong, or the key file was altered.";
        case KeyFileError::invalid_key:
            return "The key file opens, but what it holds is no secp256k1 private key.";
    }
    require(false, "an error of a key file has no description");
    return {};
}

std::string encrypt_key_file(const PrivateKey& key, const SecretBytes& password, KeyFileCost cost,
                             bool mark_devnet) {
    require(cost.log2_n >= 1 && cost.log2_n <= 19, "a key file was to be written at a cost outside [1, 19]");
    std::array<std::uint8_t, 32> salt;
    Iv iv;
    fill_random(salt);
    fill_random(iv);
    const ScryptCost scrypt_cost{.n = std::uint64_t{1} << cost.log2_n, .r = written_r, .p = written_p};
    const std::optional<DerivedKey> derived = scrypt(password, salt, scrypt_cost);
    require(derived.has_value(), "there is no memory for encrypting a key file");
    std::array<std::uint8_t, key_bytes> ciphertext;
    apply_cipher(*derived, iv, key.bytes(), ciphertext);

    nlohmann::ordered_json root;
    root["version"] = 3;
    root["id"] = random_id();
    root["address"] = to_hex(address_of(key));
    if (mark_devnet) root[devnet_mark] = true;
    auto& section = root["crypto"];
    section["cipher"] = "aes-128-ctr";
    section["cipherparams"]["iv"] = to_hex(iv);
    section["ciphertext"] = to_hex(ciphertext);
    section["kdf"] = "scrypt";
    auto& parameters = section["kdfparams"];
    parameters["dklen"] = key_bytes;
    parameters["n"] = scrypt_cost.n;
    parameters["r"] = scrypt_cost.r;
    parameters["p"] = scrypt_cost.p;
    parameters["salt"] = to_hex(salt);
    section["mac"] = to_hex(mac_of(*derived, ciphertext));
    return root.dump(2) + "\n";
}

tl::expected<KeyFileInfo, KeyFileError> inspect_key_file(std::string_view json_text) {
    const auto file = read_key_file(json_text);
    if (!file) return tl::unexpected(file.error());
    KeyFileInfo info;
    info.has_address = file->address.has_value();
    info.address = file->address.value_or(AddressBytes{});
    info.is_marked_devnet = file->is_marked_devnet;
    info.kdf_work = work_of(*file);
    if (const auto* cost = std::get_if<ScryptCost>(&file->cost)) {
        info.is_scrypt = true;
        info.log2_n = static_cast<std::uint8_t>(std::countr_zero(cost->n));
    }
    return info;
}

tl::expected<PrivateKey, KeyFileError> decrypt_key_file(std::string_view json_text,
                                                        const SecretBytes& password, KeyFileCost least) {
    const auto file = read_key_file(json_text);
    if (!file) return tl::unexpected(file.error());
    if (!reaches(*file, least)) return tl::unexpected(KeyFileError::kdf_too_weak);
    const std::optional<DerivedKey> derived = derive(*file, password);
    if (!derived) return tl::unexpected(KeyFileError::kdf_too_costly);
    if (!equal_constant_time(mac_of(*derived, file->ciphertext), file->mac)) {
        return tl::unexpected(KeyFileError::wrong_password);
    }
    PrivateKey key;
    apply_cipher(*derived, file->iv, file->ciphertext, key.writable_bytes().last(file->ciphertext.size()));
    if (!is_valid(key)) return tl::unexpected(KeyFileError::invalid_key);
    // The MAC does not cover the iv, so only the address tells an altered iv from the true one.
    if (file->address && *file->address != address_of(key)) return tl::unexpected(KeyFileError::bad_field);
    return key;
}

}  // namespace sluice::crypto
