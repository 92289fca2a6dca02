/// Calls of the settlement contracts as their clients make them: address and call data of every method.
#pragma once

#include <span>

#include "contracts/native/instruction.hpp"
#include "contracts/native/lock_structs.hpp"
#include "contracts/native/locks.hpp"
#include "contracts/native/mandates.hpp"
#include "contracts/native/operator_roles.hpp"
#include "contracts/native/relay.hpp"
#include "contracts/native/settlement_structs.hpp"

namespace sluice::contracts::native {

/// What a transaction or an eth_call carries.
struct ContractCall {
    core::Address to{};
    core::Bytes data;
    bool operator==(const ContractCall&) const = default;
};

/// One function per method; arguments as in the Solidity interface of docs/settlement-contracts.md.
namespace calls {

// ---- payments
ContractCall submit(const Instruction& instruction);
ContractCall submit_batch(std::span<const Instruction> instructions);
ContractCall submit_signed(const Instruction& instruction, const core::Signature& signature);
ContractCall approve(const PaymentId& id, const core::Hash& content_hash);
ContractCall refuse(const PaymentId& id, const ReasonCode& reason);
ContractCall screen(const PaymentId& id, bool pass);
/// An act that `signature` stands behind; `call` is the data of one of the methods that may be relayed.
ContractCall act_signed(const SignedAct& act, const core::Signature& signature);
ContractCall act_nonce(const core::Address& key);
ContractCall hold(const PaymentId& id);
ContractCall unhold(const PaymentId& id);
ContractCall cancel(const PaymentId& id, const ReasonCode& reason);
ContractCall set_priority(const PaymentId& id, Priority priority);
ContractCall freeze_payment(const PaymentId& id, bool on, const ReasonCode& reason);
/// camt.056, camt.029 and pacs.004 about a settled payment.
struct Recall {
    PaymentId id{};
    core::Minor amount = 0;
    ReasonCode reason{};
    core::Hash message_hash{};
};
ContractCall request_return(const Recall& recall);
ContractCall answer_return(const PaymentId& id, const ReasonCode& answer, const ReasonCode& reason);
ContractCall return_payment(const Instruction& instruction, const PaymentId& original,
                            const ReasonCode& reason);
ContractCall returns_of(const PaymentId& id);
ContractCall payment(const PaymentId& id);
struct QueueQuery {
    BicText bic{};
    CurrencyText currency{};
    bool incoming = false;
    std::uint64_t from = 0;
    std::uint64_t max = page_rows_max;
};
ContractCall queue_of(const QueueQuery& query);

// ---- accounts
struct Issue {
    BicText bic{};
    CurrencyText currency{};
    core::Minor amount = 0;
    core::Word rtgs_reference{};
};
ContractCall issue(const Issue& issue);
ContractCall request_redeem(const CurrencyText& currency, core::Minor amount, const UetrBytes& reference);
ContractCall confirm_redeem(const UetrBytes& reference, bool confirmed);
ContractCall approve_redeem(const BicText& bic, const UetrBytes& reference, bool approved);
struct ForcedTransfer {
    BicText from{};
    BicText to{};
    CurrencyText currency{};
    core::Minor amount = 0;
    core::Word order_reference{};
    std::string reason{};
};
ContractCall force_transfer(const ForcedTransfer& transfer);
ContractCall position(const BicText& bic, const CurrencyText& currency);
ContractCall totals(const CurrencyText& currency);
ContractCall entry_count(const BicText& bic, const CurrencyText& currency);
ContractCall redemption(const BicText& bic, const UetrBytes& reference);
ContractCall open_redemptions(std::uint64_t from, std::uint64_t max);
/// Values of limits: the highest uint128 for none.
ContractCall set_credit_line(const BicText& bic, const CurrencyText& currency, core::Minor line);
ContractCall set_bilateral_limit(const BicText& to, const CurrencyText& currency, core::Minor limit);
ContractCall set_multilateral_limit(const CurrencyText& currency, core::Minor limit);
ContractCall set_reservation(Priority priority, const CurrencyText& currency, core::Minor amount);
struct Freeze {
    BicText bic{};
    CurrencyText currency{};
    core::Minor amount = 0;  ///< the highest uint128: the whole account
    bool on = true;
    std::string reason;
};
ContractCall freeze(const Freeze& freeze);
ContractCall limits(const BicText& bic, const CurrencyText& currency);
ContractCall bilateral_limits(const BicText& bic, const CurrencyText& currency, std::uint64_t from,
                              std::uint64_t max);

ContractCall lock(const LockOrder& order);
ContractCall release(const LockId& id);
ContractCall refund(const LockId& id);
ContractCall lock_of(const LockId& id);
struct LockQuery {
    BicText bic{};
    CurrencyText currency{};
    bool incoming = false;
    std::uint64_t from = 0;
    std::uint64_t max = page_rows_max;
};
ContractCall locks_of(const LockQuery& query);
ContractCall bind_address(const core::Address& who);
ContractCall set_holder(const core::Address& who, HolderStatus status);
ContractCall address_of(const BicText& bic);
ContractCall settles_for(const core::Address& who);
ContractCall holder_of(const core::Address& who);
ContractCall holders(std::uint64_t from, std::uint64_t max);
ContractCall holder_entry_count(const core::Address& who, const CurrencyText& currency);

// ---- façade of a currency
ContractCall facade_transfer(const CurrencyText& currency, const core::Address& to,
                             const core::Uint256& amount);
ContractCall facade_approve(const CurrencyText& currency, const core::Address& spender,
                            const core::Uint256& amount);
ContractCall facade_transfer_from(const CurrencyText& currency, const core::Address& from,
                                  const core::Address& to, const core::Uint256& amount);
ContractCall facade_balance(const CurrencyText& currency, const core::Address& owner);
ContractCall facade_allowance(const CurrencyText& currency, const core::Address& owner,
                              const core::Address& spender);
ContractCall facade_supply(const CurrencyText& currency);

// ---- participants
struct Registration {
    BicText bic{};
    LeiText lei{};
    std::string name;
    core::Address admin{};
    core::Bytes read_key;
};
ContractCall register_participant(const Registration& registration);
ContractCall set_status(const BicText& bic, ParticipantStatus status, std::string_view reason);
struct KeyChange {
    BicText bic{};
    core::KeyDuty duty{};
    core::Address key{};
    bool on = true;
    core::Height from = 0;  ///< 0: at once
};
ContractCall set_key(const KeyChange& change);
/// By the key that was named.
ContractCall accept_key(const BicText& bic, core::KeyDuty duty);
ContractCall key_offer(const BicText& bic, core::KeyDuty duty, const core::Address& key);
ContractCall key_at(const core::Address& key, core::Height height);
struct MandateGrant {
    core::Address agent{};  ///< an address, or `agent_of` a bank that collects
    MandateActs acts{};
    CurrencyText currency{};
    core::Minor per_day = 0;
    core::UnixMs until_ms = 0;  ///< 0: until revoked
};
ContractCall grant(const MandateGrant& mandate);
ContractCall revoke(const core::Address& agent, const CurrencyText& currency);
ContractCall grants_of(const BicText& bic, std::uint64_t from, std::uint64_t max);
ContractCall set_screening(const CurrencyText& currency, core::Minor amount);
ContractCall require_screening(const BicText& bic, const CurrencyText& currency, core::Minor amount);
ContractCall screening_threshold(const BicText& bic, const CurrencyText& currency);
ContractCall recover_keys(const BicText& bic, const core::Address& new_admin);
ContractCall veto_recovery(const BicText& bic);
ContractCall claim_recovery(const BicText& bic);
ContractCall set_recovery_delay(core::UnixMs delay_ms);
ContractCall recovery_of(const BicText& bic);
ContractCall recovery_delay();
ContractCall declare_insolvent(const BicText& bic, std::string_view reason);
ContractCall insolvency_of(const BicText& bic);
ContractCall set_role(Role role, const core::Address& who, bool on);
ContractCall set_operator_threshold(std::uint32_t threshold);
ContractCall set_approval_threshold(const CurrencyText& currency, core::Minor amount);
ContractCall propose_act(core::ByteView call_data);
ContractCall confirm_act(std::uint64_t act);
ContractCall participant(const BicText& bic);
ContractCall participants(std::uint64_t from, std::uint64_t max);
ContractCall keys_of(const BicText& bic, std::uint64_t from, std::uint64_t max);
ContractCall participant_of(const core::Address& key);
ContractCall has_role(Role role, const core::Address& who);
ContractCall operator_threshold();
ContractCall approval_threshold(const BicText& bic, const CurrencyText& currency);
ContractCall act(std::uint64_t act);

// ---- business day and governance
ContractCall business_day(const CurrencyText& currency);
ContractCall value_date_at(const CurrencyText& currency, core::UnixMs time_ms);
ContractCall start_of(const CurrencyText& currency, core::DateYmd value_date);
ContractCall midnight_of(const CurrencyText& currency, core::DateYmd date);
ContractCall phase_times(const CurrencyText& currency, core::DateYmd value_date);
ContractCall is_holiday(const CurrencyText& currency, core::DateYmd date);
ContractCall schedule(const CurrencyText& currency);
ContractCall next_value_date(const CurrencyText& currency);
ContractCall day_closed(const CurrencyText& currency, core::DateYmd value_date);
ContractCall closing_balance(const BicText& bic, const CurrencyText& currency);
ContractCall advance(const CurrencyText& currency, Phase to);
ContractCall extend(const CurrencyText& currency, Phase phase, core::UnixMs time_ms);
ContractCall set_schedule(const CurrencyText& currency, const ScheduleInfo& schedule);
/// Times of one date; all zero: those of the schedule.
ContractCall calendar(const CurrencyText& currency, core::DateYmd date,
                      const std::array<core::UnixMs, 5>& times);
ContractCall set_holiday(const CurrencyText& currency, core::DateYmd date, bool on);
ContractCall parameters();
ContractCall features();
ContractCall validators();
ContractCall currencies();
struct NewValidator {
    core::Address address{};
    BicText bic{};
    std::string name;
};
/// Proposals about validators; `expires_at` is the last height that may carry one, 0 for the default.
ContractCall propose_add(const NewValidator& joins, core::Height expires_at = 0);
ContractCall propose_remove(const core::Address& leaves, core::Height expires_at = 0);
ContractCall propose_replace(const core::Address& leaves, const NewValidator& joins,
                             core::Height expires_at = 0);
ContractCall propose_rotate(const core::Address& new_key, core::Height expires_at = 0);
ContractCall vote(std::uint64_t proposal);
ContractCall accept(std::uint64_t proposal);
ContractCall withdraw(std::uint64_t proposal);
ContractCall proposal(std::uint64_t proposal);
ContractCall proposals();

}  // namespace calls

}  // namespace sluice::contracts::native
