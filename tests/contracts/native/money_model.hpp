/// The laws of money kept a second time, from events alone.
#pragma once

#include <set>

#include "contracts/native/payment_limits.hpp"
#include "tests/contracts/native/settlement_chain.hpp"

namespace sluice::contracts::test {

using namespace native;

/// What the events say about accounts in EUR, and the laws that they must keep. What settles together keeps
/// them together: between `begin_set` and `end_set` floors and limits are looked at once, at the end.
class MoneyModel {
  public:
    void begin_set() { in_set_ = true; }
    void end_set() {
        in_set_ = false;
        for (const BicText& bic : payers_of_set_)
            check_floor(accounts[bic], accounts[bic].frozen);
        for (const Used& used : used_in_set_)
            ASSERT_LE(*used.net, static_cast<core::SignedMinor>(used.limit));
        payers_of_set_.clear();
        used_in_set_.clear();
    }
    void see(const core::Log& log) {
        const auto event = decode_event(log);
        ASSERT_TRUE(event.has_value());
        if (const auto* entry = std::get_if<AccountEntryEvent>(&*event)) see(*entry);
        if (const auto* limit = std::get_if<LimitChangedEvent>(&*event)) see(*limit);
        if (const auto* freeze = std::get_if<FrozenEvent>(&*event)) see(*freeze);
        if (const auto* issue = std::get_if<IssuedEvent>(&*event)) outstanding += issue->amount;
        if (const auto* link = std::get_if<PaymentReturnEvent>(&*event))
            return_of[link->id] = {link->original, link->amount};
        if (const auto* redemption = std::get_if<RedemptionEvent>(&*event)) see(*redemption);
        if (const auto* status = std::get_if<PaymentStatusEvent>(&*event)) see(*status);
        if (const auto* priority = std::get_if<PriorityChangedEvent>(&*event))
            classes[priority->id] = priority->priority;
    }
    /// A new value date: limits start anew.
    void begin_day() {
        for (auto& [bic, account] : accounts) {
            account.multilateral_net = 0;
            for (auto& [to, limit] : account.bilateral)
                limit.net = 0;
        }
    }

    struct Limit {
        core::Minor limit = 0;
        core::SignedMinor net = 0;
    };
    struct Model {
        core::SignedMinor balance = 0;
        core::Minor locked = 0, credit = 0, frozen = 0, urgent = 0, high = 0;
        core::Minor multilateral = no_limit;
        core::SignedMinor multilateral_net = 0;
        bool is_frozen = false;
        std::map<BicText, Limit> bilateral;
    };
    struct Returned {
        PaymentId original{};
        core::Minor amount = 0;
    };
    std::map<BicText, Model> accounts;
    std::map<PaymentId, Returned> return_of;
    std::map<PaymentId, Status> statuses;
    std::map<PaymentId, Priority> classes;
    core::Minor outstanding = 0;
    std::map<Status, std::size_t> reached;

  private:
    void see(const AccountEntryEvent& entry) {
        Model& account = accounts[entry.bic];
        account.balance += entry.delta;
        ASSERT_EQ(account.balance, entry.balance);
        if (entry.delta >= 0) return;
        ASSERT_FALSE(account.is_frozen) << "money left a frozen account";
        const auto payment = classes.find(entry.reference);
        const Priority spends_as = payment == classes.end() ? Priority::normal : payment->second;
        const core::Minor kept = account.frozen + (spends_as <= Priority::high ? 0 : account.high) +
                                 (spends_as == Priority::urgent ? 0 : account.urgent);
        if (in_set_)
            payers_of_set_.insert(entry.bic);
        else
            check_floor(account, kept);
    }
    static void check_floor(const Model& account, core::Minor kept) {
        ASSERT_GE(account.balance + static_cast<core::SignedMinor>(account.credit),
                  static_cast<core::SignedMinor>(kept))
            << "below the floor of its class";
    }
    void see(const LimitChangedEvent& change) {
        Model& account = accounts[change.bic];
        if (change.kind == LimitKind::credit_line) account.credit = change.value;
        if (change.kind == LimitKind::urgent_reservation) account.urgent = change.value;
        if (change.kind == LimitKind::high_reservation) account.high = change.value;
        if (change.kind == LimitKind::multilateral) {
            if (change.value == no_limit || account.multilateral == no_limit) account.multilateral_net = 0;
            account.multilateral = change.value;
        }
        if (change.kind != LimitKind::bilateral) return;
        if (change.value == no_limit)
            account.bilateral.erase(change.to);
        else
            account.bilateral[change.to].limit = change.value;
    }
    void see(const FrozenEvent& freeze) {
        Model& account = accounts[freeze.bic];
        if (freeze.amount == no_limit)
            account.is_frozen = freeze.on;
        else
            account.frozen = freeze.amount;
    }
    void see(const RedemptionEvent& redemption) {
        Model& account = accounts[redemption.bic];
        if (redemption.stage == RedemptionStage::requested) {
            account.locked += redemption.amount;
            return;
        }
        ASSERT_GE(account.locked, redemption.amount);
        account.locked -= redemption.amount;
        if (redemption.stage == RedemptionStage::redeemed) outstanding -= redemption.amount;
    }
    void see(const PaymentStatusEvent& event) {
        ASSERT_NE(outcome_of(statuses[event.id]), Outcome::final) << "a settled payment moved on";
        ASSERT_NE(outcome_of(statuses[event.id]), Outcome::never) << "an ended payment moved on";
        statuses[event.id] = event.status;
        ++reached[event.status];
        if (event.status != Status::settled || classes.at(event.id) < Priority::normal) return;
        count(accounts[event.payer], event.payee, static_cast<core::SignedMinor>(event.amount));
        count(accounts[event.payee], event.payer, -static_cast<core::SignedMinor>(event.amount));
    }
    void count(Model& account, const BicText& other, core::SignedMinor delta) {
        const bool pays = delta > 0;
        const auto bilateral = account.bilateral.find(other);
        core::SignedMinor& net =
            bilateral == account.bilateral.end() ? account.multilateral_net : bilateral->second.net;
        const core::Minor limit =
            bilateral == account.bilateral.end() ? account.multilateral : bilateral->second.limit;
        if (limit == no_limit) return;
        net += delta;
        if (pays && in_set_) {
            used_in_set_.push_back({&net, limit});
        } else if (pays) {
            ASSERT_LE(net, static_cast<core::SignedMinor>(limit));
        }
    }

    struct Used {
        const core::SignedMinor* net = nullptr;
        core::Minor limit = 0;
    };
    bool in_set_ = false;
    std::set<BicText> payers_of_set_;
    std::vector<Used> used_in_set_;
};

}  // namespace sluice::contracts::test
