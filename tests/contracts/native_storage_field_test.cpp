#include "contracts/native/storage_field.hpp"

#include <gtest/gtest.h>

#include "tests/contracts/memory_state.hpp"

namespace sluice::contracts::native {
namespace {

using core::Word;

/// struct { uint64 a; uint128 b; bool c; bytes4 d; address e; uint256 f; uint8 g; }
struct Sample {
    std::uint64_t a = 0;
    core::Minor b = 0;
    bool c = false;
    std::array<char, 4> d{};
    core::Address e{};
    core::Uint256 f;
    std::uint8_t g = 0;
    bool operator==(const Sample&) const = default;
    static constexpr auto storage_members() {
        return std::make_tuple(&Sample::a, &Sample::b, &Sample::c, &Sample::d, &Sample::e, &Sample::f,
                               &Sample::g);
    }
};
static_assert(Place<Sample>::slots == 4);

class StorageFieldTest : public testing::Test {
  protected:
    std::string at(std::uint64_t slot) { return core::to_hex(storage.load(core::word_from_u64(slot))); }

    const core::Address contract{0x5e};
    test::MemoryState view;
    JournaledState state{view};
    Storage storage = [this] {
        state.set_nonce(contract, 1);
        return Storage(state, contract);
    }();
};

TEST_F(StorageFieldTest, packs_a_struct_as_solidity_does) {
    const Field<Sample> field{5};
    field.in(storage).write({.a = 0x1122,
                             .b = 0x33,
                             .c = true,
                             .d = {'A', 'B', 'C', 'D'},
                             .e = {0x44},
                             .f = core::Uint256(0x55),
                             .g = 0x66});
    // From the low end: 8 bytes a, 16 bytes b, 1 byte c, 4 bytes d; e does not fit any more.
    EXPECT_EQ(at(5),
              "000000"
              "41424344"
              "01"
              "00000000000000000000000000000033"
              "0000000000001122");
    EXPECT_EQ(at(6), std::string(24, '0') + "44" + std::string(38, '0'));
    EXPECT_EQ(at(7), std::string(62, '0') + "55");
    EXPECT_EQ(at(8), std::string(62, '0') + "66");
}

TEST_F(StorageFieldTest, reads_back_what_it_wrote) {
    const Mapping<Word, Sample> mapping{1};
    const Sample sample{.a = ~0ull,
                        .b = ~core::Minor{0},
                        .c = true,
                        .d = {'x', 'y', 'z', 0},
                        .e = {1, 2},
                        .f = core::Uint256::from_word(core::keccak256({})),
                        .g = 255};
    const auto place = mapping.at(storage, Word{9});
    EXPECT_EQ(place.read(), Sample{});
    place.write(sample);
    EXPECT_EQ(place.read(), sample);
    EXPECT_EQ(mapping.at(storage, Word{8}).read(), Sample{});
    place.clear();
    EXPECT_EQ(place.read(), Sample{});
    EXPECT_FALSE(state.has_storage_changes(contract));
}

TEST_F(StorageFieldTest, mapping_slots_are_keccak_of_key_and_slot) {
    // Solidity: keccak256(abi.encode(key, slot)).
    const Mapping<std::uint64_t, std::uint64_t> by_number{3};
    by_number.at(storage, 7).write(0x2a);
    std::array<std::uint8_t, 64> both{};
    both[31] = 7;
    both[63] = 3;
    EXPECT_EQ(storage.load(core::keccak256(both)), core::word_from_u64(0x2a));

    const Mapping<std::array<char, 3>, std::uint64_t> by_text{4};
    by_text.at(storage, {'E', 'U', 'R'}).write(1);
    both = {'E', 'U', 'R'};
    both[63] = 4;
    EXPECT_EQ(storage.load(core::keccak256(both)), core::word_from_u64(1));
}

TEST_F(StorageFieldTest, nested_mappings_hash_from_the_outside_in) {
    const Mapping<std::uint64_t, MapOf<core::Address, bool>> nested{2};
    const core::Address who{0x77};
    nested.at(storage, 1).at(who).write(true);
    const Word outer = entry_slot(core::word_from_u64(1), core::word_from_u64(2));
    EXPECT_EQ(storage.load(entry_slot(core::word_from_address(who), outer)), core::word_from_u64(1));
    EXPECT_FALSE(nested.at(storage, 2).at(who).read());
}

TEST_F(StorageFieldTest, arrays_of_small_values_share_slots) {
    const Field<ArrayOf<std::uint64_t>> array{6};
    for (std::uint64_t value = 1; value <= 5; ++value)
        array.in(storage).push(value);
    EXPECT_EQ(at(6), std::string(63, '0') + "5");
    const Word first = content_slot(core::word_from_u64(6));
    EXPECT_EQ(core::to_hex(storage.load(first)),
              "0000000000000004"
              "0000000000000003"
              "0000000000000002"
              "0000000000000001");
    EXPECT_EQ(storage.load(slot_after(first, 1)), core::word_from_u64(5));
    array.in(storage).write(1, 9);
    EXPECT_EQ(array.in(storage).read(1), 9u);
    EXPECT_EQ(array.in(storage).read(2), 3u);
    for (int i = 0; i < 5; ++i)
        array.in(storage).pop();
    EXPECT_FALSE(state.has_storage_changes(contract));
}

TEST_F(StorageFieldTest, arrays_of_addresses_take_a_slot_each) {
    const Field<ArrayOf<core::Address>> array{0};
    array.in(storage).push({1});
    array.in(storage).push({2});
    const Word first = content_slot(core::word_from_u64(0));
    EXPECT_EQ(storage.load(first), core::word_from_address({1}));
    EXPECT_EQ(storage.load(slot_after(first, 1)), core::word_from_address({2}));
}

TEST_F(StorageFieldTest, arrays_of_structs_lie_end_to_end) {
    const Field<ArrayOf<Sample>> array{0};
    Sample sample;
    sample.a = 1;
    array.in(storage).push(sample);
    sample.a = 2;
    array.in(storage).push(sample);
    EXPECT_EQ(storage.load(slot_after(content_slot(core::word_from_u64(0)), 4)), core::word_from_u64(2));
    EXPECT_EQ(array.in(storage).read(1).a, 2u);
}

TEST_F(StorageFieldTest, short_text_lies_in_its_slot_and_long_text_elsewhere) {
    const Field<Text> text{1};
    text.in(storage).write("Bank");
    EXPECT_EQ(at(1), "42616e6b" + std::string(54, '0') + "08");
    EXPECT_EQ(text.in(storage).read_text(), "Bank");

    const std::string longer(70, 'z');
    text.in(storage).write(longer);
    EXPECT_EQ(at(1), std::string(62, '0') + "8d");
    EXPECT_EQ(text.in(storage).read_text(), longer);
    EXPECT_NE(storage.load(slot_after(content_slot(core::word_from_u64(1)), 2)), Word{});
}

TEST_F(StorageFieldTest, shorter_text_frees_the_slots_of_the_longer) {
    const Field<Text> text{1};
    for (const std::size_t size : {0u, 1u, 31u, 32u, 33u, 64u, 100u, 31u, 65u, 0u}) {
        const std::string content(size, 'q');
        text.in(storage).write(content);
        ASSERT_EQ(text.in(storage).read_text(), content);
    }
    EXPECT_FALSE(state.has_storage_changes(contract));
}

TEST_F(StorageFieldTest, signed_values_keep_their_sign) {
    const Field<core::SignedMinor> field{0};
    field.in(storage).write(-5);
    EXPECT_TRUE(field.in(storage).read() == core::SignedMinor{-5});
    EXPECT_EQ(at(0), std::string(32, '0') + std::string(31, 'f') + "b");
}

TEST(SlotAfter, carries_over_all_bytes) {
    Word all_ones;
    all_ones.fill(0xff);
    EXPECT_EQ(slot_after(all_ones, 1), Word{});
    EXPECT_EQ(slot_after(core::word_from_u64(0xff), 1), core::word_from_u64(0x100));
    EXPECT_EQ(slot_after(core::word_from_u64(5), ~0ull)[23], 1);
}

}  // namespace
}  // namespace sluice::contracts::native
