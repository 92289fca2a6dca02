#include "ledger/state_records.hpp"

#include <algorithm>

#include "core/check.hpp"
#include "core/rlp.hpp"

namespace sluice::ledger {

namespace {

constexpr std::uint8_t flag_existed = 1;
constexpr std::uint8_t flag_cleared = 2;

/// Hashes that nearly every account has are written as nothing.
void encode_unless(core::Bytes& to, const core::Hash& hash, const core::Hash& usual) {
    core::rlp::encode_bytes(to, hash == usual ? core::ByteView() : core::ByteView(hash));
}

core::Hash hash_or(core::rlp::ListReader& reader, const core::Hash& usual) {
    const core::ByteView bytes = reader.bytes();
    if (bytes.empty()) return usual;
    core::Hash hash{};
    if (bytes.size() != hash.size()) {
        reader.reject(core::rlp::Error::wrong_length);
    } else {
        std::copy(bytes.begin(), bytes.end(), hash.begin());
    }
    return hash;
}

void append_slot(core::Bytes& to, const OverwrittenSlot& slot) {
    core::append(to, slot.slot_hash);
    const core::ByteView value = trimmed(slot.before);
    to.push_back(static_cast<std::uint8_t>(value.size()));
    core::append(to, value);
}

std::optional<OverwrittenAccount> read_account(core::ByteReader& reader) {
    OverwrittenAccount account;
    reader.fill(account.address);
    const std::uint8_t flags = reader.u8();
    account.storage_cleared = (flags & flag_cleared) != 0;
    if (flags & flag_existed) {
        account.before = decode_account_record(reader.take(reader.be16()));
        if (!account.before) return std::nullopt;
    }
    const std::uint32_t slots = reader.be32();
    if (!reader.ok() || slots > reader.rest().size()) return std::nullopt;
    account.slots.reserve(slots);
    for (std::uint32_t i = 0; i < slots; ++i) {
        OverwrittenSlot slot;
        reader.fill(slot.slot_hash);
        const auto before = word_from_trimmed(reader.take(reader.u8()));
        if (!reader.ok() || !before) return std::nullopt;
        slot.before = *before;
        account.slots.push_back(slot);
    }
    return account;
}

}  // namespace

core::Bytes encode(const AccountRecord& record) {
    core::Bytes payload;
    core::rlp::encode_address(payload, record.address);
    core::rlp::encode_u64(payload, record.account.nonce);
    core::rlp::encode_uint256(payload, record.account.balance);
    encode_unless(payload, record.storage_root, core::empty_trie_root);
    encode_unless(payload, record.account.code_hash, core::empty_code_hash);
    core::rlp::encode_u64(payload, record.slots);
    core::rlp::encode_u64(payload, record.slots_high);
    return core::rlp::wrap_list(payload);
}

std::optional<AccountRecord> decode_account_record(core::ByteView encoded) {
    core::rlp::ListReader reader(encoded);
    AccountRecord record;
    record.address = reader.address();
    record.account.nonce = reader.u64();
    record.account.balance = reader.uint256();
    record.storage_root = hash_or(reader, core::empty_trie_root);
    record.account.code_hash = hash_or(reader, core::empty_code_hash);
    record.slots = reader.u64();
    record.slots_high = reader.u64();
    if (!reader.finish()) return std::nullopt;
    return record;
}

core::ByteView trimmed(const core::Word& value) {
    const auto first = std::find_if(value.begin(), value.end(), [](std::uint8_t byte) { return byte != 0; });
    return core::ByteView(value).subspan(static_cast<std::size_t>(first - value.begin()));
}

std::optional<core::Word> word_from_trimmed(core::ByteView bytes) {
    core::Word word{};
    if (bytes.size() > word.size() || (!bytes.empty() && bytes[0] == 0)) return std::nullopt;
    std::copy(bytes.begin(), bytes.end(), word.end() - static_cast<std::ptrdiff_t>(bytes.size()));
    return word;
}

SlotLeaf slot_leaf(const core::Word& value) {
    const core::ByteView bytes = trimmed(value);
    CHECK(!bytes.empty());
    SlotLeaf leaf;
    // RLP: a byte below 0x80 is its own encoding, a short string has its length before it.
    if (bytes.size() > 1 || bytes[0] >= 0x80)
        leaf.bytes[leaf.size++] = static_cast<std::uint8_t>(0x80 + bytes.size());
    std::copy(bytes.begin(), bytes.end(), leaf.bytes.begin() + leaf.size);
    leaf.size = static_cast<std::uint8_t>(leaf.size + bytes.size());
    return leaf;
}

std::optional<core::Word> word_from_leaf(core::ByteView leaf) {
    const auto item = core::rlp::decode_exact(leaf);
    if (!item || item->is_list || item->payload.empty()) return std::nullopt;
    return word_from_trimmed(item->payload);
}

core::Height StateHead::oldest_readable() const {
    return std::min(archive_from, first_diff - 1);
}

std::size_t StateHead::stored_levels(std::uint64_t leaves_high) const {
    std::size_t levels = 0;
    for (; leaves_high >= derived_leaves; leaves_high /= 16)
        ++levels;
    return levels;
}

core::Bytes encode(const StateHead& head) {
    core::Bytes bytes;
    core::append_be64(bytes, head.height);
    core::append(bytes, head.root);
    core::append_be64(bytes, head.stored_height);
    core::append(bytes, head.stored_root);
    core::append_be64(bytes, head.first_diff);
    core::append_be64(bytes, head.archive_from);
    core::append_be64(bytes, head.accounts);
    core::append_be64(bytes, head.accounts_high);
    core::append_be32(bytes, head.derived_leaves);
    return bytes;
}

std::optional<StateHead> decode_state_head(core::ByteView encoded) {
    core::ByteReader reader(encoded);
    StateHead head;
    head.height = reader.be64();
    reader.fill(head.root);
    head.stored_height = reader.be64();
    reader.fill(head.stored_root);
    head.first_diff = reader.be64();
    head.archive_from = reader.be64();
    head.accounts = reader.be64();
    head.accounts_high = reader.be64();
    head.derived_leaves = reader.be32();
    if (!reader.done() || head.first_diff == 0 || head.stored_height > head.height) return std::nullopt;
    if (head.derived_leaves == 0) return std::nullopt;
    return head;
}

core::Bytes encode(const ReverseDiff& diff) {
    core::Bytes bytes;
    core::append_be32(bytes, static_cast<std::uint32_t>(diff.size()));
    for (const OverwrittenAccount& account : diff) {
        core::append(bytes, account.address);
        bytes.push_back(static_cast<std::uint8_t>((account.before ? flag_existed : 0) |
                                                  (account.storage_cleared ? flag_cleared : 0)));
        if (account.before) {
            const core::Bytes record = encode(*account.before);
            core::append_be16(bytes, static_cast<std::uint16_t>(record.size()));
            core::append(bytes, record);
        }
        core::append_be32(bytes, static_cast<std::uint32_t>(account.slots.size()));
        for (const OverwrittenSlot& slot : account.slots)
            append_slot(bytes, slot);
    }
    return bytes;
}

std::optional<ReverseDiff> decode_reverse_diff(core::ByteView encoded) {
    core::ByteReader reader(encoded);
    ReverseDiff diff;
    const std::uint32_t accounts = reader.be32();
    for (std::uint32_t i = 0; i < accounts; ++i) {
        auto account = read_account(reader);
        if (!account) return std::nullopt;
        diff.push_back(std::move(*account));
    }
    if (!reader.done()) return std::nullopt;
    return diff;
}

const OverwrittenAccount* find_account(const ReverseDiff& diff, const core::Address& address) {
    const auto found = std::lower_bound(diff.begin(), diff.end(), address,
                                        [](const OverwrittenAccount& account, const core::Address& wanted) {
                                            return account.address < wanted;
                                        });
    return found != diff.end() && found->address == address ? &*found : nullptr;
}

const OverwrittenSlot* find_slot(const OverwrittenAccount& account, const core::Hash& slot_hash) {
    const auto found = std::lower_bound(
        account.slots.begin(), account.slots.end(), slot_hash,
        [](const OverwrittenSlot& slot, const core::Hash& wanted) { return slot.slot_hash < wanted; });
    return found != account.slots.end() && found->slot_hash == slot_hash ? &*found : nullptr;
}

Fingerprint fingerprint(const core::Address& address) {
    // The last bytes tell native contracts apart, which differ nowhere else.
    return core::read_be32(address.data()) ^ (core::read_be32(address.data() + 16) * 0x9e3779b1u);
}

Fingerprint fingerprint(const core::Address& address, const core::Hash& slot_hash) {
    return core::read_be32(slot_hash.data()) ^ fingerprint(address);
}

std::vector<Fingerprint> fingerprints_of(const ReverseDiff& diff) {
    std::vector<Fingerprint> all;
    for (const OverwrittenAccount& account : diff) {
        all.push_back(fingerprint(account.address));
        for (const OverwrittenSlot& slot : account.slots)
            all.push_back(fingerprint(account.address, slot.slot_hash));
    }
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

core::Bytes encode(const std::vector<Fingerprint>& fingerprints) {
    core::Bytes bytes;
    bytes.reserve(4 * fingerprints.size());
    for (const Fingerprint value : fingerprints)
        core::append_be32(bytes, value);
    return bytes;
}

std::optional<std::vector<Fingerprint>> decode_fingerprints(core::ByteView encoded) {
    if (encoded.size() % 4 != 0) return std::nullopt;
    std::vector<Fingerprint> fingerprints;
    fingerprints.reserve(encoded.size() / 4);
    for (core::ByteReader reader(encoded); !reader.rest().empty();)
        fingerprints.push_back(reader.be32());
    return fingerprints;
}

}  // namespace sluice::ledger
