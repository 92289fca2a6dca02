#include "core/chain_spec.hpp"

#include <algorithm>
#include <map>
#include <span>

#include "core/limits.hpp"

namespace sluice::core {

namespace {

using Fault = std::optional<std::string>;

/// A plain transfer; less would permit no transaction at all.
constexpr Gas transfer_gas = 21'000;
constexpr Gas gas_limit_max = (std::uint64_t{1} << 63) - 1;
/// Ten years: longer than any correction of a payment is possible.
constexpr std::uint32_t duplicate_window_days_max = 3'660;
/// EIP-170.
constexpr std::size_t code_bytes_max = 24'576;

std::string place(std::string_view list, std::size_t index) {
    return std::string(list) + '[' + std::to_string(index) + ']';
}

/// The first fault among faults of single parts.
Fault first_of(std::initializer_list<Fault> faults) {
    for (const Fault& fault : faults)
        if (fault) return fault;
    return {};
}

/// Says which item repeats `key_of` of an earlier one.
template <typename Items, typename KeyOf>
Fault find_repetition(const Items& items, KeyOf key_of, std::string_view list, std::string_view what) {
    std::map<decltype(key_of(items[0])), std::size_t> seen;
    for (std::size_t i = 0; i < items.size(); ++i) {
        const auto [earlier, is_new] = seen.emplace(key_of(items[i]), i);
        if (!is_new)
            return place(list, i) + " has the same " + std::string(what) + " as " +
                   place(list, earlier->second);
    }
    return {};
}

/// Bytes of the UTF-8 character at the front of `text`; 0 where there is none (Unicode, table 3-7).
std::size_t character_bytes(std::string_view text) {
    const auto at = [text](std::size_t i) {
        return i < text.size() ? static_cast<unsigned>(static_cast<unsigned char>(text[i])) : 0u;
    };
    const auto follows = [&at](std::size_t i) { return (at(i) & 0xc0) == 0x80; };
    const unsigned first = at(0);
    if (first < 0x80) return 1;
    if (first >= 0xc2 && first <= 0xdf) return follows(1) ? 2 : 0;
    if (first >= 0xe0 && first <= 0xef) {
        const bool is_short_or_surrogate = (first == 0xe0 && at(1) < 0xa0) || (first == 0xed && at(1) > 0x9f);
        return follows(1) && follows(2) && !is_short_or_surrogate ? 3 : 0;
    }
    if (first >= 0xf0 && first <= 0xf4) {
        const bool is_outside = (first == 0xf0 && at(1) < 0x90) || (first == 0xf4 && at(1) > 0x8f);
        return follows(1) && follows(2) && follows(3) && !is_outside ? 4 : 0;
    }
    return 0;
}

bool is_printable_utf8(std::string_view text) {
    while (!text.empty()) {
        const auto first = static_cast<unsigned char>(text[0]);
        const std::size_t bytes = character_bytes(text);
        if (bytes == 0 || first < 0x20 || first == 0x7f) return false;
        text.remove_prefix(bytes);
    }
    return true;
}

Fault find_name_fault(std::string_view name, const std::string& at) {
    if (name.empty()) return at + " has no name";
    if (name.size() > name_bytes_max)
        return at + " has a name of " + std::to_string(name.size()) + " bytes; at most " +
               std::to_string(name_bytes_max) + " are allowed";
    if (!is_printable_utf8(name) || name.front() == ' ' || name.back() == ' ')
        return at + " has a name with control characters, outer spaces or broken UTF-8";
    return {};
}

Fault find_count_fault(std::string_view list, std::size_t count, std::size_t most) {
    if (count <= most) return {};
    return std::string(list) + " has " + std::to_string(count) + " entries; at most " + std::to_string(most) +
           " are allowed";
}

Fault find_parameter_fault(const ChainSpec& spec) {
    if (spec.chain_id == 0 || spec.chain_id > chain_id_max)
        return "chain_id is " + std::to_string(spec.chain_id) + "; it must be from 1 to " +
               std::to_string(chain_id_max);
    if (spec.time_ms == 0 || spec.time_ms > time_ms_max)
        return "time_ms is " + std::to_string(spec.time_ms) +
               "; it must be milliseconds since 1970, up to the end of the year 9999";
    if (spec.transaction_gas_limit < transfer_gas)
        return "transaction_gas_limit is " + std::to_string(spec.transaction_gas_limit) +
               "; a plain transfer needs " + std::to_string(transfer_gas);
    if (spec.block_gas_limit < spec.transaction_gas_limit || spec.block_gas_limit > gas_limit_max)
        return "block_gas_limit is " + std::to_string(spec.block_gas_limit) +
               "; it must be at least transaction_gas_limit (" + std::to_string(spec.transaction_gas_limit) +
               ") and at most 2^63-1";
    if (spec.rotation_period == 0) return "rotation_period is 0; it must be at least 1";
    if (spec.duplicate_window_days == 0 || spec.duplicate_window_days > duplicate_window_days_max)
        return "duplicate_window_days is " + std::to_string(spec.duplicate_window_days) +
               "; it must be from 1 to " + std::to_string(duplicate_window_days_max);
    return {};
}

Fault find_feature_fault(const ChainSpec& spec) {
    const auto accepts = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    };
    for (std::size_t i = 0; i < spec.features.size(); ++i) {
        const std::string& feature = spec.features[i];
        if (feature.empty() || feature.size() > feature_bytes_max ||
            !std::all_of(feature.begin(), feature.end(), accepts))
            return place("features", i) + " must be 1 to " + std::to_string(feature_bytes_max) +
                   " lower-case letters, digits, '-' or '_'";
    }
    return find_repetition(
        spec.features, [](const std::string& feature) { return feature; }, "features", "name");
}

Fault find_validator_fault(const ChainSpec& spec) {
    if (spec.validators.empty()) return "there are no validators";
    if (const Fault fault = find_count_fault("validators", spec.validators.size(), limits::validators_max))
        return fault;
    for (std::size_t i = 0; i < spec.validators.size(); ++i) {
        const GenesisValidator& validator = spec.validators[i];
        const std::string at = place("validators", i);
        if (const Fault fault = find_name_fault(validator.name, at)) return fault;
        if (validator.address == Address{}) return at + " has the zero address";
        if (validator.bic.is_empty()) return at + " has no BIC";
    }
    return first_of({
        find_repetition(
            spec.validators, [](const GenesisValidator& v) { return v.name; }, "validators", "name"),
        find_repetition(
            spec.validators, [](const GenesisValidator& v) { return v.address; }, "validators", "address"),
    });
}

Fault find_day_fault(const GenesisCurrency& currency, const std::string& at) {
    if (currency.phase_mode == PhaseMode::continuous) {
        if (currency.day == DaySchedule{} && currency.holidays.empty()) return {};
        return at + " settles around the clock and has a business day; write phase_mode business_day";
    }
    if (!is_whole(currency.day))
        return at +
               " has a business day whose phases are not in order: pre_open, open, customer_cutoff, "
               "bank_cutoff, closing must not come before one another, closing comes after open, and the "
               "week has a business day";
    if (const Fault fault = find_count_fault(at + ".holidays", currency.holidays.size(), holidays_max))
        return fault;
    for (const DateYmd holiday : currency.holidays)
        if (!is_valid_date(holiday))
            return at + " has the holiday " + std::to_string(holiday) + ", which is no day";
    return find_repetition(
        currency.holidays, [](DateYmd holiday) { return holiday; }, at + ".holidays", "day");
}

Fault find_currency_fault(const ChainSpec& spec) {
    if (const Fault fault = find_count_fault("currencies", spec.currencies.size(), currencies_max))
        return fault;
    for (std::size_t i = 0; i < spec.currencies.size(); ++i) {
        const GenesisCurrency& currency = spec.currencies[i];
        const std::string at = place("currencies", i) + " (" + currency.code.to_string() + ')';
        if (currency.exponent > exponent_max)
            return at + " has the exponent " + std::to_string(currency.exponent) + "; at most " +
                   std::to_string(exponent_max) + " decimals are allowed";
        if (!utc_offset_minutes(currency.time_zone))
            return at + " has the time zone '" + currency.time_zone +
                   "'; write UTC, UTC+HH:MM or UTC-HH:MM: the rules of a named zone are not the same on "
                   "every "
                   "machine, and value dates must be";
        if (currency.value_date != 0 && !is_valid_date(currency.value_date))
            return at + " has the value date " + std::to_string(currency.value_date) + ", which is no day";
        if (const Fault fault = find_day_fault(currency, at)) return fault;
    }
    return find_repetition(
        spec.currencies, [](const GenesisCurrency& c) { return c.code; }, "currencies", "code");
}

Fault find_participant_fault(const GenesisParticipant& participant, const std::string& at) {
    if (const Fault fault = find_name_fault(participant.name, at)) return fault;
    if (participant.bic.is_empty()) return at + " has no BIC";
    if (!participant.lei.empty() && !Lei::parse(participant.lei))
        return at + " has the LEI '" + participant.lei + "', whose form or check digits are wrong";
    return find_count_fault(at + ".keys", participant.keys.size(), participant_keys_max);
}

/// A key speaks for one participant, with one duty: a maker's key that could also approve would make two
/// pairs of eyes one.
Fault find_shared_key(const ChainSpec& spec) {
    std::map<Address, std::string> seen;
    for (std::size_t i = 0; i < spec.participants.size(); ++i) {
        const auto& keys = spec.participants[i].keys;
        for (std::size_t k = 0; k < keys.size(); ++k) {
            const std::string at = place(place("participants", i) + ".keys", k);
            if (keys[k].address == Address{}) return at + " has the zero address";
            const auto [earlier, is_new] = seen.emplace(keys[k].address, at);
            if (!is_new) return at + " has the same address as " + earlier->second;
        }
    }
    return {};
}

Fault find_participants_fault(const ChainSpec& spec) {
    if (const Fault fault = find_count_fault("participants", spec.participants.size(), participants_max))
        return fault;
    for (std::size_t i = 0; i < spec.participants.size(); ++i)
        if (const Fault fault = find_participant_fault(spec.participants[i], place("participants", i)))
            return fault;
    return first_of({
        find_repetition(
            spec.participants, [](const GenesisParticipant& p) { return p.bic; }, "participants", "BIC"),
        find_repetition(
            spec.participants, [](const GenesisParticipant& p) { return p.name; }, "participants", "name"),
        find_shared_key(spec),
    });
}

Fault find_key_list_fault(const std::vector<Address>& keys, std::string_view list) {
    if (const Fault fault = find_count_fault(list, keys.size(), operator_keys_max)) return fault;
    for (std::size_t i = 0; i < keys.size(); ++i)
        if (keys[i] == Address{}) return place(list, i) + " is the zero address";
    return find_repetition(
        keys, [](const Address& key) { return key; }, list, "address");
}

Fault find_operator_fault(const GenesisOperator& operators) {
    if (operators.keys.empty()) return "operators.keys is empty: nobody could act as operator";
    if (operators.threshold == 0 || operators.threshold > operators.keys.size())
        return "operators.threshold is " + std::to_string(operators.threshold) +
               "; it must be from 1 to the " + std::to_string(operators.keys.size()) + " operator keys";
    return first_of({
        find_key_list_fault(operators.keys, "operators.keys"),
        find_key_list_fault(operators.issuers, "operators.issuers"),
        find_key_list_fault(operators.freezers, "operators.freezers"),
        find_key_list_fault(operators.auditors, "operators.auditors"),
    });
}

/// 0x…5e00 to 0x…5eff, and the currencies' façades: 5e20, 15 zero bytes, three upper-case letters.
bool belongs_to_native_contracts(const Address& address) {
    const auto is_zero = [](std::uint8_t byte) { return byte == 0; };
    const auto is_letter = [](std::uint8_t byte) { return byte >= 'A' && byte <= 'Z'; };
    if (std::all_of(address.begin(), address.begin() + 18, is_zero)) return address[18] == 0x5e;
    return address[0] == 0x5e && address[1] == 0x20 &&
           std::all_of(address.begin() + 2, address.begin() + 17, is_zero) &&
           std::all_of(address.begin() + 17, address.end(), is_letter);
}

Fault find_account_fault(const GenesisAccount& account, const std::string& at) {
    if (belongs_to_native_contracts(account.address))
        return at + " has the address " + checksum_hex(account.address) +
               ", which belongs to a native contract";
    if (account.nonce == ~std::uint64_t{0})
        return at + " has the nonce 2^64-1, after which nothing can follow (EIP-2681)";
    if (account.code.size() > code_bytes_max)
        return at + " has " + std::to_string(account.code.size()) + " bytes of code; at most " +
               std::to_string(code_bytes_max) + " are allowed (EIP-170)";
    for (const auto& [key, value] : account.storage)
        if (value == Word{})
            return at + " stores zero under " + to_hex_0x(key) + ", which is the same as nothing";
    return find_repetition(
        account.storage, [](const auto& slot) { return slot.first; }, at + ".storage", "key");
}

Fault find_alloc_fault(const ChainSpec& spec) {
    Uint256 total;
    for (std::size_t i = 0; i < spec.alloc.size(); ++i) {
        const std::string at = place("alloc", i);
        if (const Fault fault = find_account_fault(spec.alloc[i], at)) return fault;
        const auto sum = checked_add(total, spec.alloc[i].balance);
        if (!sum) return at + " brings the balances of alloc above 2^256-1 wei";
        total = *sum;
    }
    return find_repetition(
        spec.alloc, [](const GenesisAccount& a) { return a.address; }, "alloc", "address");
}

}  // namespace

bool is_name(std::string_view name) {
    return !find_name_fault(name, {});
}

std::optional<std::string> find_fault(const ChainSpec& spec) {
    return first_of({find_parameter_fault(spec), find_feature_fault(spec), find_validator_fault(spec),
                     find_currency_fault(spec), find_participants_fault(spec),
                     find_operator_fault(spec.operators), find_alloc_fault(spec)});
}

}  // namespace sluice::core
