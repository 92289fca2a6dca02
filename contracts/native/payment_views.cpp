#include "contracts/native/payment_views.hpp"

#include <algorithm>

#include "contracts/native/admission.hpp"
#include "contracts/native/currency_table.hpp"
#include "contracts/native/method_gas.hpp"
#include "contracts/native/page.hpp"
#include "contracts/native/payment_queue.hpp"

namespace sluice::contracts::native::views {

namespace {

PaymentInfo info_of(const Books& books, const PaymentId& id) {
    const PaymentRow row = row_of(id);
    const PaymentRecord record = read_record(books.payments, row);
    if (record.status == Status::none) return {};
    const PendingTerms pending = read_pending(books.payments, row);
    const WaitingTerms waiting = read_waiting(books.payments, row);
    return {.status = record.status,
            .reason = record.reason,
            .priority = record.priority,
            .message_type = tag_of(record.type),
            .payer = bic_at(books.participants, record.payer),
            .payee = bic_at(books.participants, record.payee),
            .currency = currency_code(books.governance, record.currency),
            .amount = record.amount,
            .value_date = record.value_date,
            .content_hash = read_content_hash(books.payments, row),
            .uetr = pending.uetr,
            .arrival = pending.arrival,
            .latest = pending.latest,
            .release = planned_release(books, record, waiting),
            .maker = waiting.maker};
}

/// The first `rows_max` payments of an account's own queue.
std::vector<PaymentId> outgoing_queue(const Books& books, const AccountId& id, std::uint64_t rows_max) {
    const Account account(books.accounts, id);
    std::vector<PaymentId> ids;
    for (auto place = queue_head(books.payments, account); place && ids.size() < rows_max;
         place = queued_after(books.payments, account, *place))
        ids.push_back(payment_at_arrival(books.payments, place->arrival));
    return ids;
}

std::vector<PaymentId> incoming_queue(const Books& books, const AccountId& payee) {
    struct Found {
        Priority priority{};
        std::uint64_t arrival = 0;
        PaymentId id{};
    };
    std::vector<Found> found;
    const std::uint32_t participants = participant_count(books.participants);
    for (ParticipantIndex payer = 1; payer <= participants; ++payer) {
        const Account account(books.accounts, {payer, payee.currency});
        for (auto place = queue_head(books.payments, account); place;
             place = queued_after(books.payments, account, *place)) {
            const PaymentId id = payment_at_arrival(books.payments, place->arrival);
            if (read_record(books.payments, row_of(id)).payee == payee.participant)
                found.push_back({place->priority, place->arrival, id});
        }
    }
    std::sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
        return std::tie(a.priority, a.arrival) < std::tie(b.priority, b.arrival);
    });
    std::vector<PaymentId> ids;
    for (const Found& each : found)
        ids.push_back(each.id);
    return ids;
}

}  // namespace

MethodResult payment(Invocation& call) {
    const auto arguments = abi::decode<PaymentId>(call.arguments);
    if (!arguments) return malformed();
    return abi::encode(info_of(Books(call.state, call.block), std::get<0>(*arguments)));
}

core::Gas queue_gas(const Invocation& call) {
    const auto arguments =
        abi::decode<BicText, CurrencyText, bool, core::Uint256, core::Uint256>(call.arguments);
    if (!arguments) return gas_of({});
    const auto& [bic, code, incoming, from, max] = *arguments;
    const auto currency = find_currency(Storage(call.state, governance_address), code);
    const std::uint64_t queued =
        currency ? queued_count(Storage(call.state, payments_address), currency->index) : 0;
    // A queue is walked from its head; for incoming payments all queues are, and whoever asks for them pays
    // for them.
    if (!incoming) return gas_of({.reads = 4 + 2 * page_of(from, max, queued).end});
    const std::uint64_t accounts = participant_count(Storage(call.state, participants_address));
    return gas_of({.reads = 4 + 2 * accounts + 3 * queued});
}

MethodResult queue_of(Invocation& call) {
    const auto arguments =
        abi::decode<BicText, CurrencyText, bool, core::Uint256, core::Uint256>(call.arguments);
    if (!arguments) return malformed();
    const auto& [bic, code, incoming, from, max] = *arguments;
    const Books books(call.state, call.block);
    const auto party = find_party(books.participants, bic);
    const auto currency = find_currency(books.governance, code);
    if (!party || !currency) return abi::encode(std::vector<PaymentId>{});
    const AccountId id{party->index, currency->index};
    const std::uint64_t rows_max = page_of(from, max, queued_count(books.payments, id.currency)).end;
    const std::vector<PaymentId> ids =
        incoming ? incoming_queue(books, id) : outgoing_queue(books, id, rows_max);
    const Page page = page_of(from, max, ids.size());
    return abi::encode(std::vector<PaymentId>(ids.begin() + static_cast<std::ptrdiff_t>(page.begin),
                                              ids.begin() + static_cast<std::ptrdiff_t>(page.end)));
}

}  // namespace sluice::contracts::native::views
