/// eth_ methods about transactions and their receipts, and the way in.
#include <fmt/format.h>

#include "core/check.hpp"
#include "node/rpc/block_reference.hpp"
#include "node/rpc/chain_json.hpp"
#include "node/rpc/final_transaction.hpp"
#include "node/rpc/limits.hpp"

namespace sluice::node::rpc {
namespace {

std::string transaction_text(const FoundTransaction& found, std::uint64_t chain_id) {
    JsonWriter json(1'500 + 2 * found.transaction->transaction.data.size());
    write_transaction(json, *found.transaction, TransactionPosition{found.block, found.index}, chain_id);
    return json.take();
}

std::string receipt_text(const FinalTransaction& final) {
    JsonWriter json(2'000 + 900 * final.receipt.logs.size());
    write_receipt(json, *final.found.transaction, {final.found.block, final.found.index}, final.receipt,
                  {final.gas_used, final.first_log_index});
    return json.take();
}

/// Neither in the chain nor in the pool, as far as this node can know.
Answer absent(const ledger::LedgerSnapshot& snapshot) {
    if (snapshot.first_header() > 0) return core::fail(not_kept({0, snapshot.first_header()}));
    return std::string("null");
}

/// Looks in the chain, then in the pool, then in the chain again, because what leaves the pool has come into
/// a block.
void find_anywhere(NodeCall call, std::string (*mined)(const FoundTransaction&, std::uint64_t chain_id),
                   std::string (*pending)(const core::RecoveredTransaction&, std::uint64_t chain_id)) {
    const auto hash = call.arguments.get(0, read_hash);
    if (call.arguments.fault()) return call.answer(core::fail(*call.arguments.fault()));
    const auto services = call.services;
    const auto chain_id = services->node.chain().identity.chain_id;
    if (const auto found = ChainReader(*call.snapshot, services->recent).transaction(hash))
        return call.answer(mined(*found, chain_id));
    services->node.find_pending(
        hash, [=, answer = std::move(call.answer)](const core::TransactionPtr& transaction) {
            services->node.post([=] {
                if (transaction) return answer(pending(*transaction, chain_id));
                const auto snapshot = services->node.snapshot();
                const auto found = ChainReader(*snapshot, services->recent).transaction(hash);
                answer(found ? Answer(mined(*found, chain_id)) : absent(*snapshot));
            });
        });
}

void transaction_by_hash(NodeCall call) {
    find_anywhere(std::move(call), transaction_text,
                  [](const core::RecoveredTransaction& transaction, std::uint64_t chain_id) {
                      JsonWriter json(1'500);
                      write_transaction(json, transaction, std::nullopt, chain_id);
                      return json.take();
                  });
}

void raw_transaction_by_hash(NodeCall call) {
    find_anywhere(
        std::move(call),
        [](const FoundTransaction& found, std::uint64_t) {
            return JsonWriter().data(*found.transaction->encoded).take();
        },
        [](const core::RecoveredTransaction& transaction, std::uint64_t) {
            return JsonWriter().data(*transaction.encoded).take();
        });
}

Answer transaction_in(const ReadCall& call, const std::optional<core::Height>& height) {
    const auto index = call.arguments.get(1, read_u64);
    if (call.arguments.fault()) return core::fail(*call.arguments.fault());
    if (!height || index >= core::limits::block_transactions_max) return std::string("null");
    const auto found = call.reader().transaction(*height, static_cast<std::uint32_t>(index));
    return found ? transaction_text(*found, call.node().chain().identity.chain_id) : std::string("null");
}

Answer transaction_by_number_and_index(const ReadCall& call) {
    const auto block = call.arguments.get(0, read_block_number);
    return transaction_in(call, find_height(block, *call.snapshot));
}

Answer transaction_by_hash_and_index(const ReadCall& call) {
    const auto hash = call.arguments.get(0, read_hash);
    return transaction_in(call, find_block(*call.snapshot, hash));
}

/// Who waits for a pending transaction asks again and again, so that one must not look like a pruned one.
void transaction_receipt(NodeCall call) {
    const auto hash = call.arguments.get(0, read_hash);
    if (call.arguments.fault()) return call.answer(core::fail(*call.arguments.fault()));
    const auto final = find_final(call.snapshot, call.services->recent, hash);
    if (final) return call.answer(receipt_text(*final));
    if (call.snapshot->first_header() == 0) return call.answer(std::string("null"));
    call.services->node.find_pending(hash, [snapshot = call.snapshot, answer = std::move(call.answer)](
                                               const core::TransactionPtr& pending) {
        answer(pending ? Answer(std::string("null")) : absent(*snapshot));
    });
}

Answer block_receipts(const ReadCall& call) {
    const auto reference = call.arguments.get(0, read_block_reference);
    if (call.arguments.fault()) return core::fail(*call.arguments.fault());
    const auto height = find_height(reference, *call.snapshot);
    const auto block = height ? call.reader().block(*height, true) : std::nullopt;
    if (!block) return std::string("null");
    const auto receipts = call.snapshot->receipts(*height);
    CHECK(receipts && receipts->size() == block->transactions.size());
    JsonWriter json(3'000 * receipts->size() + 2);
    json.begin_array();
    TransactionPosition position{block->place(), 0};
    ReceiptFigures figures;
    core::Gas gas_before = 0;
    for (const auto& receipt : *receipts) {
        figures.gas_used = receipt.cumulative_gas_used - gas_before;
        write_receipt(json, *block->transactions[position.index], position, receipt, figures);
        gas_before = receipt.cumulative_gas_used;
        figures.first_log_index += receipt.logs.size();
        ++position.index;
    }
    json.end_array();
    return json.take();
}

void transaction_count(NodeCall call) {
    const auto address = call.arguments.get(0, read_address);
    const auto block = call.arguments.get_or(1, read_block_reference, BlockReference{});
    if (call.arguments.fault()) return call.answer(core::fail(*call.arguments.fault()));
    const auto state = open_state(block, *call.snapshot);
    if (!state) return call.answer(core::fail(state.error()));
    const std::uint64_t nonce = state->view->account(address).value_or(core::Account{}).nonce;
    if (block.kind != BlockReference::Kind::pending) return call.answer(JsonWriter().quantity(nonce).take());
    call.services->node.next_pending_nonce(
        address, [address, services = call.services,
                  answer = std::move(call.answer)](std::optional<std::uint64_t> next) {
            // A block may have emptied the pool since the call came: the head is read after the pool.
            services->node.post([address, services, answer, next] {
                const auto head = services->node.snapshot();
                const auto now = head->state_at(head->height());
                CHECK(now.has_value());
                const auto mined = (*now)->account(address).value_or(core::Account{}).nonce;
                answer(JsonWriter().quantity(std::max(mined, next.value_or(0))).take());
            });
        });
}

/// EIP-7966: a wait that is missing, zero or too long is the default one.
std::chrono::milliseconds timeout_of(std::uint64_t asked_ms) {
    const bool is_valid = asked_ms > 0 && asked_ms <= limits::wait_max_ms;
    return std::chrono::milliseconds(is_valid ? asked_ms : limits::wait_default_ms);
}

void send_and_wait(NodeCall call) {
    auto encoded = call.arguments.get(0, read_data);
    const auto timeout = timeout_of(call.arguments.get_or(1, read_number, std::uint64_t{0}));
    if (call.arguments.fault()) return call.answer(core::fail(*call.arguments.fault()));
    Handover handover{
        .encoded = core::share(std::move(encoded)), .waits = true, .refuses_gaps = true, .timeout = timeout};
    hand_in(call.services, std::move(handover), [timeout, answer = std::move(call.answer)](Outcome outcome) {
        switch (outcome.end) {
            case Outcome::End::refused:
                return answer(core::fail(*outcome.error));
            case Outcome::End::final:
                return answer(receipt_text(*outcome.final));
            case Outcome::End::accepted:
                return answer(core::fail(
                    Error{not_executable_code,
                          fmt::format("The transaction was added to the pool but waits for nonce {}.",
                                      outcome.missing_from.value_or(0)),
                          Json(core::to_hex_0x(outcome.transaction->hash))}));
            case Outcome::End::expired:
                return answer(core::fail(
                    Error{wait_expired_code,
                          fmt::format("The transaction was added to the pool but wasn't processed in {} ms.",
                                      timeout.count()),
                          Json(core::to_hex_0x(outcome.transaction->hash))}));
        }
    });
}

}  // namespace

// clang-format off
std::vector<Method> transaction_methods() {
    const Parameter raw{"transaction", "Data"};
    const Parameter hash{"transactionHash", "Hash"};
    const Parameter number{"blockNumber", "BlockNumberOrTag"};
    const Parameter block_hash{"blockHash", "Hash"};
    const Parameter index{"index", "Quantity"};
    constexpr auto anyone = Role::anyone;
    constexpr auto submitter = Role::submitter;
    return {
        {"eth_sendRawTransaction", "Hands in a signed transaction; answers when the pool has it", {raw}, "Hash",
         Access::submit, submitter, SubmitsTransaction{}},
        {"eth_sendRawTransactionSync", "The same, and waits for its receipt (EIP-7966)",
         {raw, {"timeoutMs", "Number", false}}, "Receipt", Access::node, submitter, send_and_wait},
        {"eth_getTransactionByHash", "A transaction, final or pending", {hash}, "Transaction?", Access::node, anyone,
         transaction_by_hash},
        {"eth_getRawTransactionByHash", "The bytes of a transaction, final or pending", {hash}, "Data?", Access::node,
         anyone, raw_transaction_by_hash},
        {"eth_getTransactionByBlockNumberAndIndex", "A transaction by its place", {number, index}, "Transaction?",
         Access::read, anyone, transaction_by_number_and_index},
        {"eth_getTransactionByBlockHashAndIndex", "A transaction by its place", {block_hash, index}, "Transaction?",
         Access::read, anyone, transaction_by_hash_and_index},
        {"eth_getTransactionReceipt", "What a transaction did", {hash}, "Receipt?", Access::node, anyone,
         transaction_receipt},
        {"eth_getBlockReceipts", "The receipts of a block", {{"block", "BlockReference"}}, "[Receipt]?",
         Access::heavy, anyone, block_receipts},
        {"eth_getTransactionCount", "The next nonce of an account; `pending` counts the pool",
         {{"address", "Address"}, {"block", "BlockReference", false}}, "Quantity", Access::node, anyone,
         transaction_count},
    };
}
// clang-format on

}  // namespace sluice::node::rpc
