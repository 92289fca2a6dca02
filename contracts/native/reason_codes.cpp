#include "contracts/native/reason_codes.hpp"

#include <algorithm>
#include <utility>

namespace sluice::contracts::native {

namespace {

constexpr std::array<std::pair<ReasonCode, std::string_view>, 24> sentences{{
    {reason::bad_creditor, "the payee is the payer"},
    {reason::closed_account, "a participant of the payment has withdrawn"},
    {reason::blocked_account, "a participant of the payment is not active"},
    {reason::forbidden, "the signer may not do this"},
    {reason::unsupported, "messages of this type do not move money here"},
    {reason::zero_amount, "the amount is zero"},
    {reason::amount_too_large, "the amount has more than 18 digits"},
    {reason::unknown_currency, "the currency is not settled here"},
    {reason::insufficient_funds, "the payer lacks funds"},
    {reason::duplicate, "the key was used before with other content"},
    {reason::bilateral_limit_reached, "the payer's limit towards the payee is used up"},
    {reason::multilateral_limit_reached, "the payer's multilateral limit is used up"},
    {reason::wrong_amount, "more than is left of the payment to return"},
    {reason::already_returned, "the payment has been returned in full"},
    {reason::timed_out, "the latest time passed while the payment was pending"},
    {reason::bad_bank, "no participant has this BIC"},
    {reason::bad_date, "the value date or the times cannot be met"},
    {reason::too_late, "received after its latest time or the cut-off"},
    {reason::bad_form, "a field breaks its format"},
    {reason::unknown_reference, "nothing is recorded under this reference"},
    {reason::by_customer, "cancelled by the payer"},
    {reason::refused_by_approver, "refused by an approver of the payer"},
    {reason::by_authority, "an authority holds the payment, or it waits for screening or did not pass it"},
    {reason::none, ""},
}};

}  // namespace

std::string_view describe(const ReasonCode& code) {
    const auto found = std::find_if(sentences.begin(), sentences.end(),
                                    [&](const auto& sentence) { return sentence.first == code; });
    return found == sentences.end() ? std::string_view{} : found->second;
}

bool is_reason_code(const ReasonCode& code) {
    return std::all_of(code.begin(), code.end(), [](char letter) {
        return (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9');
    });
}

}  // namespace sluice::contracts::native
