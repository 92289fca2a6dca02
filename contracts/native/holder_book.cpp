#include "contracts/native/holder_book.hpp"

#include "contracts/native/row_key.hpp"

namespace sluice::contracts::native {

namespace {

// Tables 0x24 to 0x28 of the accounts contract.
// 0x24 ‖ address               struct Holder
// 0x25                         uint32 holders
// 0x26 ‖ uint32 index          address of the holder
// 0x27 ‖ address               uint32 participant whose settlement address it is
// 0x28 ‖ uint32 participant    its settlement address
constexpr std::uint8_t holder_table = 0x24;
constexpr std::uint8_t count_table = 0x25;
constexpr std::uint8_t address_table = 0x26;
constexpr std::uint8_t bank_table = 0x27;
constexpr std::uint8_t settlement_table = 0x28;

Place<Holder> holder_place(const Storage& accounts, const core::Address& address) {
    return {accounts, row_key(holder_table, address)};
}
Place<std::uint32_t> count_place(const Storage& accounts) {
    return {accounts, row_key(count_table)};
}
Place<core::Address> address_place(const Storage& accounts, std::uint32_t index) {
    return {accounts, row_key(address_table, index)};
}
Place<ParticipantIndex> bank_place(const Storage& accounts, const core::Address& address) {
    return {accounts, row_key(bank_table, address)};
}
Place<core::Address> settlement_place(const Storage& accounts, ParticipantIndex participant) {
    return {accounts, row_key(settlement_table, participant)};
}

}  // namespace

std::string_view name_of(HolderStatus status) {
    constexpr std::array<std::string_view, 4> names{"None", "Active", "Closing", "Frozen"};
    return names[static_cast<std::size_t>(status)];
}

Holder read_holder(const Storage& accounts, const core::Address& address) {
    return holder_place(accounts, address).read();
}

void add_holder(const Storage& accounts, const core::Address& address, ParticipantIndex sponsor) {
    const auto place = holder_place(accounts, address);
    CHECK(place.read().index == 0);
    const std::uint32_t index = holder_count(accounts) + 1;
    place.write({.index = index, .status = HolderStatus::active, .sponsor = sponsor});
    address_place(accounts, index).write(address);
    count_place(accounts).write(index);
}

void set_holder_status(const Storage& accounts, const core::Address& address, HolderStatus status) {
    const auto place = holder_place(accounts, address);
    Holder holder = place.read();
    CHECK(holder.index != 0);
    holder.status = status;
    place.write(holder);
}

void end_sponsorship(const Storage& accounts, const core::Address& address) {
    const auto place = holder_place(accounts, address);
    Holder holder = place.read();
    CHECK(holder.index != 0);
    holder.sponsor = 0;
    place.write(holder);
}

std::uint32_t holder_count(const Storage& accounts) {
    return count_place(accounts).read();
}

core::Address holder_at(const Storage& accounts, std::uint32_t index) {
    return address_place(accounts, index).read();
}

ParticipantIndex settles_for(const Storage& accounts, const core::Address& address) {
    return bank_place(accounts, address).read();
}

core::Address settlement_address(const Storage& accounts, ParticipantIndex participant) {
    return settlement_place(accounts, participant).read();
}

void set_settlement_address(const Storage& accounts, ParticipantIndex participant,
                            const core::Address& address) {
    const auto place = settlement_place(accounts, participant);
    if (const core::Address old = place.read(); old != core::Address{}) bank_place(accounts, old).clear();
    place.write(address);
    if (address == core::Address{}) return;
    const auto bank = bank_place(accounts, address);
    if (const ParticipantIndex other = bank.read(); other != 0) settlement_place(accounts, other).clear();
    bank.write(participant);
}

}  // namespace sluice::contracts::native
