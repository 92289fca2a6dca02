#include "tests/simulation/impostor.hpp"

#include <algorithm>

#include "consensus/limits.hpp"
#include "consensus/message_codec.hpp"
#include "core/check.hpp"
#include "node/sync_messages.hpp"

namespace sluice::simulation {
namespace {

std::optional<core::Block> block_of(core::ByteView payload) {
    const auto decoded = core::decode_block(payload);
    if (!decoded) return std::nullopt;
    core::Block block{decoded->header, {}};
    for (const auto& encoded : decoded->transactions) {
        auto transaction = core::recover_transaction(encoded);
        if (!transaction) return std::nullopt;
        block.transactions.push_back(std::move(*transaction));
    }
    return block;
}

std::optional<consensus::Body> altered(const Doubles& doubles, const core::SharedBytes& payload,
                                       const twins::Alteration& alteration) {
    using Kind = twins::Alteration::Kind;
    auto block = block_of(*payload);
    if (!block) return std::nullopt;
    auto& header = block->header;
    switch (alteration.kind) {
        case Kind::another:
            if (const auto* other = doubles.beside(header)) return *other;
            if (header.miner == alteration.builder || !alteration.builder) header.state_root[0] ^= 1;
            break;
        case Kind::does_not_execute:
            header.state_root[31] ^= 1;
            break;
        case Kind::foreign_parent:
            header.parent_hash = alteration.parent;
            break;
        case Kind::next_height:
            ++header.height;
            break;
        case Kind::foreign_builder:
            break;
    }
    if (alteration.builder) header.miner = *alteration.builder;
    return consensus::Body{core::hash_of(header), core::share(core::encode(*block))};
}

std::unique_ptr<twins::Actor> voice_of(const Casting& casting, const twins::Setting& setting, Random random) {
    if (casting.script.empty()) return nullptr;
    const auto found = std::ranges::find(twins::scripts(), casting.script, &twins::Script::name);
    CHECK(found != twins::scripts().end());
    return found->make({.setting = &setting, .validator = casting.validator, .random = random});
}

std::unique_ptr<SyncLiar> liar_of(const Casting& casting, Random random) {
    if (casting.sync_lie.empty()) return nullptr;
    const auto found = std::ranges::find(sync_lies(), casting.sync_lie, &SyncLie::name);
    CHECK(found != sync_lies().end());
    return found->make(random);
}

std::vector<Frame> frames_of(std::vector<twins::Utterance> utterances) {
    std::vector<Frame> frames;
    for (auto& utterance : utterances)
        frames.push_back({network::Channel::consensus, core::share(consensus::encode(utterance.message)),
                          utterance.delay});
    return frames;
}

}  // namespace

const consensus::Body* Doubles::beside(const core::Header& header) const {
    if (!newest_) return nullptr;
    const auto other = core::decode_block(*newest_->payload);
    CHECK(other.has_value());
    return other->header.parent_hash == header.parent_hash ? &*newest_ : nullptr;
}

twins::Setting setting_of(const ChainKit& kit, std::size_t validators, const Doubles& doubles) {
    auto members = kit.addresses;
    members.resize(validators);
    return {.identity = kit.chain.identity(),
            .validators = *core::ValidatorSet::make(std::move(members)),
            .view_timeout = consensus::limits::view_timeout_base,
            .sign =
                [](std::size_t validator, const core::Hash& digest) {
                    return crypto::LocalSigner(key_of("validator", validator)).sign(digest);
                },
            .alter =
                [&doubles](const core::SharedBytes& payload, const twins::Alteration& alteration) {
                    return altered(doubles, payload, alteration);
                }};
}

Impostor::Impostor(const ChainKit& kit, std::size_t validators, const Casting& casting, Random random)
    : casting_(casting),
      setting_(setting_of(kit, validators, doubles_)),
      voice_(voice_of(casting, setting_, Random(random.next()))),
      liar_(liar_of(casting, Random(random.next()))) {}

void Impostor::hear(network::Channel channel, core::ByteView bytes) {
    if (channel != network::Channel::consensus || !voice_) return;
    if (const auto message = consensus::decode_message(bytes)) voice_->hear(*message);
}

std::vector<Frame> Impostor::speak(network::Channel channel, const core::SharedBytes& bytes, std::size_t to) {
    if (silent_) return {};
    if (channel == network::Channel::consensus && voice_) {
        const auto message = consensus::decode_message(*bytes);
        CHECK(message.has_value());
        return frames_of(voice_->speak(*message, to));
    }
    if (channel == network::Channel::sync && liar_) {
        const auto message = node::decode_sync_message(*bytes);
        CHECK(message.has_value());
        return liar_->speak(*message);
    }
    return {{channel, bytes, {}}};
}

std::vector<Frame> Impostor::interject(std::size_t to) {
    if (silent_) return {};
    std::vector<Frame> frames;
    if (voice_) frames = frames_of(voice_->interject(to));
    if (liar_)
        for (auto& frame : liar_->interject())
            frames.push_back(std::move(frame));
    return frames;
}

}  // namespace sluice::simulation
