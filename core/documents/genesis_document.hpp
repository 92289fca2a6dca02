/// The genesis file: a ChainSpec as JSON, the same bytes for the same spec on every machine.
#pragma once

#include <string>
#include <string_view>

#include "core/chain_spec.hpp"
#include "core/documents/document_error.hpp"
#include "core/result.hpp"

namespace sluice::core {

/// Largest genesis file that is read.
inline constexpr std::size_t genesis_bytes_max = 16 * 1024 * 1024;

/// Canonical JSON: sorted keys, two spaces of indentation, a newline at the end. Every field is written out,
/// also those that could be left away. Accounts are sorted by address, their storage by key.
std::string encode_genesis(const ChainSpec& spec);

/// Reads any layout of the same JSON. Total: unknown and repeated keys, wrong types, values out of range and
/// everything that `find_fault` finds are errors. Fields with a default may be missing. What is read encodes
/// to one byte string, whatever the layout was.
Result<ChainSpec, DocumentError> parse_genesis(std::string_view json);

}  // namespace sluice::core
