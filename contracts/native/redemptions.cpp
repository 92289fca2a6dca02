#include "contracts/native/redemptions.hpp"

#include "contracts/native/row_key.hpp"

namespace sluice::contracts::native {

namespace {

// Tables 0x03 to 0x06 of the accounts contract.
// 0x03 ‖ first 30 bytes of keccak256(rtgsRef)    bytes32 content of the issue
// 0x04 ‖ uint32 participant ‖ bytes16 reference  struct Redemption
// 0x05                                           uint32 open requests
// 0x06 ‖ uint32 position                         struct RedemptionKey
constexpr std::uint8_t issue_table = 0x03;
constexpr std::uint8_t redemption_table = 0x04;
constexpr std::uint8_t open_count_table = 0x05;
constexpr std::uint8_t open_table = 0x06;

Place<Redemption> redemption_place(const Storage& accounts, const RedemptionKey& key) {
    return {accounts, row_key(redemption_table, key.participant, key.reference)};
}
Place<std::uint32_t> count_place(const Storage& accounts) {
    return {accounts, row_key(open_count_table)};
}
Place<RedemptionKey> open_place(const Storage& accounts, std::uint32_t position) {
    return {accounts, row_key(open_table, position)};
}
Place<core::Hash> issue_place(const Storage& accounts, const core::Word& rtgs_reference) {
    return {accounts, hashed_row_key(issue_table, rtgs_reference)};
}

}  // namespace

Redemption read_redemption(const Storage& accounts, const RedemptionKey& key) {
    return redemption_place(accounts, key).read();
}

void await_approval(const Storage& accounts, const RedemptionKey& key, const Redemption& redemption) {
    Redemption waiting = redemption;
    waiting.status = RedemptionStatus::awaiting_approval;
    redemption_place(accounts, key).write(waiting);
}

void refuse_awaiting(const Storage& accounts, const RedemptionKey& key) {
    const auto place = redemption_place(accounts, key);
    Redemption refused = place.read();
    CHECK(refused.status == RedemptionStatus::awaiting_approval);
    refused.status = RedemptionStatus::refused;
    place.write(refused);
}

void open_redemption(const Storage& accounts, const RedemptionKey& key, const Redemption& redemption) {
    Redemption opened = redemption;
    opened.status = RedemptionStatus::open;
    opened.open_position = open_redemption_count(accounts);
    redemption_place(accounts, key).write(opened);
    open_place(accounts, opened.open_position).write(key);
    count_place(accounts).write(opened.open_position + 1);
}

void close_redemption(const Storage& accounts, const RedemptionKey& key, RedemptionStatus status) {
    const auto place = redemption_place(accounts, key);
    Redemption closed = place.read();
    CHECK(closed.status == RedemptionStatus::open);
    const std::uint32_t last = open_redemption_count(accounts) - 1;
    const RedemptionKey moved = open_place(accounts, last).read();
    if (last != closed.open_position) {
        open_place(accounts, closed.open_position).write(moved);
        Redemption other = read_redemption(accounts, moved);
        other.open_position = closed.open_position;
        redemption_place(accounts, moved).write(other);
    }
    open_place(accounts, last).clear();
    count_place(accounts).write(last);
    closed.status = status;
    closed.open_position = 0;
    place.write(closed);
}

std::uint32_t open_redemption_count(const Storage& accounts) {
    return count_place(accounts).read();
}

RedemptionKey open_redemption_at(const Storage& accounts, std::uint32_t position) {
    return open_place(accounts, position).read();
}

core::Hash read_issue(const Storage& accounts, const core::Word& rtgs_reference) {
    return issue_place(accounts, rtgs_reference).read();
}

void write_issue(const Storage& accounts, const core::Word& rtgs_reference, const core::Hash& content) {
    issue_place(accounts, rtgs_reference).write(content);
}

}  // namespace sluice::contracts::native
