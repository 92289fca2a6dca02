/// A faulty validator among whole nodes: the production node, and between it and the network somebody who
/// decides what of its words goes where, and what else is said in its name.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/block.hpp"
#include "network/channel.hpp"
#include "tests/simulation/chain_kit.hpp"
#include "tests/simulation/sync_lies.hpp"
#include "tests/simulation/twins/scripts.hpp"

namespace sluice::simulation {

/// Which validator misbehaves, and how. Empty names: it is honest in that respect.
struct Casting {
    std::size_t validator = 0;
    std::string_view script = {};    ///< of twins::scripts(), for the consensus channel
    std::string_view sync_lie = {};  ///< of sync_lies(), for what it serves to those who are behind
    core::Duration interjects_every = core::milliseconds(100);
    bool silent_after_healing = false;
};

/// Blocks that a faulty builder has executed beside those that its node proposes: as good as they are.
class Doubles {
  public:
    void keep(consensus::Body block) { newest_ = std::move(block); }
    /// On the same parent as `header`; null if there is none.
    const consensus::Body* beside(const core::Header& header) const;

  private:
    std::optional<consensus::Body> newest_;
};

/// The chain of `kit` as scripts see it. `doubles` outlives the result.
twins::Setting setting_of(const ChainKit& kit, std::size_t validators, const Doubles& doubles);

class Impostor {
  public:
    Impostor(const ChainKit& kit, std::size_t validators, const Casting& casting, Random random);

    /// What came to its node, and what its node says.
    void hear(network::Channel channel, core::ByteView bytes);
    /// What goes to node `to` instead of this frame of its own node.
    std::vector<Frame> speak(network::Channel channel, const core::SharedBytes& bytes, std::size_t to);
    /// What is said to node `to` out of turn.
    std::vector<Frame> interject(std::size_t to);

    void fall_silent() { silent_ = true; }
    Doubles& doubles() { return doubles_; }
    const Casting& casting() const { return casting_; }

  private:
    Casting casting_;
    Doubles doubles_;
    twins::Setting setting_;
    std::unique_ptr<twins::Actor> voice_;  ///< null: what its node says about consensus goes out as it is
    std::unique_ptr<SyncLiar> liar_;       ///< likewise for the sync channel
    bool silent_ = false;
};

}  // namespace sluice::simulation
