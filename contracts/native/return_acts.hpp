/// Acts of the payments contract on settled payments: a payer asks one back, a payee answers, a payee
/// returns.
#pragma once

#include "contracts/native/native_contract.hpp"

namespace sluice::contracts::native::acts {

/// requestReturn(bytes32 paymentId, uint128 amount, bytes4 reason, bytes32 messageHash) returns (uint8
/// status): by a maker of the payer (camt.056). On a payment that has not settled it changes nothing and says
/// so.
MethodResult request_return(Invocation& call);
core::Gas request_return_gas(const Invocation& call);
/// answerReturn(bytes32 paymentId, bytes4 answer, bytes4 reason): by a maker or approver of the payee
/// (camt.029). Answers are CNCL (accepted), RJCR (refused) and PDCR (pending, the only one that another may
/// follow).
MethodResult answer_return(Invocation& call);
core::Gas answer_return_gas(const Invocation& call);
/// returnPayment(Instruction p, bytes32 original, bytes4 reason) returns (uint8 status, bytes4 reason): by a
/// maker of the payee (pacs.004). `p` is of type "P004", from the payee of the original to its payer.
MethodResult return_payment(Invocation& call);
core::Gas return_payment_gas(const Invocation& call);

}  // namespace sluice::contracts::native::acts

namespace sluice::contracts::native::views {

/// returnsOf(bytes32 paymentId) returns (Returns).
MethodResult returns_of(Invocation& call);

}  // namespace sluice::contracts::native::views
