#include "contracts/creation.hpp"

#include "tests/contracts/evm/machine_fixture.hpp"

namespace sluice::contracts {
namespace {

using namespace test;
using core::Uint256;
using evm::Revision;

core::Address address(std::string_view hex) {
    return *core::address_from_hex(hex);
}

TEST(CreationAddress, follows_sender_and_nonce) {
    const core::Address sender = address("0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0");
    EXPECT_EQ(creation_address(sender, 0), address("0xcd234a471b72ba2f1ccf0a70fcaba648a5eecd8d"));
    EXPECT_EQ(creation_address(sender, 1), address("0x343c43a37d37dff08ae8c4a11544c718abb4fcf8"));
    EXPECT_EQ(creation_address(sender, 2), address("0xf778b86fa74e846c4f0a1fbd1335fe81c00a0c91"));
}

/// EIP-1014, "Examples".
TEST(CreationAddress, follows_salt_and_init_code) {
    const core::Word zero{};
    const core::Bytes none;
    const core::Bytes stop{0x00};
    const core::Bytes dead = *core::from_hex("deadbeef");
    core::Word salt{};
    salt[28] = 0xca, salt[29] = 0xfe, salt[30] = 0xba, salt[31] = 0xbe;
    EXPECT_EQ(creation_address({}, zero, stop), address("0x4D1A2e2bB4F88F0250f26Ffff098B0b30B26BF38"));
    EXPECT_EQ(creation_address({}, zero, dead), address("0x70f2b2914A2a4b783FaEFb75f459A580616Fcb5e"));
    EXPECT_EQ(creation_address(address("0x00000000000000000000000000000000deadbeef"), salt, dead),
              address("0x60f3f640a8508fC6a86d45DF051962668E1e8AC7"));
    EXPECT_EQ(creation_address({}, zero, none), address("0xE33C0C7F7df4809055C3ebA6c09CFe4BaF1BD9e0"));
}

class CreationTest : public MachineTest {
  protected:
    CreationTest() { place = creation_address(sender, 1); }
    CallResult create(const core::Bytes& init, core::Gas with = gas) {
        return send({.kind = CallKind::create,
                     .gas = with,
                     .sender = sender,
                     .recipient = place,
                     .code_address = place,
                     .value = value,
                     .input = init});
    }
    /// Init code that returns `count` bytes of zeros.
    static core::Bytes zeros(std::uint64_t count) { return return_memory(0, count); }

    core::Address place;
    Uint256 value = 0;
};

TEST_F(CreationTest, what_init_code_returns_becomes_the_code) {
    value = 9;
    const CallResult result = create(deploying({op::push0, op::stop}));
    EXPECT_EQ(result.status, CallStatus::succeeded);
    EXPECT_TRUE(result.output.empty());
    EXPECT_EQ(*state.code(place), (core::Bytes{op::push0, op::stop}));
    EXPECT_EQ(state.nonce(place), 1u);
    EXPECT_EQ(state.balance(place), Uint256(9));
}

TEST_F(CreationTest, a_byte_of_code_costs_200) {
    const core::Gas empty = gas - create(zeros(0)).gas_left;
    place = creation_address(sender, 2);
    EXPECT_EQ(gas - create(zeros(10)).gas_left, empty + 3 + 2'000);
    place = creation_address(sender, 3);
    EXPECT_EQ(create(zeros(10), empty + 3 + 1'999).status, CallStatus::out_of_gas);
    EXPECT_FALSE(state.exists(place));
}

TEST_F(CreationTest, code_has_24576_bytes_at_most) {
    EXPECT_EQ(create(zeros(24'577), 10'000'000).status, CallStatus::code_too_large);
    EXPECT_EQ(create(zeros(24'576), 10'000'000).status, CallStatus::succeeded);
}

TEST_F(CreationTest, code_does_not_begin_with_ef_since_london) {
    const core::Bytes init = code(apply(op::mstore8, 0, 0xef), return_memory(0, 1));
    EXPECT_EQ(create(init).status, CallStatus::code_begins_with_ef);
    block.revision = Revision::berlin;
    EXPECT_EQ(create(init).status, CallStatus::succeeded);
}

TEST_F(CreationTest, init_code_sees_no_input_and_its_own_code) {
    EXPECT_EQ(create(code(op::calldatasize, return_top())).status, CallStatus::succeeded);
    EXPECT_EQ(*state.code(place), core::Bytes(32, 0));
}

TEST_F(CreationTest, nothing_is_created_where_something_is) {
    state.set_nonce(place, 1);
    EXPECT_EQ(create({}).status, CallStatus::address_taken);
    place = creation_address(sender, 2);
    state.set_code(place, core::share({0x00}));
    const CallResult result = create({});
    EXPECT_EQ(result.status, CallStatus::address_taken);
    EXPECT_EQ(result.gas_left, 0u);
    place = creation_address(sender, 3);
    view.put(place, {.nonce = 0, .balance = Uint256(1), .code_hash = core::empty_code_hash});
    EXPECT_EQ(create({}).status, CallStatus::succeeded) << "a balance alone is no obstacle";
    place = creation_address(sender, 4);
    view.put(place, {.nonce = 0, .balance = Uint256(1), .code_hash = core::empty_code_hash});
    view.put_slot(place, core::word_from_u64(1), core::word_from_u64(1));
    EXPECT_EQ(create({}).status, CallStatus::address_taken) << "storage is (EIP-7610)";
}

TEST_F(CreationTest, a_reverted_creation_gives_its_reason) {
    const CallResult result = create(code(mstore(0, 5), apply(op::revert, 31, 1)));
    EXPECT_EQ(result.status, CallStatus::reverted);
    EXPECT_EQ(result.output, (core::Bytes{5}));
    EXPECT_FALSE(state.exists(place));
    EXPECT_TRUE(state.is_warm(place));
}

class CreateInstructionTest : public CreationTest {
  protected:
    /// Puts init code of up to 32 bytes into memory from 0 on.
    static core::Bytes in_memory(const core::Bytes& init) {
        core::Word word{};
        std::copy(init.begin(), init.end(), word.begin());
        return mstore(0, Uint256::from_word(word));
    }
    static core::Bytes create_of(const core::Bytes& init, std::uint64_t endowment = 0) {
        return code(in_memory(init), apply(op::create, endowment, 0, init.size()));
    }
};

TEST_F(CreateInstructionTest, gives_the_new_address_and_raises_the_nonce) {
    EXPECT_EQ(top_after(create_of(zeros(3))), Uint256::from_be(creation_address(self, 1)));
    EXPECT_EQ(state.nonce(self), 2u);
    EXPECT_EQ(state.code(creation_address(self, 1))->size(), 3u);
}

TEST_F(CreateInstructionTest, the_second_form_takes_a_salt) {
    const core::Bytes init = zeros(1);
    const core::Bytes program = code(in_memory(init), apply(op::create2, 0, 0, init.size(), 77));
    const core::Address expected = creation_address(self, core::word_from_u64(77), init);
    EXPECT_EQ(top_after(program), Uint256::from_be(expected));
    EXPECT_EQ(top_after(program), Uint256(0)) << "the same address is taken";
}

TEST_F(CreateInstructionTest, output_stays_visible_only_after_a_revert) {
    const core::Bytes refuse = apply(op::revert, 0, 7);
    EXPECT_EQ(top_after(code(create_of(refuse), op::pop, op::returndatasize)), Uint256(7));
    EXPECT_EQ(top_after(code(create_of(zeros(7)), op::pop, op::returndatasize)), Uint256(0));
    EXPECT_EQ(top_after(create_of(refuse)), Uint256(0));
}

TEST_F(CreateInstructionTest, without_the_funds_nothing_happens_and_the_nonce_stays) {
    EXPECT_EQ(top_after(create_of(zeros(1), 1)), Uint256(0));
    EXPECT_EQ(state.nonce(self), 1u);
}

TEST_F(CreateInstructionTest, the_highest_nonce_creates_nothing) {
    install(self, code(create_of(zeros(1)), return_top()));
    state.set_nonce(self, ~0ull);
    EXPECT_EQ(word_of(send(to(self))), Uint256(0));
}

TEST_F(CreateInstructionTest, init_code_is_limited_and_priced_since_shanghai) {
    const auto bare = [](std::uint64_t bytes) { return apply(op::create, 0, 0, bytes); };
    install(self, bare(49'152));
    Message message = to(self);
    message.gas = 10'000'000;
    EXPECT_EQ(send(message).status, CallStatus::succeeded);
    install(self, bare(49'153));
    EXPECT_EQ(send(message).status, CallStatus::out_of_gas);
    const core::Gas with_words = gas_used_by(bare(64));
    block.revision = Revision::paris;
    EXPECT_EQ(gas_used_by(bare(64)), with_words - 4);
    install(self, bare(49'153));
    EXPECT_EQ(send(message).status, CallStatus::succeeded);
}

TEST_F(CreateInstructionTest, a_contract_may_destroy_itself_while_it_is_created) {
    const core::Bytes init = code(push(other), op::selfdestruct);
    EXPECT_NE(top_after(create_of(init)), Uint256(0));
    state.finish_transaction();
    EXPECT_FALSE(state.exists(creation_address(self, 1)));
}

}  // namespace
}  // namespace sluice::contracts
