#include "tests/ledger/chain_builder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "core/merkle.hpp"
#include "core/state_root.hpp"

namespace sluice::ledger::test {

namespace {

core::Bytes random_bytes(std::mt19937_64& random, std::size_t count) {
    core::Bytes bytes(count);
    for (auto& byte : bytes)
        byte = static_cast<std::uint8_t>(random());
    return bytes;
}

/// Well formed and different each time; nobody has signed it, which the ledger does not ask.
core::TransactionPtr random_transaction(std::mt19937_64& random, std::size_t data_bytes) {
    core::Transaction transaction;
    transaction.type = random() % 2 ? core::TransactionType::legacy : core::TransactionType::dynamic_fee;
    transaction.chain_id = 7;
    transaction.nonce = random();
    transaction.gas_limit = 21'000;
    transaction.to = address(random() % 100);
    transaction.data = random_bytes(random, random() % (data_bytes + 1));
    transaction.signature.r[31] = 1;
    transaction.signature.s[31] = 1;
    auto recovered = std::make_shared<core::RecoveredTransaction>();
    recovered->transaction = transaction;
    recovered->encoded = core::share(core::encode(transaction));
    recovered->hash = core::keccak256(*recovered->encoded);
    return recovered;
}

core::Receipt random_receipt(std::mt19937_64& random, const core::Transaction& transaction,
                             core::Gas gas_before) {
    core::Receipt receipt;
    receipt.type = static_cast<std::uint8_t>(transaction.type);
    receipt.succeeded = random() % 4 != 0;
    receipt.cumulative_gas_used = gas_before + 21'000 + random() % 1000;
    for (std::uint64_t i = random() % 3; i > 0; --i)
        receipt.logs.push_back(
            {address(random() % 5), {word(random() % 9)}, random_bytes(random, random() % 60)});
    receipt.bloom = core::bloom_of(receipt.logs);
    return receipt;
}

crypto::PrivateKey key_of(std::uint64_t number) {
    return crypto::PrivateKey(word(number + 1));
}

core::ValidatorSet set_of(std::uint64_t first, std::uint64_t count) {
    std::vector<core::Address> members;
    for (std::uint64_t i = first; i < first + count; ++i)
        members.push_back(crypto::address_of(key_of(i)));
    return *core::ValidatorSet::make(members);
}

core::Header header_on(core::Height height, const core::Hash& parent, const core::ValidatorSet& now,
                       const core::ValidatorSet& next) {
    core::Header header;
    header.height = height;
    header.parent_hash = parent;
    header.timestamp = 1'700'000'000 + height;
    header.extra_data = core::encode(core::ExtraData{1, header.timestamp * 1000, now.hash(), next.hash()});
    header.mix_hash = core::mix_hash_after(parent);
    header.requests_hash = core::empty_requests_hash;
    header.base_fee = core::base_fee_wei;
    return header;
}

core::StateDiff diff_of(const Model& model) {
    core::StateDiff diff;
    for (const auto& [where, held] : model) {
        core::AccountChange change{where, held.account, false, {}, nullptr};
        for (const auto& [key, value] : held.storage)
            change.slots.push_back({key, value});
        diff.accounts.push_back(std::move(change));
    }
    return diff;
}

core::AccountChange random_change(const core::Address& where, const ModelAccount* before,
                                  std::mt19937_64& random, const DiffSize& size) {
    core::AccountChange change{where, std::nullopt, false, {}, nullptr};
    if (before != nullptr && size.deletions && random() % 12 == 0) return change;
    change.account = before != nullptr ? before->account : core::Account{};
    change.account->nonce += 1;
    change.account->balance = core::Uint256(random());
    if (random() % 6 == 0) {
        change.code = core::share(random_bytes(random, 1 + random() % 100));
        change.account->code_hash = core::keccak256(*change.code);
    }
    change.storage_cleared = before != nullptr && size.deletions && random() % 12 == 0;
    std::set<core::Word> keys;
    for (std::uint64_t i = random() % (size.slots + 1); i > 0; --i)
        keys.insert(word(random() % size.slot_space));
    for (const core::Word& key : keys) {
        const bool held = before != nullptr && !change.storage_cleared && before->storage.contains(key);
        core::Word value =
            random() % 4 == 0 ? core::Word{} : word(random() % 1000 ? random() : 1 + random() % 200);
        if (held && before->storage.at(key) == value) value = core::Word{};
        if (held || value != core::Word{}) change.slots.push_back({key, value});
    }
    return change;
}

}  // namespace

core::Address address(std::uint64_t number) {
    core::Address made{};
    made[0] = static_cast<std::uint8_t>(number * 37);
    made[18] = static_cast<std::uint8_t>(number >> 8);
    made[19] = static_cast<std::uint8_t>(number);
    return made;
}
core::Word word(std::uint64_t number) {
    return core::word_from_u64(number);
}
core::Account account(std::uint64_t nonce, std::uint64_t balance) {
    return {nonce, balance, core::empty_code_hash};
}

void apply_diff(Model& model, const core::StateDiff& diff) {
    for (const core::AccountChange& change : diff.accounts) {
        if (!change.account) {
            model.erase(change.address);
            continue;
        }
        ModelAccount& held = model[change.address];
        held.account = *change.account;
        if (change.storage_cleared) held.storage.clear();
        for (const core::SlotChange& slot : change.slots) {
            held.storage.erase(slot.key);
            if (slot.value != core::Word{}) held.storage.emplace(slot.key, slot.value);
        }
    }
}

core::Hash state_root(const Model& model) {
    return core::state_root_of(diff_of(model));
}

core::Hash storage_root(const ModelAccount& account) {
    std::map<core::Hash, core::Bytes> leaves;
    for (const auto& [key, value] : account.storage)
        leaves[core::keccak256(key)] = core::encode_storage_value(value);
    std::vector<core::merkle::Change> changes;
    for (const auto& [hash, leaf] : leaves)
        changes.push_back({hash, leaf});
    return core::merkle::Trie().with(changes, core::merkle::no_source()).root();
}

testing::AssertionResult reads_as(const core::StateView& view, const Model& model) {
    for (std::uint64_t i = 0; i < 16; ++i) {
        const core::Address where = address(i);
        const auto held = model.find(where);
        const bool exists = held != model.end();
        const auto expected = exists ? std::optional(held->second.account) : std::nullopt;
        if (view.account(where) != expected) return testing::AssertionFailure() << "account " << i;
        if (view.has_storage(where) != (exists && !held->second.storage.empty()))
            return testing::AssertionFailure() << "has_storage of account " << i;
        if (exists && !view.code(held->second.account.code_hash))
            return testing::AssertionFailure() << "code of account " << i;
        for (std::uint64_t key = 0; key < 44; ++key) {
            core::Word value{};
            if (exists && held->second.storage.contains(word(key)))
                value = held->second.storage.at(word(key));
            if (view.storage(where, word(key)) != value)
                return testing::AssertionFailure() << "slot " << key << " of account " << i;
        }
    }
    return testing::AssertionSuccess();
}

core::StateDiff random_diff(const Model& model, std::mt19937_64& random, const DiffSize& size) {
    std::set<core::Address> touched;
    for (std::size_t i = 0; i < size.accounts; ++i)
        touched.insert(address(random() % size.address_space));
    core::StateDiff diff;
    for (const core::Address& where : touched) {
        const auto held = model.find(where);
        diff.accounts.push_back(
            random_change(where, held == model.end() ? nullptr : &held->second, random, size));
    }
    return diff;
}

Chain::Chain(std::uint64_t seed)
    : random_(seed),
      validators_(set_of(0, 4)),
      next_validators_(validators_),
      genesis_{{}, {}, validators_, {{core::to_bytes(core::view("genesis")), {1}}}} {
    for (std::uint64_t i = 0; i < 6; ++i)
        keys_.push_back(key_of(i));
    genesis_.state = random_diff({}, random_, {.accounts = 8});
    apply_diff(genesis_model_, genesis_.state);
    genesis_.header = header_on(0, {}, validators_, validators_);
    genesis_.header.state_root = state_root(genesis_model_);
    genesis_hash_ = core::hash_of(genesis_.header);
    identity_ = {7, genesis_hash_};
}

void Chain::change_validators() {
    next_validators_ = set_of(0, next_validators_.size() == 4 ? 5 : 4);
}

core::CommitCertificate Chain::certify(const core::Header& header, const core::Hash& hash) {
    core::CommitCertificate certificate{header.height, header.height % 3, hash, {}};
    const core::VoteSubject subject{core::VoteType::commit, header.height, certificate.view, hash,
                                    validators_.hash()};
    const core::Hash digest = core::signing_digest(identity_, subject);
    for (const crypto::PrivateKey& key : keys_) {
        const auto index = validators_.index_of(crypto::address_of(key));
        if (index) certificate.signatures.push_back({*index, crypto::sign(digest, key)});
        if (certificate.signatures.size() == validators_.quorum()) break;
    }
    std::sort(certificate.signatures.begin(), certificate.signatures.end(),
              [](const auto& a, const auto& b) { return a.index < b.index; });
    return certificate;
}

BlockRecord Chain::block(const core::Header& parent, PreparedState state, std::size_t transactions,
                         std::size_t data_bytes) {
    core::Block block;
    block.header = header_on(parent.height + 1, core::hash_of(parent), validators_, next_validators_);
    block.header.state_root = state.state_root();
    std::vector<core::Receipt> receipts;
    std::vector<core::Bytes> encoded;
    std::vector<core::Hash> hashes;
    for (std::size_t i = 0; i < transactions; ++i) {
        block.transactions.push_back(random_transaction(random_, data_bytes));
        hashes.push_back(block.transactions.back()->hash);
        receipts.push_back(
            random_receipt(random_, block.transactions.back()->transaction, block.header.gas_used));
        encoded.push_back(core::encode(receipts.back()));
        block.header.gas_used = receipts.back().cumulative_gas_used;
        block.header.bloom = core::operator|(block.header.bloom, receipts.back().bloom);
    }
    block.header.transactions_root = core::transactions_root(block.transactions);
    const std::vector<core::ByteView> views(encoded.begin(), encoded.end());
    block.header.receipts_root = core::merkle::ordered_root(views);
    const core::Hash hash = core::hash_of(block.header);
    core::Bytes index_key{'h'};
    core::append_be64(index_key, block.header.height);
    BlockRecord record{block.header,
                       hash,
                       core::share(core::encode(block)),
                       std::move(hashes),
                       certify(block.header, hash),
                       std::move(receipts),
                       std::move(state),
                       next_validators_,
                       {{index_key, core::to_bytes(hash)}}};
    validators_ = next_validators_;
    return record;
}

GrowingLedger::GrowingLedger(KvStore& store, const LedgerOptions& options, std::uint64_t seed)
    : store_(store), chain_(seed) {
    auto created = Ledger::create(store, chain_.genesis(), options);
    EXPECT_TRUE(created.has_value()) << (created ? "" : created.error().detail);
    if (!created) return;
    opened_.emplace(std::move(*created));
    models_.push_back(chain_.genesis_model());
    hashes_.push_back(chain_.genesis_hash());
}

BlockRecord GrowingLedger::next_block(const core::StateDiff& diff, std::size_t transactions) {
    return chain_.block(snapshot()->head(), state().prepare(diff), transactions);
}

void GrowingLedger::append(const BlockRecord& record, const core::StateDiff& diff) {
    ledger().append(record);
    state().advance(record.state);
    models_.push_back(models_.back());
    test::apply_diff(models_.back(), diff);
    hashes_.push_back(record.hash);
}

void GrowingLedger::grow(const DiffSize& size, std::size_t transactions) {
    const core::StateDiff diff = random_diff(models_.back(), chain_.random(), size);
    append(next_block(diff, transactions), diff);
}

void GrowingLedger::reopen(const LedgerOptions& options) {
    opened_.reset();
    auto opened = Ledger::open(store_, chain_.genesis_hash(), std::nullopt, options);
    ASSERT_TRUE(opened.has_value()) << opened.error().detail;
    opened_.emplace(std::move(*opened));
}

}  // namespace sluice::ledger::test
