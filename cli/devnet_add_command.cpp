/// sluice devnet add: another validator for a running devnet, through governance.
#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "cli/command.hpp"
#include "cli/devnet_node.hpp"
#include "cli/devnet_processes.hpp"
#include "cli/files.hpp"
#include "cli/membership_acts.hpp"

namespace sluice::cli {
namespace {

namespace native = contracts::native;
using std::chrono::milliseconds;
using Step = core::Result<void, std::string>;

constexpr milliseconds start_limit{20'000};
constexpr milliseconds follow_limit{60'000};
constexpr milliseconds vote_limit{20'000};
/// Ports of a devnet go up to base + 2000 + this.
constexpr std::size_t nodes_max = 100;

std::int64_t now_s() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

bool is_node_name(const std::string& name) {
    return !name.empty() && name.size() <= 32 && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

/// --bic, or for bank-e BNKEDEFF as the other banks of a devnet have it.
core::Result<core::Bic, std::string> bic_for(const std::string& name, const std::string& given) {
    if (!given.empty()) {
        if (const auto bic = core::Bic::parse(given)) return *bic;
        return core::fail(fmt::format("--bic {}: allowed are the 8 or 11 characters of a BIC", given));
    }
    if (name.size() == 6 && name.starts_with("bank-") && name[5] >= 'a' && name[5] <= 'z')
        return *core::Bic::parse(fmt::format("BNK{}DEFF", static_cast<char>(name[5] - 'a' + 'A')));
    return core::fail(fmt::format("--bic: '{}' needs one, as in --bic NEWBDEFF", name));
}

/// The block interval of the present nodes, as their configuration says it.
std::uint32_t block_interval_of(const DevnetNode& node) {
    constexpr std::string_view key = "block_interval_ms = ";
    const auto text = read_file(node.config).value_or(std::string());
    const auto at = text.find(key);
    if (at == std::string::npos) return 10;
    const auto end = text.find_first_not_of("0123456789", at + key.size());
    const auto value = core::uint256_from_decimal(text.substr(at + key.size(), end - at - key.size()));
    return value && value->fits_u64() ? static_cast<std::uint32_t>(value->low_u64()) : 10;
}

/// The addition of one node, step by step.
class Addition {
  public:
    Addition(Devnet& devnet, std::string name, core::Bic bic, bool is_quiet)
        : devnet_(devnet), name_(std::move(name)), bic_(bic), is_quiet_(is_quiet) {}

    Step run() {
        for (auto step : {&Addition::make_files, &Addition::start, &Addition::follow, &Addition::propose,
                          &Addition::accept, &Addition::vote, &Addition::wait_for_votes})
            if (auto done = (this->*step)(); !done) return done;
        return {};
    }
    const Json& proposal() const { return proposal_; }
    const DevnetNode& node() const { return devnet_.nodes.back(); }

  private:
    void say(const std::string& what) const {
        if (!is_quiet_) print_line(what);
    }

    Step make_files() {
        if (devnet_.nodes.size() >= nodes_max)
            return core::fail(fmt::format("a devnet has {} nodes at most", nodes_max));
        const auto authority = load_authority(devnet_.dir);
        if (!authority) return core::fail(authority.error());
        auto node =
            place_node(devnet_.dir, {name_, bic_, devnet_.nodes.front().rpc_port, devnet_.nodes.size()});
        for (const auto port : {node.rpc_port, node.p2p_port, node.metrics_port})
            if (auto free = check_port_free(port); !free) return free;
        std::vector<NodePeer> peers;
        for (const auto& other : devnet_.nodes) {
            const auto address = address_of_node(other);
            if (!address) return core::fail(address.error());
            peers.push_back({*address, other.p2p_port});
        }
        const auto address = make_node_files(node, *authority, now_s());
        if (!address) return core::fail(address.error());
        address_ = *address;
        if (auto written = write_node_config(node, peers, block_interval_of(devnet_.nodes.front())); !written)
            return written;
        devnet_.nodes.push_back(std::move(node));
        return save_devnet(devnet_);
    }

    Step start() {
        auto& node = devnet_.nodes.back();
        if (auto started = start_node(node); !started) return started;
        if (auto saved = save_devnet(devnet_); !saved) return saved;
        RpcClient rpc(node.rpc_url(), milliseconds(2'000));
        const bool up = wait_until(start_limit, [&] {
            return wait_for_end(node, milliseconds(0)) ||
                   rpc.call("eth_blockNumber", Json::array()).has_value();
        });
        if (!up || !is_running(node))
            return core::fail(fmt::format("{} did not start:\n{}", name_, log_tail(node, 8)));
        say(fmt::format("{} runs as process {} and follows the chain as an observer", name_, node.pid));
        return {};
    }

    /// The observer is at the head, and a node of the network sees it.
    Step follow() {
        RpcClient own(node().rpc_url(), milliseconds(2'000));
        RpcClient other(first_running().rpc_url(), milliseconds(2'000));
        const auto own_address = core::to_hex_0x(address_);
        const bool follows = wait_until(follow_limit, [&] {
            const auto here = own.call("sluice_status", Json::array());
            const auto there = other.call("sluice_status", Json::array());
            if (!here || !there || !here->value("ready", false)) return false;
            if (here->value("height", 0ull) + 1 < there->value("height", 0ull)) return false;
            const auto observers = there->value("observers", Json::array());
            return std::find(observers.begin(), observers.end(), Json(own_address)) != observers.end();
        });
        if (follows) return {};
        return core::fail(fmt::format("{} does not reach the head; see 'sluice devnet doctor'", name_));
    }

    /// Whoever runs and is a validator may propose; not every node is one.
    Step propose() {
        RpcClient rpc(first_running().rpc_url());
        for (const auto& candidate : devnet_.nodes) {
            if (candidate.name == name_ || !is_running(candidate)) continue;
            const auto call = native::calls::propose_add({address_, bic_.chars(), name_});
            if (auto proposed = act(rpc, candidate, call); proposed) {
                proposer_ = candidate.name;
                return {};
            } else {
                last_refusal_ = proposed.error();
            }
        }
        return core::fail(fmt::format("nobody could propose it: {}", last_refusal_));
    }
    Step accept() {
        RpcClient rpc(first_running().rpc_url());
        return act(rpc, node(), native::calls::accept(id()));
    }
    /// One validator after the other, until the proposal is carried.
    Step vote() {
        RpcClient rpc(first_running().rpc_url());
        for (const auto& voter : devnet_.nodes) {
            if (proposal_.value("stage", "") == "carried") break;
            if (voter.name == name_ || voter.name == proposer_ || !is_running(voter)) continue;
            // A node may be an observer, or its vote may be there already: others are asked.
            if (auto voted = act(rpc, voter, native::calls::vote(id())); !voted)
                last_refusal_ = voted.error();
        }
        if (proposal_.value("stage", "") == "carried") return {};
        return core::fail(
            fmt::format("too few of the validators have voted ({}); vote with 'sluice validator "
                        "vote {} --as NAME'",
                        last_refusal_, id()));
    }

    /// Blocks are made by payments of native coin from the dev account to itself until one carries the new
    /// validator's signature.
    Step wait_for_votes() {
        RpcClient rpc(first_running().rpc_url());
        const Signing dev{devnet_.chain_id, devnet_.dev_address, devnet_.dev_key_file, {}};
        const bool votes = wait_until(vote_limit, [&] {
            if (has_sealed(rpc)) return true;
            core::Transaction transaction;
            transaction.gas_limit = 21'000;
            transaction.to = devnet_.dev_address;
            static_cast<void>(send_transaction(rpc, dev, std::move(transaction)));
            return wait_until(milliseconds(500), [&] { return has_sealed(rpc); });
        });
        if (votes) return {};
        return core::fail(
            fmt::format("{} is a validator, and no block carries its signature yet; see 'sluice "
                        "devnet doctor'",
                        name_));
    }

    bool has_sealed(RpcClient& rpc) {
        const auto certificate = rpc.call("sluice_certificate", Json::array());
        if (!certificate || !certificate->is_object()) return false;
        for (const auto& signature : certificate->value("signatures", Json::array()))
            if (core::address_from_hex(signature.value("address", "")) == address_) return true;
        return false;
    }

    Step act(RpcClient& rpc, const DevnetNode& signer, const native::ContractCall& call) {
        const auto address = address_of_node(signer);
        if (!address) return core::fail(address.error());
        const Signing signing{devnet_.chain_id, *address, key_file_of(signer), password_file_of(signer)};
        const auto done = perform_act(rpc, signing, call);
        if (!done) return core::fail(done.error().message);
        proposal_ = done->proposal;
        say(sentence_of(proposal_));
        return {};
    }

    std::uint64_t id() const { return proposal_.value("id", std::uint64_t{0}); }
    const DevnetNode& first_running() const {
        for (const auto& candidate : devnet_.nodes)
            if (candidate.name != name_ && is_running(candidate)) return candidate;
        return devnet_.nodes.front();
    }

    Devnet& devnet_;
    std::string name_;
    core::Bic bic_;
    bool is_quiet_;
    core::Address address_{};
    Json proposal_ = Json::object();
    std::string proposer_;
    std::string last_refusal_ = "nobody else runs";
};

ExitCode add(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    const auto name = arguments.text("NAME");
    if (!is_node_name(name))
        return fail(ExitCode::usage, "NAME: allowed are up to 32 small letters, digits and '-'", as_json);
    const auto bic = bic_for(name, arguments.text("--bic"));
    if (!bic) return fail(ExitCode::usage, bic.error(), as_json);
    auto devnet = load_devnet(arguments.text("--dir"));
    if (!devnet) return fail(ExitCode::refused, devnet.error(), as_json);
    if (devnet->find_node(name))
        return fail(ExitCode::usage, fmt::format("this devnet has a node '{}' already", name), as_json);
    const auto lock = FileLock::take(devnet->dir / "lock");
    if (!lock) return fail(ExitCode::refused, lock.error(), as_json);
    Addition addition(*devnet, name, *bic, as_json);
    if (auto done = addition.run(); !done) return fail(ExitCode::refused, done.error(), as_json);
    if (as_json)
        print_json({{"name", name},
                    {"bic", bic->to_string()},
                    {"rpc", addition.node().rpc_url()},
                    {"pid", addition.node().pid},
                    {"proposal", addition.proposal()}});
    else
        print_line(fmt::format("{} votes. JSON-RPC: {}", name, addition.node().rpc_url()));
    return ExitCode::done;
}

constexpr Argument add_arguments[] = {
    {"NAME", ArgumentKind::positional, "Name of the new node, such as bank-e", true},
    {"--bic", ArgumentKind::value, "BIC of its bank; for bank-e BNKEDEFF by default"},
    dir_argument,
};

constexpr Command commands[] = {
    {"devnet add", "Add a validator: a new node that is voted in by the others", add_arguments, add,
     "sluice devnet add bank-e"},
};

}  // namespace

std::span<const Command> devnet_add_commands() {
    return commands;
}

}  // namespace sluice::cli
