/// Every bound and every default time of consensus, with its reason.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/limits.hpp"
#include "core/time.hpp"

namespace sluice::consensus::limits {

/// Heights beyond the head for which votes and proposals are kept. A replica further behind imports instead.
inline constexpr std::uint64_t height_window = 8;
/// Views on either side of the own one for which votes are kept; VIEW-CHANGEs are kept at any distance.
inline constexpr std::uint64_t view_window = 8;
/// Payload bytes of proposals kept from one primary: the one at work and one to come.
inline constexpr std::size_t proposal_bytes_per_sender_max = 2 * core::limits::block_bytes_max;
/// Payload bytes of all proposals and fetched bodies. The least useful one leaves first.
inline constexpr std::size_t proposal_bytes_max = 8 * core::limits::block_bytes_max;
/// Equivocations kept; one per validator, height, view and type.
inline constexpr std::size_t evidence_max = 256;
/// Bodies checked and found good that are remembered for the height at work.
inline constexpr std::size_t checked_bodies_max = 32;
/// Blocks whose digest and append time are remembered, to judge certificates and laggards.
inline constexpr std::size_t recent_blocks = 64;
/// Validator sets whose heights the verifier remembers.
inline constexpr std::size_t validator_history_max = 64;
/// Commit times that the median is taken from.
inline constexpr std::size_t commit_times = 32;
/// Fewer commit times than this say nothing about the pace of the network.
inline constexpr std::size_t commit_times_min = 8;

/// View timer: first value, its ceiling, and its growth per view change (3/2).
inline constexpr core::Duration view_timeout_base = core::seconds(2);
inline constexpr core::Duration view_timeout_max = core::seconds(16);
/// Lower bound of the time that a primary has to propose executable work.
inline constexpr core::Duration proposal_timeout_min = core::milliseconds(250);
inline constexpr std::int64_t proposal_timeout_commits = 8;
/// What was not answered is sent again after this long.
inline constexpr core::Duration resend_interval = core::seconds(2);
/// The own execution of one proposal may take this long; it does not count against the primary.
inline constexpr core::Duration execution_time_max = core::seconds(10);
/// A peer that speaks of an old height or view is answered at most once in this time.
inline constexpr core::Duration answer_interval = core::seconds(1);
/// A VIEW-CHANGE is issued anew for a later height at most once in this time.
inline constexpr core::Duration view_change_interval = core::seconds(1);
/// Messages for a height finalised less than this ago are late, not a sign of a laggard.
inline constexpr core::Duration laggard_age = core::milliseconds(500);

static_assert(view_timeout_base < view_timeout_max);
static_assert(answer_interval < resend_interval, "a laggard that sends again is answered");
static_assert(proposal_bytes_per_sender_max <= proposal_bytes_max);

}  // namespace sluice::consensus::limits
