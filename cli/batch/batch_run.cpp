#include "cli/batch/batch_run.hpp"

#include <algorithm>
#include <thread>

#include <fmt/format.h>

#include "contracts/native/settlement_results.hpp"

namespace sluice::cli::batch {
namespace {

namespace native = contracts::native;

/// Room for the costliest way of a payment through the ledger, four eyes and limits included.
constexpr core::Gas gas_per_payment = 120'000;
constexpr core::Gas gas_of_transaction = 400'000;
constexpr std::chrono::milliseconds wait{60'000};
constexpr int attempts_max = 3;
/// The node's error code for a transaction that is final and failed, for no reason that is known.
constexpr int failed_code = -38'090;
constexpr std::chrono::milliseconds pause_between_attempts{1'000};

std::string text_of(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

RowOutcome outcome_of(const Json& standing, const std::string& transaction) {
    return {text_of(standing, "status"), text_of(standing, "why"), text_of(standing, "reason"), transaction,
            standing.value("repeated", false)};
}

std::string reason_of(const RpcError& error) {
    return error.data.is_object() ? text_of(error.data, "isoReason") : "";
}

std::string id_of(const FilePayment& payment) {
    return core::to_hex_0x(native::payment_id(native::view_of(payment.instruction)));
}

Act act_of(const std::vector<FilePayment>& payments, const std::vector<std::size_t>& places) {
    std::vector<native::Instruction> instructions;
    for (const auto place : places)
        instructions.push_back(payments[place].instruction);
    return {instructions.size() == 1 ? native::calls::submit(instructions.front())
                                     : native::calls::submit_batch(instructions),
            gas_of_transaction + instructions.size() * gas_per_payment};
}

bool is_done(const RowOutcome& outcome) {
    return outcome.status == "Final" || outcome.status == "Never";
}

}  // namespace

std::vector<RowOutcome> BatchRun::send(const std::vector<FilePayment>& payments) {
    std::vector<RowOutcome> outcomes(payments.size());
    Places part;
    std::size_t done = 0;
    for (std::size_t i = 0; i < payments.size() && fault_.empty(); ++i) {
        const auto* earlier = record_.find({payments[i].instruction.uetr});
        if (earlier != nullptr && is_done(*earlier)) {
            outcomes[i] = *earlier;
            outcomes[i].is_repeated = true;
            ++done;
        } else {
            part.push_back(i);
        }
        if (part.size() < payments_per_signature && (i + 1 < payments.size() || part.empty())) continue;
        const auto count = part.size();
        send_part(payments, std::exchange(part, {}), outcomes);
        done += count;
        if (const auto saved = record_.save(); !saved && fault_.empty()) fault_ = saved.error();
        told_(done);
    }
    return outcomes;
}

void BatchRun::send_part(const std::vector<FilePayment>& payments, Places places,
                         std::vector<RowOutcome>& outcomes) {
    const Places all = places;
    const bool is_sifted = sift(payments, places, outcomes);
    // What changed between the look and the block makes the whole part fail: then each goes alone.
    if (!places.empty() && !(is_sifted && send_together(payments, places, outcomes)))
        for (const auto place : places)
            if (fault_.empty()) send_alone(payments[place], outcomes[place]);
    for (const auto place : all)
        if (!outcomes[place].status.empty()) record_.set({payments[place].instruction.uetr}, outcomes[place]);
}

bool BatchRun::sift(const std::vector<FilePayment>& payments, Places& places,
                    std::vector<RowOutcome>& outcomes) {
    while (!places.empty()) {
        const auto call = act_of(payments, places).call;
        const auto answer = rpc_.call("eth_call", {{{"from", core::to_hex_0x(maker_.address)},
                                                    {"to", core::to_hex_0x(call.to)},
                                                    {"data", core::to_hex_0x(call.data)}},
                                                   "latest"});
        if (answer) return true;
        const auto& data = answer.error().data;
        const auto bytes = data.is_string() ? core::from_hex(data.get<std::string>()) : std::nullopt;
        const auto refusal = bytes ? native::decode_refusal(*bytes) : std::nullopt;
        if (!refusal) return false;
        // What is said without a row is about the call as a whole: then each goes alone.
        if (!refusal->index && places.size() > 1) return false;
        const auto index = refusal->index.value_or(0);
        if (index >= places.size()) return false;
        const auto place = places[index];
        outcomes[place] = refused(payments[place], {refusal->code.begin(), refusal->code.end()});
        places.erase(places.begin() + static_cast<std::ptrdiff_t>(index));
    }
    return true;
}

bool BatchRun::send_together(const std::vector<FilePayment>& payments, const Places& places,
                             std::vector<RowOutcome>& outcomes) {
    for (int attempt = 1;; ++attempt) {
        // Again after silence, with the next nonce: what was paid before only says where it stands.
        const auto done = perform(rpc_, maker_, act_of(payments, places), wait);
        if (done) {
            const auto& rows = done->answer.contains("payments") ? done->answer["payments"] : Json();
            for (std::size_t i = 0; i < places.size(); ++i) {
                const auto& standing = rows.is_array() && i < rows.size() ? rows[i] : done->answer;
                outcomes[places[i]] = outcome_of(standing, done->transaction_hash);
            }
            return true;
        }
        const bool is_silent = done.error().kind == RpcError::Kind::unreachable;
        if (!is_silent && done.error().code != not_final_code) return false;
        if (attempt == attempts_max) {
            for (const auto place : places)
                outcomes[place] = {"Unknown", done.error().message, "", "", false};
            fault_ = done.error().message + "; run the same command again: nothing is paid twice";
            return true;
        }
        std::this_thread::sleep_for(pause_between_attempts);
    }
}

void BatchRun::send_alone(const FilePayment& payment, RowOutcome& outcome) {
    const auto done = perform(rpc_, maker_, act_of({payment}, {0}), wait);
    if (done) {
        outcome = outcome_of(done->answer, done->transaction_hash);
        return;
    }
    if (const auto reason = reason_of(done.error()); !reason.empty()) {
        outcome = refused(payment, reason);
        return;
    }
    const bool has_failed = done.error().kind == RpcError::Kind::refused && done.error().code == failed_code;
    outcome = {has_failed ? "Refused" : "Unknown", done.error().message, "", "", false};
    if (done.error().kind == RpcError::Kind::unreachable) fault_ = done.error().message;
}

RowOutcome BatchRun::refused(const FilePayment& payment, const std::string& reason) {
    RowOutcome outcome{"Refused", "Refused", reason, "", false};
    if (reason != "AM05") return outcome;
    // The reference is taken. Where it is by this very payment, sent on another day, that one stands.
    const auto& instruction = payment.instruction;
    const auto answer =
        rpc_.call("settle_getPayment",
                  {{{"uetr", core::Uetr{instruction.uetr}.to_string()}, {"paymentId", id_of(payment)}}});
    if (!answer || !answer->is_object()) return outcome;
    const bool is_same =
        text_of(*answer, "payee") == native::bic_of(instruction.payee).to_string() &&
        text_of(answer->value("amount", Json::object()), "minor") == core::to_decimal(instruction.amount) &&
        text_of(answer->value("amount", Json::object()), "ccy") ==
            native::currency_of(instruction.currency).to_string();
    if (!is_same) return outcome;
    outcome = outcome_of(*answer, "");
    outcome.is_repeated = true;
    return outcome;
}

}  // namespace sluice::cli::batch
