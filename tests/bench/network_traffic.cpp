#include "tests/bench/network_traffic.hpp"

#include <algorithm>
#include <thread>

#include <fmt/format.h>

#include "cli/devnet_processes.hpp"

namespace sluice::bench {
namespace {

namespace native = contracts::native;
using cli::Json;

/// What the costliest payment takes, and a transaction beside its payments.
constexpr core::Gas gas_per_payment = 70'000;
constexpr core::Gas gas_of_transaction = 200'000;

/// Whether a transaction needs no second try: the node has it, or the chain.
bool is_known(const std::string& error) {
    return error.rfind("already known", 0) == 0 || error.rfind("nonce too low", 0) == 0;
}

bool may_try_again(const std::string& error) {
    return error.find("full") != std::string::npos || error.find("limit exceeded") != std::string::npos ||
           error.rfind("nonce too high", 0) == 0;
}

}  // namespace

std::size_t hand_in(network::HttpClient& http, const std::string& url, const std::vector<std::string>& raw) {
    std::vector<const std::string*> open;
    for (const auto& one : raw)
        open.push_back(&one);
    std::size_t refused = 0;
    while (!open.empty()) {
        std::string body = "[";
        for (std::size_t i = 0; i < open.size(); ++i)
            body += fmt::format(
                R"({}{{"jsonrpc":"2.0","id":{},"method":"eth_sendRawTransaction","params":["{}"]}})",
                i == 0 ? "" : ",", i, *open[i]);
        body += "]";
        const auto answer = http.post_json(url, body);
        const auto json = answer ? Json::parse(*answer, nullptr, false) : Json();
        std::vector<const std::string*> again;
        if (!json.is_array() || json.size() != open.size()) {
            again = open;
        } else {
            for (std::size_t i = 0; i < open.size(); ++i) {
                const auto& one = json[i];
                const auto error =
                    one.contains("error") ? one["error"].value("message", std::string()) : std::string();
                if (error.empty() || is_known(error)) continue;
                if (may_try_again(error))
                    again.push_back(open[i]);
                else
                    ++refused;
            }
        }
        open = std::move(again);
        if (!open.empty()) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return refused;
}

std::string Lane::signed_hex(const native::ContractCall& call, std::size_t payments) {
    core::Transaction transaction;
    transaction.type = core::TransactionType::dynamic_fee;
    transaction.chain_id = network_.chain_id();
    transaction.nonce = key_.next_nonce++;
    transaction.gas_limit = gas_of_transaction + payments * gas_per_payment;
    transaction.to = call.to;
    transaction.data = call.data;
    core::sign(transaction, key_.key);
    return core::to_hex_0x(core::encode(transaction));
}

void Lane::send(const std::vector<native::Instruction>& payments, std::size_t per_signature,
                std::size_t batch) {
    std::vector<std::string> raw;
    for (std::size_t from = 0; from < payments.size();) {
        const auto count = std::min(per_signature, payments.size() - from);
        const std::span part(payments.data() + from, count);
        raw.push_back(signed_hex(
            count == 1 ? native::calls::submit(part.front()) : native::calls::submit_batch(part), count));
        from += count;
        if (raw.size() < batch && from < payments.size()) continue;
        refused_ += hand_in(http_, url_, raw);
        raw.clear();
    }
}

bool wait_for_lanes(const test_support::RunningDevnet& network, const std::deque<Lane>& lanes,
                    std::chrono::milliseconds limit) {
    auto rpc = network.client(0);
    return cli::wait_until(limit, [&] {
        return std::all_of(lanes.begin(), lanes.end(), [&](const Lane& lane) {
            const auto answer =
                rpc.call("eth_getTransactionCount", {core::to_hex_0x(lane.address()), "latest"});
            return answer && cli::quantity(*answer).value_or(0) >= lane.next_nonce();
        });
    });
}

}  // namespace sluice::bench
