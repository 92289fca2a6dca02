#include "core/documents/genesis_document.hpp"

#include <algorithm>
#include <array>

#include "core/documents/json_fields.hpp"

namespace sluice::core {

namespace {

using documents::entry_path;
using documents::FirstError;
using documents::Form;
using documents::Json;
using documents::ObjectFields;

/// The word of the file for one value of an enumeration.
template <typename Enum>
struct Row {
    std::string_view word;
    Enum value;
};

constexpr std::array fee_modes{Row<FeeMode>{"none", FeeMode::none}};
constexpr std::array phase_modes{Row<PhaseMode>{"continuous", PhaseMode::continuous},
                                 Row<PhaseMode>{"business_day", PhaseMode::business_day}};
constexpr std::array key_duties{Row<KeyDuty>{"admin", KeyDuty::admin}, Row<KeyDuty>{"maker", KeyDuty::maker},
                                Row<KeyDuty>{"approver", KeyDuty::approver},
                                Row<KeyDuty>{"read", KeyDuty::read},
                                Row<KeyDuty>{"screening", KeyDuty::screening}};

constexpr std::array weekdays{Row<std::uint8_t>{"monday", 0x01},    Row<std::uint8_t>{"tuesday", 0x02},
                              Row<std::uint8_t>{"wednesday", 0x04}, Row<std::uint8_t>{"thursday", 0x08},
                              Row<std::uint8_t>{"friday", 0x10},    Row<std::uint8_t>{"saturday", 0x20},
                              Row<std::uint8_t>{"sunday", 0x40}};
/// Fields of a business day, in the order of its phases.
constexpr std::array<std::string_view, planned_phases> phase_fields{"pre_open", "open", "customer_cutoff",
                                                                    "bank_cutoff", "closing"};

template <typename Table, typename Enum>
std::string word_of(const Table& table, Enum value) {
    for (const auto& row : table)
        if (row.value == value) return std::string(row.word);
    return {};
}

template <typename Enum, const auto& table>
std::optional<Enum> from_word(const Json& value) {
    const auto* const text = value.get_ptr<const std::string*>();
    if (text == nullptr) return {};
    for (const auto& row : table)
        if (row.word == *text) return row.value;
    return {};
}

constexpr Form<FeeMode> fee_mode_form{from_word<FeeMode, fee_modes>, "\"none\""};
constexpr Form<PhaseMode> phase_mode_form{from_word<PhaseMode, phase_modes>,
                                          "\"continuous\" or \"business_day\""};
constexpr Form<KeyDuty> duty_form{from_word<KeyDuty, key_duties>,
                                  "\"admin\", \"maker\", \"approver\", \"read\" or \"screening\""};

constexpr Form<std::uint8_t> weekday_form{from_word<std::uint8_t, weekdays>,
                                          "\"monday\", \"tuesday\" and so on"};

/// Minutes of "HH:MM", 24:00 included.
std::optional<std::uint16_t> minutes_of_day(const Json& value) {
    const auto* const text = value.get_ptr<const std::string*>();
    if (text == nullptr || text->size() != 5 || (*text)[2] != ':') return {};
    std::array<unsigned, 4> digits{};
    for (std::size_t i = 0; i < digits.size(); ++i) {
        const char c = (*text)[i < 2 ? i : i + 1];
        if (c < '0' || c > '9') return {};
        digits[i] = static_cast<unsigned>(c - '0');
    }
    const unsigned minutes = digits[2] * 10 + digits[3];
    const unsigned all = (digits[0] * 10 + digits[1]) * 60 + minutes;
    if (minutes > 59 || all > day_minutes) return {};
    return static_cast<std::uint16_t>(all);
}
constexpr Form<std::uint16_t> minutes_form{minutes_of_day, "a local time in quotes: HH:MM"};

// ---- writing

Json business_day_json(const GenesisCurrency& currency) {
    const auto two_digits = [](unsigned value) { return (value < 10 ? "0" : "") + std::to_string(value); };
    Json day = Json::object();
    for (std::size_t i = 0; i < planned_phases; ++i) {
        const unsigned minutes = currency.day.minutes[i];
        day[std::string(phase_fields[i])] = two_digits(minutes / 60) + ':' + two_digits(minutes % 60);
    }
    Json week = Json::array();
    for (const auto& row : weekdays)
        if ((currency.day.weekdays & row.value) != 0) week.push_back(std::string(row.word));
    day["weekdays"] = std::move(week);
    Json holidays = Json::array();
    for (const DateYmd holiday : currency.holidays)
        holidays.push_back(format_date(holiday));
    day["holidays"] = std::move(holidays);
    return day;
}

Json addresses_json(const std::vector<Address>& addresses) {
    Json list = Json::array();
    for (const Address& address : addresses)
        list.push_back(checksum_hex(address));
    return list;
}

Json validators_json(const std::vector<GenesisValidator>& validators) {
    Json list = Json::array();
    for (const GenesisValidator& validator : validators)
        list.push_back({{"name", validator.name},
                        {"address", checksum_hex(validator.address)},
                        {"bic", validator.bic.to_string()}});
    return list;
}

Json currencies_json(const std::vector<GenesisCurrency>& currencies) {
    Json list = Json::array();
    for (const GenesisCurrency& currency : currencies) {
        Json entry = {{"code", currency.code.to_string()},
                      {"exponent", currency.exponent},
                      {"time_zone", currency.time_zone},
                      {"phase_mode", word_of(phase_modes, currency.phase_mode)}};
        if (currency.value_date != 0) entry["value_date"] = format_date(currency.value_date);
        if (currency.phase_mode == PhaseMode::business_day)
            entry["business_day"] = business_day_json(currency);
        list.push_back(std::move(entry));
    }
    return list;
}

Json participants_json(const std::vector<GenesisParticipant>& participants) {
    Json list = Json::array();
    for (const GenesisParticipant& participant : participants) {
        Json keys = Json::array();
        for (const GenesisKey& key : participant.keys)
            keys.push_back({{"duty", word_of(key_duties, key.duty)}, {"address", checksum_hex(key.address)}});
        Json entry = {
            {"name", participant.name}, {"bic", participant.bic.to_string()}, {"keys", std::move(keys)}};
        if (!participant.lei.empty()) entry["lei"] = participant.lei;
        list.push_back(std::move(entry));
    }
    return list;
}

Json operators_json(const GenesisOperator& operators) {
    return {{"threshold", operators.threshold},
            {"keys", addresses_json(operators.keys)},
            {"issuers", addresses_json(operators.issuers)},
            {"freezers", addresses_json(operators.freezers)},
            {"auditors", addresses_json(operators.auditors)}};
}

Json alloc_json(const std::vector<GenesisAccount>& alloc) {
    Json accounts = Json::object();
    for (const GenesisAccount& account : alloc) {
        Json storage = Json::object();
        for (const auto& [key, value] : account.storage)
            storage[to_hex_0x(key)] = to_hex_0x(value);
        accounts[to_hex_0x(account.address)] = {{"balance", to_decimal(account.balance)},
                                                {"nonce", account.nonce},
                                                {"code", to_hex_0x(account.code)},
                                                {"storage", std::move(storage)}};
    }
    return accounts;
}

// ---- reading

void read_validator(const Json& value, const std::string& path, ChainSpec& spec, FirstError& errors) {
    const ObjectFields fields(value, path, {"name", "address", "bic"}, errors);
    GenesisValidator& validator = spec.validators.emplace_back();
    fields.required("name", documents::text_form, validator.name);
    fields.required("address", documents::address_form, validator.address);
    fields.required("bic", documents::bic_form, validator.bic);
}

void read_business_day(const Json& value, const std::string& path, GenesisCurrency& currency,
                       FirstError& errors) {
    const ObjectFields fields(
        value, path,
        {"pre_open", "open", "customer_cutoff", "bank_cutoff", "closing", "weekdays", "holidays"}, errors);
    for (std::size_t i = 0; i < planned_phases; ++i)
        fields.optional(phase_fields[i], minutes_form, currency.day.minutes[i]);
    if (fields.find("weekdays") != nullptr) currency.day.weekdays = 0;
    fields.optional_list("weekdays", [&](const Json& entry, const std::string& at) {
        std::uint8_t bit = 0;
        documents::read_value(entry, at, weekday_form, bit, errors);
        currency.day.weekdays = static_cast<std::uint8_t>(currency.day.weekdays | bit);
    });
    fields.optional_list_of("holidays", documents::date_form, currency.holidays);
}

void read_currency(const Json& value, const std::string& path, ChainSpec& spec, FirstError& errors) {
    const ObjectFields fields(
        value, path, {"code", "exponent", "time_zone", "phase_mode", "value_date", "business_day"}, errors);
    GenesisCurrency& currency = spec.currencies.emplace_back();
    fields.required("code", documents::currency_form, currency.code);
    fields.required("exponent", documents::number8_form, currency.exponent);
    fields.optional("time_zone", documents::text_form, currency.time_zone);
    fields.optional("phase_mode", phase_mode_form, currency.phase_mode);
    fields.optional("value_date", documents::date_form, currency.value_date);
    if (const Json* day = fields.find("business_day"))
        read_business_day(*day, fields.path_of("business_day"), currency, errors);
}

void read_key(const Json& value, const std::string& path, GenesisParticipant& participant,
              FirstError& errors) {
    const ObjectFields fields(value, path, {"duty", "address"}, errors);
    GenesisKey& key = participant.keys.emplace_back();
    fields.required("duty", duty_form, key.duty);
    fields.required("address", documents::address_form, key.address);
}

void read_participant(const Json& value, const std::string& path, ChainSpec& spec, FirstError& errors) {
    const ObjectFields fields(value, path, {"name", "bic", "lei", "keys"}, errors);
    GenesisParticipant& participant = spec.participants.emplace_back();
    fields.required("name", documents::text_form, participant.name);
    fields.required("bic", documents::bic_form, participant.bic);
    fields.optional("lei", documents::text_form, participant.lei);
    fields.required_list(
        "keys", [&](const Json& entry, const std::string& at) { read_key(entry, at, participant, errors); });
}

void read_operators(const Json& value, const std::string& path, GenesisOperator& operators,
                    FirstError& errors) {
    const ObjectFields fields(value, path, {"threshold", "keys", "issuers", "freezers", "auditors"}, errors);
    fields.required("threshold", documents::number32_form, operators.threshold);
    fields.required_list_of("keys", documents::address_form, operators.keys);
    fields.optional_list_of("issuers", documents::address_form, operators.issuers);
    fields.optional_list_of("freezers", documents::address_form, operators.freezers);
    fields.optional_list_of("auditors", documents::address_form, operators.auditors);
}

void read_storage(const Json& value, const std::string& path, GenesisAccount& account, FirstError& errors) {
    if (!value.is_object()) return errors.keep_wrong(path, value, "an object of 32-byte keys and values");
    for (const auto& slot : value.items()) {
        const std::string at = documents::field_path(path, slot.key().substr(0, 80));
        std::pair<Word, Word> entry{};
        if (!documents::read_value(Json(slot.key()), at, documents::hash_form, entry.first, errors)) return;
        if (!documents::read_value(slot.value(), at, documents::hash_form, entry.second, errors)) return;
        account.storage.push_back(entry);
    }
    std::sort(account.storage.begin(), account.storage.end());
}

void read_account(const std::string& address, const Json& value, const std::string& path, ChainSpec& spec,
                  FirstError& errors) {
    GenesisAccount& account = spec.alloc.emplace_back();
    if (!documents::read_value(Json(address), path, documents::address_form, account.address, errors)) return;
    const ObjectFields fields(value, path, {"balance", "nonce", "code", "storage"}, errors);
    fields.optional("balance", documents::decimal_form, account.balance);
    fields.optional("nonce", documents::number_form, account.nonce);
    fields.optional("code", documents::bytes_form, account.code);
    if (const Json* storage = fields.find("storage"))
        read_storage(*storage, fields.path_of("storage"), account, errors);
}

void read_alloc(const Json& value, ChainSpec& spec, FirstError& errors) {
    if (!value.is_object()) return errors.keep_wrong("alloc", value, "an object of addresses and accounts");
    for (const auto& entry : value.items()) {
        if (errors.error()) return;
        const std::string path = documents::field_path("alloc", entry.key().substr(0, 80));
        read_account(entry.key(), entry.value(), path, spec, errors);
    }
    const auto by_address = [](const GenesisAccount& a, const GenesisAccount& b) {
        return a.address < b.address;
    };
    std::sort(spec.alloc.begin(), spec.alloc.end(), by_address);
}

void read_parameters(const ObjectFields& fields, ChainSpec& spec) {
    fields.required("chain_id", documents::number_form, spec.chain_id);
    fields.required("time_ms", documents::number_form, spec.time_ms);
    fields.optional("devnet", documents::bool_form, spec.devnet);
    fields.optional("block_gas_limit", documents::number_form, spec.block_gas_limit);
    fields.optional("transaction_gas_limit", documents::number_form, spec.transaction_gas_limit);
    fields.optional("fee_mode", fee_mode_form, spec.fee_mode);
    fields.optional("rotation_period", documents::number_form, spec.rotation_period);
    fields.optional("duplicate_window_days", documents::number32_form, spec.duplicate_window_days);
    fields.optional_list_of("features", documents::text_form, spec.features);
}

ChainSpec read_spec(const Json& tree, FirstError& errors) {
    ChainSpec spec;
    const ObjectFields fields(tree, "",
                              {"chain_id", "time_ms", "devnet", "block_gas_limit", "transaction_gas_limit",
                               "fee_mode", "rotation_period", "duplicate_window_days", "features",
                               "validators", "currencies", "participants", "operators", "alloc"},
                              errors);
    read_parameters(fields, spec);
    fields.required_list("validators", [&](const Json& entry, const std::string& path) {
        read_validator(entry, path, spec, errors);
    });
    fields.required_list("currencies", [&](const Json& entry, const std::string& path) {
        read_currency(entry, path, spec, errors);
    });
    fields.required_list("participants", [&](const Json& entry, const std::string& path) {
        read_participant(entry, path, spec, errors);
    });
    if (const Json* operators = fields.require("operators", "an object"))
        read_operators(*operators, "operators", spec.operators, errors);
    if (const Json* alloc = fields.find("alloc")) read_alloc(*alloc, spec, errors);
    return spec;
}

}  // namespace

std::string encode_genesis(const ChainSpec& spec) {
    return documents::write_json(Json{{"chain_id", spec.chain_id},
                                      {"time_ms", spec.time_ms},
                                      {"devnet", spec.devnet},
                                      {"block_gas_limit", spec.block_gas_limit},
                                      {"transaction_gas_limit", spec.transaction_gas_limit},
                                      {"fee_mode", word_of(fee_modes, spec.fee_mode)},
                                      {"rotation_period", spec.rotation_period},
                                      {"duplicate_window_days", spec.duplicate_window_days},
                                      {"features", spec.features},
                                      {"validators", validators_json(spec.validators)},
                                      {"currencies", currencies_json(spec.currencies)},
                                      {"participants", participants_json(spec.participants)},
                                      {"operators", operators_json(spec.operators)},
                                      {"alloc", alloc_json(spec.alloc)}});
}

Result<ChainSpec, DocumentError> parse_genesis(std::string_view json) {
    const auto tree = documents::parse_json(json, genesis_bytes_max);
    if (!tree) return fail(tree.error());
    FirstError errors;
    ChainSpec spec = read_spec(*tree, errors);
    if (errors.error()) return fail(*errors.error());
    if (auto fault = find_fault(spec))
        return fail(DocumentError{
            .fault = DocumentFault::inconsistent, .path = {}, .value = {}, .allowed = std::move(*fault)});
    return spec;
}

}  // namespace sluice::core
