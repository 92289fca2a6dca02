#include "node/block_pipeline.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/check.hpp"
#include "core/limits.hpp"

namespace sluice::node {
namespace {

/// No transaction costs less (Yellow Paper G_transaction): bounds how many candidates can fit a block.
constexpr core::Gas transaction_gas_min = 21'000;

}  // namespace

BlockPipeline::BlockPipeline(Setup setup, Mempool& pool, Workers& workers)
    : chain_(setup.chain),
      self_(setup.self),
      head_(std::move(setup.head)),
      pool_(pool),
      workers_(workers),
      executor_(std::move(setup.executor)) {}

void BlockPipeline::build(core::Height height, core::View view, bool allow_empty, core::UnixMs wall_ms) {
    if (height != next_height()) return;
    build_ = Build{view, allow_empty, wall_ms};
    start_next();
}

void BlockPipeline::check(core::Height height, const core::Hash& digest, core::SharedBytes payload,
                          core::UnixMs wall_ms) {
    if (height != next_height()) return;
    const auto [place, is_new] = works_.try_emplace(digest);
    Work& work = place->second;
    work.verdict_wanted = true;
    if (is_new) {
        work.payload = std::move(payload);
        work.wall_ms = wall_ms;
        start_decoding(digest, work);
    } else if (work.stage == Stage::refused && !work.certificate) {
        // What was refused for its time may be acceptable by now.
        work.stage = Stage::decoding;
        work.wall_ms = wall_ms;
        start_decoding(digest, work);
    } else {
        report_verdict(digest, work);
    }
    start_next();
}

void BlockPipeline::finalize(core::Height height, const core::Hash& digest, core::SharedBytes payload,
                             core::CommitCertificate certificate, core::UnixMs wall_ms) {
    if (height != next_height()) return;
    const auto [place, is_new] = works_.try_emplace(digest);
    Work& work = place->second;
    work.certificate = std::move(certificate);
    if (is_new || work.stage == Stage::refused) {
        work.payload = std::move(payload);
        work.wall_ms = wall_ms;
        work.stage = Stage::decoding;
        start_decoding(digest, work);
    }
    start_next();
}

void BlockPipeline::import(CertifiedBlock block, const core::Address& from) {
    CHECK(!decoding_import_);
    decoding_import_ = next_height();
    workers_.start(Lane::compute, DecodeBlock{.digest = {},
                                              .encoded = std::move(block.block),
                                              .certificate = std::move(block.certificate),
                                              .chain = chain_,
                                              .validators = head_.validators,
                                              .from = from});
}

void BlockPipeline::start_decoding(const core::Hash& digest, Work& work) {
    workers_.start(Lane::compute, DecodeBlock{.digest = digest,
                                              .encoded = work.payload,
                                              .certificate = nullptr,
                                              .chain = chain_,
                                              .validators = head_.validators,
                                              .from = {}});
}

bool BlockPipeline::is_busy_importing() const {
    return decoding_import_.has_value() || std::any_of(works_.begin(), works_.end(), [](const auto& work) {
               return work.second.certificate.has_value();
           });
}

void BlockPipeline::take_import(BlockDecoded result) {
    CHECK(decoding_import_.has_value());
    const auto asked_for = *std::exchange(decoding_import_, std::nullopt);
    if (!result.block || result.block->header.height != next_height()) {
        // A block that became final by voting meanwhile is nobody's fault.
        if (result.certificate && result.certificate->height == asked_for && asked_for < next_height())
            return;
        if (result.fault.empty()) result.fault = "not the height that was asked for";
        events_.push_back(ImportRefused{result.from, next_height(), std::move(result.fault)});
        return;
    }
    Work& work = works_[result.digest];
    work.certificate = result.certificate;
    if (work.stage == Stage::executing || work.stage == Stage::executed) return;
    work.stage = Stage::decoded;
    work.payload = result.encoded;
    work.decoded = std::move(result);
}

void BlockPipeline::on_done(BlockDecoded result) {
    if (result.is_import) {
        take_import(std::move(result));
        return start_next();
    }
    const auto found = works_.find(result.digest);
    if (found == works_.end() || found->second.stage != Stage::decoding) return;
    Work& work = found->second;
    if (!result.block) {
        refuse(result.digest, work, std::move(result.fault));
    } else {
        work.stage = Stage::decoded;
        work.decoded = std::move(result);
    }
    start_next();
}

void BlockPipeline::start_next() {
    if (!executor_ || appending_) return;
    for (auto& [digest, work] : works_)
        if (work.certificate && work.stage == Stage::executed) return start_append(work);
    for (auto& [digest, work] : works_)
        if (work.certificate && work.stage == Stage::decoded) return start_check(digest, work);
    for (auto& [digest, work] : works_)
        if (work.stage == Stage::decoded) return start_check(digest, work);
    if (build_) start_build(*std::exchange(build_, std::nullopt));
}

void BlockPipeline::start_build(const Build& build) {
    const std::size_t count_max = std::min<std::size_t>(core::limits::block_transactions_max,
                                                        head_.header.gas_limit / transaction_gas_min);
    auto candidates = pool_.executable(count_max, core::limits::block_bytes_max);
    if (candidates.empty() && !build.allow_empty && !is_due(build.wall_ms)) {
        events_.push_back(NothingToBuild{next_height(), build.view});
        return;
    }
    workers_.start(Lane::compute,
                   BuildBlock{.executor = std::move(executor_),
                              .head = head_,
                              .chain_id = chain_.chain_id,
                              .miner = self_,
                              .view = build.view,
                              .time_ms = std::max(build.wall_ms, core::time_ms_of(head_.header) + 1),
                              .candidates = std::move(candidates),
                              .allow_empty = build.allow_empty});
}

void BlockPipeline::on_done(BlockBuilt result) {
    executor_ = std::move(result.executor);
    for (const auto& hash : result.invalid)
        pool_.drop(hash);
    if (result.money_violated) {
        events_.push_back(PipelineFatal{"money was not conserved in a block built here"});
        return;
    }
    if (!result.block) {
        events_.push_back(NothingToBuild{next_height(), result.view});
        return start_next();
    }
    const auto& header = result.block->block.header;
    if (header.height == next_height() && header.parent_hash == head_.hash) {
        Work& work = works_[result.block->hash];
        work.stage = Stage::executed;
        work.payload = result.block->encoded;
        work.miner = header.miner;
        work.executed = result.block;
        events_.push_back(
            ProposalReady{header.height, result.view, result.block->hash, result.block->encoded});
    }
    start_next();
}

void BlockPipeline::start_check(const core::Hash& digest, Work& work) {
    work.stage = Stage::executing;
    work.checked_as_final = work.certificate.has_value();
    CheckBlock task{.executor = std::move(executor_),
                    .head = head_,
                    .chain_id = chain_.chain_id,
                    .wall_ms = work.wall_ms,
                    .is_final = work.checked_as_final,
                    .digest = digest,
                    .encoded = work.payload,
                    .block = std::move(*work.decoded->block),
                    .known = {}};
    for (const auto& hash : work.decoded->transaction_hashes)
        task.known.push_back(pool_.find(hash));
    work.decoded.reset();
    workers_.start(Lane::compute, std::move(task));
}

void BlockPipeline::on_done(BlockChecked result) {
    executor_ = std::move(result.executor);
    recovered_ += result.recovered;
    const auto found = works_.find(result.digest);
    if (found == works_.end() || found->second.stage != Stage::executing) return start_next();
    Work& work = found->second;
    work.miner = result.miner;
    if (result.money_violated) {
        events_.push_back(PipelineFatal{"money was not conserved in a proposed block"});
        return;
    }
    if (!result.block && work.certificate && !work.checked_as_final) {
        // It became final while it was being checked as a proposal, against the local clock.
        work.stage = Stage::decoding;
        start_decoding(result.digest, work);
    } else if (!result.block) {
        refuse(result.digest, work, std::move(result.fault));
    } else {
        work.stage = Stage::executed;
        work.executed = std::move(result.block);
        report_verdict(result.digest, work);
    }
    start_next();
}

void BlockPipeline::refuse(const core::Hash& digest, Work& work, std::string fault) {
    work.stage = Stage::refused;
    work.fault = std::move(fault);
    if (work.certificate)
        events_.push_back(PipelineFatal{
            fmt::format("a quorum made block {} of height {} final, and it does not execute here: {}",
                        core::to_hex_0x(digest), next_height(), work.fault)});
    report_verdict(digest, work);
}

void BlockPipeline::report_verdict(const core::Hash& digest, Work& work) {
    if (!work.verdict_wanted || (work.stage != Stage::executed && work.stage != Stage::refused)) return;
    work.verdict_wanted = false;
    events_.push_back(
        ProposalVerdict{next_height(), digest, work.stage == Stage::executed, work.miner, work.fault});
}

void BlockPipeline::start_append(Work& work) {
    appending_ = true;
    workers_.start(Lane::disk, AppendBlock{work.executed, *work.certificate});
}

void BlockPipeline::on_done(BlockAppendedToLedger result) {
    CHECK(executor_ != nullptr);
    const auto& block = *result.block;
    executor_->state.advance(block.state);
    head_ = {block.block.header, block.hash, block.next_validators, block.next_due, block.queues};
    works_.clear();
    build_.reset();
    appending_ = false;
    pool_.remove_mined(block.block.transactions);
    for (const auto& [address, balance] : block.balances)
        pool_.retest_funds(address, balance);
    events_.push_back(
        BlockDurable{std::move(result.block), std::move(result.certificate), std::move(result.snapshot)});
}

}  // namespace sluice::node
