/// The situations that a campaign must have been in: "did the simulator really get there?"
#pragma once

#include <array>
#include <string_view>

namespace sluice::simulation {

inline constexpr std::array<std::string_view, 93> swarm_situations{
    // network
    "frame lost", "frame repeated", "frame overtook another", "frame on a slow link",
    "frame dropped by a full link", "frame altered, connection reset", "frame waited in a clogged link",
    "frame lost in a partition", "frame lost with its connection", "disconnected", "reconnected",
    "one-way partition", "two-way partition", "partial partition",
    // processes
    "process killed", "power cut", "restart", "primary stopped", "more than f validators down",
    "all validators down", "killed at an effect", "killed before a disk call", "killed after a disk call",
    "killed while starting", "paused", "paused for longer than a view timeout",
    "healed without a killed minority", "healed without a frozen minority",
    "healed by restarting all validators at once",
    // disks
    "process ended by a disk error", "disk call failed, nothing written",
    "vote log call failed, but is there", "ledger write failed, but is there", "disk full", "slow disk",
    "power cut in the middle of a vote log call", "power cut lost unsynced votes",
    "power cut tore a vote frame", "vote log rotated", "vote log: a bit flipped",
    "vote log: synced votes truncated", "disk lost", "machine rolled back to a snapshot",
    "ledger lost its newest synced blocks", "damaged disk refused at start", "an operator ran rejoin",
    "start with a lost vote log", "recovering validator asks", "recovering validator answered",
    "rejoin agreed: votes again", "a validator that forgot votes is retired",
    "restart with a ledger that lost blocks", "restart with a block that was never shown",
    // clocks
    "clock wrong by up to an hour", "clock wrong by up to two seconds", "clock stepped back",
    "clock stepped forward", "clock frozen", "proposal refused for its time",
    // consensus
    "start at genesis", "restart with a lock", "restart in the middle of a view change",
    "restart between PREPARE and COMMIT", "restart after COMMIT", "own vote sent again",
    "view change: no block was committed in time", "view change: the primary left executable work unproposed",
    "view change: other validators have moved to higher views",
    "view change: the primary passed over an executable transaction", "VIEW-CHANGE with a lock",
    "VIEW-CHANGE without a lock", "VIEW-CHANGE issued anew for a later height",
    "NEW-VIEW bound to a prepared block", "NEW-VIEW free to propose", "view entered",
    "locked block prepared again", "lock overruled by a proof", "commit in a view above the first",
    "bare commit certificate sent", "catching up begun or ended", "transaction passed over by the primary",
    // workload
    "empty block", "block of five transactions or more", "system transaction",
    "payment sent again: succeeded", "payment sent again: failed", "contract call that reverts: failed",
    "contract call that runs out of gas: failed", "CREATE2: succeeded", "SELFDESTRUCT: succeeded",
    "after a nonce gap: succeeded", "one of two with one nonce: succeeded",
    "pool: another one has the nonce"};

inline constexpr std::array<std::string_view, 2> membership_situations{
    "validator set changed", "all changes of the validators carried"};

inline constexpr std::array<std::string_view, 6> crash_point_situations{
    "killed at an effect",      "killed before a disk call",
    "killed after a disk call", "power cut in the middle of a vote log call",
    "restart with a lock",      "restart with a block that was never shown"};

}  // namespace sluice::simulation
