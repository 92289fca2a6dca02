#include "tests/conformance/fixture_transaction.hpp"

namespace sluice::conformance {

namespace {

/// The alternative of a field that `indexes` choose.
const Json& chosen(const Json& transaction, const char* field, const Json& indexes, const char* index) {
    const Json& list = member(transaction, field);
    const std::size_t at = member(indexes, index).get<std::size_t>();
    if (!list.is_array() || at >= list.size())
        throw FixtureError(std::string("\"") + field + "\" has no alternative " + std::to_string(at));
    return list[at];
}

std::optional<core::Address> recipient_of(const Json& transaction) {
    const std::string& to = text_of(member(transaction, "to"));
    if (to.empty() || to == "0x") return std::nullopt;
    return address_of(member(transaction, "to"));
}

std::vector<core::AccessListEntry> access_list_of(const Json& transaction, const Json& indexes) {
    std::vector<core::AccessListEntry> entries;
    if (find_member(transaction, "accessLists") == nullptr) return entries;
    const Json& list = chosen(transaction, "accessLists", indexes, "data");
    if (list.is_null()) return entries;
    for (const Json& row : list) {
        core::AccessListEntry entry{.address = address_of(member(row, "address")), .storage_keys = {}};
        for (const Json& key : member(row, "storageKeys"))
            entry.storage_keys.push_back(word_of(key));
        entries.push_back(std::move(entry));
    }
    return entries;
}

bool has_access_list(const Json& transaction, const Json& indexes) {
    return find_member(transaction, "accessLists") != nullptr &&
           !chosen(transaction, "accessLists", indexes, "data").is_null();
}

core::TransactionType type_of(const Json& transaction, const Json& indexes) {
    if (find_member(transaction, "authorizationList") != nullptr) return core::TransactionType::set_code;
    if (find_member(transaction, "maxFeePerBlobGas") != nullptr) return core::TransactionType::blob;
    if (find_member(transaction, "maxFeePerGas") != nullptr) return core::TransactionType::dynamic_fee;
    return has_access_list(transaction, indexes) ? core::TransactionType::access_list
                                                 : core::TransactionType::legacy;
}

core::Authorization authorization_of(const Json& row) {
    core::Authorization authorization;
    authorization.chain_id = number_of(member(row, "chainId"));
    authorization.address = address_of(member(row, "address"));
    authorization.nonce = u64_of(member(row, "nonce"));
    authorization.y_parity = static_cast<std::uint8_t>(u64_of(member(row, "v")));
    authorization.r = number_of(member(row, "r"));
    authorization.s = number_of(member(row, "s"));
    return authorization;
}

/// Everything but chain id and signature.
core::Transaction transaction_of(const Json& json, const Json& indexes) {
    core::Transaction transaction;
    transaction.type = type_of(json, indexes);
    transaction.nonce = u64_of(member(json, "nonce"));
    const bool has_gas_price = transaction.type == core::TransactionType::legacy ||
                               transaction.type == core::TransactionType::access_list;
    transaction.max_fee_per_gas = number_of(member(json, has_gas_price ? "gasPrice" : "maxFeePerGas"));
    transaction.max_priority_fee_per_gas =
        has_gas_price ? transaction.max_fee_per_gas : number_of(member(json, "maxPriorityFeePerGas"));
    transaction.gas_limit = u64_of(chosen(json, "gasLimit", indexes, "gas"));
    transaction.to = recipient_of(json);
    transaction.value = number_of(chosen(json, "value", indexes, "value"));
    transaction.data = bytes_of(chosen(json, "data", indexes, "data"));
    transaction.access_list = access_list_of(json, indexes);
    if (transaction.type == core::TransactionType::blob) {
        transaction.max_fee_per_blob_gas = number_of(member(json, "maxFeePerBlobGas"));
        for (const Json& hash : member(json, "blobVersionedHashes"))
            transaction.blob_hashes.push_back(hash_of(hash));
    }
    if (transaction.type == core::TransactionType::set_code)
        for (const Json& row : member(json, "authorizationList"))
            transaction.authorization_list.push_back(authorization_of(row));
    return transaction;
}

}  // namespace

core::Bytes sign_transaction(const Json& transaction, const Json& indexes) {
    core::Transaction made = transaction_of(transaction, indexes);
    made.chain_id = 1;
    const crypto::PrivateKey key(word_of(member(transaction, "secretKey")));
    if (!crypto::is_valid(key)) throw FixtureError("the secret key is not valid");
    core::sign(made, key);
    return core::encode(made);
}

std::optional<std::string> find_difference(const core::Transaction& decoded, const Json& transaction,
                                           const Json& indexes) {
    const core::Transaction expected = transaction_of(transaction, indexes);
    if (decoded.type != expected.type) return "type";
    if (decoded.nonce != expected.nonce) return "nonce";
    if (decoded.max_fee_per_gas != expected.max_fee_per_gas) return "maximal fee";
    if (decoded.max_priority_fee_per_gas != expected.max_priority_fee_per_gas) return "priority fee";
    if (decoded.gas_limit != expected.gas_limit) return "gas limit";
    if (decoded.to != expected.to) return "recipient";
    if (decoded.value != expected.value) return "value";
    if (decoded.data != expected.data) return "data";
    if (decoded.access_list != expected.access_list) return "access list";
    if (decoded.max_fee_per_blob_gas != expected.max_fee_per_blob_gas) return "maximal blob fee";
    if (decoded.blob_hashes != expected.blob_hashes) return "list of blob hashes";
    if (decoded.authorization_list != expected.authorization_list) return "authorization list";
    return std::nullopt;
}

}  // namespace sluice::conformance
