#include "tests/simulation/verdict_codec.hpp"

#include <nlohmann/json.hpp>

#include "core/check.hpp"

namespace sluice::simulation {

core::Bytes encode_verdict(std::uint64_t number, const Verdict& verdict) {
    nlohmann::json json{{"number", number},
                        {"failure", verdict.failure},
                        {"trace", core::to_hex(verdict.trace)},
                        {"coverage", verdict.coverage},
                        {"simulated_ms", verdict.simulated_ms},
                        {"events", verdict.events},
                        {"validators", verdict.validators},
                        {"height", verdict.height},
                        {"transactions", verdict.transactions}};
    if (verdict.heal_ms) json["heal_ms"] = *verdict.heal_ms;
    if (verdict.caught_up_ms) json["caught_up_ms"] = *verdict.caught_up_ms;
    if (!verdict.passed()) json["faults"] = verdict.faults;
    if (!verdict.timeline.empty()) json["timeline"] = verdict.timeline;
    const auto text = json.dump();
    core::Bytes message;
    core::append_be32(message, static_cast<std::uint32_t>(text.size()));
    core::append(message, core::view(text));
    return message;
}

std::optional<std::pair<std::uint64_t, Verdict>> take_verdict(core::Bytes& received) {
    if (received.size() < 4) return std::nullopt;
    const std::size_t size = std::size_t{received[0]} << 24 | std::size_t{received[1]} << 16 |
                             std::size_t{received[2]} << 8 | received[3];
    if (received.size() < 4 + size) return std::nullopt;
    const auto begin = received.begin() + 4;
    const auto end = begin + static_cast<std::ptrdiff_t>(size);
    const auto json = nlohmann::json::parse(begin, end);
    Verdict verdict;
    verdict.failure = json.at("failure");
    const auto trace = core::from_hex(json.at("trace").get<std::string>());
    CHECK(trace && trace->size() == verdict.trace.size());
    std::copy(trace->begin(), trace->end(), verdict.trace.begin());
    verdict.coverage = json.at("coverage").get<std::map<std::string, std::uint64_t, std::less<>>>();
    verdict.simulated_ms = json.at("simulated_ms");
    verdict.events = json.at("events");
    verdict.validators = json.at("validators");
    verdict.height = json.at("height");
    verdict.transactions = json.at("transactions");
    if (json.contains("heal_ms")) verdict.heal_ms = json.at("heal_ms").get<std::uint64_t>();
    if (json.contains("caught_up_ms")) verdict.caught_up_ms = json.at("caught_up_ms").get<std::uint64_t>();
    if (json.contains("faults")) verdict.faults = json.at("faults").get<std::vector<std::string>>();
    if (json.contains("timeline")) verdict.timeline = json.at("timeline").get<std::vector<std::string>>();
    const auto number = json.at("number").get<std::uint64_t>();
    received.erase(received.begin(), end);
    return std::pair{number, std::move(verdict)};
}

}  // namespace sluice::simulation
