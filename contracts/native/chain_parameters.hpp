/// Parameters and validators of the chain in governance storage: 0x…5e06.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "contracts/native/settlement_types.hpp"
#include "core/validator_set.hpp"

namespace sluice::contracts::native {

/// The fixed-size parameters, one row of two slots.
struct ChainParameterRow {
    std::uint64_t chain_id = 0;
    core::UnixMs genesis_time_ms = 0;
    core::Gas block_gas_limit = 0;
    core::Gas transaction_gas_limit = 0;
    std::uint64_t rotation_period = 0;
    std::uint32_t duplicate_window_days = 0;
    std::uint8_t fee_mode = 0;
    bool devnet = false;
    bool operator==(const ChainParameterRow&) const = default;
    static constexpr auto storage_members() {
        using R = ChainParameterRow;
        return std::make_tuple(&R::chain_id, &R::genesis_time_ms, &R::block_gas_limit,
                               &R::transaction_gas_limit, &R::rotation_period, &R::duplicate_window_days,
                               &R::fee_mode, &R::devnet);
    }
    static constexpr auto abi_members() { return storage_members(); }
};

ChainParameterRow read_chain_parameters(const Storage& governance);
void write_chain_parameters(const Storage& governance, const ChainParameterRow& row);

/// A validator and the institution behind it. The order of validators is part of the set's identity.
struct ValidatorRow {
    core::Address address{};
    BicText bic{};
    static constexpr auto storage_members() {
        return std::make_tuple(&ValidatorRow::address, &ValidatorRow::bic);
    }
};
std::uint32_t validator_count(const Storage& governance);
/// Precondition (CHECKed): position < validator_count.
ValidatorRow validator_at(const Storage& governance, std::uint32_t position);
std::string validator_name(const Storage& governance, std::uint32_t position);
/// Puts a validator behind the others.
void add_validator(const Storage& governance, const ValidatorRow& validator, std::string_view name);
/// Takes the validator at `position` out; the last one moves to its place. Precondition (CHECKed): position <
/// validator_count.
void remove_validator(const Storage& governance, std::uint32_t position);
/// Where `address` stands among the validators; nothing if it is none of them.
std::optional<std::uint32_t> validator_position(const Storage& governance, const core::Address& address);
/// The set that governance storage names.
core::ValidatorSet read_validator_set(const Storage& governance);

std::uint32_t feature_count(const Storage& governance);
std::vector<std::string> read_features(const Storage& governance);
void add_feature(const Storage& governance, std::string_view name);

}  // namespace sluice::contracts::native
