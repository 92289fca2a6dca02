#include "node/join_tasks.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/check.hpp"
#include "core/merkle.hpp"
#include "node/block_index.hpp"

namespace sluice::node {
namespace {

using Fault = std::string;
template <typename T>
using Checked = core::Result<T, Fault>;

/// The link has been followed, so its parts decode.
ledger::ValidatorChange change_of(const core::TrustLink& link, const core::ValidatorSet& next) {
    auto header = core::decode_header(link.header);
    auto certificate = core::decode_commit_certificate(link.certificate);
    CHECK(header && certificate);
    return {std::move(*header), std::move(*certificate), next};
}

/// Between two changes of the validators the trusted block must name the set that the links lead to: so keys
/// of earlier validators, whatever they sign, lead nowhere else. `limit` is the next change, or the block
/// offered.
Checked<void> pass_trusted(const JoinRoots& roots, const JoinTrust& trust, core::Height limit,
                           core::ByteView encoded) {
    if (!roots.trusted || roots.trusted->height <= trust.known.height || roots.trusted->height >= limit)
        return {};
    const auto header = core::decode_header(encoded);
    if (!header || core::hash_of(*header) != roots.trusted->hash)
        return core::fail(fmt::format("it does not show the trusted block {}", roots.trusted->height));
    const auto extra = core::decode_extra_data(header->extra_data);
    const core::Hash known = trust.known.next_validators.hash();
    if (!extra || extra->validators_hash != known || extra->next_validators_hash != known)
        return core::fail(fmt::format("its links lead to other validators than those of the trusted block {}",
                                      roots.trusted->height));
    return {};
}

/// A block of the trusted one's height is that one.
bool is_other_than_trusted(const JoinRoots& roots, core::Height height, const core::Hash& hash) {
    return roots.trusted && roots.trusted->height == height && roots.trusted->hash != hash;
}

/// Each link must be sealed by the set before it, and lie at or below the offered height if that is known.
Checked<JoinTrust> follow_links(const CheckOffer& task) {
    JoinTrust trust = task.trust;
    for (const core::TrustLink& link : task.offer.links) {
        const auto header = core::decode_header(link.header);
        if (!header) return core::fail(Fault("a link holds no header"));
        if (!task.offer.more_links && header->height > task.offer.height)
            return core::fail(Fault("a link lies above the block offered"));
        if (auto passed = pass_trusted(*task.roots, trust, header->height, task.offer.trusted_header);
            !passed)
            return core::fail(passed.error());
        if (is_other_than_trusted(*task.roots, header->height, core::hash_of(*header)))
            return core::fail(Fault("a link is not the trusted block of its height"));
        auto next = core::follow_trust_path({link}, trust.known);
        if (!next) return core::fail(next.error().sentence);
        trust.changes.push_back(change_of(link, *next));
        trust.known.height = header->height;
        trust.known.header_hash = core::hash_of(*header);
        trust.known.next_validators = std::move(*next);
    }
    return trust;
}

/// The set that seals the offered block: the one before a change that this block itself makes.
core::ValidatorSet sealing_set(const JoinRoots& roots, const JoinTrust& trust, core::Height height) {
    const auto& changes = trust.changes;
    for (auto change = changes.rbegin(); change != changes.rend(); ++change)
        if (change->header.height < height) return change->next_validators;
    return roots.validators;
}

/// Everything that the header of a certified block commits to.
Checked<core::EncodedBlock> check_block(const SnapshotOffer& offer, const core::ChainIdentity& chain,
                                        const core::ValidatorSet& sealing, const core::ValidatorSet& next) {
    const auto certificate = core::decode_commit_certificate(*offer.block.certificate);
    auto block = core::decode_block(*offer.block.block);
    if (!certificate || !block) return core::fail(Fault("its block or certificate cannot be decoded"));
    const auto& header = block->header;
    if (header.height != offer.height || certificate->height != offer.height ||
        certificate->block_hash != block->hash)
        return core::fail(Fault("its certificate is not for the block of the height it names"));
    const auto extra = core::decode_extra_data(header.extra_data);
    if (!extra || extra->validators_hash != sealing.hash() || extra->next_validators_hash != next.hash())
        return core::fail(Fault("its block names other validators than the links lead to"));
    if (const auto sealed = core::verify(*certificate, chain, sealing); !sealed)
        return core::fail(fmt::format("its certificate: {}", core::describe(sealed.error())));
    if (core::transactions_root(block->transactions) != header.transactions_root)
        return core::fail(Fault("its transactions are not those of the block"));
    const std::vector<core::ByteView> receipts(offer.receipts.begin(), offer.receipts.end());
    if (receipts.size() != block->transactions.size() ||
        core::merkle::ordered_root(receipts) != header.receipts_root)
        return core::fail(Fault("its receipts are not those of the block"));
    return std::move(*block);
}

Checked<std::vector<core::Receipt>> decode_receipts(const std::vector<core::Bytes>& encoded) {
    std::vector<core::Receipt> receipts;
    for (const auto& bytes : encoded) {
        auto receipt = core::decode_receipt(bytes);
        if (!receipt) return core::fail(Fault("a receipt cannot be decoded"));
        receipts.push_back(std::move(*receipt));
    }
    return receipts;
}

Checked<std::shared_ptr<const ledger::JoinedChain>> check_offer(const CheckOffer& task, JoinTrust trust) {
    const auto& offer = task.offer;
    const auto& trusted = task.roots->trusted;
    if (trusted && offer.height < trusted->height)
        return core::fail(fmt::format("its block {} is older than the trusted block", offer.height));
    if (auto passed = pass_trusted(*task.roots, trust, offer.height, offer.trusted_header); !passed)
        return core::fail(passed.error());
    const auto sealing = sealing_set(*task.roots, trust, offer.height);
    auto block = check_block(offer, task.roots->chain, sealing, trust.known.next_validators);
    if (!block) return core::fail(block.error());
    if (is_other_than_trusted(*task.roots, offer.height, block->hash))
        return core::fail(Fault("its block is not the trusted one"));
    auto receipts = decode_receipts(offer.receipts);
    if (!receipts) return core::fail(receipts.error());
    ledger::JoinedChain chain{.genesis = task.roots->genesis,
                              .genesis_validators = task.roots->validators,
                              .changes = std::move(trust.changes),
                              .head = block->header,
                              .head_hash = block->hash,
                              .certificate = *core::decode_commit_certificate(*offer.block.certificate),
                              .encoded_block = offer.block.block,
                              .transaction_hashes = {},
                              .receipts = std::move(*receipts),
                              .index_rows = {}};
    for (const auto& transaction : block->transactions)
        chain.transaction_hashes.push_back(core::keccak256(*transaction));
    chain.index_rows = block_index_rows(offer.height, chain.receipts);
    return std::make_shared<const ledger::JoinedChain>(std::move(chain));
}

JoinResult perform(CheckOffer task, JoinStorage&) {
    OfferChecked result;
    result.from = task.from;
    auto trust = follow_links(task);
    if (!trust) {
        result.fault = trust.error();
        return result;
    }
    if (task.offer.more_links) {
        if (task.offer.links.empty())
            result.fault = "it promises links and sends none";
        else
            result.trust = std::move(*trust);
        return result;
    }
    auto chain = check_offer(task, std::move(*trust));
    if (chain)
        result.chain = std::move(*chain);
    else
        result.fault = chain.error();
    return result;
}

JoinResult perform(BeginImport task, JoinStorage& storage) {
    const auto& head = task.chain->head;
    storage.import = std::make_unique<ledger::StateImport>(storage.store, head.height, task.chain->head_hash,
                                                           head.state_root);
    return ImportBegun{storage.import->root()};
}

JoinResult perform(TakeParts task, JoinStorage& storage) {
    CHECK(storage.import != nullptr);
    CHECK(task.chunks.size() <= task.wanted.size());
    PartsTaken result;
    result.from = task.from;
    std::size_t taken = 0;
    for (; taken < task.chunks.size() && result.fault.empty(); ++taken) {
        auto below = storage.import->take(task.wanted[taken], task.chunks[taken]);
        if (!below) {
            result.fault = ledger::describe(below.error());
            break;
        }
        std::move(below->begin(), below->end(), std::back_inserter(result.wanted));
    }
    // What was not sent goes first, so that the newest finds are asked for next and few parts wait.
    const auto rest = task.wanted.begin() + static_cast<std::ptrdiff_t>(taken);
    result.wanted.insert(result.wanted.begin(), std::make_move_iterator(rest),
                         std::make_move_iterator(task.wanted.end()));
    result.accounts = storage.import->accounts();
    result.bytes = storage.import->bytes();
    return result;
}

JoinResult perform(FinishImport task, JoinStorage& storage) {
    CHECK(storage.import != nullptr);
    ImportFinished result;
    if (auto done = storage.import->finish(*task.chain, storage.options); !done)
        result.fault = std::move(done.error());
    storage.import.reset();
    return result;
}

}  // namespace

JoinTrust trust_in_genesis(const JoinRoots& roots) {
    return {{.chain = roots.chain,
             .height = 0,
             .header_hash = roots.chain.genesis_hash,
             .next_validators = roots.validators},
            {}};
}

JoinResult run(JoinTask task, JoinStorage& storage) {
    return std::visit([&](auto& concrete) { return perform(std::move(concrete), storage); }, task);
}

}  // namespace sluice::node
