/// What compilers write: bytecode and ABI from hex files, artifacts of Hardhat and Foundry, outputs of solc.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "cli/abi/interface.hpp"

namespace sluice::cli {

struct ContractFile {
    core::Bytes creation_code;  ///< without constructor arguments; never empty
    std::optional<abi::Interface> interface;
};

/// Reads a file of hex digits (with or without 0x), an artifact {bytecode, abi} whose bytecode is text or
/// {object}, solc's standard JSON output, or its --combined-json. `contract` chooses by NAME or SOURCE:NAME
/// where several are in the file; "" takes the only one that has code.
core::Result<ContractFile, std::string> read_contract_file(const std::filesystem::path& file,
                                                           const std::string& contract);
/// The same of a file's text, whatever it is.
core::Result<ContractFile, std::string> parse_contract_file(const std::string& text,
                                                            const std::string& contract);

/// The interface of any of these files, or of a file that is the ABI's array.
core::Result<abi::Interface, std::string> read_interface_file(const std::filesystem::path& file,
                                                              const std::string& contract);

/// Hex digits with or without 0x, blanks and line ends around them.
core::Result<core::Bytes, std::string> parse_hex_code(std::string_view text);

}  // namespace sluice::cli
