/// Peers that lie to those who are behind: about their height, and in the blocks that they serve.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "core/time.hpp"
#include "network/channel.hpp"
#include "node/sync_messages.hpp"
#include "tests/simulation/random.hpp"

namespace sluice::simulation {

/// One frame to one receiver, perhaps held back.
struct Frame {
    network::Channel channel{};
    core::SharedBytes bytes;
    core::Duration delay = {};
};

/// Tells one kind of lie on the sync channel. `Message` is what its node would send.
class SyncLiar {
  public:
    explicit SyncLiar(Random random) : random_(random) {}
    virtual ~SyncLiar() = default;
    /// What goes out instead; nothing: it keeps silent.
    virtual std::vector<Frame> speak(const node::SyncMessage& message) = 0;
    /// What is said out of turn.
    virtual std::vector<Frame> interject() { return {}; }

  protected:
    static std::vector<Frame> only(const node::SyncMessage& message, core::Duration delay = {}) {
        return {{network::Channel::sync, core::share(encode(message)), delay}};
    }
    Random random_;
};

/// One way to lie.
struct SyncLie {
    std::string_view name;
    std::unique_ptr<SyncLiar> (*make)(Random);
};
std::span<const SyncLie> sync_lies();

}  // namespace sluice::simulation
