/// Values as Ethereum's fixture files write them: hexadecimal text, with or without leading zeros.
#pragma once

#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>

#include <nlohmann/json.hpp>

#include "core/transaction.hpp"

namespace sluice::conformance {

using Json = nlohmann::json;

/// A fixture file that is not what it should be; the text says where.
struct FixtureError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Reads and parses a whole file. Throws FixtureError.
Json read_fixture(const std::filesystem::path& path);

/// The member `name` of an object. Throws FixtureError where there is none.
const Json& member(const Json& object, const char* name);
/// The same, or null.
const Json* find_member(const Json& object, const char* name);

/// Each reads one value, or throws FixtureError naming it.
const std::string& text_of(const Json& value);
core::Bytes bytes_of(const Json& value);
/// "0x…" with any number of leading zeros, or decimal digits.
core::Uint256 number_of(const Json& value);
std::uint64_t u64_of(const Json& value);
core::Address address_of(const Json& value);
/// At most 32 bytes, right-aligned.
core::Word word_of(const Json& value);
core::Hash hash_of(const Json& value);

core::Uint256 number_or(const Json& object, const char* name, const core::Uint256& otherwise);

}  // namespace sluice::conformance
