/// settle_ methods about payments: where they stand, what proves it, and the way in.
#include "node/rpc/final_transaction.hpp"
#include "node/rpc/limits.hpp"
#include "node/rpc/payment_history.hpp"
#include "node/rpc/payment_search.hpp"
#include "node/rpc/receipt_proof.hpp"
#include "node/rpc/settlement_json.hpp"
#include "node/rpc/submission_report.hpp"

namespace sluice::node::rpc {
namespace {

PaymentWish read_wish(Arguments& arguments) {
    PaymentWish wish;
    wish.uetr = arguments.member(0, "uetr", read_uetr);
    wish.type = arguments.member_if(0, "msgType", read_message_type);
    wish.id = arguments.member_if(0, "paymentId", read_hash);
    return wish;
}

Answer payment(const ReadCall& call) {
    const auto wish = read_wish(call.arguments);
    const HistoryPage page{.after = call.arguments.member_if(0, "historyAfter", read_history_place),
                           .steps_max = limits::history_steps_max};
    if (call.arguments.fault()) return core::fail(*call.arguments.fault());
    const auto reader = call.reader();
    const auto siblings = find_lives(reader, {wish.uetr, std::nullopt, std::nullopt});
    const auto lives = wish.type || wish.id ? find_lives(reader, wish) : siblings;
    if (lives.empty()) require_all_blocks(*call.snapshot);
    if (lives.empty()) return std::string("null");
    const auto settlement = SettlementReader::open(*call.snapshot, call.node());
    if (!settlement) return core::fail(settlement.error());
    return payment_text(lives.front(), siblings, reader, *settlement, page);
}

Answer payments(const ReadCall& call) {
    if (call.arguments.find(0, "uetr") == nullptr) return search_payments(call);
    const auto wish = read_wish(call.arguments);
    if (call.arguments.fault()) return core::fail(*call.arguments.fault());
    const auto reader = call.reader();
    const auto lives = find_lives(reader, wish);
    if (lives.empty()) require_all_blocks(*call.snapshot);
    const auto settlement = SettlementReader::open(*call.snapshot, call.node());
    if (!settlement) return core::fail(settlement.error());
    JsonWriter json(2'048 * lives.size() + 2);
    json.begin_array();
    for (const auto& life : lives) {
        const auto text = payment_text(life, lives, reader, *settlement);
        if (!text) return core::fail(text.error());
        json.raw(*text);
    }
    json.end_array();
    return json.take();
}

/// The last step of the payment that {uetr, msgType, paymentId} or {txHash} names; nothing if there is none.
std::optional<PaymentStep> find_step(const ReadCall& call) {
    const auto transaction = call.arguments.member_if(0, "txHash", read_hash);
    const auto reader = call.reader();
    if (!transaction) {
        const auto wish = read_wish(call.arguments);
        if (call.arguments.fault()) return std::nullopt;
        const auto lives = find_lives(reader, wish);
        return lives.empty() ? std::nullopt : std::optional(lives.front().last);
    }
    const auto uetr = call.arguments.member_if(0, "uetr", read_uetr);
    if (call.arguments.fault()) return std::nullopt;
    const auto final = find_final(call.snapshot, call.services.recent, *transaction);
    if (!final) return std::nullopt;
    std::optional<PaymentStep> wanted;
    for (const auto& step : steps_in(final->found, final->receipt))
        if (!uetr || uetr->bytes == step.event.uetr) wanted = step;
    return wanted;
}

Answer proof(const ReadCall& call) {
    const auto step = find_step(call);
    if (call.arguments.fault()) return core::fail(*call.arguments.fault());
    if (!step) require_all_blocks(*call.snapshot);
    if (!step) return std::string("null");
    const auto settlement = SettlementReader::open(*call.snapshot, call.node());
    if (!settlement) return core::fail(settlement.error());
    const auto document = make_receipt_document(call.reader(), call.node().chain().identity, *step,
                                                settlement->exponent(step->event.currency));
    return document ? core::encode_receipt_document(*document) : std::string("null");
}

Reading<bool> read_waits(const Json& value) {
    if (value == "final") return true;
    if (value == "accepted") return false;
    return core::fail(std::string("expected \"accepted\" or \"final\""));
}

Reading<std::chrono::milliseconds> read_timeout(const Json& value) {
    const auto timeout_ms = read_number(value);
    if (!timeout_ms) return core::fail(timeout_ms.error());
    if (*timeout_ms == 0 || *timeout_ms > limits::wait_max_ms)
        return core::fail("expected 1 to " + std::to_string(limits::wait_max_ms) + " milliseconds");
    return std::chrono::milliseconds(*timeout_ms);
}

void submit(NodeCall call) {
    auto encoded = call.arguments.member(0, "rawTransaction", read_data);
    const bool waits = call.arguments.member_if(0, "wait", read_waits).value_or(true);
    const auto timeout = call.arguments.member_if(0, "timeoutMs", read_timeout)
                             .value_or(std::chrono::milliseconds(limits::wait_default_ms));
    if (call.arguments.fault()) return call.answer(core::fail(*call.arguments.fault()));
    Handover handover{.encoded = core::share(std::move(encoded)),
                      .waits = waits,
                      .refuses_gaps = false,
                      .timeout = timeout};
    hand_in(call.services, std::move(handover),
            [services = call.services, timeout, answer = std::move(call.answer)](Outcome outcome) {
                switch (outcome.end) {
                    case Outcome::End::refused:
                        return answer(core::fail(*outcome.error));
                    case Outcome::End::accepted:
                        return answer(report_accepted(*outcome.transaction));
                    case Outcome::End::expired:
                        return answer(core::fail(report_expired(*outcome.transaction, timeout)));
                    case Outcome::End::final:
                        return answer(report_final(*services, *outcome.final));
                }
            });
}

}  // namespace

// clang-format off
std::vector<Method> payment_methods() {
    constexpr auto anyone = Role::anyone;
    return {
        {"settle_getPayment", "Where a payment stands, how it came there, and since when that is final",
         {{"query", "PaymentQuery"}}, "Payment?", Access::read, anyone, payment},
        {"settle_getPayments", "All payments that share a UETR, or a page of those that a filter takes",
         {{"query", "PaymentFilter", false}}, "PaymentsFound", Access::heavy, anyone, payments},
        {"settle_getProof", "The receipt file of a payment, or null", {{"query", "ProofQuery"}}, "ReceiptDocument?",
         Access::heavy, anyone, proof},
        {"settle_submit", "Hands in a signed transaction and says what became of its payment",
         {{"submission", "Submission"}}, "SubmissionStatus", Access::node, Role::submitter, submit},
    };
}
// clang-format on

}  // namespace sluice::node::rpc
