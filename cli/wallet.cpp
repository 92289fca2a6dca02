#include "cli/wallet.hpp"

#include <fmt/format.h>

#include "cli/files.hpp"
#include "crypto/key_file.hpp"

namespace sluice::cli {
namespace {

namespace native = contracts::native;

constexpr core::Gas call_gas_limit = Act{}.gas_limit;

RpcError local_error(std::string message) {
    return {RpcError::Kind::refused, 0, std::move(message), {}};
}

/// A bare key: 64 hex digits, with or without 0x.
core::Result<crypto::PrivateKey, std::string> parse_bare_key(const std::filesystem::path& file,
                                                             std::string& text) {
    const auto digits = std::string_view(text).substr(0, text.find_first_of("\r\n"));
    crypto::PrivateKey key;
    const bool is_key = core::from_hex_exactly(digits, key.writable_bytes()) && crypto::is_valid(key);
    crypto::wipe(text.data(), text.size());
    if (!is_key) return core::fail(fmt::format("{} holds no private key", file.string()));
    return key;
}

core::Result<core::SharedBytes, RpcError> sign_next(RpcClient& rpc, const OpenKey& signing,
                                                    core::Transaction transaction) {
    const auto answer = rpc.call("eth_getTransactionCount", {core::to_hex_0x(signing.address), "pending"});
    if (!answer) return core::fail(answer.error());
    const auto nonce = quantity(*answer);
    if (!nonce) return core::fail(local_error("the node did not tell the next nonce"));
    transaction.type = core::TransactionType::dynamic_fee;
    transaction.chain_id = signing.chain_id;
    transaction.nonce = *nonce;
    core::sign(transaction, signing.key);
    return core::share(core::encode(transaction));
}

/// Takes the next nonce and brings the transaction into the pool, under the key's lock: it is held until the
/// pool knows the transaction, so that the next one gets the next nonce.
core::Result<Sent, RpcError> send_with(RpcClient& rpc, const OpenKey& key, core::Transaction transaction) {
    std::optional<FileLock> lock;
    if (!key.lock_file.empty()) {
        auto taken = FileLock::take(key.lock_file);
        if (!taken) return core::fail(local_error(taken.error()));
        lock.emplace(std::move(*taken));
    }
    auto encoded = sign_next(rpc, key, std::move(transaction));
    if (!encoded) return core::fail(encoded.error());
    const auto accepted = rpc.call("eth_sendRawTransaction", {core::to_hex_0x(**encoded)});
    if (!accepted) return core::fail(accepted.error());
    auto hash = core::to_hex_0x(core::keccak256(**encoded));
    return Sent{std::move(*encoded), std::move(hash)};
}

core::Transaction transaction_of(const native::ContractCall& call, core::Gas gas_limit) {
    core::Transaction transaction;
    transaction.gas_limit = gas_limit;
    transaction.to = call.to;
    transaction.data = call.data;
    return transaction;
}

core::Result<Submitted, RpcError> wait_for(RpcClient& rpc, const Sent& sent,
                                           std::chrono::milliseconds limit) {
    auto answer = rpc.call("settle_submit", {{{"rawTransaction", core::to_hex_0x(*sent.encoded)},
                                              {"wait", "final"},
                                              {"timeoutMs", limit.count()}}});
    if (!answer) return core::fail(after_acceptance(answer.error()));
    Submitted submitted{std::move(*answer), sent.transaction_hash};
    submitted.is_final = submitted.answer.contains("height") && submitted.answer["height"].is_number();
    return submitted;
}

}  // namespace

core::Result<crypto::PrivateKey, std::string> open_key(const std::filesystem::path& key_file,
                                                       const std::filesystem::path& password_file) {
    auto text = read_file(key_file);
    if (!text) return core::fail(text.error());
    if (password_file.empty()) return parse_bare_key(key_file, *text);
    auto password = read_file(password_file);
    if (!password) return core::fail(password.error());
    const crypto::SecretBytes secret(std::string_view(*password).substr(0, password->find_first_of("\r\n")));
    crypto::wipe(password->data(), password->size());
    auto key = crypto::decrypt_key_file(*text, secret);
    if (!key) return core::fail(fmt::format("{}: {}", key_file.string(), crypto::describe(key.error())));
    return std::move(*key);
}

core::Result<OpenKey, std::string> open_signing(const Signing& signing) {
    auto key = open_key(signing.key_file, signing.password_file);
    if (!key) return core::fail(key.error());
    auto lock_file = signing.key_file;
    lock_file += ".lock";
    return OpenKey{std::move(*key), signing.address, signing.chain_id, std::move(lock_file)};
}

core::Result<Sent, RpcError> send_transaction(RpcClient& rpc, const Signing& signing,
                                              core::Transaction transaction) {
    const auto key = open_signing(signing);
    if (!key) return core::fail(local_error(key.error()));
    return send_with(rpc, *key, std::move(transaction));
}

core::Result<Submitted, RpcError> perform(RpcClient& rpc, const OpenKey& key, const Act& act,
                                          std::chrono::milliseconds limit) {
    const auto sent = send_with(rpc, key, transaction_of(act.call, act.gas_limit));
    if (!sent) return core::fail(sent.error());
    return wait_for(rpc, *sent, limit);
}

core::Result<Submitted, RpcError> submit_call(RpcClient& rpc, const Signing& signing,
                                              const native::ContractCall& call, std::string_view wait,
                                              std::chrono::milliseconds limit) {
    const auto sent = send_transaction(rpc, signing, transaction_of(call, call_gas_limit));
    if (!sent) return core::fail(sent.error());
    if (wait == "final") return wait_for(rpc, *sent, limit);
    Submitted submitted;
    submitted.transaction_hash = sent->transaction_hash;
    submitted.answer = {{"status", "Accepted"}, {"txHash", submitted.transaction_hash}};
    return submitted;
}

core::Result<core::Bytes, RpcError> read_call(RpcClient& rpc, const native::ContractCall& call) {
    const auto answer = rpc.call(
        "eth_call", {{{"to", core::to_hex_0x(call.to)}, {"data", core::to_hex_0x(call.data)}}, "latest"});
    if (!answer) return core::fail(answer.error());
    const auto bytes = answer->is_string() ? core::from_hex(answer->get<std::string>()) : std::nullopt;
    if (!bytes) return core::fail(local_error("the node did not answer eth_call with data"));
    return *bytes;
}

}  // namespace sluice::cli
