/// The sets of rules of Ethereum's history that execution knows, oldest first. Sluice's own chain runs
/// `osaka` from its genesis on; the older ones exist for Ethereum's own tests and for looking at foreign
/// state.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sluice::contracts::evm {

/// Each includes the ones before it, so `revision >= Revision::berlin` asks whether Berlin's rules hold.
enum class Revision : std::uint8_t {
    istanbul,
    berlin,    ///< EIP-2565, 2718, 2929, 2930
    london,    ///< EIP-1559, 3198, 3529, 3541
    paris,     ///< EIP-3675, 4399
    shanghai,  ///< EIP-3651, 3855, 3860, 4895
    cancun,    ///< EIP-1153, 4788, 4844, 5656, 6780, 7516
    prague,    ///< EIP-2537, 2935, 6110, 7002, 7251, 7623, 7685, 7691, 7702
    osaka,     ///< EIP-7594, 7823, 7825, 7883, 7918, 7934, 7939, 7951
};

inline constexpr std::size_t revision_count = 8;

/// Names as Ethereum's test suites write them, by `Revision`.
inline constexpr std::array<std::string_view, revision_count> revision_names{
    "Istanbul", "Berlin", "London", "Paris", "Shanghai", "Cancun", "Prague", "Osaka",
};

constexpr std::string_view name_of(Revision revision) {
    return revision_names[static_cast<std::size_t>(revision)];
}

/// "Merge" is another name of Paris. Nothing for a name that is not known.
constexpr std::optional<Revision> revision_named(std::string_view name) {
    if (name == "Merge") return Revision::paris;
    for (std::size_t at = 0; at < revision_count; ++at)
        if (revision_names[at] == name) return static_cast<Revision>(at);
    return std::nullopt;
}

}  // namespace sluice::contracts::evm
