/// Key files made independently of the code under test: OpenSSL derives and encrypts, keccak comes from
/// Crypto++.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <cryptopp/keccak.h>
#include <openssl/evp.h>
#include <nlohmann/json.hpp>

#include "tests/crypto/bytes.hpp"

namespace sluice::crypto {

/// What a key file is made of; `json()` encrypts it.
struct KeyFileBuilder {
    std::string password = "testpassword";
    std::vector<std::uint8_t> plaintext = std::vector<std::uint8_t>(32, 0x11);
    std::vector<std::uint8_t> salt = sample_bytes(32);
    std::array<std::uint8_t, 16> iv = from_hex<16>("0102030405060708090a0b0c0d0e0f10");
    bool by_pbkdf2 = false;
    std::uint64_t n = 4, r = 8, p = 1, rounds = 3;

    std::array<std::uint8_t, 32> derive() const {
        std::array<std::uint8_t, 32> key{};
        const int done =
            by_pbkdf2 ? PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), salt.data(),
                                          static_cast<int>(salt.size()), static_cast<int>(rounds),
                                          EVP_sha256(), static_cast<int>(key.size()), key.data())
                      : EVP_PBE_scrypt(password.data(), password.size(), salt.data(), salt.size(), n, r, p,
                                       512u << 20, key.data(), key.size());
        require(done == 1, "OpenSSL derived no key");
        return key;
    }

    std::vector<std::uint8_t> encrypt(const std::array<std::uint8_t, 32>& derived) const {
        std::vector<std::uint8_t> out(plaintext.size());
        int size = 0;
        EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
        require(EVP_EncryptInit_ex(context, EVP_aes_128_ctr(), nullptr, derived.data(), iv.data()) == 1 &&
                    EVP_EncryptUpdate(context, out.data(), &size, plaintext.data(),
                                      static_cast<int>(plaintext.size())) == 1,
                "OpenSSL encrypted nothing");
        EVP_CIPHER_CTX_free(context);
        return out;
    }

    nlohmann::json json() const {
        const auto derived = derive();
        const auto ciphertext = encrypt(derived);
        CryptoPP::Keccak_256 hash;
        hash.Update(derived.data() + 16, 16);
        hash.Update(ciphertext.data(), ciphertext.size());
        Digest mac;
        hash.Final(mac.data());

        nlohmann::json parameters{{"dklen", 32}, {"salt", to_hex(salt)}};
        if (by_pbkdf2) {
            parameters.update({{"c", rounds}, {"prf", "hmac-sha256"}});
        } else {
            parameters.update({{"n", n}, {"r", r}, {"p", p}});
        }
        return {{"version", 3},
                {"id", "3198bc9c-6672-5ab3-d995-4942343ae5b6"},
                {"crypto",
                 {{"cipher", "aes-128-ctr"},
                  {"cipherparams", {{"iv", to_hex(iv)}}},
                  {"ciphertext", to_hex(ciphertext)},
                  {"kdf", by_pbkdf2 ? "pbkdf2" : "scrypt"},
                  {"kdfparams", parameters},
                  {"mac", to_hex(mac)}}}};
    }

    /// The file with the address of its key, as most writers make it. The plaintext must be a whole valid
    /// key.
    nlohmann::json json_with_address() const {
        nlohmann::json file = json();
        file["address"] = to_hex(address_of(PrivateKey(std::span<const std::uint8_t, 32>(plaintext))));
        return file;
    }
};

}  // namespace sluice::crypto
