#include "tests/conformance/state_case.hpp"

#include "contracts/native/registry.hpp"
#include "contracts/transaction_run.hpp"
#include "core/rlp.hpp"
#include "tests/conformance/exception_names.hpp"
#include "tests/conformance/fixture_transaction.hpp"

namespace sluice::conformance {

namespace {

using contracts::evm::Revision;

/// The base fee of suites that name none for a fork that has one.
constexpr std::uint64_t default_base_fee = 10;

/// In state tests the hash of a block is that of its height in decimal digits.
class DigitHashes final : public contracts::BlockHashes {
  public:
    core::Hash hash_of(core::Height height) const override {
        return core::keccak256(core::view(std::to_string(height)));
    }
};
const DigitHashes digit_hashes;

/// A chain of Ethereum has no native contracts.
const contracts::native::Registry no_natives{};

contracts::BlockContext context_of(const StateTest& test, Revision revision) {
    const Json& environment = test.environment;
    const BlobSchedule schedule = blob_schedule_of(revision);
    contracts::BlockContext block;
    block.height = u64_of(member(environment, "currentNumber"));
    block.time_ms = u64_of(member(environment, "currentTimestamp")) * 1000;
    block.miner = address_of(member(environment, "currentCoinbase"));
    block.gas_limit = u64_of(member(environment, "currentGasLimit"));
    block.transaction_gas_limit = transaction_gas_limit_of(revision);
    block.chain_id = test.chain_id;
    block.base_fee = revision >= Revision::london ? number_or(environment, "currentBaseFee", default_base_fee)
                                                  : core::Uint256{};
    block.difficulty = number_or(environment, "currentDifficulty", 0);
    block.mix_hash = number_or(environment, "currentRandom", 0).to_word();
    block.revision = revision;
    block.fee_mode = contracts::FeeMode::ethereum;
    block.blobs = blob_limits_of(schedule, revision);
    block.accepts_unprotected = true;
    block.block_hashes = &digit_hashes;
    const core::Uint256 excess = number_or(environment, "currentExcessBlobGas", 0);
    block.blob_base_fee = blob_base_fee_of(excess.low_u64(), schedule);
    return block;
}

core::Hash hash_of_logs(std::span<const core::Log> logs) {
    core::Bytes list;
    for (const core::Log& log : logs) {
        core::Bytes topics;
        for (const core::Word& topic : log.topics)
            core::rlp::encode_hash(topics, topic);
        core::Bytes fields;
        core::rlp::encode_address(fields, log.address);
        core::append(fields, core::rlp::wrap_list(topics));
        core::rlp::encode_bytes(fields, log.data);
        core::append(list, core::rlp::wrap_list(fields));
    }
    return core::keccak256(core::rlp::wrap_list(list));
}

/// What execution gave: a state, logs, and whether something was met that Sluice leaves out.
struct Execution {
    std::optional<contracts::Refusal> refusal;
    FixtureState after;
    std::vector<core::Log> logs;
    bool reached_excluded = false;
};

Execution execute(const StateTest& test, const core::TransactionPtr& transaction, Revision revision,
                  contracts::evm::Machine& machine) {
    const contracts::BlockContext block = context_of(test, revision);
    contracts::JournaledState state(test.before);
    Execution result{.refusal = {}, .after = test.before, .logs = {}, .reached_excluded = false};
    const auto admitted = contracts::admit_to_block(transaction, state, block);
    if (!admitted) {
        result.refusal = admitted.error();
        return result;
    }
    contracts::TransactionOutcome outcome = contracts::run_transaction(
        {.state = state, .block = block, .registry = no_natives, .machine = machine},
        {.transaction = admitted->transaction(),
         .sender = admitted->sender(),
         .intrinsic = admitted->intrinsic(),
         .floor = admitted->floor()});
    result.logs = std::move(outcome.logs);
    result.reached_excluded = outcome.reached_excluded;
    result.after.apply(state.take_diff());
    return result;
}

/// A refusal is right if one is expected and it is that one.
template <typename Reason>
std::optional<Verdict> judge_refusal(const Json* expected, Reason reason) {
    const std::string words(describe(reason));
    if (expected == nullptr) return failed("refused: " + words);
    if (names_reason(text_of(*expected), reason)) return std::nullopt;
    return failed("refused with \"" + words + "\", expected " + text_of(*expected));
}

std::string wrong_root(const FixtureState& after, const Json& post) {
    const Json* state = find_member(post, "state");
    std::string text = "wrong state root " + core::to_hex_0x(after.root());
    return state == nullptr ? text : text + after.difference_to(FixtureState(*state));
}

Verdict judge(const Execution& execution, const Json& post) {
    const Json* expected = find_member(post, "expectException");
    if (execution.reached_excluded) return skipped(excluded_precompile);
    if (execution.refusal) {
        if (const auto wrong = judge_refusal(expected, *execution.refusal)) return *wrong;
    } else if (expected != nullptr) {
        return failed("not refused, expected " + text_of(*expected));
    }
    if (hash_of_logs(execution.logs) != hash_of(member(post, "logs"))) return failed("wrong hash of logs");
    if (execution.after.root() != hash_of(member(post, "hash")))
        return failed(wrong_root(execution.after, post));
    return passed();
}

}  // namespace

StateTest::StateTest(const Json& test)
    : environment(member(test, "env")),
      transaction(member(test, "transaction")),
      before(member(test, "pre")),
      sender(address_of(member(transaction, "sender"))) {
    const Json* config = find_member(test, "config");
    if (config != nullptr) chain_id = u64_of(member(*config, "chainid"));
}

Verdict run_state_case(const StateTest& test, const Json& post, Revision revision,
                       contracts::evm::Machine& machine) {
    const Json* signed_bytes = find_member(post, "txbytes");
    const Json& indexes = member(post, "indexes");
    core::Bytes encoded =
        signed_bytes != nullptr ? bytes_of(*signed_bytes) : sign_transaction(test.transaction, indexes);
    const std::size_t size = encoded.size();
    const auto recovered = core::recover_transaction(core::share(std::move(encoded)),
                                                     {.bytes_max = size, .accepts_blobs = true});
    if (!recovered) {
        if (const auto wrong = judge_refusal(find_member(post, "expectException"), recovered.error()))
            return *wrong;
        return test.before.root() == hash_of(member(post, "hash")) ? passed() : failed("wrong state root");
    }
    if ((*recovered)->sender != test.sender)
        return failed("wrong sender " + core::to_hex_0x((*recovered)->sender));
    if (const auto fault = find_difference((*recovered)->transaction, test.transaction, indexes))
        return failed("decoded another " + *fault);
    return judge(execute(test, *recovered, revision, machine), post);
}

}  // namespace sluice::conformance
