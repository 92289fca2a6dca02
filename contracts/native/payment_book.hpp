/// Records of payments: two slots that stay, three more while a payment is pending. Storage of 0x…5e03.
#pragma once

#include "contracts/native/books.hpp"
#include "contracts/native/reason_codes.hpp"

namespace sluice::contracts::native {

/// Where the slots of one payment lie. Made from a payment's id by hashing, so that an id that anybody makes
/// up names a row of its own, never a part of another payment or of a table.
struct PaymentRow {
    core::Word key{};  ///< of the first slot; the last byte numbers the slots
};
PaymentRow row_of(const PaymentId& id);

/// What keeps a pending payment from moving against its payer's will: bits of `PaymentRecord::stops`.
enum class PaymentStop : std::uint8_t {
    frozen = 0x01,          ///< by an authority
    held_by_freeze = 0x02,  ///< and it was in the queue before: it returns there when the freeze ends
};

/// First slot.
struct PaymentRecord {
    Status status = Status::none;
    Priority priority{};
    MessageType type{};
    CurrencyIndex currency = 0;
    ParticipantIndex payer = 0;
    ParticipantIndex payee = 0;
    std::uint32_t value_date = 0;
    std::uint64_t amount = 0;  ///< `amount_max` fits
    ReasonCode reason{};       ///< of the present status
    std::uint8_t stops = 0;  ///< bits of PaymentStop: while any is set, the payment does not enter the queue
    bool operator==(const PaymentRecord&) const = default;
    static constexpr auto storage_members() {
        using R = PaymentRecord;
        return std::make_tuple(&R::status, &R::priority, &R::type, &R::currency, &R::payer, &R::payee,
                               &R::value_date, &R::amount, &R::reason, &R::stops);
    }
    bool has(PaymentStop stop) const { return (stops & static_cast<unsigned>(stop)) != 0; }
    void set_stop(PaymentStop stop, bool on) {
        const unsigned others = stops & ~static_cast<unsigned>(stop);
        stops = static_cast<std::uint8_t>(on ? others | static_cast<unsigned>(stop) : others);
    }
    AccountId payer_account() const { return {payer, currency}; }
    AccountId payee_account() const { return {payee, currency}; }
};

/// Third slot, while pending (the second is the content hash).
struct PendingTerms {
    UetrBytes uetr{};
    std::uint64_t arrival = 0;  ///< its place among all that ever waited; 0 for none
    std::uint64_t latest = 0;   ///< Unix ms; 0 for none
    static constexpr auto storage_members() {
        return std::make_tuple(&PendingTerms::uetr, &PendingTerms::arrival, &PendingTerms::latest);
    }
};

/// Fourth slot, while a payment waits for an approver or for its time.
struct WaitingTerms {
    core::Address maker{};      ///< who submitted it
    std::uint64_t release = 0;  ///< Unix ms before which it may not settle
    static constexpr auto storage_members() {
        return std::make_tuple(&WaitingTerms::maker, &WaitingTerms::release);
    }
};

PaymentRecord read_record(const Storage& payments, const PaymentRow& row);
void write_record(const Storage& payments, const PaymentRow& row, const PaymentRecord& record);
core::Hash read_content_hash(const Storage& payments, const PaymentRow& row);
void write_content_hash(const Storage& payments, const PaymentRow& row, const core::Hash& hash);
PendingTerms read_pending(const Storage& payments, const PaymentRow& row);
void write_pending(const Storage& payments, const PaymentRow& row, const PendingTerms& terms);
WaitingTerms read_waiting(const Storage& payments, const PaymentRow& row);
void write_waiting(const Storage& payments, const PaymentRow& row, const WaitingTerms& terms);
/// Frees the third and fourth slot.
void clear_pending(const Storage& payments, const PaymentRow& row);

/// The next arrival number, from 1, and which payment got it. A number is given once.
std::uint64_t assign_arrival(const Storage& payments, const PaymentId& id);
/// The last number given; 0 for none.
std::uint64_t last_arrival(const Storage& payments);
PaymentId payment_at_arrival(const Storage& payments, std::uint64_t arrival);
void forget_arrival(const Storage& payments, std::uint64_t arrival);

/// Storage key of the first slot of a payment: what a proof of its status, or of its absence, is about.
inline core::Word record_key(const PaymentId& id) {
    return row_of(id).key;
}
/// Decodes a first slot that a proof has shown; nothing if no payments contract can have written it.
std::optional<PaymentRecord> record_in(const core::Word& value);

}  // namespace sluice::contracts::native
