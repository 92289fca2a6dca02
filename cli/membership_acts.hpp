/// Acts for changes of the validators, as commands send them and tell of them.
#pragma once

#include "cli/membership_preview.hpp"
#include "cli/network_access.hpp"
#include "cli/wallet.hpp"

namespace sluice::cli {

/// Asks the node that the arguments name, and every running node of a devnet, who is live.
core::Result<MembershipPicture, RpcError> take_picture(const NetworkAccess& network, RpcClient& rpc);

/// Who would join: an address with the name and BIC given, or a node of the devnet.
core::Result<contracts::native::calls::NewValidator, std::string> find_joiner(const NetworkAccess& network,
                                                                              std::string_view text,
                                                                              const std::string& name,
                                                                              const std::string& bic);

/// What a proposal of sluice_proposals would do.
MembershipPlan plan_of(const Json& proposal);
/// "proposal 3: bank-e (0x…, BNKEDEFF) joins; open, 2 votes, not accepted yet; expires at height 100012"
std::string sentence_of(const Json& proposal);

/// What became of an act: its block, and the proposal after it.
struct ActDone {
    core::Height height = 0;
    std::string transaction_hash;
    Json proposal;
};

/// Asks the node whether the contract would take the call, then sends it and waits until it is final. A
/// refusal is the contract's sentence.
core::Result<ActDone, RpcError> perform_act(RpcClient& rpc, const Signing& signing,
                                            const contracts::native::ContractCall& call);

ExitCode print_act(const ActDone& done, bool as_json);

}  // namespace sluice::cli
