/// eth_ methods about accounts and contracts: state, proofs, and calls that leave no trace.
#include <algorithm>

#include <fmt/format.h>

#include "contracts/header_rules.hpp"
#include "node/rpc/block_reference.hpp"
#include "node/rpc/deadline.hpp"
#include "node/rpc/json_writer.hpp"
#include "node/rpc/limits.hpp"
#include "node/rpc/prepared_call.hpp"
#include "node/rpc/services.hpp"

namespace sluice::node::rpc {
namespace {

std::string data_text(core::ByteView bytes) {
    return JsonWriter(2 * bytes.size() + 8).data(bytes).take();
}

/// The account that is argument 0 and the state that is argument `block_index`.
struct AccountAt {
    core::Address address{};
    CallableState state;
    core::Account account;
};
core::Result<AccountAt, Error> read_account(const ReadCall& call, std::size_t block_index) {
    const auto address = call.arguments.get(0, read_address);
    const auto block = call.arguments.get_or(block_index, read_block_reference, BlockReference{});
    if (call.arguments.fault()) return core::fail(*call.arguments.fault());
    auto state = open_state(block, *call.snapshot);
    if (!state) return core::fail(state.error());
    auto account = state->view->account(address).value_or(core::Account{});
    return AccountAt{address, std::move(*state), account};
}

Answer balance(const ReadCall& call) {
    const auto at = read_account(call, 1);
    if (!at) return core::fail(at.error());
    return JsonWriter().quantity(at->account.balance).take();
}

Answer code(const ReadCall& call) {
    const auto at = read_account(call, 1);
    if (!at) return core::fail(at.error());
    const auto bytes = at->account.code_hash == core::empty_code_hash
                           ? nullptr
                           : at->state.view->code(at->account.code_hash);
    return data_text(bytes ? core::ByteView(*bytes) : core::ByteView{});
}

Answer storage_at(const ReadCall& call) {
    const auto key = call.arguments.get(1, read_storage_key);
    const auto at = read_account(call, 2);
    if (!at) return core::fail(at.error());
    return data_text(at->state.view->storage(at->address, key));
}

Reading<std::vector<core::Word>> read_keys(const Json& value) {
    return read_list(value, limits::proof_keys_max, read_storage_key);
}

void write_nodes(JsonWriter& json, const std::vector<core::Bytes>& nodes) {
    json.begin_array();
    for (const auto& node : nodes)
        json.data(node);
    json.end_array();
}

Answer account_proof(const ReadCall& call) {
    const auto address = call.arguments.get(0, read_address);
    const auto keys = call.arguments.get(1, read_keys);
    const auto block = call.arguments.get_or(2, read_block_reference, BlockReference{});
    if (call.arguments.fault()) return core::fail(*call.arguments.fault());
    const auto height = find_height(block, *call.snapshot);
    if (!height) return core::fail(server_error("header not found"));
    const auto proof = call.snapshot->prove(*height, address, keys);
    if (!proof)
        return core::fail(server_error(
            fmt::format("proofs for block {} are not available: the oldest block with proofs here is {}",
                        *height, proof.error().oldest)));
    const auto account = proof->account.value_or(core::Account{});
    JsonWriter json(8'192);
    json.begin_object();
    json.key("address").data(address);
    json.key("accountProof");
    write_nodes(json, proof->nodes);
    json.key("balance").quantity(account.balance);
    json.key("codeHash").data(account.code_hash);
    json.key("nonce").quantity(account.nonce);
    json.key("storageHash").data(proof->storage_root);
    json.key("storageProof").begin_array();
    for (const auto& slot : proof->storage) {
        json.begin_object().key("key").data(slot.key);
        json.key("value").quantity(core::Uint256::from_word(slot.value));
        json.key("proof");
        write_nodes(json, slot.nodes);
        json.end_object();
    }
    json.end_array().end_object();
    return json.take();
}

Answer call_contract(const ReadCall& call) {
    const auto prepared = prepare_call(call, BlockReference{});
    if (!prepared) return core::fail(prepared.error());
    Deadline deadline(call.services.call_time_max);
    const auto outcome = contracts::simulate_call(prepared->view(), prepared->block, prepared->request,
                                                  {limits::call_gas_max, &deadline});
    if (deadline.has_passed()) return core::fail(took_too_long(call.services.call_time_max));
    if (!outcome.succeeded()) return core::fail(call_failed(outcome));
    return data_text(outcome.output);
}

Answer estimate(const ReadCall& call) {
    // What is estimated will run in the next block, whose time native contracts look at.
    const auto prepared = prepare_call(call, {BlockReference::Kind::pending, 0, {}});
    if (!prepared) return core::fail(prepared.error());
    const core::Gas cap =
        std::min({limits::call_gas_max, prepared->block.transaction_gas_limit, prepared->block.gas_limit});
    Deadline deadline(call.services.call_time_max);
    const auto gas =
        contracts::estimate_gas(prepared->view(), prepared->block, prepared->request, {cap, &deadline});
    if (deadline.has_passed()) return core::fail(took_too_long(call.services.call_time_max));
    if (gas) return JsonWriter().quantity(*gas).take();
    if (!gas.error().refusal && gas.error().status == contracts::CallStatus::out_of_gas)
        return core::fail(server_error(fmt::format("gas required exceeds allowance ({})",
                                                   std::min(prepared->request.gas.value_or(cap), cap))));
    return core::fail(call_failed(gas.error()));
}

}  // namespace

// clang-format off
std::vector<Method> contract_methods() {
    const Parameter address{"address", "Address"};
    const Parameter block{"block", "BlockReference", false};
    const Parameter state_overrides{"stateOverrides", "StateOverrides", false};
    const Parameter block_overrides{"blockOverrides", "BlockOverrides", false};
    constexpr auto anyone = Role::anyone;
    return {
        {"eth_getBalance", "Native coin of an account, in wei", {address, block}, "Quantity", Access::read, anyone,
         balance},
        {"eth_getCode", "Code of an account", {address, block}, "Data", Access::read, anyone, code},
        {"eth_getStorageAt", "A storage slot of an account", {address, {"slot", "StorageKey"}, block}, "Data",
         Access::read, anyone, storage_at},
        {"eth_getProof", "An account and slots of it with their Merkle proofs (EIP-1186)",
         {address, {"slots", "[StorageKey]"}, block}, "AccountProof", Access::heavy, anyone, account_proof},
        {"eth_call", "Runs a call and forgets it", {{"call", "Call"}, block, state_overrides, block_overrides}, "Data",
         Access::heavy, anyone, call_contract},
        {"eth_estimateGas", "The least gas limit with which a call succeeds",
         {{"call", "Call"}, block, state_overrides, block_overrides}, "Quantity", Access::heavy, anyone, estimate},
    };
}
// clang-format on

}  // namespace sluice::node::rpc
