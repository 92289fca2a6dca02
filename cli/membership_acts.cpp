#include "cli/membership_acts.hpp"

#include <fmt/format.h>

#include "cli/devnet_node.hpp"
#include "cli/devnet_processes.hpp"
#include "contracts/native/membership.hpp"

namespace sluice::cli {
namespace {

namespace native = contracts::native;
using native::MembershipChange;

std::string text_in(const Json& json, const char* key) {
    return json.contains(key) && json[key].is_string() ? json[key].get<std::string>() : std::string();
}

core::Address address_in(const Json& json, const char* key) {
    return core::address_from_hex(text_in(json, key)).value_or(core::Address{});
}

RpcError error_of(std::string message) {
    return {RpcError::Kind::malformed, 0, std::move(message), Json()};
}

/// Number of the proposal that a call is about: in the logs of its receipt, whatever the act was.
std::optional<std::uint64_t> proposal_in(const Json& receipt) {
    for (const auto& log : receipt.value("logs", Json::array())) {
        if (log.value("address", "") != core::to_hex_0x(native::governance_address)) continue;
        const auto topics = log.value("topics", Json::array());
        if (topics.size() < 2) continue;
        const auto word = core::from_hex(topics[1].get<std::string>());
        if (word && word->size() == 32) return core::read_be64(word->data() + 24);
    }
    return std::nullopt;
}

std::string shown(const Json& proposal, const char* name, const char* address) {
    const auto text = text_in(proposal, name);
    return text.empty() ? text_in(proposal, address)
                        : fmt::format("{} ({})", text, text_in(proposal, address));
}

std::string change_text(const Json& proposal) {
    const auto change = text_in(proposal, "change");
    const auto joins = shown(proposal, "name", "joins");
    const auto leaves = shown(proposal, "leavesName", "leaves");
    if (change == "add") return fmt::format("{}, {}, joins", joins, text_in(proposal, "bic"));
    if (change == "remove") return fmt::format("{} leaves", leaves);
    return fmt::format("{}, {}, takes the place of {}", joins, text_in(proposal, "bic"), leaves);
}

}  // namespace

core::Result<MembershipPicture, RpcError> take_picture(const NetworkAccess& network, RpcClient& rpc) {
    const auto validators = rpc.call("sluice_validators", Json::array());
    if (!validators) return core::fail(validators.error());
    std::vector<Json> statuses;
    auto own = rpc.call("sluice_status", Json::array());
    if (!own) return core::fail(own.error());
    statuses.push_back(std::move(*own));
    if (const auto* devnet = network.devnet())
        for (const auto& node : devnet->nodes) {
            if (!is_running(node)) continue;
            RpcClient other(node.rpc_url(), std::chrono::milliseconds(1'500));
            if (auto status = other.call("sluice_status", Json::array()))
                statuses.push_back(std::move(*status));
        }
    return picture_from(*validators, statuses);
}

core::Result<native::calls::NewValidator, std::string> find_joiner(const NetworkAccess& network,
                                                                   std::string_view text,
                                                                   const std::string& name,
                                                                   const std::string& bic) {
    native::calls::NewValidator joiner;
    joiner.name = name;
    auto parsed = core::Bic::parse(bic);
    const auto* node = network.devnet() ? network.devnet()->find_node(text) : nullptr;
    if (node) {
        const auto address = address_of_node(*node);
        if (!address) return core::fail(address.error());
        joiner.address = *address;
        if (name.empty()) joiner.name = node->name;
        if (bic.empty()) parsed = node->bic;
    } else {
        const auto address = core::address_from_hex(text);
        if (!address)
            return core::fail(fmt::format("'{}' is neither an address nor a node of a devnet", text));
        joiner.address = *address;
    }
    if (joiner.name.empty()) return core::fail(std::string("--name: a validator needs a name"));
    if (!parsed) return core::fail(fmt::format("--bic {}: allowed are the 8 or 11 characters of a BIC", bic));
    joiner.bic = parsed->chars();
    return joiner;
}

MembershipPlan plan_of(const Json& proposal) {
    const auto change = text_in(proposal, "change");
    return {.change = change == "add"      ? MembershipChange::add
                      : change == "remove" ? MembershipChange::remove
                                           : MembershipChange::replace,
            .joins = address_in(proposal, "joins"),
            .name = text_in(proposal, "name"),
            .bic = text_in(proposal, "bic"),
            .leaves = address_in(proposal, "leaves")};
}

std::string sentence_of(const Json& proposal) {
    const auto stage = text_in(proposal, "stage");
    std::string text =
        fmt::format("proposal {}: {}; {}", proposal.value("id", 0), change_text(proposal), stage);
    if (stage == "carried")
        return text + fmt::format(", the set votes from height {} on", proposal["effectiveAt"].dump());
    if (stage == "halfway") return text + ": the other leaves in the next block";
    if (stage != "open") return text;
    std::string voters;
    for (const auto& vote : proposal.value("votes", Json::array()))
        voters += (voters.empty() ? "" : ", ") + text_in(vote, "name");
    text += fmt::format(", votes of {}", voters);
    if (proposal.contains("joins") && proposal["joins"].is_string())
        text += proposal.value("accepted", false) ? ", accepted" : ", not accepted by the new key yet";
    return text + fmt::format("; expires at height {}", proposal["expiresAt"].dump());
}

core::Result<ActDone, RpcError> perform_act(RpcClient& rpc, const Signing& signing,
                                            const native::ContractCall& call) {
    // Nothing is sent that the contract would refuse now.
    const auto tried = rpc.call("eth_call", {{{"from", core::to_hex_0x(signing.address)},
                                              {"to", core::to_hex_0x(call.to)},
                                              {"data", core::to_hex_0x(call.data)}},
                                             "latest"});
    if (!tried) return core::fail(tried.error());
    const auto submitted = submit_call(rpc, signing, call, "final");
    if (!submitted) return core::fail(submitted.error());
    ActDone done{.height = submitted->answer.value("height", core::Height{0}),
                 .transaction_hash = submitted->transaction_hash,
                 .proposal = {}};
    const auto receipt = rpc.call("eth_getTransactionReceipt", {submitted->transaction_hash});
    if (!receipt) return core::fail(receipt.error());
    const auto id = proposal_in(*receipt);
    if (!id) return core::fail(error_of("the transaction is final, and its receipt names no proposal"));
    const auto rows = rpc.call("sluice_proposals", {*id});
    if (!rows) return core::fail(rows.error());
    if (!rows->empty()) done.proposal = rows->front();
    return done;
}

ExitCode print_act(const ActDone& done, bool as_json) {
    if (as_json) {
        print_json({{"height", done.height}, {"txHash", done.transaction_hash}, {"proposal", done.proposal}});
        return ExitCode::done;
    }
    print_line(sentence_of(done.proposal));
    print_line(fmt::format("final at height {}, transaction {}", done.height, done.transaction_hash));
    return ExitCode::done;
}

}  // namespace sluice::cli
