#include "consensus/effects.hpp"

namespace sluice::consensus {

std::string_view describe(ViewChangeCause cause) {
    switch (cause) {
        case ViewChangeCause::timeout:
            return "no block was committed in time";
        case ViewChangeCause::slow_proposal:
            return "the primary left executable work unproposed";
        case ViewChangeCause::slow_check:
            return "executing the proposal took too long here";
        case ViewChangeCause::joined:
            return "other validators have moved to higher views";
        case ViewChangeCause::censorship:
            return "the primary passed over an executable transaction";
    }
    return "unknown cause";
}

std::string_view describe(AlarmKind kind) {
    switch (kind) {
        case AlarmKind::lock_contradicted:
            return "a proposal contradicts the own lock without proof; it was refused";
        case AlarmKind::fork_seen:
            return "another block than the own one has a commit certificate at this height";
        case AlarmKind::own_key_elsewhere:
            return "a message signed with the own key was not sent from here; this validator votes no more";
    }
    return "unknown alarm";
}

}  // namespace sluice::consensus
