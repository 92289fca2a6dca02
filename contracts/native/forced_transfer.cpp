#include "contracts/native/forced_transfer.hpp"

#include "contracts/native/account_book.hpp"
#include "contracts/native/currency_table.hpp"
#include "contracts/native/method_gas.hpp"
#include "contracts/native/operator_roles.hpp"
#include "contracts/native/participant_directory.hpp"
#include "contracts/native/plain_text.hpp"
#include "contracts/native/retry_list.hpp"
#include "contracts/native/row_key.hpp"
#include "contracts/native/settlement_events.hpp"

namespace sluice::contracts::native {

namespace {

// Table 0x10 of the accounts contract.
// 0x10 ‖ first 30 bytes of keccak256(orderRef)    bytes32 keccak256 of the order's content
constexpr std::uint8_t order_table = 0x10;

struct Order {
    BicText from{};
    BicText to{};
    CurrencyText currency{};
    core::Minor amount = 0;
    core::Word reference{};
};

std::optional<ReasonCode> find_fault(const Order& order) {
    if (order.amount == 0) return reason::zero_amount;
    if (order.amount > amount_max) return reason::amount_too_large;
    if (order.reference == core::Word{}) return reason::bad_form;
    if (order.from == order.to) return reason::bad_creditor;
    return std::nullopt;
}

void move_money(const Books& books, const Order& order, Account& payer, const AccountId& payee_id) {
    const auto amount = static_cast<core::SignedMinor>(order.amount);
    book_entry(books, payer, {order.from, order.currency}, -amount, order.reference);
    payer.store();
    Account payee(books.accounts, payee_id);
    book_entry(books, payee, {order.to, order.currency}, amount, order.reference);
    payee.store();
    if (payee.has_queue()) add_to_retry(books.payments, payee_id);
}

core::Result<bool, ReasonCode> carry_out(const Books& books, const Order& order, std::string_view why) {
    if (const auto fault = find_fault(order)) return core::fail(*fault);
    if (!is_reason_text(why)) return core::fail(reason::bad_form);
    const auto from = find_party(books.participants, order.from);
    const auto to = find_party(books.participants, order.to);
    if (!from || !to) return core::fail(reason::bad_bank);
    const auto currency = find_currency(books.governance, order.currency);
    if (!currency) return core::fail(reason::unknown_currency);
    const Place<core::Hash> place(books.accounts, hashed_row_key(order_table, order.reference));
    const core::Hash content =
        core::keccak256(abi::encode(order.from, order.to, order.currency, order.amount, why));
    if (const core::Hash earlier = place.read(); earlier != core::Hash{}) {
        if (earlier != content) return core::fail(reason::duplicate);
        return false;
    }
    Account payer(books.accounts, {from->index, currency->index});
    if (payer.money().balance < static_cast<core::SignedMinor>(order.amount))
        return core::fail(reason::insufficient_funds);
    place.write(content);
    move_money(books, order, payer, {to->index, currency->index});
    books.emit(accounts_address, forced_transfer_topic,
               {order.reference, word_of(order.from), word_of(order.to)},
               abi::encode(order.currency, order.amount, why));
    return true;
}

constexpr Work force_work{.reads = 11, .writes = 11};

}  // namespace

core::Gas force_transfer_gas(const Invocation& call) {
    return gas_of(force_work) + 2 * cost::log(4, 96) + cost::log(4, 128 + call.arguments.size()) +
           2 * cost::hash(call.arguments.size()) + cost::copy(call.arguments.size());
}

MethodResult force_transfer(Invocation& call) {
    const auto arguments =
        abi::decode<BicText, BicText, CurrencyText, core::Minor, core::Word, std::string_view>(
            call.arguments);
    if (!arguments) return malformed();
    const auto& [from, to, currency, amount, reference, why] = *arguments;
    const Books books(call.state, call.block);
    if (!may_act(books.participants, call.caller, Role::operator_)) return refused(reason::forbidden);
    const auto is_booked = carry_out(books, {from, to, currency, amount, reference}, why);
    if (!is_booked) return refused(is_booked.error());
    return abi::encode(*is_booked);
}

}  // namespace sluice::contracts::native
