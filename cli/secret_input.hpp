/// Passwords and keys from a file or from a terminal that does not show them; never from the command line.
#pragma once

#include <string>

#include "cli/command.hpp"
#include "core/result.hpp"
#include "crypto/secret.hpp"

namespace sluice::cli {

enum class SecretUse {
    opening,  ///< asked for once
    making,   ///< asked for twice: a password typed wrong would lock its key away
};

/// The first line of `file`, or where `file` is empty what a person types after `prompt`. An empty secret, no
/// terminal to ask at and two different inputs are errors.
core::Result<crypto::SecretBytes, std::string> read_secret(const std::string& file, const std::string& prompt,
                                                           SecretUse use);

}  // namespace sluice::cli
