#include "core/validator_set.hpp"

#include <algorithm>

#include "core/check.hpp"
#include "core/limits.hpp"

namespace sluice::core {

namespace {

Bytes encode_members(std::span<const Address> members) {
    Bytes payload;
    for (const Address& member : members)
        rlp::encode_address(payload, member);
    return rlp::wrap_list(payload);
}

bool has_duplicates(std::vector<Address> members) {
    std::sort(members.begin(), members.end());
    return std::adjacent_find(members.begin(), members.end()) != members.end();
}

}  // namespace

std::size_t quorum_size(std::size_t validators) {
    return (2 * validators + 2) / 3;
}

std::size_t faults_tolerated(std::size_t validators) {
    return validators == 0 ? 0 : (validators - 1) / 3;
}

std::optional<ValidatorSet> ValidatorSet::make(std::vector<Address> members) {
    if (members.empty() || members.size() > limits::validators_max || has_duplicates(members)) return {};
    return ValidatorSet(std::move(members));
}

ValidatorSet::ValidatorSet(std::vector<Address> members)
    : members_(std::move(members)), hash_(keccak256(encode_members(members_))) {}

std::optional<ValidatorIndex> ValidatorSet::index_of(const Address& address) const {
    const auto found = std::find(members_.begin(), members_.end(), address);
    if (found == members_.end()) return {};
    return static_cast<ValidatorIndex>(found - members_.begin());
}

ValidatorIndex ValidatorSet::primary(Height height, View view, std::uint64_t rotation_period) const {
    CHECK(rotation_period >= 1);
    const std::uint64_t n = size();
    return static_cast<ValidatorIndex>((height / rotation_period % n + view % n) % n);
}

Bytes encode(const ValidatorSet& set) {
    return encode_members(set.members());
}

Result<ValidatorSet, rlp::Error> decode_validator_set(ByteView encoded) {
    rlp::ListReader reader(encoded);
    std::vector<Address> members;
    while (reader.has_more()) {
        if (members.size() == limits::validators_max) return fail(rlp::Error::too_many_items);
        members.push_back(reader.address());
    }
    if (const auto ended = reader.finish(); !ended) return fail(ended.error());
    if (members.empty()) return fail(rlp::Error::too_few_items);
    auto set = ValidatorSet::make(std::move(members));
    if (!set) return fail(rlp::Error::non_canonical);
    return *std::move(set);
}

}  // namespace sluice::core
