#include "cli/conformance/test_banks.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "contracts/native/liquidity_client.hpp"
#include "contracts/native/page.hpp"
#include "contracts/native/settlement_results.hpp"
#include "core/check.hpp"
#include "crypto/random.hpp"

namespace sluice::cli::conformance {
namespace {

namespace native = contracts::native;

/// Acts on a network that is slow or far away.
constexpr std::chrono::milliseconds act_wait{60'000};
/// A queue that does not become empty when its payments are cancelled is somebody else's doing.
constexpr int cancel_rounds_max = 20;

native::ContractCall credit_line(const core::Bic& bic, const core::CurrencyCode& currency, core::Minor line) {
    return {native::accounts_address,
            native::abi::encode_call(native::selector_of("setCreditLine(bytes11,bytes3,uint128)"),
                                     bic.chars(), currency.chars(), line)};
}
/// A key that only the holder of the operator's key can know.
OpenKey derived_key(const OpenKey& operator_key, std::string_view purpose) {
    crypto::SecretBytes seed(purpose.size() + 32);
    std::copy(purpose.begin(), purpose.end(), seed.writable_bytes().begin());
    const auto secret = operator_key.key.bytes();
    std::copy(secret.begin(), secret.end(),
              seed.writable_bytes().begin() + static_cast<std::ptrdiff_t>(purpose.size()));
    const auto digest = core::keccak256(seed.bytes());
    crypto::PrivateKey key(std::span<const std::uint8_t, 32>(digest.data(), digest.size()));
    const auto address = crypto::address_of(key);
    return {std::move(key), address, operator_key.chain_id, {}};
}

/// BICs of the test banks of one operator: "T", three letters of its address, no country, a number.
core::Bic test_bic(const core::Address& operator_address, std::size_t number) {
    constexpr std::string_view digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const auto hash = core::keccak256(operator_address);
    std::string text = "T";
    for (std::size_t i = 0; i < 3; ++i)
        text += static_cast<char>('A' + hash[i] % 26);
    text += "ZZ";
    text += digits[number / 36];
    text += digits[number % 36];
    const auto bic = core::Bic::parse(text);
    CHECK(bic.has_value());
    return *bic;
}

constexpr std::size_t banks_max = 36 * 36;

core::SignedMinor minor_of(const Json& amount) {
    const auto text = amount.is_object() ? amount.value("minor", std::string("0")) : std::string("0");
    const bool is_negative = text.starts_with('-');
    const auto size = static_cast<core::SignedMinor>(
        core::minor_from_decimal(is_negative ? text.substr(1) : text).value_or(0));
    return is_negative ? -size : size;
}

std::string who(const TestBank& bank) {
    return bank.bic.to_string();
}

native::ContractCall registration(const TestBank& bank) {
    native::calls::Registration row;
    row.bic = bank.bic.chars();
    row.name = "Conformance test bank " + bank.bic.to_string();
    row.admin = bank.admin.address;
    return native::calls::register_participant(row);
}

}  // namespace

TestBank TestBanks::bank_number(std::size_t number) const {
    return {test_bic(operator_.address, number),
            derived_key(operator_, fmt::format("sluice conformance admin {}", number)),
            derived_key(operator_, fmt::format("sluice conformance maker {}", number))};
}

core::Result<void, std::string> TestBanks::act(const OpenKey& key, const native::ContractCall& call,
                                               const std::string& what) const {
    const auto done = perform(rpc_, key, {.call = call}, act_wait);
    if (done) return {};
    return core::fail(fmt::format("{}: {}", what, done.error().message));
}

core::Result<void, std::string> TestBanks::grow_to(std::size_t count) {
    if (count > banks_max) return core::fail(fmt::format("a case may have up to {} banks", banks_max));
    while (banks_.size() < count) {
        auto bank = bank_number(banks_.size());
        if (auto enrolled = enrol(bank); !enrolled) return enrolled;
        banks_.push_back(std::move(bank));
    }
    return {};
}

core::Result<void, std::string> TestBanks::enrol(const TestBank& bank) const {
    const auto data = read_call(rpc_, native::calls::participant(bank.bic.chars()));
    if (!data) return core::fail(data.error().message);
    const auto info = native::results::participant(*data);
    if (!info) return core::fail(fmt::format("the node's record of {} cannot be read", who(bank)));
    if (info->status == native::ParticipantStatus::withdrawn)
        return core::fail(fmt::format("{} has withdrawn: run with another operator's key", who(bank)));
    core::Result<void, std::string> done;
    if (info->status == native::ParticipantStatus::none)
        done = act(operator_, registration(bank),
                   "registering " + who(bank) + " (it takes an operator's key that may act alone)");
    if (done) done = give_key(bank, core::KeyDuty::admin, bank.admin);
    if (done) done = give_key(bank, core::KeyDuty::maker, bank.maker);
    if (done && info->status != native::ParticipantStatus::active)
        done = act(
            operator_,
            native::calls::set_status(bank.bic.chars(), native::ParticipantStatus::active, "conformance run"),
            "activating " + who(bank));
    return done;
}

core::Result<void, std::string> TestBanks::give_key(const TestBank& bank, core::KeyDuty duty,
                                                    const OpenKey& key) const {
    const auto is_held = [&]() -> core::Result<bool, std::string> {
        const auto data = read_call(rpc_, native::calls::participant_of(key.address));
        if (!data) return core::fail(data.error().message);
        const auto holder = native::results::key_holder(*data);
        return holder && holder->bic == bank.bic.chars() &&
               (holder->duties >> static_cast<unsigned>(duty) & 1u) != 0;
    };
    auto held = is_held();
    if (!held) return core::fail(held.error());
    if (*held) return {};
    // An admin's key was named by the registration.
    if (duty != core::KeyDuty::admin)
        if (auto given =
                act(bank.admin,
                    native::calls::set_key({.bic = bank.bic.chars(), .duty = duty, .key = key.address}),
                    "a key for " + who(bank));
            !given)
            return given;
    held = is_held();
    if (!held) return core::fail(held.error());
    return *held ? core::Result<void, std::string>{}
                 : act(key, native::calls::accept_key(bank.bic.chars(), duty),
                       "accepting a key of " + who(bank));
}

core::Result<TestBanks::Position, std::string> TestBanks::position(const TestBank& bank) const {
    const auto answer =
        rpc_.call("settle_getPosition", {{{"bic", bank.bic.to_string()}, {"ccy", currency_.to_string()}}});
    if (!answer) return core::fail(answer.error().message);
    return Position{minor_of(answer->value("balance", Json())), minor_of(answer->value("locked", Json())),
                    minor_of(answer->value("creditLine", Json()))};
}

core::Result<core::SignedMinor, std::string> TestBanks::balance(const TestBank& bank) const {
    const auto found = position(bank);
    if (!found) return core::fail(found.error());
    return found->balance;
}

core::Result<void, std::string> TestBanks::cancel_queue(const TestBank& bank) const {
    for (int round = 0; round < cancel_rounds_max; ++round) {
        const auto queue = rpc_.call(
            "settle_getQueue",
            {{{"bic", bank.bic.to_string()}, {"ccy", currency_.to_string()}, {"direction", "outgoing"}}});
        if (!queue) return core::fail(queue.error().message);
        const auto payments = queue->value("payments", Json::array());
        if (payments.empty()) return {};
        // From the last on: taking the head away would let the next one settle.
        for (auto row = payments.rbegin(); row != payments.rend(); ++row) {
            const auto id = core::hash_from_hex(row->value("paymentId", ""));
            if (!id) return core::fail(std::string("the node named no payment id"));
            if (auto cancelled = act(bank.maker, native::calls::cancel(*id, {'C', 'U', 'S', 'T'}),
                                     "cancelling a payment of " + who(bank));
                !cancelled)
                return cancelled;
        }
    }
    return core::fail(fmt::format("the queue of {} does not become empty", who(bank)));
}

core::Result<void, std::string> TestBanks::close_redemptions(const TestBank& bank) const {
    const auto data = read_call(rpc_, native::calls::open_redemptions(0, native::page_rows_max));
    if (!data) return core::fail(data.error().message);
    const auto open = native::results::redemptions(*data);
    if (!open) return core::fail(std::string("the node's open redemptions cannot be read"));
    for (const auto& redemption : *open) {
        if (redemption.bic != bank.bic.chars() || redemption.currency != currency_.chars()) continue;
        if (auto approved =
                act(operator_, native::calls::approve_redeem(redemption.bic, redemption.reference, true),
                    "approving a redemption of " + who(bank));
            !approved)
            return approved;
    }
    return {};
}

core::Result<void, std::string> TestBanks::redeem(const TestBank& bank, core::Minor amount) const {
    native::UetrBytes reference{};
    crypto::fill_random(reference);
    if (auto asked = act(bank.maker, native::calls::request_redeem(currency_.chars(), amount, reference),
                         "redeeming the money of " + who(bank));
        !asked)
        return asked;
    return act(operator_, native::calls::approve_redeem(bank.bic.chars(), reference, true),
               "approving a redemption of " + who(bank));
}

core::Result<void, std::string> TestBanks::empty(const TestBank& bank) const {
    const auto found = position(bank);
    if (!found) return core::fail(found.error());
    core::Result<void, std::string> done;
    if (found->locked > 0) done = close_redemptions(bank);
    if (done && found->balance > 0) done = redeem(bank, static_cast<core::Minor>(found->balance));
    if (done && found->balance < 0) done = issue(bank, static_cast<core::Minor>(-found->balance));
    if (done && found->credit_line != 0) done = set_credit_line(bank, 0);
    return done;
}

core::Result<void, std::string> TestBanks::clear() const {
    // All queues first: money that comes to one bank would let payments of another settle.
    for (const auto& bank : banks_)
        if (auto done = cancel_queue(bank); !done) return done;
    for (const auto& bank : banks_)
        if (auto done = empty(bank); !done) return done;
    return {};
}

core::Result<void, std::string> TestBanks::issue(const TestBank& bank, core::Minor amount) const {
    core::Word reference{};
    crypto::fill_random(reference);
    return act(operator_,
               native::calls::issue({.bic = bank.bic.chars(),
                                     .currency = currency_.chars(),
                                     .amount = amount,
                                     .rtgs_reference = reference}),
               "issuing money to " + who(bank));
}

core::Result<void, std::string> TestBanks::set_credit_line(const TestBank& bank, core::Minor line) const {
    return act(operator_, credit_line(bank.bic, currency_, line), "the credit line of " + who(bank));
}

core::Result<bool, std::string> TestBanks::saves_liquidity() const {
    const auto data = read_call(rpc_, native::calls::is_lsm_enabled(currency_.chars()));
    if (!data) return core::fail(data.error().message);
    const auto on = native::results::flag(*data);
    if (!on) return core::fail(std::string("the node does not tell whether liquidity saving is on"));
    return *on;
}

core::Result<void, std::string> TestBanks::set_liquidity_saving(bool on) const {
    return act(operator_, native::calls::set_lsm_enabled(currency_.chars(), on),
               fmt::format("switching liquidity saving {} in {}", on ? "on" : "off", currency_.to_string()));
}

}  // namespace sluice::cli::conformance
