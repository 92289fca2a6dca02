#include "cli/bench/state_test.hpp"

#include <limits>

#include <fmt/format.h>

#include "core/uint256.hpp"

namespace sluice::cli::bench {
namespace {

using contracts::evm::Revision;

/// What a transaction may carry where it is only timed; its blobs have the least price there is.
constexpr contracts::BlobLimits blob_limits{.per_block = 21, .per_transaction = 21};

/// Reads members of a fixture. The first one that is missing or malformed is kept as the fault; what is read
/// afterwards does not matter.
class Fields {
  public:
    const std::string& fault() const { return fault_; }
    void fail(const std::string& fault) {
        if (fault_.empty()) fault_ = fault;
    }

    const Json& member(const Json& object, const char* name) {
        static const Json nothing;
        if (object.is_object())
            if (const auto found = object.find(name); found != object.end()) return *found;
        fail(fmt::format("there is no member '{}'", name));
        return nothing;
    }
    static bool has(const Json& object, const char* name) {
        return object.is_object() && object.contains(name);
    }
    std::string text(const Json& value) {
        if (value.is_string()) return value.get<std::string>();
        fail("a text is expected where there is none");
        return {};
    }
    core::Uint256 number(const Json& value) {
        const auto digits = text(value);
        const bool is_hex = digits.substr(0, 2) == "0x";
        const auto number = digits == "0x" ? core::Uint256()
                            : is_hex       ? core::uint256_from_hex(digits).value_or(wrong(digits))
                                           : core::uint256_from_decimal(digits).value_or(wrong(digits));
        return number;
    }
    std::uint64_t u64(const Json& value) {
        const auto wide = number(value);
        if (!wide.fits_u64()) fail("a number has more than 64 bits");
        return wide.low_u64();
    }
    core::Bytes bytes(const Json& value) {
        auto bytes = core::from_hex(text(value));
        if (!bytes) fail("bytes are not written in hex");
        return bytes.value_or(core::Bytes{});
    }
    core::Address address(const Json& value) { return address(text(value)); }
    core::Address address(const std::string& text) {
        core::Address address{};
        if (!core::from_hex_exactly(text, address)) fail(fmt::format("'{}' is no address", text));
        return address;
    }

  private:
    core::Uint256 wrong(const std::string& digits) {
        if (core::uint256_from_hex(digits) || core::uint256_from_decimal(digits)) return {};
        fail(fmt::format("'{}' is no number of 256 bits", digits.substr(0, 80)));
        return {};
    }
    std::string fault_;
};

PlainState read_state(Fields& fields, const Json& accounts) {
    PlainState state;
    if (!accounts.is_object()) return state;
    for (const auto& [name, json] : accounts.items()) {
        const auto address = fields.address(name);
        core::Account account;
        account.nonce = fields.u64(fields.member(json, "nonce"));
        account.balance = fields.number(fields.member(json, "balance"));
        state.put(address, account, fields.bytes(fields.member(json, "code")));
        const Json& storage = fields.member(json, "storage");
        if (!storage.is_object()) continue;
        for (const auto& [key, value] : storage.items())
            state.put_slot(address, fields.number(Json(key)).to_word(), fields.number(value).to_word());
    }
    return state;
}

contracts::BlockContext read_block(Fields& fields, const Json& environment, Revision revision) {
    const auto optional = [&](const char* name, std::uint64_t otherwise) {
        return Fields::has(environment, name) ? fields.number(environment[name]) : core::Uint256(otherwise);
    };
    contracts::BlockContext block;
    block.height = fields.u64(fields.member(environment, "currentNumber"));
    block.time_ms = fields.u64(fields.member(environment, "currentTimestamp")) * 1000;
    block.miner = fields.address(fields.member(environment, "currentCoinbase"));
    block.gas_limit = fields.u64(fields.member(environment, "currentGasLimit"));
    block.transaction_gas_limit = std::numeric_limits<core::Gas>::max();
    // The base fee of suites that name none.
    block.base_fee = revision >= Revision::london ? optional("currentBaseFee", 10) : core::Uint256{};
    block.difficulty = optional("currentDifficulty", 0);
    block.mix_hash = optional("currentRandom", 0).to_word();
    block.revision = revision;
    block.fee_mode = contracts::FeeMode::ethereum;
    block.blobs = blob_limits;
    block.accepts_unprotected = true;
    block.chain_id = 1;
    return block;
}

/// The alternative of a field that `indexes` choose.
const Json& chosen(Fields& fields, const Json& transaction, const char* field, const Json& indexes,
                   const char* index) {
    static const Json nothing;
    const Json& list = fields.member(transaction, field);
    const Json& at = fields.member(indexes, index);
    if (at.is_number_unsigned() && list.is_array() && at.get<std::size_t>() < list.size())
        return list[at.get<std::size_t>()];
    fields.fail(fmt::format("the transaction's '{}' has no such alternative", field));
    return nothing;
}

std::vector<core::AccessListEntry> read_access_list(Fields& fields, const Json& list) {
    std::vector<core::AccessListEntry> entries;
    if (!list.is_array()) return entries;
    for (const auto& row : list) {
        core::AccessListEntry entry{.address = fields.address(fields.member(row, "address")),
                                    .storage_keys = {}};
        const Json& keys = fields.member(row, "storageKeys");
        for (std::size_t i = 0; keys.is_array() && i < keys.size(); ++i)
            entry.storage_keys.push_back(fields.number(keys[i]).to_word());
        entries.push_back(std::move(entry));
    }
    return entries;
}

core::TransactionType type_of(const Json& json, bool has_access_list) {
    if (Fields::has(json, "authorizationList")) return core::TransactionType::set_code;
    if (Fields::has(json, "maxFeePerBlobGas")) return core::TransactionType::blob;
    if (Fields::has(json, "maxFeePerGas")) return core::TransactionType::dynamic_fee;
    return has_access_list ? core::TransactionType::access_list : core::TransactionType::legacy;
}

/// What only one type has: blobs (EIP-4844), authorizations (EIP-7702).
void read_lists(Fields& fields, const Json& json, core::Transaction& transaction) {
    const auto rows_of = [&](const char* name) -> const Json& {
        const Json& rows = fields.member(json, name);
        if (!rows.is_array()) fields.fail(fmt::format("'{}' is no list", name));
        return rows;
    };
    if (transaction.type == core::TransactionType::blob) {
        transaction.max_fee_per_blob_gas = fields.number(fields.member(json, "maxFeePerBlobGas"));
        for (const auto& row : rows_of("blobVersionedHashes"))
            transaction.blob_hashes.push_back(fields.number(row).to_word());
    }
    if (transaction.type == core::TransactionType::set_code)
        for (const auto& row : rows_of("authorizationList"))
            transaction.authorization_list.push_back(
                {.chain_id = fields.number(fields.member(row, "chainId")),
                 .address = fields.address(fields.member(row, "address")),
                 .nonce = fields.u64(fields.member(row, "nonce")),
                 .y_parity = static_cast<std::uint8_t>(fields.u64(fields.member(row, "v"))),
                 .r = fields.number(fields.member(row, "r")),
                 .s = fields.number(fields.member(row, "s"))});
}

core::Transaction read_transaction(Fields& fields, const Json& json, const Json& indexes) {
    core::Transaction transaction;
    if (Fields::has(json, "accessLists"))
        transaction.access_list =
            read_access_list(fields, chosen(fields, json, "accessLists", indexes, "data"));
    const bool has_market = Fields::has(json, "maxFeePerGas");
    transaction.chain_id = 1;
    transaction.type = type_of(json, !transaction.access_list.empty());
    transaction.nonce = fields.u64(fields.member(json, "nonce"));
    transaction.max_fee_per_gas =
        fields.number(fields.member(json, has_market ? "maxFeePerGas" : "gasPrice"));
    transaction.max_priority_fee_per_gas =
        has_market ? fields.number(fields.member(json, "maxPriorityFeePerGas")) : transaction.max_fee_per_gas;
    transaction.gas_limit = fields.u64(chosen(fields, json, "gasLimit", indexes, "gas"));
    transaction.value = fields.number(chosen(fields, json, "value", indexes, "value"));
    transaction.data = fields.bytes(chosen(fields, json, "data", indexes, "data"));
    const auto to = fields.text(fields.member(json, "to"));
    if (!to.empty() && to != "0x") transaction.to = fields.address(to);
    read_lists(fields, json, transaction);
    return transaction;
}

/// The newest revision that a test has results for, or the one that `fork` names.
std::optional<Revision> revision_of(const Json& post, const std::string& fork) {
    std::optional<Revision> found;
    for (const auto name : contracts::evm::revision_names)
        if ((fork.empty() || fork == name) && Fields::has(post, std::string(name).c_str()))
            found = contracts::evm::revision_named(name);
    return found;
}

struct FoundTest {
    std::string name;
    const Json* test = nullptr;
    Revision revision{};
};

/// A file is an object of tests by name. The first of those with the newest rules.
core::Result<FoundTest, std::string> find_test(const Json& file, const CaseChoice& choice) {
    std::optional<FoundTest> best;
    bool is_named = false;
    for (const auto& [name, test] : file.items()) {
        if (!file.is_object() || name.find(choice.name) == std::string::npos || !Fields::has(test, "post"))
            continue;
        is_named = true;
        const auto revision = revision_of(test["post"], choice.fork);
        if (revision && (!best || *revision > best->revision)) best = FoundTest{name, &test, *revision};
    }
    if (best) return *best;
    if (is_named)
        return core::fail(
            choice.fork.empty()
                ? std::string("it has results for older forks only than Istanbul")
                : fmt::format("it has no results for a fork '{}' that is known here", choice.fork));
    return core::fail(choice.name.empty()
                          ? std::string("it holds no state test")
                          : fmt::format("it holds no state test whose name contains '{}'", choice.name));
}

}  // namespace

core::Result<StateCase, std::string> read_state_case(const Json& file, const CaseChoice& choice) {
    const auto found = find_test(file, choice);
    if (!found) return core::fail(found.error());
    Fields fields;
    const Json& json = *found->test;
    const std::string fork(contracts::evm::name_of(found->revision));
    const Json& rows = json["post"][fork];
    if (!rows.is_array() || choice.index >= rows.size())
        return core::fail(fmt::format("'{}' has {} cases for {}", found->name, rows.size(), fork));
    const Json& transaction = fields.member(json, "transaction");
    auto recovered = std::make_shared<core::RecoveredTransaction>();
    recovered->transaction =
        read_transaction(fields, transaction, fields.member(rows[choice.index], "indexes"));
    recovered->encoded = core::share(core::encode(recovered->transaction));
    recovered->hash = core::keccak256(*recovered->encoded);
    recovered->sender = fields.address(fields.member(transaction, "sender"));
    StateCase result{.name = fmt::format("{}/{}/{}", found->name, fork, choice.index),
                     .state = read_state(fields, fields.member(json, "pre")),
                     .block = read_block(fields, fields.member(json, "env"), found->revision),
                     .transaction = std::move(recovered)};
    if (!fields.fault().empty()) return core::fail(fmt::format("'{}': {}", found->name, fields.fault()));
    return result;
}

}  // namespace sluice::cli::bench
