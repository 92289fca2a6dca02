#include <fmt/format.h>

#include "cli/batch/batch_run.hpp"
#include "cli/files.hpp"

namespace sluice::cli::batch {
namespace {

constexpr std::size_t record_bytes_max = 256u << 20;

Json json_of(const RowOutcome& outcome) {
    return {{"status", outcome.status},
            {"why", outcome.why},
            {"reason", outcome.reason},
            {"txHash", outcome.transaction},
            {"repeated", outcome.is_repeated}};
}

RowOutcome outcome_of(const Json& json) {
    return {json.value("status", ""), json.value("why", ""), json.value("reason", ""),
            json.value("txHash", ""), json.value("repeated", false)};
}

}  // namespace

core::Result<BatchRecord, std::string> BatchRecord::open(std::filesystem::path file,
                                                         std::string genesis_hash) {
    BatchRecord record;
    record.file_ = std::move(file);
    record.genesis_hash_ = std::move(genesis_hash);
    std::error_code error;
    if (!std::filesystem::exists(record.file_, error)) return record;
    const auto text = read_file(record.file_, record_bytes_max);
    if (!text) return core::fail(text.error());
    try {
        const auto json = Json::parse(*text);
        if (json.at("genesisHash").get<std::string>() != record.genesis_hash_)
            return core::fail(fmt::format("{} is of another chain; move it away to start one afresh",
                                          record.file_.string()));
        for (const auto& [currency, date] : json.at("valueDates").items())
            record.value_dates_[currency] = date.get<core::DateYmd>();
        for (const auto& [uetr, row] : json.at("payments").items())
            record.rows_[uetr] = outcome_of(row);
    } catch (const Json::exception&) {
        return core::fail(fmt::format("{} is no record of a batch; move it away to start one afresh",
                                      record.file_.string()));
    }
    return record;
}

core::DateYmd BatchRecord::value_date(const core::CurrencyCode& currency) const {
    const auto found = value_dates_.find(currency.to_string());
    return found == value_dates_.end() ? 0 : found->second;
}

void BatchRecord::set_value_date(const core::CurrencyCode& currency, core::DateYmd date) {
    value_dates_[currency.to_string()] = date;
}

const RowOutcome* BatchRecord::find(const core::Uetr& uetr) const {
    const auto found = rows_.find(uetr.to_string());
    return found == rows_.end() ? nullptr : &found->second;
}

void BatchRecord::set(const core::Uetr& uetr, const RowOutcome& outcome) {
    rows_[uetr.to_string()] = outcome;
}

core::Result<void, std::string> BatchRecord::save() const {
    Json json{{"genesisHash", genesis_hash_}, {"valueDates", Json::object()}, {"payments", Json::object()}};
    for (const auto& [currency, date] : value_dates_)
        json["valueDates"][currency] = date;
    for (const auto& [uetr, row] : rows_)
        json["payments"][uetr] = json_of(row);
    if (auto made = make_folder(file_.parent_path(), FileMode::ordinary); !made) return made;
    return write_file(file_, json.dump(), FileMode::ordinary);
}

}  // namespace sluice::cli::batch
