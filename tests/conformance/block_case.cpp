#include "tests/conformance/block_case.hpp"

#include <map>
#include <variant>

#include "contracts/transaction_run.hpp"
#include "core/receipt.hpp"
#include "tests/conformance/exception_names.hpp"
#include "tests/conformance/fixture_state.hpp"
#include "tests/conformance/system_calls.hpp"

namespace sluice::conformance {

namespace {

using contracts::evm::Revision;

/// Why a block is refused: for itself, or for one of its transactions.
using Refused = std::variant<BlockFault, contracts::Refusal, core::TransactionError>;
using Checked = std::optional<Refused>;

std::string words_of(const Refused& refused) {
    return std::visit(
        [](auto reason) {
            using namespace contracts;
            using namespace core;
            return std::string(describe(reason));
        },
        refused);
}

bool is_named(const std::string& expected, const Refused& refused) {
    if (const auto* fault = std::get_if<BlockFault>(&refused)) return names_fault(expected, *fault);
    if (const auto* refusal = std::get_if<contracts::Refusal>(&refused))
        return names_reason(expected, *refusal);
    return names_reason(expected, std::get<core::TransactionError>(refused));
}

/// The chain so far.
class Chain final : public contracts::BlockHashes {
  public:
    Chain(const Json& test, Network network, contracts::evm::Machine& machine);

    Checked import_block(core::ByteView encoded);
    core::Hash hash_of(core::Height height) const override {
        const auto found = hashes_.find(height);
        return found == hashes_.end() ? core::Hash{} : found->second;
    }
    const EthereumHeader& head() const { return head_; }
    bool reached_excluded() const { return reached_excluded_; }

  private:
    struct Executed {
        std::vector<core::Receipt> receipts;
        std::vector<core::Log> logs;
        core::Bloom bloom{};
        core::Gas gas_used = 0;
        core::Gas blob_gas_used = 0;
    };

    contracts::BlockContext context_of(const EthereumHeader& header, const Fork& fork) const;
    Checked execute(const EthereumBlock& block, const Fork& fork);
    Checked run_transactions(const BlockState& state, const EthereumBlock& block, Executed& executed);
    Checked run_one(const BlockState& state, const core::SharedBytes& encoded, Executed& executed);
    static Checked check_result(const EthereumHeader& header, const Executed& executed);

    Network network_;
    contracts::evm::Machine& machine_;
    FixtureState state_;
    EthereumHeader head_;
    std::map<core::Height, core::Hash> hashes_;
    std::uint64_t chain_id_ = 1;
    bool reached_excluded_ = false;
};

Chain::Chain(const Json& test, Network network, contracts::evm::Machine& machine)
    : network_(std::move(network)), machine_(machine), state_(member(test, "pre")) {
    const core::Bytes encoded = bytes_of(member(test, "genesisRLP"));
    // A genesis block is always of the first fork.
    auto genesis = decode_ethereum_block(encoded, network_.at(0).revision);
    if (!genesis) throw FixtureError("the genesis block does not decode");
    head_ = std::move(genesis->header);
    if (head_.state_root != state_.root()) throw FixtureError("the genesis state has another root");
    hashes_[head_.height] = head_.hash;
    if (const Json* config = find_member(test, "config")) chain_id_ = u64_of(member(*config, "chainid"));
}

contracts::BlockContext Chain::context_of(const EthereumHeader& header, const Fork& fork) const {
    contracts::BlockContext block;
    block.height = header.height;
    block.time_ms = header.timestamp * 1000;
    block.parent_hash = header.parent_hash;
    block.miner = header.miner;
    block.gas_limit = header.gas_limit;
    block.transaction_gas_limit = transaction_gas_limit_of(fork.revision);
    block.chain_id = chain_id_;
    block.base_fee = header.base_fee;
    block.mix_hash = header.mix_hash;
    block.difficulty = header.difficulty;
    block.blob_base_fee = blob_base_fee_of(header.excess_blob_gas, fork.blobs);
    block.revision = fork.revision;
    block.fee_mode = contracts::FeeMode::ethereum;
    block.blobs = blob_limits_of(fork.blobs, fork.revision);
    block.accepts_unprotected = true;
    block.block_hashes = this;
    return block;
}

Checked Chain::import_block(core::ByteView encoded) {
    // The time, which says whose rules hold, lies inside: the newest header that decodes is the right one.
    for (const std::uint64_t time : {std::uint64_t{0}, ~std::uint64_t{0}}) {
        const Fork& fork = network_.at(time);
        const auto block = decode_ethereum_block(encoded, fork.revision);
        if (!block || &network_.at(block->header.timestamp) != &fork) continue;
        const Fork& parent_fork = network_.at(head_.timestamp);
        if (const auto fault = check_header(*block, encoded.size(), head_, parent_fork, fork)) return *fault;
        if (const auto refused = execute(*block, fork)) return refused;
        head_ = block->header;
        hashes_[head_.height] = head_.hash;
        return std::nullopt;
    }
    return BlockFault::malformed;
}

Checked Chain::run_one(const BlockState& state, const core::SharedBytes& encoded, Executed& executed) {
    const auto recovered =
        core::recover_transaction(encoded, {.bytes_max = encoded->size(), .accepts_blobs = true});
    if (!recovered) return recovered.error();
    const core::Transaction& transaction = (*recovered)->transaction;
    const core::Gas blob_gas = contracts::blob_gas_of(transaction);
    const auto admitted = contracts::admit_to_block(*recovered, state.state, state.block);
    if (!admitted) return admitted.error();
    if (executed.blob_gas_used + blob_gas > state.block.blobs.per_block * contracts::blob_gas)
        return contracts::Refusal::too_many_blobs;
    if (transaction.gas_limit > state.block.gas_limit - executed.gas_used)
        return contracts::Refusal::block_gas_exhausted;
    contracts::TransactionOutcome outcome = contracts::run_transaction(
        {.state = state.state, .block = state.block, .registry = no_natives(), .machine = machine_},
        {.transaction = transaction,
         .sender = admitted->sender(),
         .intrinsic = admitted->intrinsic(),
         .floor = admitted->floor()});
    reached_excluded_ = reached_excluded_ || outcome.reached_excluded;
    executed.gas_used += outcome.gas_used;
    executed.blob_gas_used += blob_gas;
    core::Receipt receipt{.type = static_cast<std::uint8_t>(transaction.type),
                          .succeeded = outcome.status == contracts::CallStatus::succeeded,
                          .cumulative_gas_used = executed.gas_used,
                          .bloom = core::bloom_of(outcome.logs),
                          .logs = std::move(outcome.logs)};
    executed.bloom = core::operator|(executed.bloom, receipt.bloom);
    executed.logs.insert(executed.logs.end(), receipt.logs.begin(), receipt.logs.end());
    executed.receipts.push_back(std::move(receipt));
    return std::nullopt;
}

Checked Chain::run_transactions(const BlockState& state, const EthereumBlock& block, Executed& executed) {
    for (const core::SharedBytes& encoded : block.transactions)
        if (const auto refused = run_one(state, encoded, executed)) return refused;
    return std::nullopt;
}

Checked Chain::check_result(const EthereumHeader& header, const Executed& executed) {
    if (header.gas_used != executed.gas_used) return BlockFault::gas_used;
    if (header.blob_gas_used != executed.blob_gas_used) return BlockFault::blob_gas_used;
    if (header.bloom != executed.bloom) return BlockFault::bloom;
    if (header.receipts_root != core::receipts_root(executed.receipts)) return BlockFault::receipts_root;
    return std::nullopt;
}

Checked Chain::execute(const EthereumBlock& block, const Fork& fork) {
    const contracts::BlockContext context = context_of(block.header, fork);
    contracts::JournaledState journal(state_);
    const BlockState state{.state = journal, .block = context, .machine = machine_};
    Executed executed;
    open_block(state, block.header);
    if (const auto refused = run_transactions(state, block, executed)) return refused;
    pay_out(state, block);
    if (fork.revision >= Revision::prague) {
        const auto requests = collect_requests(state, executed.logs);
        if (!requests) return requests.error();
        if (*requests != block.header.requests_hash) return BlockFault::requests_hash;
    }
    if (const auto refused = check_result(block.header, executed)) return refused;
    FixtureState after = state_;
    after.apply(journal.take_diff());
    if (after.root() != block.header.state_root) return BlockFault::state_root;
    state_ = std::move(after);
    return std::nullopt;
}

/// What is wrong with the outcome of one import, or nothing.
std::optional<std::string> judge(const Json& block, const Checked& refused) {
    const Json* expected = find_member(block, "expectException");
    if (!refused) {
        if (expected == nullptr) return std::nullopt;
        return "not refused, expected " + text_of(*expected);
    }
    if (expected == nullptr) return "refused: " + words_of(*refused);
    if (is_named(text_of(*expected), *refused)) return std::nullopt;
    return "refused with \"" + words_of(*refused) + "\", expected " + text_of(*expected);
}

}  // namespace

Verdict run_block_case(const Json& test, contracts::evm::Machine& machine) {
    const std::string& name = text_of(member(test, "network"));
    auto network = Network::named(name, find_member(test, "config"));
    if (!network) return skipped("fork " + name + " not supported");
    Chain chain(test, std::move(*network), machine);
    std::size_t number = 0;
    for (const Json& block : member(test, "blocks")) {
        const Json* ommers = find_member(block, "uncleHeaders");
        if (ommers != nullptr && !ommers->empty()) return skipped("ommers");
        const Checked refused = chain.import_block(bytes_of(member(block, "rlp")));
        if (chain.reached_excluded()) return skipped(excluded_precompile);
        if (const auto wrong = judge(block, refused))
            return failed("block " + std::to_string(number) + " " + *wrong);
        ++number;
    }
    if (chain.head().hash != hash_of(member(test, "lastblockhash"))) return failed("another head");
    return passed();
}

}  // namespace sluice::conformance
