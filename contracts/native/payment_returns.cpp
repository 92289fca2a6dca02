#include "contracts/native/payment_returns.hpp"

#include "contracts/native/row_key.hpp"
#include "contracts/native/settlement_events.hpp"

namespace sluice::contracts::native {

namespace {

// Slots of a payment's row (table 0x0b of the payments contract).
constexpr std::uint8_t terms_slot = 5;     // struct ReturnTerms
constexpr std::uint8_t message_slot = 6;   // bytes32 hash of the message of the last recall
constexpr std::uint8_t original_slot = 7;  // bytes32 id of the payment that this one returns

static_assert(Place<ReturnTerms>::slots == 1);

template <typename T>
Place<T> place_of(const Storage& payments, const PaymentRow& row, std::uint8_t slot) {
    return {payments, row_slot(row.key, slot)};
}

}  // namespace

ReturnTerms return_terms(const Storage& payments, const PaymentRow& row) {
    return place_of<ReturnTerms>(payments, row, terms_slot).read();
}

void write_return_terms(const Storage& payments, const PaymentRow& row, const ReturnTerms& terms) {
    place_of<ReturnTerms>(payments, row, terms_slot).write(terms);
}

core::Hash recall_message(const Storage& payments, const PaymentRow& row) {
    return place_of<core::Hash>(payments, row, message_slot).read();
}

void write_recall_message(const Storage& payments, const PaymentRow& row, const core::Hash& message) {
    place_of<core::Hash>(payments, row, message_slot).write(message);
}

PaymentId original_of(const Storage& payments, const PaymentRow& row) {
    return place_of<PaymentId>(payments, row, original_slot).read();
}

std::optional<ReasonCode> find_return_fault(const PaymentRecord& original, const ReturnTerms& terms,
                                            core::Minor amount) {
    if (terms.returned >= original.amount) return reason::already_returned;
    if (amount > original.amount - terms.returned) return reason::wrong_amount;
    return std::nullopt;
}

void begin_return(const Books& books, const PaymentId& id, const PaymentRecord& record,
                  const ReturnLink& link) {
    const PaymentRow original = row_of(link.original);
    ReturnTerms terms = return_terms(books.payments, original);
    terms.returned += record.amount;
    ++terms.returns;
    write_return_terms(books.payments, original, terms);
    place_of<PaymentId>(books.payments, row_of(id), original_slot).write(link.original);
    books.emit(payments_address, payment_return_topic, {word_of(link.original), word_of(id)},
               abi::encode(core::Minor{record.amount}, link.reason));
}

void abandon_return(const Books& books, const PaymentRow& row, const PaymentRecord& record) {
    const PaymentRow original = row_of(original_of(books.payments, row));
    ReturnTerms terms = return_terms(books.payments, original);
    CHECK(terms.returned >= record.amount);
    CHECK(terms.returns > 0);
    terms.returned -= record.amount;
    --terms.returns;
    write_return_terms(books.payments, original, terms);
}

}  // namespace sluice::contracts::native
