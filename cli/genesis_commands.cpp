/// sluice genesis: the file that fixes every parameter of a chain, and its identity.
#include <fmt/format.h>

#include "cli/command.hpp"
#include "cli/files.hpp"
#include "cli/genesis_input.hpp"
#include "cli/output.hpp"
#include "cli/receipt_check.hpp"
#include "core/documents/genesis_document.hpp"

namespace sluice::cli {
namespace {

constexpr Argument input_argument{"FILE", ArgumentKind::positional, "Input file in TOML", true};
constexpr Argument out_argument{"--out", ArgumentKind::value, "Genesis file to write", true};
constexpr Argument build_arguments[] = {input_argument, out_argument};
constexpr Argument genesis_argument{"FILE", ArgumentKind::positional, "Genesis file", true};
constexpr Argument hash_arguments[] = {genesis_argument};

ExitCode print_identity(const GenesisChain& chain, const std::string& file, bool as_json) {
    const auto hash = core::to_hex_0x(chain.identity.genesis_hash);
    if (as_json)
        print_json({{"genesisHash", hash},
                    {"chainId", chain.identity.chain_id},
                    {"stateRoot", core::to_hex_0x(chain.header.state_root)},
                    {"validators", chain.spec.validators.size()},
                    {"participants", chain.spec.participants.size()},
                    {"file", file}});
    else
        print_line(hash);
    return ExitCode::done;
}

ExitCode build(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    const auto input = arguments.text("FILE"), out = arguments.text("--out");
    const auto text = read_file(input, core::genesis_bytes_max);
    if (!text) return fail(ExitCode::refused, text.error(), as_json);
    const auto spec = read_genesis_input(*text);
    if (!spec) return fail(ExitCode::refused, fmt::format("{}: {}", input, spec.error()), as_json);
    const auto genesis = core::encode_genesis(*spec);
    const auto chain = read_genesis_chain(genesis);
    if (!chain) return fail(ExitCode::refused, fmt::format("{}: {}", input, chain.error()), as_json);
    if (auto written = write_file(out, genesis, FileMode::ordinary); !written)
        return fail(ExitCode::refused, written.error(), as_json);
    return print_identity(*chain, out, as_json);
}

ExitCode hash(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    const auto file = arguments.text("FILE");
    const auto text = read_file(file, core::genesis_bytes_max);
    if (!text) return fail(ExitCode::refused, text.error(), as_json);
    const auto chain = read_genesis_chain(*text);
    if (!chain) return fail(ExitCode::refused, fmt::format("{}: {}", file, chain.error()), as_json);
    return print_identity(*chain, file, as_json);
}

constexpr Command commands[] = {
    {"genesis build", "Make the genesis file of a chain and print the chain's identity", build_arguments,
     build, "sluice genesis build bank-net.toml --out genesis.json"},
    {"genesis hash", "The identity of the chain of a genesis file", hash_arguments, hash,
     "sluice genesis hash genesis.json"},
};

}  // namespace

std::span<const Command> genesis_commands() {
    return commands;
}

}  // namespace sluice::cli
