#include "tests/simulation/network_model.hpp"

#include <algorithm>

namespace sluice::simulation {
namespace {

constexpr std::uint64_t healthy_delay_us = 1000;

}  // namespace

NetworkModel::NetworkModel(std::uint64_t seed, const Strengths& strengths, std::size_t nodes,
                           Coverage& coverage)
    : nodes_(nodes),
      links_(nodes * nodes),
      delays_(Random::of(seed, "delay")),
      losses_(Random::of(seed, "loss")),
      repeats_(Random::of(seed, "duplication")),
      alterations_(Random::of(seed, "corruption")),
      coverage_(coverage) {
    auto random = Random::of(seed, "links");
    for (auto& each : links_)
        draw(each, strengths, random);
}

/// Draws the same numbers whatever the strengths are, so that leaving one fault out leaves the others alone.
void NetworkModel::draw(Link& each, const Strengths& strengths, Random& random) const {
    const auto usual_ms = 1 + random.below(strengths.scaled(Fault::delay, 100) + 1);
    each.delay_us = strengths.has(Fault::delay) ? usual_ms * 1000 : healthy_delay_us;
    each.loss_per_mille = random.below(strengths.scaled(Fault::loss, 300) + 1);
    each.repeat_per_mille = random.below(strengths.scaled(Fault::duplication, 500) + 1);
    each.reorders = random.percent(50) && strengths.has(Fault::reorder);
    const bool slow = random.percent(20);
    if (slow && strengths.has(Fault::slow_link))
        each.us_per_kilobyte = strengths.scaled(Fault::slow_link, 80'000);
    const bool narrow = random.percent(30);
    const auto capacity = 2 + random.below(18);
    if (narrow && strengths.has(Fault::capacity)) each.capacity = capacity;
    each.alter_per_million = strengths.scaled(Fault::corruption, 2000);
}

core::Instant NetworkModel::arrival(core::Instant now, Link& way, std::size_t bytes) {
    const auto delay = way.delay_us / 2 + delays_.long_tailed(way.delay_us);
    auto at = now + core::Duration{static_cast<std::int64_t>(delay + way.us_per_kilobyte * bytes / 1024)};
    if (at < way.clogged_until) {
        at = way.clogged_until;
        hit(coverage_, "frame waited in a clogged link");
    }
    if (at < way.last_arrival) {
        if (way.reorders)
            hit(coverage_, "frame overtook another");
        else
            at = way.last_arrival;
    }
    way.last_arrival = std::max(at, way.last_arrival);
    return at;
}

Passage NetworkModel::send(core::Instant now, std::size_t from, std::size_t to, std::size_t bytes) {
    auto& way = link(from, to);
    if (!way.connected) return {};
    if (way.cut) {
        hit(coverage_, "frame lost in a partition");
        return {};
    }
    if (way.loss_per_mille > 0 && losses_.per_mille(way.loss_per_mille)) {
        hit(coverage_, "frame lost");
        return {};
    }
    if (way.capacity > 0 && way.under_way >= way.capacity) {
        hit(coverage_, "frame dropped by a full link");
        return {};
    }
    Passage passage;
    if (way.alter_per_million > 0 && alterations_.per_million(way.alter_per_million)) {
        hit(coverage_, "frame altered, connection reset");
        passage.reset = true;
        return passage;
    }
    if (way.us_per_kilobyte > 0) hit(coverage_, "frame on a slow link");
    passage.arrival = arrival(now, way, bytes);
    ++way.under_way;
    if (way.repeat_per_mille > 0 && repeats_.per_mille(way.repeat_per_mille)) {
        hit(coverage_, "frame repeated");
        passage.repeated = arrival(now, way, bytes);
        ++way.under_way;
    }
    return passage;
}

bool NetworkModel::arrived(std::size_t from, std::size_t to, std::uint64_t epoch) {
    auto& way = link(from, to);
    if (way.epoch != epoch) {
        hit(coverage_, "frame lost with its connection");
        return false;
    }
    --way.under_way;
    return true;
}

void NetworkModel::disconnect(std::size_t one, std::size_t other) {
    for (auto* way : {&link(one, other), &link(other, one)}) {
        way->connected = false;
        ++way->epoch;
        way->under_way = 0;
    }
}

void NetworkModel::connect(std::size_t one, std::size_t other) {
    link(one, other).connected = link(other, one).connected = true;
}

void NetworkModel::mend_cuts() {
    for (auto& each : links_)
        each.cut = false;
}

void NetworkModel::heal() {
    for (auto& each : links_) {
        const auto epoch = each.epoch;
        const auto under_way = each.under_way;
        const auto last = each.last_arrival;
        const bool connected = each.connected;
        each = Link{};
        each.delay_us = healthy_delay_us;
        each.epoch = epoch;
        each.under_way = under_way;
        each.last_arrival = last;
        each.connected = connected;
        each.reorders = true;
    }
}

}  // namespace sluice::simulation
