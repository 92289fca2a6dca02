/// sluice key: private keys in keystore V3 files, readable by their owner alone.
#include <algorithm>

#include <fmt/format.h>

#include "cli/command.hpp"
#include "cli/files.hpp"
#include "cli/output.hpp"
#include "cli/secret_input.hpp"
#include "core/ids.hpp"
#include "crypto/key_file.hpp"

namespace sluice::cli {
namespace {

namespace fs = std::filesystem;

constexpr Argument out_argument{"--out", ArgumentKind::value, "File to write, which must not exist", true};
constexpr Argument new_password_argument{"--password-file", ArgumentKind::value,
                                         "File whose first line is the password, instead of asking"};
constexpr Argument private_key_argument{"--private-key-file", ArgumentKind::value,
                                        "File whose first line is the key in hex, instead of asking"};
constexpr Argument from_argument{"--keystore", ArgumentKind::value,
                                 "Key file of another program to take the key from"};
constexpr Argument from_password_argument{"--keystore-password-file", ArgumentKind::value,
                                          "File whose first line opens --keystore"};
constexpr Argument key_file_argument{"FILE", ArgumentKind::positional, "Key file", true};
constexpr Argument export_yes_argument{"--yes", ArgumentKind::flag, "Yes, write the bare key into a file"};
constexpr Argument places_argument{"PLACE", ArgumentKind::list,
                                   "Folders and key files; without one the present folder"};

constexpr Argument new_arguments[] = {out_argument, new_password_argument};
constexpr Argument import_arguments[] = {out_argument, new_password_argument, private_key_argument,
                                         from_argument, from_password_argument};
constexpr Argument export_arguments[] = {key_file_argument, out_argument, new_password_argument,
                                         export_yes_argument};
constexpr Argument list_arguments[] = {places_argument};

core::Result<void, std::string> check_absent(const fs::path& file) {
    std::error_code error;
    if (!fs::exists(file, error)) return {};
    return core::fail(fmt::format("{} exists; a key is never overwritten", file.string()));
}

/// Encrypts a key at the cost of real money and writes its file.
ExitCode keep(const crypto::PrivateKey& key, const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    const fs::path out = arguments.text("--out");
    const auto password =
        read_secret(arguments.text("--password-file"), "Password of the new key file", SecretUse::making);
    if (!password) return fail(ExitCode::refused, password.error(), as_json);
    const auto text = crypto::encrypt_key_file(key, *password, crypto::production_cost, false);
    if (auto written = write_file(out, text, FileMode::secret); !written)
        return fail(ExitCode::refused, written.error(), as_json);
    const auto address = core::checksum_hex(crypto::address_of(key));
    if (as_json)
        print_json({{"address", address}, {"file", out.string()}});
    else
        print_line(fmt::format("{}  {}\nKeep the password: without it nobody can open this file.", address,
                               out.string()));
    return ExitCode::done;
}

ExitCode make_new(const Arguments& arguments) {
    if (auto absent = check_absent(arguments.text("--out")); !absent)
        return fail(ExitCode::refused, absent.error(), arguments.has("--json"));
    return keep(crypto::generate_private_key(), arguments);
}

core::Result<crypto::PrivateKey, std::string> open_keystore(const std::string& file,
                                                            const std::string& password_file) {
    const auto text = read_file(file, crypto::key_file_bytes_max);
    if (!text) return core::fail(text.error());
    if (const auto info = crypto::inspect_key_file(*text); !info)
        return core::fail(fmt::format("{}: {}", file, crypto::describe(info.error())));
    const auto password = read_secret(password_file, fmt::format("Password of {}", file), SecretUse::opening);
    if (!password) return core::fail(password.error());
    auto key = crypto::decrypt_key_file(*text, *password);
    if (!key) return core::fail(fmt::format("{}: {}", file, crypto::describe(key.error())));
    return std::move(*key);
}

/// 64 hex digits, with or without 0x; no other copy of them is made.
core::Result<crypto::PrivateKey, std::string> key_from_hex(const crypto::SecretBytes& secret) {
    auto digits = secret.bytes();
    if (digits.size() == 66 && digits[0] == '0' && digits[1] == 'x') digits = digits.subspan(2);
    const auto value = [](std::uint8_t letter) -> int {
        if (letter >= '0' && letter <= '9') return letter - '0';
        if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
        return letter >= 'A' && letter <= 'F' ? letter - 'A' + 10 : -1;
    };
    if (digits.size() != 64 ||
        !std::all_of(digits.begin(), digits.end(), [&](auto letter) { return value(letter) >= 0; }))
        return core::fail(std::string("a private key is 64 hex digits"));
    crypto::PrivateKey key;
    for (std::size_t i = 0; i < 32; ++i)
        key.writable_bytes()[i] =
            static_cast<std::uint8_t>(value(digits[2 * i]) * 16 + value(digits[2 * i + 1]));
    if (!crypto::is_valid(key)) return core::fail(std::string("this number is no private key of secp256k1"));
    return key;
}

core::Result<crypto::PrivateKey, std::string> read_foreign_key(const Arguments& arguments) {
    const auto keystore = arguments.text("--keystore");
    if (!keystore.empty() && arguments.has("--private-key-file"))
        return core::fail(std::string("give --keystore or --private-key-file, not both"));
    if (!keystore.empty()) return open_keystore(keystore, arguments.text("--keystore-password-file"));
    const auto secret =
        read_secret(arguments.text("--private-key-file"), "Private key in hex", SecretUse::opening);
    if (!secret) return core::fail(secret.error());
    return key_from_hex(*secret);
}

ExitCode import_key(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    if (auto absent = check_absent(arguments.text("--out")); !absent)
        return fail(ExitCode::refused, absent.error(), as_json);
    const auto key = read_foreign_key(arguments);
    if (!key) return fail(ExitCode::refused, key.error(), as_json);
    return keep(*key, arguments);
}

ExitCode export_key(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    const fs::path out = arguments.text("--out");
    if (!arguments.has("--yes"))
        return fail(ExitCode::usage,
                    "whoever reads the exported file owns the key: say --yes if that is what you want",
                    as_json);
    if (auto absent = check_absent(out); !absent) return fail(ExitCode::refused, absent.error(), as_json);
    const auto key = open_keystore(arguments.text("FILE"), arguments.text("--password-file"));
    if (!key) return fail(ExitCode::refused, key.error(), as_json);
    auto text = core::to_hex_0x(key->bytes()) + "\n";
    const auto written = write_file(out, text, FileMode::secret);
    crypto::wipe(text.data(), text.size());
    if (!written) return fail(ExitCode::refused, written.error(), as_json);
    const auto address = core::checksum_hex(crypto::address_of(*key));
    if (as_json)
        print_json({{"address", address}, {"file", out.string()}});
    else
        print_line(
            fmt::format("the bare key of {} lies in {}, readable by you alone", address, out.string()));
    return ExitCode::done;
}

std::vector<fs::path> files_at(const fs::path& place) {
    std::error_code error;
    if (!fs::is_directory(place, error)) return {place};
    std::vector<fs::path> files;
    for (fs::directory_iterator entry(place, error), end; !error && entry != end; entry.increment(error))
        if (entry->is_regular_file(error)) files.push_back(entry->path());
    std::sort(files.begin(), files.end());
    return files;
}

std::string strength_of(const crypto::KeyFileInfo& info) {
    const auto kdf =
        info.is_scrypt ? fmt::format("scrypt 2^{}", info.log2_n) : fmt::format("pbkdf2 {}", info.kdf_work);
    return info.is_marked_devnet ? kdf + " (devnet)" : kdf;
}

ExitCode list_keys(const Arguments& arguments) {
    auto places = arguments.list("PLACE");
    if (places.empty()) places = {"."};
    Json list = Json::array();
    std::vector<std::vector<std::string>> rows;
    for (const auto& place : places)
        for (const auto& file : files_at(place)) {
            const auto text = read_file(file, crypto::key_file_bytes_max);
            const auto info = text ? crypto::inspect_key_file(*text)
                                   : tl::expected<crypto::KeyFileInfo, crypto::KeyFileError>(
                                         tl::unexpected(crypto::KeyFileError::not_json));
            if (!info) continue;  // other files of the folder
            const auto address = info->has_address ? core::checksum_hex(info->address) : "-";
            list.push_back(
                {{"address", address}, {"file", file.string()}, {"protection", strength_of(*info)}});
            rows.push_back({address, strength_of(*info), file.string()});
        }
    if (arguments.has("--json"))
        print_json(list);
    else if (rows.empty())
        print_line("no key files here");
    else
        print_line(table({"ADDRESS", "PROTECTION", "FILE"}, rows));
    return ExitCode::done;
}

constexpr Command commands[] = {
    {"key new", "Make a key and keep it encrypted under a password", new_arguments, make_new,
     "sluice key new --out maker.json"},
    {"key import", "Keep a key from elsewhere encrypted under a password", import_arguments, import_key,
     "sluice key import --keystore geth.json --out maker.json"},
    {"key export", "Write the bare key into a file", export_arguments, export_key,
     "sluice key export maker.json --out maker.hex --yes"},
    {"key list", "Key files and their addresses", list_arguments, list_keys,
     "sluice key list devnet/accounts"},
};

}  // namespace

std::span<const Command> key_commands() {
    return commands;
}

}  // namespace sluice::cli
