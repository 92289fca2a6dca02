/// A payment instruction: its form, its identity, its content hash, and what a maker signs (EIP-712).
#pragma once

#include <string>
#include <string_view>

#include "contracts/native/reason_codes.hpp"
#include "contracts/native/settlement_types.hpp"
#include "contracts/native/typed_data.hpp"

namespace sluice::contracts::native {

/// The `Instruction` of the payments contract, member by member. Text is std::string or std::string_view,
/// Blob core::Bytes or core::ByteView.
template <typename Text, typename Blob>
struct BasicInstruction {
    UetrBytes uetr{};
    MessageTag message_type{};
    BicText payer{};
    BicText payee{};
    CurrencyText currency{};
    core::Minor amount = 0;
    Priority priority = Priority::normal;
    std::uint32_t value_date = 0;  ///< YYYYMMDD in the currency's time zone
    std::uint64_t earliest = 0;    ///< Unix ms before which it does not settle; 0 for none
    std::uint64_t latest = 0;      ///< Unix ms after which it never settles; 0 for none
    Text instruction_id{};         ///< InstrId, up to 35 characters of the SWIFT X set
    Text end_to_end_id{};          ///< EndToEndId, the same
    core::Word message_hash{};     ///< keccak256 of the ISO 20022 message, zero without one
    Blob sealed_payload{};         ///< at most 32 KiB; neither stored nor part of the content
    bool operator==(const BasicInstruction&) const = default;

    static constexpr auto abi_members() {
        using I = BasicInstruction;
        return std::make_tuple(&I::uetr, &I::message_type, &I::payer, &I::payee, &I::currency, &I::amount,
                               &I::priority, &I::value_date, &I::earliest, &I::latest, &I::instruction_id,
                               &I::end_to_end_id, &I::message_hash, &I::sealed_payload);
    }
};
// Signatures of the methods that take instructions.
inline constexpr std::string_view submit_signature =
    "submit((bytes16,bytes4,bytes11,bytes11,bytes3,uint128,uint8,uint32,uint64,uint64,string,string,bytes32,"
    "bytes))";
inline constexpr std::string_view submit_batch_signature =
    "submitBatch((bytes16,bytes4,bytes11,bytes11,bytes3,uint128,uint8,uint32,uint64,uint64,string,string,"
    "bytes32,"
    "bytes)[])";
inline constexpr std::string_view submit_signed_signature =
    "submitSigned((bytes16,bytes4,bytes11,bytes11,bytes3,uint128,uint8,uint32,uint64,uint64,string,string,"
    "bytes32,"
    "bytes),bytes)";

inline constexpr std::string_view return_payment_signature =
    "returnPayment((bytes16,bytes4,bytes11,bytes11,bytes3,uint128,uint8,uint32,uint64,uint64,string,string,"
    "bytes32,"
    "bytes),bytes32,bytes4)";

/// One that owns its texts, for callers.
using Instruction = BasicInstruction<std::string, core::Bytes>;
/// One whose texts point into call data.
using InstructionView = BasicInstruction<std::string_view, core::ByteView>;
InstructionView view_of(const Instruction& instruction);

/// ISO 20022's Max35Text identifiers.
inline constexpr std::size_t reference_chars_max = 35;
inline constexpr std::size_t sealed_payload_bytes_max = 32 * 1024;
/// Times of an instruction lie below this (year 10889); the millisecond after one still fits the schedule.
inline constexpr std::uint64_t time_limit_ms = (std::uint64_t{1} << 48) - 1;

/// Everything that can be said without state: form of UETR, references and times, amount, parties that
/// differ, a type that moves money. Nothing if all is well, else the code with which the instruction is
/// refused.
std::optional<ReasonCode> find_fault(const InstructionView& instruction);
/// The same without a look at the type: a return (P004) has its own method.
std::optional<ReasonCode> find_form_fault(const InstructionView& instruction);

/// The business key: what makes two submissions one payment.
PaymentId payment_id(const BicText& payer, const UetrBytes& uetr, const MessageTag& type);
inline PaymentId payment_id(const InstructionView& instruction) {
    return payment_id(instruction.payer, instruction.uetr, instruction.message_type);
}

/// keccak256 of all members but the sealed payload, packed: numbers big-endian in their ABI widths, each text
/// behind one byte with its length. Precondition: `find_fault` finds nothing.
core::Hash content_hash(const InstructionView& instruction);

/// Content hash of a return: keccak256(content hash of its instruction ‖ id of the payment it returns ‖
/// reason).
core::Hash return_content_hash(const InstructionView& instruction, const PaymentId& original,
                               const ReasonCode& reason);

/// What a maker signs for `submitSigned`: EIP-712 over the domain of typed_data.hpp and the instruction with
/// every member.
core::Hash signing_digest(const InstructionView& instruction, const SigningDomain& domain);

/// r ‖ s ‖ v with v 27 or 28, low s: the 65 bytes that wallets give for typed data. Nothing on other forms.
std::optional<core::Signature> signature_from_bytes(core::ByteView bytes);
core::Bytes signature_bytes(const core::Signature& signature);

}  // namespace sluice::contracts::native
