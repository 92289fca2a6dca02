/// Every parameter of a chain, as fixed by its genesis. Values only; `documents/genesis_document` reads and
/// writes JSON.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/day_schedule.hpp"
#include "core/identifiers.hpp"
#include "core/time.hpp"
#include "core/uint256.hpp"
#include "core/validator_set.hpp"

namespace sluice::core {

/// How gas is paid. The one mode there is: gas is metered and bounded, nothing is deducted or credited.
enum class FeeMode : std::uint8_t { none = 0 };

/// Whether a currency settles around the clock or follows a business day.
enum class PhaseMode : std::uint8_t { continuous = 0, business_day = 1 };

struct GenesisValidator {
    std::string name;
    Address address{};
    Bic bic;
    bool operator==(const GenesisValidator&) const = default;
};

struct GenesisCurrency {
    CurrencyCode code;
    std::uint8_t exponent = 2;      ///< 0..5 decimals
    std::string time_zone = "UTC";  ///< as `utc_offset_minutes` reads it; value dates are days of this zone
    PhaseMode phase_mode = PhaseMode::continuous;
    DateYmd value_date = 0;           ///< first business date; 0 takes the genesis day (UTC)
    DaySchedule day{};                ///< of a currency with a business day
    std::vector<DateYmd> holidays{};  ///< days of the week that are no value dates, of such a currency
    bool operator==(const GenesisCurrency&) const = default;
};

/// Duties of a participant's keys.
enum class KeyDuty : std::uint8_t { admin = 1, maker = 2, approver = 3, read = 4, screening = 5 };

struct GenesisKey {
    KeyDuty duty{};
    Address address{};
    bool operator==(const GenesisKey&) const = default;
};

struct GenesisParticipant {
    std::string name;
    Bic bic;
    std::string lei;  ///< empty or a valid LEI
    std::vector<GenesisKey> keys;
    bool operator==(const GenesisParticipant&) const = default;
};

struct GenesisOperator {
    std::uint32_t threshold = 1;  ///< k of the keys below
    std::vector<Address> keys;    ///< operators: onboard, suspend, open and close the day
    std::vector<Address> issuers;
    std::vector<Address> freezers;
    std::vector<Address> auditors;
    bool operator==(const GenesisOperator&) const = default;
};

struct GenesisAccount {
    Address address{};
    Uint256 balance;
    std::uint64_t nonce = 0;
    Bytes code;
    std::vector<std::pair<Word, Word>> storage;
    bool operator==(const GenesisAccount&) const = default;
};

struct ChainSpec {
    std::uint64_t chain_id = 0;
    UnixMs time_ms = 0;
    bool devnet = false;                     ///< permits keys with a weak key file
    Gas block_gas_limit = 30'000'000;        ///< the worst block executes within half a second
    Gas transaction_gas_limit = 16'777'216;  ///< as EIP-7825 has it
    FeeMode fee_mode = FeeMode::none;
    std::uint64_t rotation_period = 256;
    std::uint32_t duplicate_window_days = 400;
    std::vector<std::string> features;
    std::vector<GenesisValidator> validators;
    std::vector<GenesisCurrency> currencies;
    std::vector<GenesisParticipant> participants;
    GenesisOperator operators;
    std::vector<GenesisAccount> alloc;
    bool operator==(const ChainSpec&) const = default;
};

/// Highest chain id: with it the v of a legacy signature is still an integer that JavaScript wallets hold
/// exactly.
inline constexpr std::uint64_t chain_id_max = 4'503'599'627'370'476;
/// Longest name of a validator or participant, in bytes of UTF-8.
inline constexpr std::size_t name_bytes_max = 70;
/// True for 1 to name_bytes_max bytes of UTF-8 without control characters and outer spaces.
bool is_name(std::string_view name);
/// Longest name of a feature.
inline constexpr std::size_t feature_bytes_max = 40;
/// Most entries of each list of a spec, apart from validators (limits::validators_max).
inline constexpr std::size_t currencies_max = 200;
inline constexpr std::size_t holidays_max = 1'000;
inline constexpr std::size_t participants_max = 10'000;
inline constexpr std::size_t participant_keys_max = 256;
inline constexpr std::size_t operator_keys_max = 32;

/// Says in one sentence what is wrong with a spec (no validators, duplicate addresses or BICs, unknown
/// exponent, threshold above keys, gas limits out of order …); nothing when it is whole.
std::optional<std::string> find_fault(const ChainSpec& spec);

}  // namespace sluice::core
