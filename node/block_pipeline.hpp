/// Each block executed once per node: proposals built and checked, final blocks appended, imports verified.
#pragma once

#include <map>
#include <optional>
#include <variant>
#include <vector>

#include "node/mempool.hpp"
#include "node/ports.hpp"
#include "node/tasks.hpp"

namespace sluice::node {

/// What the pipeline has to say after a step, in the order it happened.
struct ProposalReady {
    core::Height height = 0;
    core::View view = 0;
    core::Hash digest{};
    core::SharedBytes payload;
};
struct NothingToBuild {
    core::Height height = 0;
    core::View view = 0;
};
struct ProposalVerdict {
    core::Height height = 0;
    core::Hash digest{};
    bool ok = false;
    core::Address proposer{};
    std::string fault;
};
struct BlockDurable {
    ExecutedBlockPtr block;
    core::CommitCertificate certificate;
    ledger::LedgerSnapshotPtr snapshot;
};
/// A block of sync that does not hold; its sender is to blame.
struct ImportRefused {
    core::Address from{};
    core::Height height = 0;
    std::string fault;
};
/// The node must stop: it disagrees with a quorum, or money was not conserved.
struct PipelineFatal {
    std::string reason;
};
using PipelineEvent =
    std::variant<ProposalReady, NothingToBuild, ProposalVerdict, BlockDurable, ImportRefused, PipelineFatal>;

/// One execution at a time on the one state of the head; everything else of a height waits for it or is
/// dropped when the head moves. Owned by the node's thread.
class BlockPipeline {
  public:
    struct Setup {
        core::ChainIdentity chain;
        core::Address self{};
        ChainHead head;
        ExecutorLoan executor;
    };
    BlockPipeline(Setup setup, Mempool& pool, Workers& workers);

    const ChainHead& head() const { return head_; }
    /// Settlement work is due at `wall_ms`, so a block is.
    bool is_due(core::UnixMs wall_ms) const { return head_.next_due && *head_.next_due <= wall_ms; }

    void build(core::Height height, core::View view, bool allow_empty, core::UnixMs wall_ms);
    void check(core::Height height, const core::Hash& digest, core::SharedBytes payload,
               core::UnixMs wall_ms);
    void finalize(core::Height height, const core::Hash& digest, core::SharedBytes payload,
                  core::CommitCertificate certificate, core::UnixMs wall_ms);
    /// A block from sync, for head + 1; ignored for any other height once it is decoded.
    void import(CertifiedBlock block, const core::Address& from);
    /// A block of head + 1 is known to be final, or one from sync is being verified: ask for no further one
    /// yet.
    bool is_busy_importing() const;

    void on_done(BlockBuilt result);
    void on_done(BlockDecoded result);
    void on_done(BlockChecked result);
    void on_done(BlockAppendedToLedger result);

    /// Signatures that were recovered inside blocks since the last call.
    std::size_t take_recovered() { return std::exchange(recovered_, 0); }
    std::vector<PipelineEvent> take_events() { return std::exchange(events_, {}); }

  private:
    /// How far a block of head + 1 has come.
    enum class Stage { decoding, decoded, executing, executed, refused };
    struct Work {
        Stage stage = Stage::decoding;
        core::SharedBytes payload;
        core::UnixMs wall_ms = 0;
        bool verdict_wanted = false;
        bool checked_as_final = false;  ///< the running check does not look at the local clock
        std::optional<core::CommitCertificate> certificate;  ///< set: the block is final
        std::optional<BlockDecoded> decoded;
        ExecutedBlockPtr executed;
        core::Address miner{};
        std::string fault;
    };
    struct Build {
        core::View view = 0;
        bool allow_empty = false;
        core::UnixMs wall_ms = 0;
    };

    core::Height next_height() const { return head_.header.height + 1; }
    void start_decoding(const core::Hash& digest, Work& work);
    void take_import(BlockDecoded result);
    void start_next();
    void start_build(const Build& build);
    void start_check(const core::Hash& digest, Work& work);
    void start_append(Work& work);
    void refuse(const core::Hash& digest, Work& work, std::string fault);
    void report_verdict(const core::Hash& digest, Work& work);

    core::ChainIdentity chain_;
    core::Address self_;
    ChainHead head_;
    Mempool& pool_;
    Workers& workers_;
    ExecutorLoan executor_;  ///< null while lent to a task
    bool appending_ = false;
    std::optional<core::Height> decoding_import_;  ///< the height that it was asked for
    std::map<core::Hash, Work> works_;             ///< of head + 1
    std::optional<Build> build_;
    std::size_t recovered_ = 0;
    std::vector<PipelineEvent> events_;
};

}  // namespace sluice::node
