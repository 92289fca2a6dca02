#include "core/authorization.hpp"
#include "tests/contracts/evm/machine_fixture.hpp"

namespace sluice::contracts {
namespace {

using namespace test;
using core::Uint256;
using evm::Revision;

/// `self` is an account of a person that delegates to `other` (EIP-7702).
class DelegationTest : public MachineTest {
  protected:
    static constexpr core::Address third{0xee, 4};

    void delegate(const core::Address& from, const core::Address& target) {
        install(from, core::delegation_to(target));
    }
    static core::Bytes call_of(const core::Address& address) {
        return code(push(0), push(0), push(0), push(0), push(0), push(address), op::gas, op::call);
    }
};

TEST_F(DelegationTest, the_targets_code_runs_over_the_delegators_storage) {
    install(other, code(sstore(1, 42), op::address, return_top()));
    delegate(self, other);
    EXPECT_EQ(word_of(send(to(self))), Uint256::from_be(self));
    EXPECT_EQ(slot(self, 1), Uint256(42));
    EXPECT_EQ(slot(other, 1), Uint256(0));
}

TEST_F(DelegationTest, before_prague_the_bytes_are_code_that_fails) {
    install(other, {op::stop});
    delegate(self, other);
    block.revision = Revision::cancun;
    EXPECT_EQ(send(to(self)).status, CallStatus::undefined_instruction);
}

TEST_F(DelegationTest, a_chain_of_delegations_is_followed_one_step_only) {
    install(third, {op::stop});
    delegate(other, third);
    delegate(self, other);
    EXPECT_EQ(send(to(self)).status, CallStatus::undefined_instruction);
}

TEST_F(DelegationTest, a_delegation_to_itself_fails) {
    delegate(self, self);
    EXPECT_EQ(send(to(self)).status, CallStatus::undefined_instruction);
}

TEST_F(DelegationTest, a_delegation_to_no_code_or_to_a_precompiled_contract_does_nothing) {
    delegate(self, third);
    EXPECT_EQ(send(to(self)).gas_left, gas);
    core::Address sha256{};
    sha256[19] = 2;
    delegate(self, sha256);
    const CallResult result = send(to(self));
    EXPECT_EQ(result.gas_left, gas);
    EXPECT_TRUE(result.output.empty());
}

TEST_F(DelegationTest, calling_a_delegator_pays_for_its_target_too) {
    install(third, {op::stop});
    delegate(other, third);
    const core::Gas operands = 6 * 3 + 2;
    EXPECT_EQ(gas_used_by(call_of(other)), operands + 2'600 + 2'600);
    EXPECT_EQ(gas_used_by(call_of(other)), operands + 100 + 100);
    block.revision = Revision::cancun;
    EXPECT_GT(gas_used_by(call_of(other)), gas / 2) << "all that was sent along is lost";
}

TEST_F(DelegationTest, other_contracts_see_the_designator) {
    delegate(other, third);
    EXPECT_EQ(top_after(apply(op::extcodesize, Uint256::from_be(other))), Uint256(23));
    EXPECT_EQ(top_after(apply(op::extcodehash, Uint256::from_be(other))),
              Uint256::from_word(core::keccak256(core::delegation_to(third))));
}

TEST_F(DelegationTest, the_running_code_sees_its_own_size) {
    const core::Bytes size = code(op::codesize, return_top());
    install(other, size);
    delegate(self, other);
    EXPECT_EQ(word_of(send(to(self))), Uint256(size.size()));
}

}  // namespace
}  // namespace sluice::contracts
