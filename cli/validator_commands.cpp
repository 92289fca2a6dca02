/// sluice validator: who votes, who should, and the votes about it.
#include <fmt/format.h>

#include "cli/command.hpp"
#include "cli/confirmation.hpp"
#include "cli/devnet_processes.hpp"
#include "cli/membership_acts.hpp"
#include "cli/membership_preview.hpp"
#include "cli/network_access.hpp"
#include "cli/submission_output.hpp"

namespace sluice::cli {
namespace {

namespace native = contracts::native;
using native::MembershipChange;

/// What every command of this group begins with.
struct Session {
    NetworkAccess network;
    RpcClient rpc;
    bool as_json = false;
};

core::Result<Session, std::string> open_session(const Arguments& arguments) {
    auto network = NetworkAccess::find(arguments);
    if (!network) return core::fail(network.error());
    RpcClient rpc(network->rpc_url());
    return Session{std::move(*network), std::move(rpc), arguments.has("--json")};
}

ExitCode refuse(const RpcError& error, bool as_json) {
    return fail(exit_code_of(error), error.message, as_json);
}

/// Runs `run(session)`, after the arguments have named a network.
template <typename Run>
ExitCode with_session(const Arguments& arguments, Run run) {
    auto session = open_session(arguments);
    if (!session) return fail(ExitCode::usage, session.error(), arguments.has("--json"));
    return run(*session);
}

ExitCode list(const Arguments& arguments) {
    return with_session(arguments, [&](Session& session) {
        const auto picture = take_picture(session.network, session.rpc);
        if (!picture) return refuse(picture.error(), session.as_json);
        const auto preview = preview_change(*picture, {});
        const auto& set = preview.sets.front();
        if (session.as_json) {
            auto json = to_json(preview);
            Json observers = Json::array();
            for (const auto& observer : picture->observers)
                observers.push_back(core::checksum_hex(observer));
            print_json({{"height", picture->height},
                        {"set", json["sets"][0]},
                        {"validators", json["parties"]},
                        {"observers", observers}});
            return ExitCode::done;
        }
        std::vector<std::vector<std::string>> rows;
        for (const auto& party : picture->validators)
            rows.push_back({party.name, party.bic, core::checksum_hex(party.address),
                            party.is_live ? "live" : "not heard"});
        print_line(table({"validator", "BIC", "address", "state"}, rows));
        print_line(fmt::format("{} validators vote at height {}: {} decide, {} may fail, {} are live.",
                               set.validators, picture->height, set.quorum, set.faults, set.live));
        for (const auto& observer : picture->observers)
            print_line(fmt::format("observer {}", core::checksum_hex(observer)));
        return ExitCode::done;
    });
}

ExitCode proposals(const Arguments& arguments) {
    return with_session(arguments, [&](Session& session) {
        const auto answer = session.rpc.call("sluice_proposals", Json::array());
        if (!answer) return refuse(answer.error(), session.as_json);
        if (session.as_json) {
            print_json(*answer);
            return ExitCode::done;
        }
        if (answer->empty()) print_line("No proposal is open.");
        for (const auto& proposal : *answer)
            print_line(sentence_of(proposal));
        return ExitCode::done;
    });
}

/// Shows what the plan would do; sends it unless that was all that was asked.
ExitCode propose(const Arguments& arguments, Session& session, const MembershipPicture& picture,
                 const MembershipPlan& plan, const native::ContractCall& call) {
    const auto preview = preview_change(picture, plan);
    if (arguments.has("--dry-run")) {
        if (session.as_json)
            print_json(to_json(preview));
        else
            print_preview(preview);
        return preview.obstacle ? ExitCode::refused : ExitCode::done;
    }
    if (preview.obstacle && !arguments.has("--force"))
        return fail(ExitCode::refused, fmt::format("{}; --dry-run shows the sets", *preview.obstacle),
                    session.as_json);
    const auto signing = session.network.validator_signing(arguments);
    if (!signing) return fail(ExitCode::usage, signing.error(), session.as_json);
    if (!session.as_json) print_preview(preview);
    if (!is_confirmed(arguments, "Propose this change of the validators."))
        return fail(ExitCode::refused, "nothing was sent", session.as_json);
    const auto done = perform_act(session.rpc, *signing, call);
    if (!done) return refuse(done.error(), session.as_json);
    return print_act(*done, session.as_json);
}

core::Result<core::Height, std::string> read_expiry(const Arguments& arguments) {
    const auto text = arguments.text("--expires-at");
    if (text.empty()) return core::Height{0};
    const auto value = core::uint256_from_decimal(text);
    if (!value || !value->fits_u64())
        return core::fail(fmt::format("--expires-at {}: allowed is a height", text));
    return value->low_u64();
}

/// What the arguments ask for, and a picture of the network to judge it by.
struct Request {
    MembershipPicture picture;
    MembershipPlan plan;
    core::Height expires_at = 0;
    native::calls::NewValidator joins;
};

core::Result<void, std::string> read_joiner(const Arguments& arguments, const Session& session,
                                            std::string_view argument, Request& request) {
    auto joiner = find_joiner(session.network, arguments.text(argument), arguments.text("--name"),
                              arguments.text("--bic"));
    if (!joiner) return core::fail(joiner.error());
    request.plan.joins = joiner->address;
    request.plan.name = joiner->name;
    request.plan.bic = native::bic_of(joiner->bic).to_string();
    request.joins = std::move(*joiner);
    return {};
}

core::Result<void, std::string> read_leaver(const Arguments& arguments, std::string_view argument,
                                            Request& request) {
    const auto* party = request.picture.find(arguments.text(argument));
    if (!party)
        return core::fail(fmt::format("'{}' is no validator, or not one alone: see 'sluice validator list'",
                                      arguments.text(argument)));
    request.plan.leaves = party->address;
    return {};
}

template <typename Build>
ExitCode with_request(const Arguments& arguments, MembershipChange change, Build build) {
    return with_session(arguments, [&](Session& session) {
        const auto expires_at = read_expiry(arguments);
        if (!expires_at) return fail(ExitCode::usage, expires_at.error(), session.as_json);
        auto picture = take_picture(session.network, session.rpc);
        if (!picture) return refuse(picture.error(), session.as_json);
        Request request{std::move(*picture), {.change = change}, *expires_at, {}};
        const core::Result<native::ContractCall, std::string> call = build(session, request);
        if (!call) return fail(ExitCode::usage, call.error(), session.as_json);
        return propose(arguments, session, request.picture, request.plan, *call);
    });
}

using Built = core::Result<native::ContractCall, std::string>;

ExitCode propose_add(const Arguments& arguments) {
    return with_request(arguments, MembershipChange::add, [&](Session& session, Request& request) -> Built {
        if (auto read = read_joiner(arguments, session, "VALIDATOR", request); !read)
            return core::fail(read.error());
        return native::calls::propose_add(request.joins, request.expires_at);
    });
}

ExitCode propose_remove(const Arguments& arguments) {
    return with_request(arguments, MembershipChange::remove, [&](Session&, Request& request) -> Built {
        if (auto read = read_leaver(arguments, "VALIDATOR", request); !read) return core::fail(read.error());
        return native::calls::propose_remove(request.plan.leaves, request.expires_at);
    });
}

ExitCode propose_replace(const Arguments& arguments) {
    return with_request(
        arguments, MembershipChange::replace, [&](Session& session, Request& request) -> Built {
            if (auto read = read_leaver(arguments, "VALIDATOR", request); !read)
                return core::fail(read.error());
            if (auto read = read_joiner(arguments, session, "--by", request); !read)
                return core::fail(read.error());
            return native::calls::propose_replace(request.plan.leaves, request.joins, request.expires_at);
        });
}

ExitCode propose_rotate(const Arguments& arguments) {
    return with_request(
        arguments, MembershipChange::replace, [&](Session& session, Request& request) -> Built {
            const auto signing = session.network.validator_signing(arguments);
            if (!signing) return core::fail(signing.error());
            const auto* own = request.picture.find(core::to_hex_0x(signing->address));
            if (!own) return core::fail(std::string("the key that signs is no validator's"));
            const auto joins = core::address_from_hex(arguments.text("--to"));
            if (!joins) return core::fail(std::string("--to: allowed is the address of the new key, 0x…"));
            request.plan.joins = *joins;
            request.plan.name = own->name;
            request.plan.bic = own->bic;
            request.plan.leaves = own->address;
            return native::calls::propose_rotate(*joins, request.expires_at);
        });
}

/// The proposal that the arguments name, as the node tells it.
core::Result<Json, std::string> named_proposal(const Arguments& arguments, Session& session) {
    const auto number = core::uint256_from_decimal(arguments.text("PROPOSAL"));
    if (!number || !number->fits_u64() || number->low_u64() == 0)
        return core::fail(
            std::string("PROPOSAL: allowed is the number of one, see 'sluice validator proposals'"));
    const auto answer = session.rpc.call("sluice_proposals", {number->low_u64()});
    if (!answer) return core::fail(answer.error().message);
    if (answer->empty()) return core::fail(fmt::format("there is no proposal {}", number->low_u64()));
    return answer->front();
}

ExitCode act_for(const Arguments& arguments, native::ContractCall (*call)(std::uint64_t)) {
    return with_session(arguments, [&](Session& session) {
        const auto proposal = named_proposal(arguments, session);
        if (!proposal) return fail(ExitCode::refused, proposal.error(), session.as_json);
        const auto signing = session.network.validator_signing(arguments);
        if (!signing) return fail(ExitCode::usage, signing.error(), session.as_json);
        const auto done = perform_act(session.rpc, *signing, call((*proposal)["id"].get<std::uint64_t>()));
        if (!done) return refuse(done.error(), session.as_json);
        return print_act(*done, session.as_json);
    });
}

ExitCode vote(const Arguments& arguments) {
    return with_session(arguments, [&](Session& session) {
        const auto proposal = named_proposal(arguments, session);
        if (!proposal) return fail(ExitCode::refused, proposal.error(), session.as_json);
        const auto picture = take_picture(session.network, session.rpc);
        if (!picture) return refuse(picture.error(), session.as_json);
        const bool is_open = proposal->value("stage", "") == "open";
        const auto preview = preview_change(*picture, plan_of(*proposal));
        if (arguments.has("--dry-run")) {
            if (session.as_json)
                print_json(to_json(preview));
            else
                print_preview(preview);
            return preview.obstacle ? ExitCode::refused : ExitCode::done;
        }
        if (is_open && preview.obstacle && !arguments.has("--force"))
            return fail(ExitCode::refused, fmt::format("{}; --dry-run shows the sets", *preview.obstacle),
                        session.as_json);
        return act_for(arguments, native::calls::vote);
    });
}

ExitCode accept(const Arguments& arguments) {
    return act_for(arguments, native::calls::accept);
}
ExitCode withdraw(const Arguments& arguments) {
    return act_for(arguments, native::calls::withdraw);
}

constexpr Argument as_argument{"--as", ArgumentKind::value, "Sign with the key of this node of the devnet"};
constexpr Argument dry_run_argument{"--dry-run", ArgumentKind::flag,
                                    "Send nothing: show the sets before and after, and who is live"};
constexpr Argument force_argument{"--force", ArgumentKind::flag,
                                  "Send it even if too few of the new set are live"};
constexpr Argument expires_argument{"--expires-at", ArgumentKind::value,
                                    "Last height that may carry it; 100,000 heights from now by default"};
constexpr Argument name_argument{"--name", ArgumentKind::value, "Name of the new validator"};
constexpr Argument bic_argument{"--bic", ArgumentKind::value, "BIC of its institution"};
constexpr Argument member_argument{"VALIDATOR", ArgumentKind::positional,
                                   "A present validator: name, BIC or address", true};
constexpr Argument proposal_argument{"PROPOSAL", ArgumentKind::positional, "Number of the proposal", true};

constexpr Argument view_arguments[] = {dir_argument, rpc_argument, node_argument};
constexpr Argument add_arguments[] = {
    {"VALIDATOR", ArgumentKind::positional, "Address of the new key, or a node of the devnet", true},
    name_argument,
    bic_argument,
    expires_argument,
    dry_run_argument,
    force_argument,
    yes_argument,
    as_argument,
    dir_argument,
    rpc_argument,
    node_argument,
    key_argument,
    password_argument};
constexpr Argument remove_arguments[] = {member_argument, expires_argument, dry_run_argument, force_argument,
                                         yes_argument,    as_argument,      dir_argument,     rpc_argument,
                                         node_argument,   key_argument,     password_argument};
constexpr Argument replace_arguments[] = {
    member_argument,  {"--by", ArgumentKind::value, "Address of the new key, or a node of the devnet", true},
    name_argument,    bic_argument,
    expires_argument, dry_run_argument,
    force_argument,   yes_argument,
    as_argument,      dir_argument,
    rpc_argument,     node_argument,
    key_argument,     password_argument};
constexpr Argument rotate_arguments[] = {{"--to", ArgumentKind::value, "Address of the new key", true},
                                         expires_argument,
                                         dry_run_argument,
                                         force_argument,
                                         yes_argument,
                                         as_argument,
                                         dir_argument,
                                         rpc_argument,
                                         node_argument,
                                         key_argument,
                                         password_argument};
constexpr Argument vote_arguments[] = {proposal_argument, dry_run_argument, force_argument,
                                       as_argument,       dir_argument,     rpc_argument,
                                       node_argument,     key_argument,     password_argument};
constexpr Argument act_arguments[] = {proposal_argument, as_argument,  dir_argument,     rpc_argument,
                                      node_argument,     key_argument, password_argument};

constexpr Command commands[] = {
    {"validator list", "Who votes, who is live, and how many decide", view_arguments, list},
    {"validator proposals", "Open proposals about validators", view_arguments, proposals},
    {"validator propose-add", "Propose that a key joins the validators", add_arguments, propose_add,
     "sluice validator propose-add 0x… --name bank-e --bic BNKEDEFF --key validator.json --password-file p"},
    {"validator propose-remove", "Propose that a validator leaves", remove_arguments, propose_remove,
     "sluice validator propose-remove bank-e --as bank-a --dry-run"},
    {"validator propose-replace", "Propose that another takes a validator's place", replace_arguments,
     propose_replace},
    {"validator propose-rotate", "Propose another key for the validator that signs", rotate_arguments,
     propose_rotate},
    {"validator vote", "Vote for a proposal", vote_arguments, vote, "sluice validator vote 3 --as bank-b"},
    {"validator accept", "Accept, with the new key, to become a validator", act_arguments, accept},
    {"validator withdraw", "Take an own proposal back", act_arguments, withdraw},
};

}  // namespace

std::span<const Command> validator_commands() {
    return commands;
}

}  // namespace sluice::cli
