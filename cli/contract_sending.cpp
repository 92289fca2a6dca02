#include "cli/contract_sending.hpp"

#include <fmt/format.h>

#include "cli/abi/text.hpp"
#include "contracts/creation.hpp"
#include "core/uint256.hpp"

namespace sluice::cli {
namespace {

/// JSON-RPC codes of wallets and of EIP-7966.
constexpr int reverted_code = 3;
constexpr int wait_expired_code = 4;
constexpr int waits_for_nonce_code = 5;

/// No transaction of Ethereum has more (EIP-7825); a chain's own limit may be higher, never asked for here.
constexpr core::Gas padded_gas_max = 1u << 24;

std::string text_of(const Json& object, const char* key) {
    if (!object.is_object()) return {};
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Json call_object(const std::optional<core::Address>& from, const ContractMessage& message) {
    Json call{{"data", core::to_hex_0x(message.data)}, {"value", core::to_quantity(message.value)}};
    if (from) call["from"] = core::to_hex_0x(*from);
    if (message.to) call["to"] = core::to_hex_0x(*message.to);
    if (message.gas) call["gas"] = core::to_quantity(*message.gas);
    return call;
}

ContractFailure failure_of(const RpcError& error, const abi::Interface* interface) {
    ContractFailure failure{
        .code = exit_code_of(error), .message = error.message, .receipt = {}, .revert_data = {}};
    if (error.kind != RpcError::Kind::refused || error.code != reverted_code) return failure;
    const auto data = error.data.is_string() ? core::from_hex(error.data.get<std::string>()) : std::nullopt;
    if (!data) return failure;
    failure.message = "reverted: " + abi::describe_revert(*data, interface);
    failure.revert_data = error.data;
    return failure;
}

/// What the network knows of a transaction whose sending went wrong is unknown only if it may have got there.
ContractFailure sending_failure(const RpcError& error) {
    ContractFailure failure{
        .code = exit_code_of(error), .message = error.message, .receipt = {}, .revert_data = {}};
    if (error.kind == RpcError::Kind::unreachable)
        failure.message +=
            ". Whether it was sent is unknown: ask for the account's nonce before sending again";
    return failure;
}

core::Result<core::Gas, RpcError> estimate_gas(RpcClient& rpc, const core::Address& from,
                                               const ContractMessage& message) {
    const auto answer = rpc.call("eth_estimateGas", {call_object(from, message)});
    if (!answer) return core::fail(answer.error());
    const auto gas = quantity(*answer);
    if (!gas)
        return core::fail(
            RpcError{RpcError::Kind::malformed, 0, "the node did not answer eth_estimateGas with gas", {}});
    // The state may be another one when it runs; what is left over costs nothing.
    const auto padded = *gas + *gas / 4;
    return padded <= padded_gas_max ? padded : *gas;
}

core::Result<Json, ContractFailure> wait_for_receipt(RpcClient& rpc, const Sent& sent) {
    auto receipt =
        rpc.call("eth_sendRawTransactionSync", {core::to_hex_0x(*sent.encoded), final_wait.count()});
    if (receipt) return std::move(*receipt);
    const auto& error = receipt.error();
    ContractFailure failure = sending_failure(error);
    const bool is_waiting = error.kind == RpcError::Kind::unreachable || error.code == wait_expired_code ||
                            error.code == waits_for_nonce_code;
    if (is_waiting) {
        failure.code = ExitCode::not_final;
        failure.message =
            fmt::format("not final yet: {}; transaction {}", error.message, sent.transaction_hash);
    }
    return core::fail(std::move(failure));
}

/// Why a transaction failed in its block: a call over the state before that block says it, unless an earlier
/// transaction of the block matters.
ContractFailure explain(RpcClient& rpc, const core::Address& from, ContractMessage message,
                        core::Gas gas_limit, const Json& receipt, const abi::Interface* interface) {
    const auto height = quantity(receipt.value("blockNumber", Json())).value_or(0);
    const auto used = quantity(receipt.value("gasUsed", Json())).value_or(0);
    message.gas = gas_limit;
    ContractFailure failure{
        .code = ExitCode::refused, .message = "failed", .receipt = receipt, .revert_data = {}};
    const auto replayed =
        rpc.call("eth_call", {call_object(from, message), core::to_quantity(height == 0 ? 0 : height - 1)});
    if (!replayed) {
        const auto why = failure_of(replayed.error(), interface);
        failure.message = why.revert_data.is_null() ? "failed: " + why.message : why.message;
        failure.revert_data = why.revert_data;
    }
    failure.message += fmt::format(" (height {}, gas {} of {}, transaction {})", height, used, gas_limit,
                                   text_of(receipt, "transactionHash"));
    return failure;
}

struct RawLog {
    std::string address;
    std::vector<core::Word> topics;
    core::Bytes data;
};

RawLog raw_log(const Json& json) {
    RawLog log{.address = text_of(json, "address"), .topics = {}, .data = {}};
    if (const auto topics = json.find("topics"); topics != json.end() && topics->is_array())
        for (const auto& topic : *topics)
            if (const auto hash = core::hash_from_hex(topic.is_string() ? topic.get<std::string>() : ""))
                log.topics.push_back(*hash);
    log.data = core::from_hex(text_of(json, "data")).value_or(core::Bytes{});
    return log;
}

std::vector<RawLog> logs_of(const Json& receipt) {
    std::vector<RawLog> logs;
    const auto list = receipt.is_object() ? receipt.find("logs") : receipt.end();
    if (list == receipt.end() || !list->is_array()) return logs;
    for (const auto& json : *list)
        if (json.is_object()) logs.push_back(raw_log(json));
    return logs;
}

std::string checksummed(const std::string& address) {
    const auto parsed = core::address_from_hex(address);
    return parsed ? core::checksum_hex(*parsed) : address;
}

}  // namespace

core::Result<core::Bytes, ContractFailure> read_contract(RpcClient& rpc,
                                                         const std::optional<core::Address>& from,
                                                         const ContractMessage& message, const Json& block,
                                                         const abi::Interface* interface) {
    const auto answer = rpc.call("eth_call", {call_object(from, message), block});
    if (!answer) return core::fail(failure_of(answer.error(), interface));
    auto data = answer->is_string() ? core::from_hex(answer->get<std::string>()) : std::nullopt;
    if (data) return std::move(*data);
    return core::fail(ContractFailure{.code = ExitCode::refused,
                                      .message = "the node did not answer eth_call with data",
                                      .receipt = {},
                                      .revert_data = {}});
}

core::Result<ContractReceipt, ContractFailure> send_to_contract(RpcClient& rpc, const Signing& signing,
                                                                const ContractMessage& message, bool waits,
                                                                const abi::Interface* interface) {
    const auto gas = message.gas ? core::Result<core::Gas, RpcError>(*message.gas)
                                 : estimate_gas(rpc, signing.address, message);
    if (!gas) {
        auto failure = failure_of(gas.error(), interface);
        failure.message += "; nothing was sent";
        return core::fail(std::move(failure));
    }
    core::Transaction transaction;
    transaction.gas_limit = *gas;
    transaction.to = message.to;
    transaction.value = message.value;
    transaction.data = message.data;
    const auto sent = send_transaction(rpc, signing, std::move(transaction));
    if (!sent) return core::fail(sending_failure(sent.error()));
    ContractReceipt result{
        .transaction_hash = sent->transaction_hash, .gas_limit = *gas, .creates = {}, .receipt = {}};
    if (!message.to)
        if (const auto signed_one = core::decode_transaction(*sent->encoded))
            result.creates = contracts::creation_address(signing.address, signed_one->nonce);
    if (!waits) return result;
    auto receipt = wait_for_receipt(rpc, *sent);
    if (!receipt) return core::fail(receipt.error());
    if (text_of(*receipt, "status") != "0x1")
        return core::fail(explain(rpc, signing.address, message, *gas, *receipt, interface));
    result.receipt = std::move(*receipt);
    return result;
}

Json decoded_logs(const Json& receipt, const abi::Interface* interface) {
    Json list = Json::array();
    for (const auto& log : logs_of(receipt)) {
        const auto decoded =
            interface != nullptr ? abi::decode_log(*interface, log.topics, log.data) : std::nullopt;
        Json entry{{"address", checksummed(log.address)}};
        if (decoded) {
            entry["event"] = decoded->event;
            entry["arguments"] = abi::to_json(
                abi::Type{.kind = abi::Kind::tuple, .size = 0, .length = 0, .components = decoded->inputs},
                abi::Value{.word = {}, .bytes = {}, .items = decoded->values});
        } else {
            entry["topics"] = Json::array();
            for (const auto& topic : log.topics)
                entry["topics"].push_back(core::to_hex_0x(topic));
            entry["data"] = core::to_hex_0x(log.data);
        }
        list.push_back(std::move(entry));
    }
    return list;
}

std::vector<std::string> log_lines(const Json& receipt, const abi::Interface* interface) {
    std::vector<std::string> lines;
    for (const auto& log : logs_of(receipt)) {
        const auto decoded =
            interface != nullptr ? abi::decode_log(*interface, log.topics, log.data) : std::nullopt;
        std::string line = "log of " + checksummed(log.address) + ": ";
        if (decoded) {
            line += fmt::format("{}({})", decoded->event, abi::to_text(decoded->inputs, decoded->values));
        } else {
            for (const auto& topic : log.topics)
                line += core::to_hex_0x(topic) + " ";
            line += "data " + core::to_hex_0x(log.data);
        }
        lines.push_back(std::move(line));
    }
    return lines;
}

}  // namespace sluice::cli
