/// The precompiled contracts: rows of an address, a gas function and the work (Yellow Paper, appendix E).
#pragma once

#include <optional>

#include "contracts/evm/revision.hpp"
#include "core/ids.hpp"

namespace sluice::contracts::evm {

/// One precompiled contract. Pure functions of the input.
struct Precompile {
    std::uint16_t number = 0;  ///< the address as a number
    std::string_view name;     ///< as Ethereum's documents write it
    Revision active_from = Revision::istanbul;
    /// What a call costs before any work; `no_gas_suffices` where no limit could pay.
    core::Gas (*gas)(core::ByteView input, Revision revision) = nullptr;
    /// Replaces `output`; false refuses the input: the call fails and takes all gas. Null: excluded from the
    /// permissioned profile, the call fails and says so.
    bool (*execute)(core::ByteView input, core::Bytes& output) = nullptr;
};

inline constexpr core::Gas no_gas_suffices = ~core::Gas{0};

/// The contract at `address` under the rules of `revision`, or null.
const Precompile* find_precompile(const core::Address& address, Revision revision);
inline bool is_precompile(const core::Address& address, Revision revision) {
    return find_precompile(address, revision) != nullptr;
}

/// Every row, for those who list what is warm at the start of a transaction, or what is excluded.
std::span<const Precompile> precompiles();
core::Address address_of(const Precompile& precompile);

}  // namespace sluice::contracts::evm
