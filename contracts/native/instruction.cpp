#include "contracts/native/instruction.hpp"

#include <algorithm>

namespace sluice::contracts::native {

namespace {

constexpr std::string_view instruction_type =
    "Instruction(bytes16 uetr,bytes4 msgType,bytes11 payer,bytes11 payee,bytes3 ccy,uint128 amount,uint8 "
    "prio,"
    "uint32 valueDate,uint64 earliest,uint64 latest,string instrId,string endToEndId,bytes32 messageHash,"
    "bytes sealedPayload)";
constexpr core::Hash instruction_type_hash = constexpr_keccak256(instruction_type);

/// The characters of SWIFT's X set without line breaks.
bool is_swift_x(char letter) {
    if ((letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
        (letter >= '0' && letter <= '9'))
        return true;
    constexpr std::string_view others = "/-?:().,'+ ";
    return others.find(letter) != std::string_view::npos;
}

bool is_reference(std::string_view text) {
    return text.size() <= reference_chars_max && std::all_of(text.begin(), text.end(), is_swift_x);
}

/// RFC 4122: version 4 in the upper half of byte 6, variant 10 in the upper bits of byte 8.
bool is_uuid_v4(const UetrBytes& bytes) {
    return (bytes[6] & 0xf0) == 0x40 && (bytes[8] & 0xc0) == 0x80;
}

/// A packed encoding of bounded length on the stack: hashing a payment must not allocate.
class Packer {
  public:
    template <Value T>
    void put(const T& value) {
        ValueType<T>::put(bytes_.data() + size_, value);
        size_ += ValueType<T>::bytes;
    }
    void put_text(std::string_view text) {
        put(static_cast<std::uint8_t>(text.size()));
        std::copy(text.begin(), text.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(size_));
        size_ += text.size();
    }
    core::ByteView view() const { return {bytes_.data(), size_}; }

  private:
    std::array<std::uint8_t, 256> bytes_;
    std::size_t size_ = 0;
};

}  // namespace

InstructionView view_of(const Instruction& from) {
    return {from.uetr,           from.message_type,  from.payer,        from.payee,         from.currency,
            from.amount,         from.priority,      from.value_date,   from.earliest,      from.latest,
            from.instruction_id, from.end_to_end_id, from.message_hash, from.sealed_payload};
}

std::optional<ReasonCode> find_fault(const InstructionView& instruction) {
    const auto type = message_type_of(instruction.message_type);
    if (!type || !moves_money(*type)) return reason::unsupported;
    return find_form_fault(instruction);
}

std::optional<ReasonCode> find_form_fault(const InstructionView& instruction) {
    if (!is_uuid_v4(instruction.uetr)) return reason::bad_form;
    if (instruction.amount == 0) return reason::zero_amount;
    if (instruction.amount > amount_max) return reason::amount_too_large;
    if (instruction.payer == instruction.payee) return reason::bad_creditor;
    if (!core::is_valid_date(instruction.value_date)) return reason::bad_date;
    if (instruction.earliest >= time_limit_ms || instruction.latest >= time_limit_ms) return reason::bad_date;
    if (instruction.latest != 0 && instruction.latest < instruction.earliest) return reason::bad_date;
    if (!is_reference(instruction.instruction_id) || !is_reference(instruction.end_to_end_id))
        return reason::bad_form;
    if (instruction.sealed_payload.size() > sealed_payload_bytes_max) return reason::bad_form;
    return std::nullopt;
}

PaymentId payment_id(const BicText& payer, const UetrBytes& uetr, const MessageTag& type) {
    Packer packer;
    packer.put(payer);
    packer.put(uetr);
    packer.put(type);
    return core::keccak256(packer.view());
}

core::Hash content_hash(const InstructionView& instruction) {
    static_assert(16 + 4 + 11 + 11 + 3 + 16 + 1 + 4 + 8 + 8 + 32 + 2 * (1 + reference_chars_max) <= 256);
    Packer packer;
    packer.put(instruction.uetr);
    packer.put(instruction.message_type);
    packer.put(instruction.payer);
    packer.put(instruction.payee);
    packer.put(instruction.currency);
    packer.put(instruction.amount);
    packer.put(instruction.priority);
    packer.put(instruction.value_date);
    packer.put(instruction.earliest);
    packer.put(instruction.latest);
    packer.put(instruction.message_hash);
    packer.put_text(instruction.instruction_id);
    packer.put_text(instruction.end_to_end_id);
    return core::keccak256(packer.view());
}

core::Hash return_content_hash(const InstructionView& instruction, const PaymentId& original,
                               const ReasonCode& reason) {
    Packer packer;
    packer.put(content_hash(instruction));
    packer.put(original);
    packer.put(reason);
    return core::keccak256(packer.view());
}

core::Hash signing_digest(const InstructionView& instruction, const SigningDomain& domain) {
    return typed_digest(
        domain, hash_words(instruction_type_hash, instruction.uetr, instruction.message_type,
                           instruction.payer, instruction.payee, instruction.currency, instruction.amount,
                           instruction.priority, instruction.value_date, instruction.earliest,
                           instruction.latest, core::keccak256(core::view(instruction.instruction_id)),
                           core::keccak256(core::view(instruction.end_to_end_id)), instruction.message_hash,
                           core::keccak256(instruction.sealed_payload)));
}

std::optional<core::Signature> signature_from_bytes(core::ByteView bytes) {
    if (bytes.size() != 65 || (bytes[64] != 27 && bytes[64] != 28)) return std::nullopt;
    core::Signature signature;
    std::copy_n(bytes.begin(), 32, signature.r.begin());
    std::copy_n(bytes.begin() + 32, 32, signature.s.begin());
    signature.recovery_id = static_cast<std::uint8_t>(bytes[64] - 27);
    if (!crypto::is_low_s(signature)) return std::nullopt;
    return signature;
}

core::Bytes signature_bytes(const core::Signature& signature) {
    core::Bytes bytes(signature.r.begin(), signature.r.end());
    core::append(bytes, signature.s);
    bytes.push_back(static_cast<std::uint8_t>(27 + signature.recovery_id));
    return bytes;
}

}  // namespace sluice::contracts::native
