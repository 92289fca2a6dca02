/// Leaving a view and entering the next.
#include <algorithm>
#include <utility>

#include "consensus/replica.hpp"
#include "consensus/replica_signing.hpp"
#include "core/check.hpp"

namespace sluice::consensus {

// ---- leaving

bool Replica::join_higher_views() {
    const std::optional<View> joined = views_.view_to_join(promised_);
    if (!joined || !may_vote(height(), *joined)) return false;
    change_view(*joined, ViewChangeCause::joined);
    return true;
}

void Replica::change_view(View to, ViewChangeCause cause) {
    CHECK(to > promised_);
    promised_ = to;
    pacemaker_.view_changed();
    forget_view_work();
    own_view_change_.reset();
    views_.note(*self_, promised_);
    emit(ViewPromised{.view = to, .cause = cause});
    issue_view_change();
}

bool Replica::awaits_renewal() const {
    return changing() && !own_view_change_ && !finalizing_ && !catching_up() && may_vote(height(), promised_);
}

/// The head has moved under a VIEW-CHANGE. A validator that is alone in its view while the others go on
/// committing says so once a second, not once per block.
bool Replica::renew_view_change() {
    if (!awaits_renewal()) return false;
    if (view_changed_at_ && now_ - *view_changed_at_ < limits::view_change_interval) return false;
    return issue_view_change();
}

/// The VIEW-CHANGE for the height at work. Head and promise fix it, so there is one per height and view.
bool Replica::issue_view_change() {
    if (!changing() || own_view_change_ || !may_vote(height(), promised_)) return false;
    own_view_change_ = signed_by_self(ViewChange{.envelope = {}, .head = head_.certificate, .lock = lock_},
                                      height(), promised_);
    view_changed_at_ = now_;
    static_cast<void>(views_.add(*own_view_change_));
    emit(Persist{{sent_record(*own_view_change_)}});
    emit(Broadcast{*own_view_change_});
    spoke_ = true;
    return true;
}

void Replica::on(const PrimaryCensors&) {
    const bool possible = working() && may_vote(height(), promised_) && promised_ + 1 != 0;
    if (possible) change_view(promised_ + 1, ViewChangeCause::censorship);
}

void Replica::on(const Verified<ViewChange>& message) {
    const Envelope& envelope = message->envelope;
    if (is_own(message.signer())) {
        return check_echo(VoteType::view_change, envelope, subject_of(*message).digest);
    }
    if (message->head) learn_certificate(*message->head, message.certificate_validators());
    // Who asks for a view has not entered it.
    if (!hear(envelope, message.signer(), envelope.view - 1)) return;
    if (envelope.validators_hash != head_.validators.hash()) return;
    if (const std::optional<ViewChange> other = views_.add(*message)) {
        accuse(message.signer(), {subject_of(*other), other->envelope.signature},
               {subject_of(*message), envelope.signature});
    }
}

// ---- entering

/// The new primary's part: q VIEW-CHANGEs for the own next height, of which it can propose what they demand.
bool Replica::begin_new_view() {
    if (!changing() || !own_view_change_ || !is_primary(promised_) || !may_vote(height(), promised_))
        return false;
    NewView new_view;
    for (const ViewChange* view_change : views_.view_changes(height(), promised_)) {
        // A lock whose block is not at hand could oblige this primary to propose what it does not have.
        if (view_change->lock && find_body(view_change->lock->digest) == nullptr) continue;
        new_view.view_changes.push_back(*view_change);
    }
    if (new_view.view_changes.size() < head_.validators.quorum()) return false;
    new_view = signed_by_self(std::move(new_view), height(), promised_);
    enter(Entry{.view = promised_, .new_view = new_view, .above = 0});
    emit(Broadcast{std::move(new_view)});
    spoke_ = true;
    return true;
}

void Replica::on(const Verified<NewView>& message) {
    const Envelope& envelope = message->envelope;
    if (is_own(message.signer())) {
        return check_echo(VoteType::new_view, envelope, subject_of(*message).digest);
    }
    for (const ViewChange& view_change : message->view_changes) {
        if (view_change.head) learn_certificate(*view_change.head, message.certificate_validators());
    }
    if (!hear(envelope, message.signer(), envelope.view)) return;
    if (envelope.height > head_.height && envelope.validators_hash != head_.validators.hash()) return;
    if (entry_.new_view && entry_.new_view->envelope.height == envelope.height &&
        entry_.new_view->envelope.view == envelope.view) {
        const core::VoteSubject kept = subject_of(*entry_.new_view);
        if (kept.digest != subject_of(*message).digest) {
            accuse(message.signer(), {kept, entry_.new_view->envelope.signature},
                   {subject_of(*message), envelope.signature});
        }
    }
    if (envelope.view < promised_ || envelope.view <= entry_.view) return;
    enter(Entry{.view = envelope.view, .new_view = *message, .above = 0});
}

void Replica::enter_by(const core::CommitCertificate& certificate) {
    if (certificate.view >= promised_ && certificate.view > entry_.view) {
        enter(Entry{.view = certificate.view, .new_view = std::nullopt, .above = certificate.height});
    }
    if (certificate.view != entry_.view) return;
    if (view_certificate_ && view_certificate_->height >= certificate.height) return;
    view_certificate_ = certificate;
    // From here on the certificate proves the view to others, and binds no less than the NEW-VIEW did.
    if (entry_.new_view && entry_.new_view->envelope.height <= certificate.height) {
        entry_ = Entry{.view = entry_.view, .new_view = std::nullopt, .above = certificate.height};
    }
}

void Replica::enter(Entry entry) {
    CHECK(entry.view >= promised_);
    CHECK(entry.view > entry_.view);
    promised_ = entry.view;
    entry_ = std::move(entry);
    entered_at_ = now_;
    own_ = {};
    own_view_change_.reset();
    view_certificate_.reset();
    forget_view_work();
    if (self_) views_.note(*self_, promised_);
    const View oldest = entry_.view - std::min(entry_.view, limits::view_window);
    for (auto& [at, votes] : votes_) {
        votes.prepares.forget_below(oldest);
        votes.commits.forget_below(oldest);
    }
    emit(Persist{{entered_record(entry_)}});
    emit(ViewEntered{.view = entry_.view, .by_new_view = entry_.new_view.has_value()});
}

/// What was under way for the view that is left.
void Replica::forget_view_work() {
    building_.reset();
    refused_ = false;
}

}  // namespace sluice::consensus
