/// Fuzz target: any bytes as a key file. Reading is total, and both readers agree on what can be read.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "crypto/key_file.hpp"

namespace {

/// Above this work a derivation would take longer than the fuzzer should spend on one input.
constexpr std::uint64_t work_max = 4096;

void check(bool fact) {
    if (!fact) __builtin_trap();
}

bool needs_the_password(sluice::crypto::KeyFileError error) {
    using enum sluice::crypto::KeyFileError;
    // bad_field too: whether the address is that of the key shows only after decryption.
    return error == wrong_password || error == invalid_key || error == bad_field;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sluice::crypto;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto info = inspect_key_file(text);
    if (!info) {
        check(!describe(info.error()).empty());
        const auto key = decrypt_key_file(text, SecretBytes("testpassword"));
        check(!key && key.error() == info.error());
        return 0;
    }
    check(info->kdf_work > 0);
    if (info->kdf_work > work_max) return 0;
    const auto key = decrypt_key_file(text, SecretBytes("testpassword"));
    if (!key) {
        check(needs_the_password(key.error()));
        return 0;
    }
    check(is_valid(*key));
    check(!info->has_address || address_of(*key) == info->address);
    return 0;
}
