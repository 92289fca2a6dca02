#include "contracts/native/chain_parameters.hpp"

#include "contracts/native/row_key.hpp"

namespace sluice::contracts::native {

namespace {

// Tables 0x01 to 0x05 of governance storage.
// 0x01                    struct ChainParameterRow
// 0x02                    uint32 validators
// 0x03 ‖ uint32 position  struct ValidatorRow; slot 1: string name
// 0x04                    uint32 features
// 0x05 ‖ uint32 position  string feature
constexpr std::uint8_t parameter_table = 0x01;
constexpr std::uint8_t validator_count_table = 0x02;
constexpr std::uint8_t validator_table = 0x03;
constexpr std::uint8_t feature_count_table = 0x04;
constexpr std::uint8_t feature_table = 0x05;

Place<std::uint32_t> count_place(const Storage& governance, std::uint8_t table) {
    return {governance, row_key(table)};
}

}  // namespace

ChainParameterRow read_chain_parameters(const Storage& governance) {
    return Place<ChainParameterRow>(governance, row_key(parameter_table)).read();
}

void write_chain_parameters(const Storage& governance, const ChainParameterRow& row) {
    Place<ChainParameterRow>(governance, row_key(parameter_table)).write(row);
}

std::uint32_t validator_count(const Storage& governance) {
    return count_place(governance, validator_count_table).read();
}

ValidatorRow validator_at(const Storage& governance, std::uint32_t position) {
    CHECK(position < validator_count(governance));
    return Place<ValidatorRow>(governance, row_key(validator_table, position)).read();
}

std::string validator_name(const Storage& governance, std::uint32_t position) {
    return Place<Text>(governance, row_slot(row_key(validator_table, position), 1)).read_text();
}

void add_validator(const Storage& governance, const ValidatorRow& validator, std::string_view name) {
    const std::uint32_t position = validator_count(governance);
    count_place(governance, validator_count_table).write(position + 1);
    const core::Word key = row_key(validator_table, position);
    Place<ValidatorRow>(governance, key).write(validator);
    Place<Text>(governance, row_slot(key, 1)).write(name);
}

void remove_validator(const Storage& governance, std::uint32_t position) {
    const std::uint32_t last = validator_count(governance) - 1;
    CHECK(position <= last);
    const core::Word last_key = row_key(validator_table, last);
    if (position != last) {
        const core::Word key = row_key(validator_table, position);
        Place<ValidatorRow>(governance, key).write(validator_at(governance, last));
        Place<Text>(governance, row_slot(key, 1)).write(validator_name(governance, last));
    }
    Place<ValidatorRow>(governance, last_key).clear();
    Place<Text>(governance, row_slot(last_key, 1)).write(std::string_view{});
    count_place(governance, validator_count_table).write(last);
}

std::optional<std::uint32_t> validator_position(const Storage& governance, const core::Address& address) {
    const std::uint32_t count = validator_count(governance);
    for (std::uint32_t position = 0; position < count; ++position)
        if (validator_at(governance, position).address == address) return position;
    return std::nullopt;
}

core::ValidatorSet read_validator_set(const Storage& governance) {
    std::vector<core::Address> members;
    const std::uint32_t count = validator_count(governance);
    for (std::uint32_t position = 0; position < count; ++position)
        members.push_back(validator_at(governance, position).address);
    const auto set = core::ValidatorSet::make(std::move(members));
    CHECK(set.has_value());
    return *set;
}

std::uint32_t feature_count(const Storage& governance) {
    return count_place(governance, feature_count_table).read();
}

std::vector<std::string> read_features(const Storage& governance) {
    std::vector<std::string> features;
    const std::uint32_t count = feature_count(governance);
    for (std::uint32_t position = 0; position < count; ++position)
        features.push_back(Place<Text>(governance, row_key(feature_table, position)).read_text());
    return features;
}

void add_feature(const Storage& governance, std::string_view name) {
    const auto place = count_place(governance, feature_count_table);
    const std::uint32_t position = place.read();
    place.write(position + 1);
    Place<Text>(governance, row_key(feature_table, position)).write(name);
}

}  // namespace sluice::contracts::native
