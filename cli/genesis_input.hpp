/// The input file of a genesis: the fields of the genesis file written as TOML, the form that people edit.
#pragma once

#include <string>
#include <string_view>

#include "core/chain_spec.hpp"
#include "core/result.hpp"

namespace sluice::cli {

/// Same names and rules as the genesis file (docs/formats/genesis.md); days may be TOML dates. The error
/// names line, field, value and what is allowed. Total; depends on the text alone.
core::Result<core::ChainSpec, std::string> read_genesis_input(std::string_view toml);

}  // namespace sluice::cli
