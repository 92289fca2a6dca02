#include "ledger/verify.hpp"

#include "core/receipt.hpp"
#include "core/rlp.hpp"
#include "ledger/block_store.hpp"
#include "ledger/fault_list.hpp"
#include "ledger/schema.hpp"
#include "ledger/state_import.hpp"
#include "ledger/verify_state.hpp"

namespace sluice::ledger {

namespace {

/// Blocks between two calls of `progress`.
constexpr core::Height progress_step = 256;

class BlockVerification {
  public:
    BlockVerification(const KvReader& rows, const VerifyOptions& options, FaultList& faults)
        : rows_(rows), options_(options), faults_(faults) {}

    /// Returns the number of transactions.
    std::uint64_t check(core::Height height);
    /// A block of which only header and certificate are kept.
    void check_without_body(core::Height height);
    /// Nothing is known of the block before the next one checked.
    void skip() { previous_hash_.reset(); }

  private:
    void check_header(core::Height height, const core::Header& header, const core::Hash& hash);
    void check_transactions(const core::EncodedBlock& block, core::ByteView encoded);
    void check_receipts(const core::EncodedBlock& block);
    void check_validators(const core::Header& header);
    void check_certificate(core::Height height, const core::Hash& hash);
    void fault(core::Height height, std::string what) { faults_.add(height, std::move(what)); }

    const KvReader& rows_;
    const VerifyOptions& options_;
    FaultList& faults_;
    std::optional<core::Hash> previous_hash_;
    std::uint64_t previous_time_ms_ = 0;
};

std::uint64_t BlockVerification::check(core::Height height) {
    const auto encoded = read_encoded_block(rows_, height);
    const auto block =
        encoded ? core::decode_block(*encoded)
                : core::Result<core::EncodedBlock, core::BlockError>(core::fail(core::BlockError::malformed));
    if (!block) {
        fault(height, encoded ? "the block cannot be decoded" : "the block is missing");
        // The header may still carry the chain on.
        const auto header = read_encoded_header(rows_, height);
        previous_hash_ = header ? std::optional(core::keccak256(*header)) : std::nullopt;
        return 0;
    }
    check_header(height, block->header, block->hash);
    check_transactions(*block, *encoded);
    check_receipts(*block);
    check_validators(block->header);
    if (height > 0) check_certificate(height, block->hash);
    previous_hash_ = block->hash;
    return block->transactions.size();
}

void BlockVerification::check_without_body(core::Height height) {
    const auto header = read_header(rows_, height);
    if (!header) {
        previous_hash_.reset();
        return fault(height, "the header is missing");
    }
    const core::Hash hash = core::hash_of(*header);
    check_header(height, *header, hash);
    check_validators(*header);
    check_certificate(height, hash);
    previous_hash_ = hash;
}

void BlockVerification::check_header(core::Height height, const core::Header& header,
                                     const core::Hash& hash) {
    if (header.height != height) fault(height, "the header names another height");
    if (previous_hash_ && header.parent_hash != *previous_hash_)
        fault(height, "the parent hash is not that of the block before");
    const auto row = read_encoded_header(rows_, height);
    if (!row || core::keccak256(*row) != hash) fault(height, "the header row differs from the block");
    if (read_block_height(rows_, hash) != height) fault(height, "the block hash is not indexed");
    const std::uint64_t time_ms = core::time_ms_of(header);
    if (height > 0 && previous_hash_ && time_ms <= previous_time_ms_) fault(height, "time did not grow");
    previous_time_ms_ = time_ms;
}

void BlockVerification::check_transactions(const core::EncodedBlock& block, core::ByteView encoded) {
    const core::Height height = block.header.height;
    if (core::transactions_root(block.transactions) != block.header.transactions_root)
        fault(height, "the transactions root does not fit");
    const auto ranges = transaction_ranges(encoded);
    if (!ranges || ranges->size() != block.transactions.size())
        return fault(height, "the transactions cannot be located");
    for (std::uint32_t index = 0; index < ranges->size(); ++index) {
        const core::Hash hash = core::keccak256(*block.transactions[index]);
        const TransactionPlace expected{height, index, (*ranges)[index].offset, (*ranges)[index].size};
        if (read_transaction_place(rows_, hash) != expected)
            fault(height, "transaction " + core::to_hex_0x(hash) + " is not indexed where it is");
    }
}

void BlockVerification::check_receipts(const core::EncodedBlock& block) {
    const core::Height height = block.header.height;
    const std::vector<core::Bytes> encoded = read_encoded_receipts(rows_, height);
    if (encoded.size() != block.transactions.size()) return fault(height, "receipts are missing");
    const std::vector<core::ByteView> views(encoded.begin(), encoded.end());
    if (core::merkle::ordered_root(views) != block.header.receipts_root)
        fault(height, "the receipts root does not fit");
    core::Bloom bloom{};
    core::Gas gas_used = 0;
    for (const core::Bytes& bytes : encoded) {
        const auto receipt = core::decode_receipt(bytes);
        if (!receipt) return fault(height, "a receipt cannot be decoded");
        bloom = core::operator|(bloom, receipt->bloom);
        gas_used = receipt->cumulative_gas_used;
    }
    if (bloom != block.header.bloom) fault(height, "the bloom is not that of the receipts");
    if (gas_used != block.header.gas_used) fault(height, "gas used is not that of the receipts");
}

void BlockVerification::check_validators(const core::Header& header) {
    const auto extra = core::decode_extra_data(header.extra_data);
    if (!extra) return fault(header.height, "extra data cannot be decoded");
    const auto now = read_validators(rows_, header.height);
    const auto next = read_validators(rows_, header.height + 1);
    if (!now || now->hash() != extra->validators_hash)
        fault(header.height, "the validator set is not the one that the header names");
    if (!next || next->hash() != extra->next_validators_hash)
        fault(header.height, "the next validator set is not the one that the header names");
}

void BlockVerification::check_certificate(core::Height height, const core::Hash& hash) {
    const auto certificate = read_certificate(rows_, height);
    if (!certificate) return fault(height, "the certificate is missing");
    if (certificate->height != height || certificate->block_hash != hash)
        return fault(height, "the certificate is for another block");
    const auto validators = read_validators(rows_, height);
    if (!options_.chain || !validators) return;
    const auto verified = core::verify(*certificate, *options_.chain, *validators);
    if (!verified)
        fault(height, "the certificate does not verify: " + std::string(core::describe(verified.error())));
}

/// Rows of an index that point outside the chain are leftovers of something that must not happen.
std::uint64_t count_rows(const KvReader& rows, schema::Row row) {
    std::uint64_t count = 0;
    for (auto cursor = rows.cursor(schema::Key(row)); cursor->valid(); cursor->next())
        ++count;
    return count;
}

/// Places of transactions whose bodies have gone are kept, and are counted apart.
std::uint64_t count_transactions(const KvReader& rows, core::Height first_body) {
    std::uint64_t count = 0;
    for (auto cursor = rows.cursor(schema::Key(schema::Row::transaction)); cursor->valid(); cursor->next())
        if (cursor->value().size() < 8 || core::read_be64(cursor->value().data()) >= first_body) ++count;
    return count;
}

void verify_blocks(const KvReader& rows, const VerifyOptions& options, VerifyReport& report,
                   FaultList& faults) {
    BlockVerification blocks(rows, options, faults);
    const KeptBlocks kept = read_kept_blocks(rows);
    report.first_body = kept.first_body;
    std::uint64_t headers = 0;
    for (core::Height height = 0; height <= report.head; ++height) {
        // Below the first header only genesis and the changes of the validators are kept.
        const bool may_be_absent = height != 0 && height < kept.first_header;
        if (may_be_absent && !rows.get(schema::header_key(height))) {
            blocks.skip();
            continue;
        }
        ++headers;
        faults.guard(height, [&] {
            if (height != 0 && height < kept.first_body)
                blocks.check_without_body(height);
            else
                report.transactions += blocks.check(height);
        });
        if (options.progress && height % progress_step == 0) options.progress("blocks", height, report.head);
    }
    faults.guard(report.head, [&] {
        if (count_rows(rows, schema::Row::block_height) != headers)
            faults.add(report.head, "the index of block hashes has rows too many or too few");
        if (count_transactions(rows, kept.first_body) != report.transactions)
            faults.add(report.head, "the index of transactions has rows too many or too few");
    });
}

void verify_all(const KvReader& rows, const VerifyOptions& options, VerifyReport& report, FaultList& faults) {
    const auto head = read_head(rows);
    if (!head || read_format(rows) != schema::format_version)
        return faults.add(0, "the database holds no ledger of this format");
    if (is_unfinished_join(rows)) return faults.add(0, "joining from a snapshot was cut short");
    report.head = head->height;
    verify_blocks(rows, options, report, faults);
    const auto header = read_header(rows, head->height);
    if (!header || core::hash_of(*header) != head->hash)
        return faults.add(head->height, "the head row does not fit the newest block");
    verify_state(rows, *header, options, report, faults);
}

}  // namespace

VerifyReport verify_database(const KvStore& store, const VerifyOptions& options) {
    VerifyReport report;
    FaultList faults(options.faults_max);
    const KvSnapshot rows = store.snapshot();
    faults.guard(0, [&] { verify_all(*rows, options, report, faults); });
    report.faults_found = faults.found();
    report.faults = faults.take();
    return report;
}

}  // namespace sluice::ledger
