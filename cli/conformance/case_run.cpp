#include "cli/conformance/case_run.hpp"

#include <thread>

#include <fmt/format.h>

#include "crypto/random.hpp"

namespace sluice::cli::conformance {
namespace {

namespace native = contracts::native;
using std::chrono::milliseconds;

/// Settling happens in the block that makes it possible, or in the ones right after it where it takes more
/// than one: a picture that stays the same for this long is the end.
constexpr milliseconds still_for{150};
/// A chain on which nothing is due makes no blocks; on one that does, a block must have come meanwhile.
constexpr milliseconds still_without_blocks{1'000};
constexpr milliseconds pause{30};
constexpr milliseconds settling_max{20'000};
constexpr milliseconds payment_wait{60'000};

/// A payment that was handed in.
struct Submission {
    core::Uetr uetr;
    native::PaymentId id{};
    std::string refusal;  ///< empty: the ledger has it
};

class CaseRun {
  public:
    CaseRun(const SettlementCase& subject, TestBanks& banks, core::DateYmd value_date)
        : subject_(subject), banks_(banks), value_date_(value_date) {}

    core::Result<Observation, std::string> run(const Round& round) {
        submissions_.clear();
        auto done = open();
        for (const auto& payment : subject_.payments)
            if (done) done = submit(payment);
        for (const auto& injection : round.injections)
            if (done && injection.amount > 0)
                done = banks_.issue(bank(injection.bank), static_cast<core::Minor>(injection.amount));
        if (!done) return core::fail(done.error());
        return observe();
    }

  private:
    const TestBank& bank(const std::string& id) const {
        std::size_t place = 0;
        while (subject_.banks[place].id != id)
            ++place;
        return banks_.at(place);
    }
    /// Stands outside the case, to take what banks owe at the start.
    const TestBank& creditor() const { return banks_.at(subject_.banks.size()); }

    core::Result<void, std::string> open() {
        if (auto grown = banks_.grow_to(subject_.banks.size() + 1); !grown) return grown;
        if (auto cleared = banks_.clear(); !cleared) return cleared;
        for (const auto& [id, start, credit] : subject_.banks) {
            core::Result<void, std::string> done;
            if (credit > 0) done = banks_.set_credit_line(bank(id), static_cast<core::Minor>(credit));
            if (done && start > 0) done = banks_.issue(bank(id), static_cast<core::Minor>(start));
            if (done && start < 0) done = owe(id, -start);
            if (!done) return done;
        }
        return {};
    }

    /// A balance below zero is reached as in life: by paying out of a credit line.
    core::Result<void, std::string> owe(const std::string& id, Units amount) {
        const auto sent = send(bank(id), creditor(), amount, native::Priority::normal);
        if (!sent) return core::fail(sent.error());
        if (!sent->refusal.empty()) return core::fail(fmt::format("{} cannot start: {}", id, sent->refusal));
        return {};
    }

    core::Result<Submission, std::string> send(const TestBank& payer, const TestBank& payee, Units amount,
                                               native::Priority priority) {
        std::array<std::uint8_t, 16> random{};
        crypto::fill_random(random);
        native::Instruction instruction;
        instruction.uetr = core::Uetr::from_random(random).bytes;
        instruction.message_type = native::tag_of(native::MessageType::bank_credit);
        instruction.payer = payer.bic.chars();
        instruction.payee = payee.bic.chars();
        instruction.currency = banks_.currency().chars();
        instruction.amount = amount < 0 ? 0 : static_cast<core::Minor>(amount);
        instruction.priority = priority;
        instruction.value_date = value_date_;
        instruction.end_to_end_id = "CONFORMANCE";
        Submission submission{{instruction.uetr}, native::payment_id(native::view_of(instruction)), {}};
        const auto done =
            perform(banks_.rpc(), payer.maker, {.call = native::calls::submit(instruction)}, payment_wait);
        if (done) return submission;
        const auto& error = done.error();
        const auto* reason =
            error.data.is_object() && error.data.contains("isoReason") && error.data["isoReason"].is_string()
                ? &error.data["isoReason"]
                : nullptr;
        if (reason == nullptr) return core::fail(error.message);
        submission.refusal = "Refused " + reason->get<std::string>();
        return submission;
    }

    core::Result<void, std::string> submit(const CasePayment& payment) {
        auto sent = send(bank(payment.payer), bank(payment.payee), payment.amount, payment.priority);
        if (!sent) return core::fail(fmt::format("{}: {}", payment.reference, sent.error()));
        submissions_[payment.reference] = std::move(*sent);
        return {};
    }

    core::Result<std::string, std::string> status_of(const Submission& submission) const {
        if (!submission.refusal.empty()) return submission.refusal;
        const auto answer = banks_.rpc().call(
            "settle_getPayment",
            {{{"uetr", submission.uetr.to_string()}, {"paymentId", core::to_hex_0x(submission.id)}}});
        if (!answer) return core::fail(answer.error().message);
        return answer->is_object() ? answer->value("why", std::string("None")) : std::string("None");
    }

    core::Result<Observation, std::string> look() const {
        Observation observed;
        for (const auto& [reference, submission] : submissions_) {
            auto status = status_of(submission);
            if (!status) return core::fail(status.error());
            observed.statuses[reference] = std::move(*status);
        }
        for (const auto& [id, start, credit] : subject_.banks) {
            const auto balance = banks_.balance(bank(id));
            if (!balance) return core::fail(balance.error());
            observed.balances[id] = static_cast<Units>(*balance);
        }
        return observed;
    }

    core::Result<std::uint64_t, std::string> head() const {
        const auto answer = banks_.rpc().call("eth_blockNumber", Json::array());
        if (!answer) return core::fail(answer.error().message);
        const auto height = quantity(*answer);
        if (!height) return core::fail(std::string("the node does not tell its height"));
        return *height;
    }

    /// Looks until the picture has not changed for long enough, with a block in between where there are any.
    core::Result<Observation, std::string> observe() const {
        const auto begin = std::chrono::steady_clock::now();
        auto seen = head();
        if (!seen) return core::fail(seen.error());
        auto picture = look();
        auto since = std::chrono::steady_clock::now();
        while (picture) {
            std::this_thread::sleep_for(pause);
            const auto height = head();
            if (!height) return core::fail(height.error());
            auto next = look();
            const auto now = std::chrono::steady_clock::now();
            if (!next || *next != *picture) {
                since = now;
                seen = height;
            } else if (now - since >= (*height > *seen ? still_for : still_without_blocks)) {
                return next;
            }
            if (now - begin > settling_max) return core::fail(std::string("payments do not come to rest"));
            picture = std::move(next);
        }
        return picture;
    }

    const SettlementCase& subject_;
    TestBanks& banks_;
    const core::DateYmd value_date_;
    std::map<std::string, Submission> submissions_;
};

void judge(const SettlementCase& subject, const Round& round,
           const core::Result<Observation, std::string>& observed, CaseOutcome& outcome) {
    if (!observed) {
        outcome.differences.push_back((round.name.empty() ? "" : round.name + ": ") + observed.error());
        return;
    }
    const auto found = differences(subject, round, *observed);
    outcome.differences.insert(outcome.differences.end(), found.begin(), found.end());
    outcome.settled = 0;
    for (const auto& [reference, status] : observed->statuses)
        outcome.settled += status == "Settled";
}

}  // namespace

core::Result<void, std::string> restore_switch(const TestBanks& banks, const SwitchMemory& memory) {
    const auto was_on = memory.recall();
    if (!was_on) return core::fail(was_on.error());
    if (!*was_on) return {};
    const auto is_on = banks.saves_liquidity();
    if (!is_on) return core::fail(is_on.error());
    if (*is_on != **was_on)
        if (auto restored = banks.set_liquidity_saving(**was_on); !restored) return restored;
    return memory.forget();
}

CaseOutcome run_case(const SettlementCase& subject, TestBanks& banks, const SwitchMemory& memory,
                     core::DateYmd value_date) {
    CaseOutcome outcome;
    if (const auto restored = restore_switch(banks, memory); !restored) return {{restored.error()}, 0};
    const auto found = banks.saves_liquidity();
    if (!found) return {{found.error()}, 0};
    CaseRun run(subject, banks, value_date);
    for (const auto& round : subject.rounds) {
        const bool is_switched = round.saves_liquidity != *found;
        core::Result<void, std::string> ready;
        if (is_switched) ready = memory.remember(*found);
        if (is_switched && ready) ready = banks.set_liquidity_saving(round.saves_liquidity);
        auto observed = core::Result<Observation, std::string>(core::fail(std::string()));
        if (ready)
            observed = run.run(round);
        else
            observed = core::fail(ready.error());
        // The queues go before the switch: with it they would be resolved again.
        if (const auto cleared = banks.clear(); !cleared) outcome.differences.push_back(cleared.error());
        if (is_switched)
            if (const auto restored = restore_switch(banks, memory); !restored)
                outcome.differences.push_back(restored.error());
        judge(subject, round, observed, outcome);
    }
    return outcome;
}

}  // namespace sluice::cli::conformance
