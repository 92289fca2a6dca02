/// admin_ methods: for operators, by their own port.
#include <fmt/format.h>

#include "node/rpc/json_writer.hpp"
#include "node/rpc/services.hpp"

namespace sluice::node::rpc {
namespace {

void write_peer(JsonWriter& json, const network::PeerStatus& peer) {
    json.begin_object();
    json.key("address").data(peer.identity.address);
    json.key("name").text(peer.identity.name);
    json.key("version").text(peer.identity.version);
    json.key("endpoint").text(peer.endpoint);
    json.key("connected").boolean(true);
    json.key("dialled").boolean(peer.dialled);
    json.key("connectedMs").number(peer.connected_ms);
    json.key("silentMs").number(peer.silent_ms);
    json.key("roundTripUs").number(peer.round_trip_us);
    json.key("bytesIn").number(peer.bytes_in);
    json.key("bytesOut").number(peer.bytes_out);
    json.key("framesIn").number(peer.frames_in);
    json.key("framesOut").number(peer.frames_out);
    json.key("queuedBytes").number(peer.queued_bytes);
    json.key("droppedTransactions").number(peer.dropped_transactions);
    json.end_object();
}

void write_absent(JsonWriter& json, const network::AbsentPeer& peer) {
    json.begin_object();
    json.key("endpoint").text(fmt::format("{}:{}", peer.target.host, peer.target.port));
    json.key("connected").boolean(false);
    json.key("attempts").number(peer.attempts);
    json.key("lastReason").text(network::describe(peer.last_reason));
    json.end_object();
}

void peers(NodeCall call) {
    call.services->node.status([answer = std::move(call.answer)](const StatusPicture& picture) {
        JsonWriter json;
        json.begin_array();
        if (picture.network) {
            for (const auto& peer : picture.network->peers)
                write_peer(json, peer);
            for (const auto& peer : picture.network->absent)
                write_absent(json, peer);
        }
        json.end_array();
        answer(json.take());
    });
}

Answer node_info(const ReadCall& call) {
    const auto& chain = call.node().chain();
    JsonWriter json;
    json.begin_object();
    json.key("name").text(chain.node_name);
    json.key("version").text(chain.version);
    json.key("address").data(chain.node_address);
    json.key("chainId").number(chain.identity.chain_id);
    json.key("genesisHash").data(chain.identity.genesis_hash);
    json.key("height").number(call.snapshot->height());
    json.key("oldestState").number(call.snapshot->oldest_state());
    json.key("subscriptions").number(call.services.subscriptions.size());
    json.end_object();
    return json.take();
}

Answer set_log_level(const ReadCall& call) {
    const auto level = call.arguments.get(0, read_text);
    if (call.arguments.fault()) return core::fail(*call.arguments.fault());
    if (!call.node().set_log_level(level))
        return core::fail(invalid_argument(0, "expected trace, debug, info, warn or error"));
    return std::string("true");
}

}  // namespace

// clang-format off
std::vector<Method> admin_methods() {
    constexpr auto operators = Role::operator_;
    return {
        {"admin_nodeInfo", "This node and its chain", {}, "NodeInfo", Access::read, operators, node_info},
        {"admin_peers", "Every peer, connected or wanted", {}, "[Peer]", Access::node, operators, peers},
        {"admin_setLogLevel", "Changes what is logged from now on", {{"level", "Text"}}, "Boolean", Access::read,
         operators, set_log_level},
    };
}
// clang-format on

}  // namespace sluice::node::rpc
