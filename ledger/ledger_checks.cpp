#include "ledger/ledger_checks.hpp"

#include "ledger/schema.hpp"

namespace sluice::ledger {

namespace {

OpenFailure damaged_at(core::Height height, const std::string& what) {
    return {OpenError::damaged, "block " + std::to_string(height) + ": " + what};
}

/// Bytes of the RLP list that begins with `prefix`; 0 if it is no list.
std::size_t list_bytes(core::ByteView prefix) {
    if (prefix.empty() || prefix[0] < 0xc0) return 0;
    if (prefix[0] <= 0xf7) return 1u + prefix[0] - 0xc0;
    const std::size_t length_bytes = prefix[0] - 0xf7u;
    if (prefix.size() <= length_bytes || length_bytes > 4) return 0;
    std::size_t length = 0;
    for (std::size_t i = 1; i <= length_bytes; ++i)
        length = length << 8 | prefix[i];
    return 1 + length_bytes + length;
}

/// Looks at the first and the last piece only: start-up must not read whole blocks.
bool block_is_there(const KvReader& rows, core::Height height) {
    const auto first = rows.get(schema::block_piece_key(height, 0));
    const std::size_t bytes = first ? list_bytes(*first) : 0;
    if (bytes == 0) return false;
    if (bytes <= block_piece_bytes) return first->size() == bytes;
    const std::size_t last = (bytes - 1) / block_piece_bytes;
    const auto piece = rows.get(schema::block_piece_key(height, static_cast<std::uint32_t>(last)));
    return piece && piece->size() == bytes - last * block_piece_bytes;
}

}  // namespace

std::optional<OpenFailure> find_genesis_fault(const KvReader& rows, const core::Hash& genesis_hash) {
    const auto genesis = read_encoded_header(rows, 0);
    if (!genesis) return damaged_at(0, "the header is missing");
    const core::Hash found = core::keccak256(*genesis);
    if (found == genesis_hash) return std::nullopt;
    return OpenFailure{OpenError::wrong_genesis, "the database begins with " + core::to_hex_0x(found) +
                                                     ", not " + core::to_hex_0x(genesis_hash)};
}

std::optional<OpenFailure> find_high_water_fault(const KvReader& rows, const LedgerHead& head,
                                                 const HighWaterMark& high_water) {
    if (head.height < high_water.height)
        return OpenFailure{OpenError::behind_high_water,
                           "the head is block " + std::to_string(head.height) + ", but block " +
                               std::to_string(high_water.height) + " was committed"};
    const auto header = read_encoded_header(rows, high_water.height);
    // A ledger that began with a snapshot has no header there to compare.
    if (!header && high_water.height < read_kept_blocks(rows).first_header) return std::nullopt;
    if (!header || core::keccak256(*header) != high_water.hash)
        return damaged_at(high_water.height, "is not the one that the vote log says was committed");
    return std::nullopt;
}

std::optional<OpenFailure> find_chain_fault(const KvReader& rows, const LedgerHead& head,
                                            core::Height count) {
    const KeptBlocks kept = read_kept_blocks(rows);
    core::Hash expected = head.hash;
    for (core::Height height = head.height; count > 0; --height, --count) {
        const auto header = read_encoded_header(rows, height);
        if (!header) return damaged_at(height, "the header is missing");
        if (core::keccak256(*header) != expected)
            return damaged_at(height, "the header is not the one that block " + std::to_string(height + 1) +
                                          " or the head names");
        const auto decoded = core::decode_header(*header);
        if (!decoded || decoded->height != height) return damaged_at(height, "the header cannot be decoded");
        if (height >= kept.first_body && !block_is_there(rows, height))
            return damaged_at(height, "the body is missing or cut");
        if (read_block_height(rows, expected) != height) return damaged_at(height, "its hash is not indexed");
        if (height == 0) break;
        if (!rows.get(schema::certificate_key(height)))
            return damaged_at(height, "the certificate is missing");
        if (height == kept.first_header) break;
        expected = decoded->parent_hash;
    }
    return std::nullopt;
}

}  // namespace sluice::ledger
