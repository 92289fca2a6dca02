#include "tests/simulation/sync_lies.hpp"

#include <array>
#include <utility>

#include "core/block.hpp"
#include "core/commit_certificate.hpp"

namespace sluice::simulation {
namespace {

using node::BlocksAnswer;
using node::CertifiedBlock;
using node::HeadNotice;
using node::SyncMessage;

/// A little more than anybody has, so that its sender is asked.
HeadNotice boast(HeadNotice notice) {
    notice.height += 50;
    return notice;
}

/// Claims blocks that nobody has, and now and then fewer than it has; answers are honest.
class Boaster final : public SyncLiar {
  public:
    using SyncLiar::SyncLiar;
    std::vector<Frame> speak(const SyncMessage& message) override {
        const auto* notice = std::get_if<HeadNotice>(&message);
        return only(notice != nullptr ? claim(*notice) : message);
    }
    std::vector<Frame> interject() override { return only(claim(last_)); }

  private:
    SyncMessage claim(HeadNotice notice) {
        last_ = notice;
        switch (random_.below(4)) {
            case 0:
                notice.height = ~0ull - random_.below(2);
                break;
            case 1:
                notice.height /= 2;
                break;
            default:
                notice.height += 1 + random_.below(100'000);
        }
        return notice;
    }
    HeadNotice last_;
};

/// Never answers anything.
class Mute final : public SyncLiar {
  public:
    using SyncLiar::SyncLiar;
    std::vector<Frame> speak(const SyncMessage& message) override {
        const auto* notice = std::get_if<HeadNotice>(&message);
        return notice != nullptr ? only(boast(*notice)) : std::vector<Frame>();
    }
};

/// Answers everything, each time shortly before whoever asked loses patience.
class Dawdler final : public SyncLiar {
  public:
    using SyncLiar::SyncLiar;
    std::vector<Frame> speak(const SyncMessage& message) override {
        if (const auto* notice = std::get_if<HeadNotice>(&message)) return only(boast(*notice));
        auto slow = message;
        if (auto* answer = std::get_if<BlocksAnswer>(&slow); answer != nullptr && answer->blocks.size() > 1)
            answer->blocks.resize(1);
        return only(slow, core::milliseconds(2'800));
    }
};

/// Serves what it was asked for, after something was done to it.
class Forger : public SyncLiar {
  public:
    using SyncLiar::SyncLiar;
    std::vector<Frame> speak(const SyncMessage& message) override {
        const auto* answer = std::get_if<BlocksAnswer>(&message);
        if (answer == nullptr || answer->blocks.empty()) return only(message);
        auto other = *answer;
        forge(other);
        return only(other);
    }

  protected:
    virtual void forge(BlocksAnswer& answer) = 0;
    CertifiedBlock& any_of(BlocksAnswer& answer) {
        return answer.blocks[random_.below(answer.blocks.size())];
    }
    void flip_bit(core::SharedBytes& bytes) {
        auto copy = *bytes;
        copy[random_.below(copy.size())] ^= static_cast<std::uint8_t>(1u << random_.below(8));
        bytes = core::share(std::move(copy));
    }
};

class BlockDamager final : public Forger {
    using Forger::Forger;
    void forge(BlocksAnswer& answer) override {
        auto& victim = any_of(answer);
        if (random_.percent(30))
            victim.block = core::share(core::Bytes(victim.block->begin(), victim.block->begin() + 9));
        else
            flip_bit(victim.block);
    }
};

/// Too few signatures, one of them twice, another view, another block's certificate, a broken one.
class CertificateForger final : public Forger {
    using Forger::Forger;
    void forge(BlocksAnswer& answer) override {
        auto& victim = any_of(answer);
        auto certificate = core::decode_commit_certificate(*victim.certificate);
        if (!certificate) return;
        auto& signatures = certificate->signatures;
        switch (random_.below(6)) {
            case 0:
                signatures.pop_back();
                break;
            case 1:
                signatures.back() = signatures.front();
                break;
            case 2:
                ++certificate->view;
                break;
            case 3:
                ++certificate->height;
                break;
            case 4:
                victim.certificate = any_of(answer).certificate;
                return flip_bit(victim.certificate);
            default:
                std::swap(signatures.front().signature, signatures.back().signature);
        }
        victim.certificate = core::share(core::encode(*certificate));
    }
};

/// Blocks as another chain would have them: the genuine certificates do not speak of them.
class Foreigner final : public Forger {
    using Forger::Forger;
    void forge(BlocksAnswer& answer) override {
        for (auto& each : answer.blocks) {
            const auto block = core::decode_block(*each.block);
            if (!block) continue;
            core::Block other{block->header, {}};
            other.header.parent_hash = core::keccak256(block->header.parent_hash);
            each.block = core::share(core::encode(other));
            auto certificate = core::decode_commit_certificate(*each.certificate);
            if (!certificate) continue;
            if (random_.percent(50)) certificate->block_hash = core::hash_of(other.header);
            each.certificate = core::share(core::encode(*certificate));
        }
    }
};

/// Genuine blocks, but not those that were asked for: out of order, twice, more, under another question.
class Shuffler final : public Forger {
    using Forger::Forger;
    void forge(BlocksAnswer& answer) override {
        auto& blocks = answer.blocks;
        switch (random_.below(4)) {
            case 0:
                std::swap(blocks.front(), blocks.back());
                break;
            case 1:
                blocks.insert(blocks.begin(), CertifiedBlock(blocks.back()));
                break;
            case 2:
                blocks.erase(blocks.begin());
                break;
            default:
                answer.request_id += 1 + random_.below(3);
        }
    }
};

/// Bytes that are nothing, on every channel.
class Babbler final : public SyncLiar {
  public:
    using SyncLiar::SyncLiar;
    std::vector<Frame> speak(const SyncMessage& message) override { return only(message); }
    std::vector<Frame> interject() override {
        static constexpr std::array channels{network::Channel::consensus, network::Channel::consensus,
                                             network::Channel::sync, network::Channel::transactions};
        // Malformed sync messages and transactions end the connection, so most of it is for consensus.
        const auto channel = random_.percent(97) ? channels[0] : channels[random_.below(channels.size())];
        core::Bytes bytes(random_.below(300));
        for (auto& byte : bytes)
            byte = static_cast<std::uint8_t>(random_.next());
        if (!bytes.empty()) bytes[0] = static_cast<std::uint8_t>(random_.below(10));
        return {{channel, core::share(std::move(bytes)), {}}};
    }
};

template <typename Liar>
std::unique_ptr<SyncLiar> make(Random random) {
    return std::make_unique<Liar>(random);
}

constexpr std::array table{
    SyncLie{"claims heights that do not exist", make<Boaster>},
    SyncLie{"never answers", make<Mute>},
    SyncLie{"answers late and little", make<Dawdler>},
    SyncLie{"serves damaged blocks", make<BlockDamager>},
    SyncLie{"serves wrong certificates", make<CertificateForger>},
    SyncLie{"serves blocks of another chain", make<Foreigner>},
    SyncLie{"serves other blocks than it was asked for", make<Shuffler>},
    SyncLie{"says what means nothing", make<Babbler>},
};

}  // namespace

std::span<const SyncLie> sync_lies() {
    return table;
}

}  // namespace sluice::simulation
