/// sluice_, net_, web3_ and txpool_ methods about the node.
#include <set>

#include <fmt/format.h>

#include "core/documents/genesis_document.hpp"
#include "node/rpc/json_writer.hpp"
#include "node/rpc/services.hpp"
#include "node/rpc/validator_names.hpp"

namespace sluice::node::rpc {
namespace {

template <typename T>
void write_optional(JsonWriter& json, const char* name, const std::optional<T>& value) {
    json.key(name);
    if (value)
        json.number(*value);
    else
        json.null();
}

void write_validators(JsonWriter& json, const NodeStatus& status, const ValidatorNames& names) {
    json.key("validators").begin_array();
    for (const auto& validator : status.validators) {
        json.begin_object();
        write_validator(json, names, validator.address);
        json.key("isSelf").boolean(validator.is_self);
        write_optional(json, "lastSeenMs", validator.last_seen_ms);
        write_optional(json, "lastSealedHeight", validator.last_sealed_height);
        write_optional(json, "height", validator.head);
        write_optional(json, "clockAheadMs", validator.clock_ahead_ms);
        json.end_object();
    }
    json.end_array();
}

/// Where a validator that lost its vote log votes again, and on whose word.
void write_rejoin(JsonWriter& json, const std::optional<consensus::RejoinFloor>& rejoin) {
    json.key("rejoin");
    if (!rejoin) return static_cast<void>(json.null());
    json.begin_object();
    json.key("fromHeight").number(rejoin->height);
    json.key("fromView").number(rejoin->view);
    json.key("byOperator").boolean(rejoin->by_operator);
    json.end_object();
}

void write_consensus(JsonWriter& json, const NodeStatus& status, const ValidatorNames& names) {
    const auto& consensus = status.consensus;
    json.key("view").number(consensus.entered);
    json.key("promisedView").number(consensus.promised);
    json.key("primary").data(consensus.primary);
    json.key("primaryName").text(name_in(names, consensus.primary));
    json.key("isValidator").boolean(consensus.is_validator);
    json.key("isPrimary").boolean(consensus.is_primary);
    json.key("recovering").boolean(consensus.recovering);
    write_rejoin(json, consensus.rejoin);
    json.key("silenced").boolean(consensus.silenced);
    json.key("locked").boolean(consensus.locked);
    json.key("timeoutsInRow").number(consensus.timeouts_in_row);
    json.key("quorum").number(status.quorum);
}

/// Nodes that are connected to this one or to a neighbour and do not vote.
std::vector<core::Address> observers_of(const StatusPicture& picture, const core::Address& self) {
    std::set<core::Address> found;
    if (!picture.node.consensus.is_validator) found.insert(self);
    if (picture.network)
        for (const auto& peer : picture.network->peers) {
            found.insert(peer.identity.address);
            found.insert(peer.neighbours.begin(), peer.neighbours.end());
        }
    if (picture.node.consensus.is_validator) found.erase(self);
    for (const auto& validator : picture.node.validators)
        found.erase(validator.address);
    return {found.begin(), found.end()};
}

std::string status_text(const StatusPicture& picture, const ChainFacts& facts, const ValidatorNames& names) {
    const auto& status = picture.node;
    JsonWriter json(2'048);
    json.begin_object();
    json.key("chainId").number(facts.identity.chain_id);
    json.key("genesisHash").data(facts.identity.genesis_hash);
    json.key("version").text(facts.version);
    json.key("name").text(facts.node_name);
    json.key("address").data(facts.node_address);
    json.key("height").number(status.height);
    json.key("blockHash").data(status.block_hash);
    json.key("stateRoot").data(status.state_root);
    write_consensus(json, status, names);
    write_validators(json, status, names);
    json.key("observers").begin_array();
    for (const auto& observer : observers_of(picture, facts.node_address))
        json.data(observer);
    json.end_array();
    json.key("peers").number(status.peers);
    json.key("pool").begin_object();
    json.key("transactions").number(status.pool_transactions);
    json.key("executable").number(status.pool_executable);
    json.key("bytes").number(status.pool_bytes);
    json.end_object();
    json.key("voteLogSequence").number(status.vote_log_sequence);
    json.key("lastBlockAgeMs").number(status.last_block_age_ms);
    json.key("bestKnownHeight").number(status.best_known_height);
    json.key("firstBlock").number(status.first_block);
    json.key("silentUntil");
    if (status.silent_until)
        json.number(*status.silent_until);
    else
        json.null();
    json.key("evidence").number(status.evidence);
    json.key("signaturesVerified").number(status.signatures_verified);
    json.key("rssBytes").number(picture.resident_bytes);
    json.key("diskFreeBytes").number(picture.disk_free_bytes);
    json.key("certificateExpiresS").number(picture.certificate_expires_s);
    json.key("wallMs").number(picture.wall_ms);
    json.key("syncing").boolean(status.syncing);
    json.key("ready").boolean(status.ready);
    json.end_object();
    return json.take();
}

/// Asks the node, and writes the answer on a worker.
template <typename Write>
void answer_status(NodeCall call, Write write) {
    auto& node = call.services->node;
    node.status([services = call.services, snapshot = call.snapshot, answer = std::move(call.answer),
                 write](StatusPicture picture) {
        services->node.post(
            [=, picture = std::move(picture)] { answer(write(picture, *snapshot, *services)); });
    });
}

void status(NodeCall call) {
    answer_status(std::move(call), [](const StatusPicture& picture, const ledger::LedgerSnapshot& snapshot,
                                      const Services& services) {
        return status_text(picture, services.node.chain(), validator_names(snapshot, services.node));
    });
}

void pool_status(NodeCall call) {
    answer_status(std::move(call),
                  [](const StatusPicture& picture, const ledger::LedgerSnapshot&, const Services&) {
                      const auto executable = picture.node.pool_executable;
                      JsonWriter json;
                      json.begin_object();
                      json.key("pending").quantity(std::uint64_t{executable});
                      json.key("queued").quantity(std::uint64_t{picture.node.pool_transactions - executable});
                      json.end_object();
                      return json.take();
                  });
}

void peer_count(NodeCall call) {
    answer_status(std::move(call),
                  [](const StatusPicture& picture, const ledger::LedgerSnapshot&, const Services&) {
                      return JsonWriter().quantity(std::uint64_t{picture.node.peers}).take();
                  });
}

Answer genesis(const ReadCall& call) {
    return core::encode_genesis(call.node().chain().spec);
}

Answer client_version(const ReadCall& call) {
    return JsonWriter().text(fmt::format("Sluice/v{}/linux/c++20", call.node().chain().version)).take();
}

Answer hash_data(const ReadCall& call) {
    const auto data = call.arguments.get(0, read_data);
    if (call.arguments.fault()) return core::fail(*call.arguments.fault());
    return JsonWriter().data(core::keccak256(data)).take();
}

Answer listening(const ReadCall&) {
    return std::string("true");
}

}  // namespace

// clang-format off
std::vector<Method> node_methods() {
    constexpr auto anyone = Role::anyone;
    return {
        {"sluice_status", "The node at a glance", {}, "Status", Access::node, anyone, status},
        {"sluice_genesis", "The genesis file of the chain", {}, "Genesis", Access::heavy, anyone, genesis},
        {"net_listening", "Always true", {}, "Boolean", Access::read, anyone, listening},
        {"net_peerCount", "Connected nodes", {}, "Quantity", Access::node, anyone, peer_count},
        {"web3_clientVersion", "Name and version of this software", {}, "Text", Access::read, anyone,
         client_version},
        {"web3_sha3", "keccak256 of the given bytes", {{"data", "Data"}}, "Hash", Access::read, anyone, hash_data},
        {"txpool_status", "Transactions that can run, and those that wait for a nonce", {}, "PoolStatus",
         Access::node, anyone, pool_status},
    };
}
// clang-format on

}  // namespace sluice::node::rpc
