#include "contracts/native/settlement_types.hpp"

#include <algorithm>

#include "core/check.hpp"

namespace sluice::contracts::native {

namespace {

constexpr std::array<std::string_view, 10> status_names{
    "None", "Received", "AwaitingApproval", "Warehoused", "Queued",
    "Held", "Settled",  "Rejected",         "Cancelled",  "Expired"};
constexpr std::array<std::string_view, 4> priority_names{"Urgent", "High", "Normal", "Low"};
constexpr std::array<std::string_view, 6> participant_status_names{"None",      "Pending",   "Active",
                                                                   "Suspended", "Withdrawn", "Insolvent"};
constexpr std::array<std::string_view, 6> phase_names{"Closed",         "PreOpen",    "Open",
                                                      "CutoffCustomer", "CutoffBank", "Closing"};
constexpr std::array<MessageTag, 7> tags{MessageTag{},
                                         MessageTag{'P', '0', '0', '8'},
                                         MessageTag{'P', '0', '0', '9'},
                                         MessageTag{'C', 'O', 'V', '9'},
                                         MessageTag{'A', 'D', 'V', '9'},
                                         MessageTag{'P', '0', '0', '4'},
                                         MessageTag{'P', '0', '1', '0'}};

}  // namespace

std::string_view name_of(Status status) {
    return status_names[static_cast<std::size_t>(status)];
}

std::string_view name_of(Priority priority) {
    return priority_names[static_cast<std::size_t>(priority)];
}

std::string_view name_of(ParticipantStatus status) {
    return participant_status_names[static_cast<std::size_t>(status)];
}

std::string_view name_of(Phase phase) {
    return phase_names[static_cast<std::size_t>(phase)];
}

MessageTag tag_of(MessageType type) {
    return tags[static_cast<std::size_t>(type)];
}

std::optional<MessageType> message_type_of(const MessageTag& tag) {
    const auto found = std::find(tags.begin() + 1, tags.end(), tag);
    if (found == tags.end()) return std::nullopt;
    return static_cast<MessageType>(found - tags.begin());
}

core::Bic bic_of(const BicText& text) {
    const auto bic = core::Bic::parse({text.data(), text.size()});
    CHECK(bic.has_value());
    return *bic;
}

core::CurrencyCode currency_of(const CurrencyText& text) {
    const auto code = core::CurrencyCode::parse({text.data(), text.size()});
    CHECK(code.has_value());
    return *code;
}

}  // namespace sluice::contracts::native
