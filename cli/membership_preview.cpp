#include "cli/membership_preview.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "contracts/native/membership.hpp"
#include "core/validator_set.hpp"

namespace sluice::cli {
namespace {

namespace native = contracts::native;
using native::MembershipChange;

core::Address address_in(const Json& json, const char* key) {
    return core::address_from_hex(json.value(key, "")).value_or(core::Address{});
}

std::string text_in(const Json& json, const char* key) {
    return json.contains(key) && json[key].is_string() ? json[key].get<std::string>() : std::string();
}

/// Addresses that this node has heard lately, itself included.
std::set<core::Address> heard_by(const Json& status) {
    std::set<core::Address> heard;
    const auto now_ms = status.value("wallMs", std::uint64_t{0});
    for (const auto& validator : status.value("validators", Json::array())) {
        const auto seen = validator.find("lastSeenMs");
        if (seen == validator.end() || !seen->is_number()) continue;
        if (seen->get<std::uint64_t>() + live_within_ms >= now_ms)
            heard.insert(address_in(validator, "address"));
    }
    return heard;
}

bool has_joiner(MembershipChange change) {
    return change == MembershipChange::add || change == MembershipChange::replace;
}

SetFacts facts_of(const std::vector<Party>& parties, bool with_joiner, bool with_leaver) {
    SetFacts facts;
    for (const auto& party : parties) {
        if ((party.joins && !with_joiner) || (party.leaves && !with_leaver)) continue;
        ++facts.validators;
        facts.live += party.is_live ? 1 : 0;
    }
    facts.faults = core::faults_tolerated(facts.validators);
    facts.quorum = core::quorum_size(facts.validators);
    return facts;
}

/// What the contract would say, as far as it can be known here.
std::optional<std::string> find_obstacle(const MembershipPicture& picture, const MembershipPlan& plan) {
    const auto is_member = [&](const core::Address& address) {
        return std::any_of(picture.validators.begin(), picture.validators.end(),
                           [&](const Party& party) { return party.address == address; });
    };
    if (plan.change != MembershipChange::add && !is_member(plan.leaves))
        return "who would leave is not a validator";
    if (plan.change == MembershipChange::remove && picture.validators.size() == 1)
        return "the last validator cannot leave";
    if (!has_joiner(plan.change)) return std::nullopt;
    if (is_member(plan.joins)) return "who would join is a validator already";
    if (picture.validators.size() >= native::governed_validators_max)
        return fmt::format("the set is full: {} validators are the most; remove one first",
                           native::governed_validators_max);
    return std::nullopt;
}

std::optional<std::string> find_standstill(const std::vector<SetFacts>& sets) {
    for (std::size_t i = 1; i < sets.size(); ++i)
        if (sets[i].live < sets[i].quorum)
            return fmt::format(
                "the chain would stand still: {} validators would vote, {} decide, and only {} are live",
                sets[i].validators, sets[i].quorum, sets[i].live);
    return std::nullopt;
}

std::string fate_of(const Party& party) {
    return party.joins ? "joins" : party.leaves ? "leaves" : "stays";
}

}  // namespace

const Party* MembershipPicture::find(std::string_view text) const {
    const auto address = core::address_from_hex(text);
    const Party* found = nullptr;
    for (const auto& party : validators) {
        if (party.name != text && party.bic != text && party.address != address) continue;
        if (found) return nullptr;
        found = &party;
    }
    return found;
}

MembershipPicture picture_from(const Json& validators, const std::vector<Json>& statuses) {
    MembershipPicture picture;
    picture.height = validators.value("height", core::Height{0});
    std::set<core::Address> heard;
    for (const auto& status : statuses) {
        heard.merge(heard_by(status));
        for (const auto& observer : status.value("observers", Json::array()))
            if (const auto address = core::address_from_hex(observer.get<std::string>()))
                picture.observers.insert(*address);
    }
    for (const auto& row : validators.value("validators", Json::array())) {
        const auto address = address_in(row, "address");
        picture.validators.push_back({.address = address,
                                      .name = text_in(row, "name"),
                                      .bic = text_in(row, "bic"),
                                      .is_live = heard.contains(address)});
    }
    return picture;
}

MembershipPreview preview_change(const MembershipPicture& picture, const MembershipPlan& plan) {
    MembershipPreview preview;
    preview.parties = picture.validators;
    for (auto& party : preview.parties)
        party.leaves = plan.change != MembershipChange::add && party.address == plan.leaves;
    preview.obstacle = find_obstacle(picture, plan);
    if (has_joiner(plan.change))
        preview.parties.push_back({.address = plan.joins,
                                   .name = plan.name,
                                   .bic = plan.bic,
                                   .is_live = picture.is_observer(plan.joins),
                                   .joins = true});
    preview.sets.push_back(facts_of(preview.parties, false, true));
    if (has_joiner(plan.change)) preview.sets.push_back(facts_of(preview.parties, true, true));
    if (plan.change != MembershipChange::add)
        preview.sets.push_back(facts_of(preview.parties, has_joiner(plan.change), false));
    if (!preview.obstacle) preview.obstacle = find_standstill(preview.sets);
    return preview;
}

Json to_json(const MembershipPreview& preview) {
    Json parties = Json::array(), sets = Json::array();
    for (const auto& party : preview.parties)
        parties.push_back({{"address", core::checksum_hex(party.address)},
                           {"name", party.name},
                           {"bic", party.bic},
                           {"live", party.is_live},
                           {"change", fate_of(party)}});
    for (const auto& set : preview.sets)
        sets.push_back({{"validators", set.validators},
                        {"faults", set.faults},
                        {"quorum", set.quorum},
                        {"live", set.live}});
    return {{"possible", !preview.obstacle.has_value()},
            {"why", preview.obstacle ? Json(*preview.obstacle) : Json()},
            {"sets", sets},
            {"parties", parties}};
}

void print_preview(const MembershipPreview& preview) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& party : preview.parties)
        rows.push_back({party.name, party.bic, core::checksum_hex(party.address),
                        party.is_live ? "live" : "not heard", fate_of(party)});
    print_line(table({"validator", "BIC", "address", "state", "change"}, rows));
    rows.clear();
    for (std::size_t i = 0; i < preview.sets.size(); ++i) {
        const auto& set = preview.sets[i];
        const auto name = i == 0 ? std::string("now") : fmt::format("block {} of the change", i);
        rows.push_back({name, std::to_string(set.validators), std::to_string(set.faults),
                        std::to_string(set.quorum), std::to_string(set.live)});
    }
    print_line(table({"set", "validators", "may fail", "decide", "live"}, rows));
    print_line(preview.obstacle ? fmt::format("Not possible: {}.", *preview.obstacle)
                                : std::string("Possible, if a quorum of the present set votes for it."));
}

}  // namespace sluice::cli
