/// Why a payment was refused, rejected, queued or ended: codes of ISO 20022's ExternalStatusReason1Code.
#pragma once

#include <string_view>

#include "contracts/native/abi.hpp"

namespace sluice::contracts::native {

using ReasonCode = abi::IsoCode;

namespace reason {

inline constexpr ReasonCode none{};
inline constexpr ReasonCode bad_creditor = abi::iso_code("AC03");     ///< payee is the payer
inline constexpr ReasonCode closed_account = abi::iso_code("AC04");   ///< a withdrawn participant
inline constexpr ReasonCode blocked_account = abi::iso_code("AC06");  ///< a participant that is not active
inline constexpr ReasonCode forbidden = abi::iso_code("AG01");        ///< the signer may not do this
inline constexpr ReasonCode unsupported = abi::iso_code("AG03");  ///< a message type that moves no money here
inline constexpr ReasonCode zero_amount = abi::iso_code("AM01");
inline constexpr ReasonCode amount_too_large = abi::iso_code("AM02");
inline constexpr ReasonCode unknown_currency = abi::iso_code("AM03");
inline constexpr ReasonCode insufficient_funds = abi::iso_code("AM04");
inline constexpr ReasonCode duplicate = abi::iso_code("AM05");                   ///< same key, other content
inline constexpr ReasonCode bilateral_limit_reached = abi::iso_code("AM14");     ///< limit towards the payee
inline constexpr ReasonCode multilateral_limit_reached = abi::iso_code("AM23");  ///< limit towards all others
inline constexpr ReasonCode wrong_amount = abi::iso_code("AM09");  ///< a return of more than there is left
inline constexpr ReasonCode already_returned = abi::iso_code("ARDT");  ///< all of it
inline constexpr ReasonCode timed_out = abi::iso_code("AB03");         ///< pending beyond its latest time
inline constexpr ReasonCode bad_bank = abi::iso_code("RC01");          ///< no participant has this BIC
inline constexpr ReasonCode bad_date = abi::iso_code("DT01");
inline constexpr ReasonCode too_late = abi::iso_code("TM01");           ///< received after its latest time
inline constexpr ReasonCode bad_form = abi::iso_code("FF01");           ///< a field breaks its format
inline constexpr ReasonCode unknown_reference = abi::iso_code("NOOR");  ///< no original transaction
inline constexpr ReasonCode by_customer = abi::iso_code("CUST");        ///< cancelled by its payer
inline constexpr ReasonCode regulatory = abi::iso_code("RR04");         ///< waits for screening, or failed it
inline constexpr ReasonCode refused_by_approver = abi::iso_code("DS02");
inline constexpr ReasonCode by_authority =
    abi::iso_code("RR04");  ///< held by an authority (regulatory reason)

}  // namespace reason

/// One sentence for people; empty for a code that Sluice does not use itself.
std::string_view describe(const ReasonCode& code);
/// Four upper-case letters or digits.
bool is_reason_code(const ReasonCode& code);

}  // namespace sluice::contracts::native
