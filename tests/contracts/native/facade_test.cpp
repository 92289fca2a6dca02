#include <gtest/gtest.h>

#include "contracts/native/facade_book.hpp"
#include "core/authorization.hpp"
#include "tests/contracts/native/robot.hpp"

namespace sluice::contracts {
namespace {

using namespace native;
using namespace test;

class FacadeTest : public testing::Test {
  protected:
    FacadeTest() {
        chain.issue(0, 1'000);
        robot = add_robot(chain);
    }
    void register_robot() { chain.send(admin_of(0), calls::set_holder(robot, HolderStatus::active)); }
    core::Uint256 number(const ContractCall& call) const {
        return std::get<0>(*abi::decode<core::Uint256>(chain.look(call).output));
    }
    core::Uint256 balance(const core::Address& owner) const {
        return number(calls::facade_balance(eur, owner));
    }
    core::Uint256 allowance(const core::Address& owner, const core::Address& spender) const {
        return number(calls::facade_allowance(eur, owner, spender));
    }
    bool works(const core::Address& by, const ContractCall& call) { return chain.send(by, call).succeeded(); }
    /// The first four bytes of the revert.
    Selector fault(const core::Address& by, const ContractCall& call) {
        const CallOutcome outcome = chain.send(by, call);
        EXPECT_FALSE(outcome.succeeded());
        EXPECT_TRUE(chain.last.receipts.at(0).logs.empty());
        Selector selector{};
        if (outcome.output.size() >= 4) std::copy_n(outcome.output.begin(), 4, selector.begin());
        return selector;
    }
    static ContractCall transfer(const core::Address& to, std::uint64_t amount) {
        return calls::facade_transfer(eur, to, amount);
    }

    SettlementChain chain;
    core::Address robot{};
};

TEST_F(FacadeTest, describes_its_currency) {
    const auto text = [&](const CurrencyText& currency, std::string_view method, const Selector& selector) {
        const auto decoded = abi::decode<std::string>(
            chain.look({facade_address(currency), abi::encode_call(selector)}).output);
        EXPECT_TRUE(decoded.has_value()) << method;
        return std::get<0>(*decoded);
    };
    EXPECT_EQ(text(eur, "name", selector_of("name()")), "Central bank money in EUR");
    EXPECT_EQ(text(jpy, "symbol", selector_of("symbol()")), "JPY");
    const ContractCall decimals{facade_address(jpy), abi::encode_call(selector_of("decimals()"))};
    EXPECT_EQ(number(decimals), 0u);
    EXPECT_EQ(number({facade_address(eur), decimals.data}), 2u);
    EXPECT_EQ(number(calls::facade_supply(eur)), 1'000u);
    EXPECT_EQ(number(calls::facade_supply(usd)), 0u);
}

TEST_F(FacadeTest, a_facade_of_no_currency_is_an_empty_account) {
    const CallOutcome outcome = chain.look(calls::facade_supply({'X', 'X', 'X'}));
    EXPECT_TRUE(outcome.succeeded());
    EXPECT_TRUE(outcome.output.empty());
}

TEST_F(FacadeTest, a_transfer_between_banks_is_booked_on_both_sides) {
    EXPECT_TRUE(works(maker_of(0), transfer(maker_of(1), 400)));
    EXPECT_EQ(chain.balance(0), 600);
    EXPECT_EQ(chain.balance(1), 400);
    EXPECT_EQ(balance(maker_of(1)), 400u);
    const auto entries = events_of<AccountEntryEvent>(chain.events());
    ASSERT_EQ(entries.size(), 2u);
    EXPECT_EQ(entries[0], (AccountEntryEvent{bank_bic(0), eur, 2, -400, 600, word_of(maker_of(1))}));
    EXPECT_EQ(entries[1], (AccountEntryEvent{bank_bic(1), eur, 1, 400, 400, word_of(maker_of(0))}));
    const core::Log& log = chain.last.receipts.at(0).logs.at(2);
    EXPECT_EQ(log.address, facade_address(eur));
    EXPECT_EQ(log.topics,
              (std::vector<core::Word>{transfer_topic, word_of(maker_of(0)), word_of(maker_of(1))}));
    EXPECT_EQ(log.data, abi::encode(std::uint64_t{400}));
}

TEST_F(FacadeTest, unknown_addresses_neither_send_nor_receive) {
    EXPECT_EQ(fault(maker_of(0), transfer(robot, 1)), selector_of("ERC20InvalidReceiver(address)"));
    EXPECT_EQ(fault(maker_of(0), transfer(core::Address{}, 1)), selector_of("ERC20InvalidReceiver(address)"));
    EXPECT_EQ(fault(approver_of(0), transfer(maker_of(1), 1)), selector_of("ERC20InvalidSender(address)"));
    EXPECT_EQ(balance(robot), 0u);
}

TEST_F(FacadeTest, what_is_not_there_is_not_sent_and_does_not_queue) {
    EXPECT_EQ(fault(maker_of(0), transfer(maker_of(1), 1'001)),
              selector_of("ERC20InsufficientBalance(address,uint256,uint256)"));
    EXPECT_EQ(chain.refusal(maker_of(0), calls::facade_transfer(eur, maker_of(1), core::Uint256::max())),
              reason::amount_too_large);
    chain.set_credit_line(0, 500);
    EXPECT_TRUE(works(maker_of(0), transfer(maker_of(1), 1'001)));
    EXPECT_EQ(chain.balance(0), -1);
    EXPECT_EQ(balance(maker_of(0)), 0u);
}

TEST_F(FacadeTest, a_transfer_does_not_overtake_the_payers_queue) {
    chain.pay({.payer = 0, .payee = 1, .amount = 2'000});
    EXPECT_EQ(fault(maker_of(0), transfer(maker_of(1), 1)),
              selector_of("ERC20InsufficientBalance(address,uint256,uint256)"));
}

TEST_F(FacadeTest, money_that_arrives_lets_the_queue_of_its_bank_try) {
    chain.pay({.payer = 1, .payee = 2, .amount = 300});
    EXPECT_TRUE(works(maker_of(0), transfer(maker_of(1), 300)));
    EXPECT_EQ(chain.balance(2), 300);
}

TEST_F(FacadeTest, nothing_and_oneself_move_no_money) {
    EXPECT_TRUE(works(maker_of(0), transfer(maker_of(1), 0)));
    EXPECT_EQ(chain.last.receipts.at(0).logs.size(), 1u);
    EXPECT_TRUE(works(maker_of(0), transfer(maker_of(0), 1'000)));
    EXPECT_EQ(chain.balance(0), 1'000);
    EXPECT_EQ(fault(maker_of(0), transfer(maker_of(0), 1'001)),
              selector_of("ERC20InsufficientBalance(address,uint256,uint256)"));
}

TEST_F(FacadeTest, a_suspended_bank_neither_sends_nor_receives) {
    chain.send(operator_key(), calls::set_status(bank_bic(1), ParticipantStatus::suspended, ""));
    EXPECT_EQ(chain.refusal(maker_of(0), transfer(maker_of(1), 1)), reason::blocked_account);
    EXPECT_EQ(chain.refusal(maker_of(1), transfer(maker_of(0), 0)), reason::blocked_account);
}

TEST_F(FacadeTest, what_four_eyes_must_see_is_not_sent_by_one_key) {
    chain.send(admin_of(0), calls::set_approval_threshold(eur, 100));
    EXPECT_EQ(chain.refusal(maker_of(0), transfer(maker_of(1), 100)), reason::forbidden);
    EXPECT_TRUE(works(maker_of(0), transfer(maker_of(1), 99)));
}

TEST_F(FacadeTest, an_allowance_is_spent_up_to_its_amount) {
    EXPECT_TRUE(works(maker_of(0), calls::facade_approve(eur, approver_of(2), 150)));
    EXPECT_EQ(chain.last.receipts.at(0).logs.at(0).topics.at(0), approval_topic);
    const auto pull = [&](std::uint64_t amount) {
        return calls::facade_transfer_from(eur, maker_of(0), maker_of(1), amount);
    };
    EXPECT_TRUE(works(approver_of(2), pull(100)));
    EXPECT_EQ(allowance(maker_of(0), approver_of(2)), 50u);
    EXPECT_EQ(fault(approver_of(2), pull(51)),
              selector_of("ERC20InsufficientAllowance(address,uint256,uint256)"));
    EXPECT_EQ(fault(maker_of(2), pull(1)),
              selector_of("ERC20InsufficientAllowance(address,uint256,uint256)"));
    EXPECT_EQ(chain.balance(1), 100);
    EXPECT_TRUE(works(maker_of(0), calls::facade_approve(eur, approver_of(2), core::Uint256::max())));
    EXPECT_TRUE(works(approver_of(2), pull(1)));
    EXPECT_EQ(allowance(maker_of(0), approver_of(2)), core::Uint256::max());
    EXPECT_EQ(fault(maker_of(0), calls::facade_approve(eur, core::Address{}, 1)),
              selector_of("ERC20InvalidSpender(address)"));
}

TEST_F(FacadeTest, a_transfer_that_fails_leaves_the_allowance) {
    EXPECT_TRUE(works(maker_of(0), calls::facade_approve(eur, approver_of(2), 5'000)));
    fault(approver_of(2), calls::facade_transfer_from(eur, maker_of(0), maker_of(1), 2'000));
    EXPECT_EQ(allowance(maker_of(0), approver_of(2)), 5'000u);
}

TEST_F(FacadeTest, an_allowance_ends_with_the_duty_of_the_key_that_gave_it) {
    EXPECT_TRUE(works(maker_of(0), calls::facade_approve(eur, approver_of(2), 150)));
    chain.send(admin_of(0), calls::set_key({bank_bic(0), core::KeyDuty::maker, maker_of(0), false}));
    EXPECT_EQ(chain.refusal(approver_of(2), calls::facade_transfer_from(eur, maker_of(0), maker_of(1), 1)),
              reason::forbidden);
    EXPECT_TRUE(works(maker_of(1), transfer(maker_of(0), 0))) << "but it may still receive";
}

TEST_F(FacadeTest, an_agent_moves_money_of_a_bank_under_its_mandate_and_without_allowance) {
    const auto pull = [&](std::uint64_t amount) {
        return through(robot, calls::facade_transfer_from(eur, maker_of(0), maker_of(1), amount));
    };
    chain.send(admin_of(0), calls::set_approval_threshold(eur, 50));
    EXPECT_EQ(fault(maker_of(2), pull(100)),
              selector_of("ERC20InsufficientAllowance(address,uint256,uint256)"));
    set_mandate(chain, 0, robot, MandateAct::transfer, 250);
    EXPECT_TRUE(works(maker_of(2), pull(100))) << "a mandate is the second pair of eyes";
    EXPECT_EQ(chain.balance(1), 100);
    EXPECT_EQ(chain.refusal(maker_of(2), pull(151)), reason::amount_too_large) << "beyond the day's amount";
    EXPECT_TRUE(works(maker_of(2), pull(150)));
    set_mandate(chain, 0, robot, MandateAct::lock, 1'000);
    EXPECT_EQ(fault(maker_of(2), pull(1)),
              selector_of("ERC20InsufficientAllowance(address,uint256,uint256)"));
}

TEST_F(FacadeTest, an_agent_loses_its_way_to_money_behind_a_key_that_has_ended) {
    set_mandate(chain, 0, robot, MandateAct::transfer, 250);
    chain.send(admin_of(0), calls::set_key({bank_bic(0), core::KeyDuty::maker, maker_of(0), false}));
    EXPECT_EQ(chain.refusal(maker_of(2),
                            through(robot, calls::facade_transfer_from(eur, maker_of(0), maker_of(1), 1))),
              reason::forbidden);
}

TEST_F(FacadeTest, what_must_be_screened_is_neither_sent_nor_pulled) {
    set_mandate(chain, 0, robot, MandateAct::transfer, 1'000);
    EXPECT_TRUE(chain.send(operator_key(), calls::require_screening(bank_bic(0), eur, 100)).succeeded());
    EXPECT_EQ(chain.refusal(maker_of(0), transfer(maker_of(1), 100)), reason::regulatory);
    EXPECT_EQ(chain.refusal(maker_of(2),
                            through(robot, calls::facade_transfer_from(eur, maker_of(0), maker_of(1), 100))),
              reason::regulatory);
    EXPECT_TRUE(works(maker_of(0), transfer(maker_of(1), 99)));
    EXPECT_TRUE(works(maker_of(1), transfer(maker_of(0), 99)));
}

TEST_F(FacadeTest, a_transfer_counts_against_the_limits_of_the_payer) {
    set_limit(chain, 0, 1, 300);
    EXPECT_TRUE(works(maker_of(0), transfer(maker_of(1), 200)));
    EXPECT_EQ(chain.refusal(maker_of(0), transfer(maker_of(1), 101)), reason::bilateral_limit_reached);
    EXPECT_TRUE(works(maker_of(0), transfer(maker_of(1), 100)));
}

TEST_F(FacadeTest, an_admin_binds_a_maker_key_of_its_bank_and_no_other) {
    EXPECT_EQ(results::address(chain.look(calls::address_of(bank_bic(0))).output), maker_of(0));
    EXPECT_EQ(results::bic(chain.look(calls::settles_for(maker_of(0))).output), bank_bic(0));
    EXPECT_EQ(chain.refusal(admin_of(0), calls::bind_address(approver_of(0))), reason::forbidden);
    EXPECT_EQ(chain.refusal(admin_of(0), calls::bind_address(maker_of(1))), reason::forbidden);
    EXPECT_EQ(chain.refusal(maker_of(0), calls::bind_address(maker_of(0))), reason::forbidden);
    EXPECT_TRUE(works(admin_of(0), calls::bind_address({})));
    EXPECT_EQ(events_of<AddressBoundEvent>(chain.events()).at(0), (AddressBoundEvent{bank_bic(0), {}}));
    EXPECT_EQ(fault(maker_of(0), transfer(maker_of(1), 1)), selector_of("ERC20InvalidSender(address)"));
    EXPECT_EQ(results::bic(chain.look(calls::settles_for(maker_of(0))).output), BicText{});
    EXPECT_TRUE(works(admin_of(0), calls::bind_address(maker_of(0))));
    EXPECT_TRUE(works(maker_of(0), transfer(maker_of(1), 1)));
}

TEST_F(FacadeTest, an_address_that_goes_to_another_bank_is_no_longer_the_first_ones) {
    chain.send(admin_of(0), calls::set_key({bank_bic(0), core::KeyDuty::maker, maker_of(0), false}));
    chain.give_key(1, core::KeyDuty::maker, maker_of(0));
    EXPECT_TRUE(works(admin_of(1), calls::bind_address(maker_of(0))));
    EXPECT_EQ(events_of<AddressBoundEvent>(chain.events()),
              (std::vector<AddressBoundEvent>{{bank_bic(0), {}}, {bank_bic(1), maker_of(0)}}));
    EXPECT_EQ(results::address(chain.look(calls::address_of(bank_bic(0))).output), core::Address{});
    EXPECT_EQ(results::bic(chain.look(calls::settles_for(maker_of(1))).output), BicText{});
    EXPECT_EQ(balance(maker_of(0)), 0u) << "the second bank has nothing";
}

TEST_F(FacadeTest, a_registered_contract_holds_money_of_its_own) {
    register_robot();
    EXPECT_EQ(events_of<HolderChangedEvent>(chain.events()).at(0),
              (HolderChangedEvent{robot, bank_bic(0), HolderStatus::active}));
    EXPECT_TRUE(works(maker_of(0), transfer(robot, 400)));
    EXPECT_EQ(events_of<HolderEntryEvent>(chain.events()).at(0),
              (HolderEntryEvent{robot, eur, 1, 400, 400, word_of(maker_of(0))}));
    EXPECT_EQ(balance(robot), 400u);
    EXPECT_EQ(chain.balance(0), 600);
    EXPECT_EQ(number(calls::facade_supply(eur)), 1'000u);
    EXPECT_TRUE(works(approver_of(2), through(robot, transfer(maker_of(1), 150))));
    EXPECT_EQ(balance(robot), 250u);
    EXPECT_EQ(chain.balance(1), 150);
    EXPECT_EQ(fault(approver_of(2), through(robot, transfer(maker_of(1), 251))),
              selector_of("ERC20InsufficientBalance(address,uint256,uint256)"));
    EXPECT_EQ(number(calls::holder_entry_count(robot, eur)), 2u);
    EXPECT_EQ(number(calls::holder_entry_count(robot, usd)), 0u);
}

TEST_F(FacadeTest, holders_pay_each_other) {
    register_robot();
    const core::Address other = add_robot(chain, 2);
    chain.send(admin_of(1), calls::set_holder(other, HolderStatus::active));
    EXPECT_TRUE(works(maker_of(0), transfer(robot, 400)));
    EXPECT_TRUE(works(maker_of(0), through(robot, transfer(other, 100))));
    EXPECT_EQ(balance(other), 100u);
    const auto rows = results::holders(chain.look(calls::holders(0, 10)).output);
    EXPECT_EQ(rows, (std::vector<HolderInfo>{{robot, HolderStatus::active, bank_bic(0)},
                                             {other, HolderStatus::active, bank_bic(1)}}));
    EXPECT_EQ(results::holders(chain.look(calls::holders(1, 10)).output)->size(), 1u);
}

TEST_F(FacadeTest, only_contracts_become_holders) {
    const auto refusal = [&](const core::Address& who) {
        return chain.refusal(admin_of(0), calls::set_holder(who, HolderStatus::active));
    };
    EXPECT_EQ(refusal(robot_address(9)), reason::bad_form) << "nothing there";
    EXPECT_EQ(refusal(accounts_address), reason::bad_form);
    EXPECT_EQ(refusal(facade_address(eur)), reason::bad_form);
    EXPECT_EQ(refusal(maker_of(1)), reason::bad_form);
    chain.state.put_code(robot_address(3), core::delegation_to(robot));
    EXPECT_EQ(refusal(robot_address(3)), reason::bad_form) << "an account that delegates";
    EXPECT_EQ(chain.refusal(maker_of(0), calls::set_holder(robot, HolderStatus::active)), reason::forbidden);
    EXPECT_EQ(chain.refusal(admin_of(0), calls::set_holder(robot, HolderStatus::frozen)),
              reason::unknown_reference);
}

TEST_F(FacadeTest, a_holder_is_closed_by_its_sponsor_and_frozen_by_the_authority) {
    register_robot();
    EXPECT_TRUE(works(maker_of(0), transfer(robot, 400)));
    EXPECT_EQ(chain.refusal(admin_of(1), calls::set_holder(robot, HolderStatus::closing)), reason::forbidden);
    EXPECT_TRUE(works(admin_of(0), calls::set_holder(robot, HolderStatus::closing)));
    EXPECT_EQ(chain.refusal(maker_of(0), transfer(robot, 1)), reason::blocked_account);
    EXPECT_TRUE(works(maker_of(0), through(robot, transfer(maker_of(1), 1))));
    EXPECT_EQ(chain.refusal(admin_of(0), calls::set_holder(robot, HolderStatus::frozen)), reason::forbidden);
    EXPECT_TRUE(works(operator_key(), calls::set_holder(robot, HolderStatus::frozen)));
    EXPECT_EQ(chain.refusal(maker_of(0), through(robot, transfer(maker_of(1), 1))), reason::blocked_account);
    EXPECT_EQ(chain.refusal(admin_of(0), calls::set_holder(robot, HolderStatus::active)), reason::forbidden);
    EXPECT_TRUE(works(operator_key(), calls::set_holder(robot, HolderStatus::active)));
    EXPECT_TRUE(works(maker_of(0), through(robot, transfer(maker_of(1), 399))));
    EXPECT_EQ(chain.refusal(operator_key(), calls::set_holder(robot, HolderStatus::none)), reason::bad_form);
}

TEST_F(FacadeTest, an_authority_takes_a_holder_from_its_sponsor_also_by_saying_what_is_so) {
    register_robot();
    EXPECT_TRUE(works(operator_key(), calls::set_holder(robot, HolderStatus::active)));
    EXPECT_EQ(results::holder(chain.look(calls::holder_of(robot)).output),
              (HolderInfo{robot, HolderStatus::active, BicText{}}));
    EXPECT_EQ(chain.refusal(admin_of(0), calls::set_holder(robot, HolderStatus::closing)), reason::forbidden);
}

TEST_F(FacadeTest, operators_register_holders_by_k_of_n) {
    SettlementChain many(settlement_spec(2, 3, 2));
    const core::Address contract = add_robot(many);
    const ContractCall act = calls::set_holder(contract, HolderStatus::active);
    EXPECT_EQ(many.refusal(operator_key(0), act), reason::forbidden);
    many.send(operator_key(0), calls::propose_act(act.data));
    many.send(operator_key(1), calls::confirm_act(1));
    EXPECT_EQ(results::holder(many.look(calls::holder_of(contract)).output),
              (HolderInfo{contract, HolderStatus::active, BicText{}}));
}

TEST_F(FacadeTest, a_holder_cannot_become_a_settlement_address) {
    register_robot();
    chain.give_key(0, core::KeyDuty::maker, robot_address(7));
    EXPECT_TRUE(works(admin_of(0), calls::bind_address(robot_address(7)))) << "another maker may";
    chain.send(admin_of(0), calls::set_key({bank_bic(0), core::KeyDuty::maker, robot, true}));
    chain.send(maker_of(0), through(robot, calls::accept_key(bank_bic(0), core::KeyDuty::maker)));
    EXPECT_TRUE(chain.last.receipts.at(0).succeeded);
    EXPECT_EQ(chain.refusal(admin_of(0), calls::bind_address(robot)), reason::forbidden);
}

TEST_F(FacadeTest, a_permit_allows_what_its_owner_signed_once) {
    crypto::PrivateKey secret{};
    secret.writable_bytes()[31] = 7;
    const core::Address owner = crypto::address_of(secret);
    const core::Uint256 deadline(genesis_time_ms / 1'000 + 3'600);
    const auto permit = [&](const core::Uint256& until, std::uint64_t nonce) {
        const core::Hash digest = permit_digest({owner, maker_of(1), 70, nonce, until},
                                                permit_domain(facade_address(eur), eur, settlement_chain_id));
        const core::Signature signed_by_owner = crypto::sign(digest, secret);
        return ContractCall{
            facade_address(eur),
            abi::encode_call(selector_of("permit(address,address,uint256,uint256,uint8,bytes32,bytes32)"),
                             owner, maker_of(1), std::uint64_t{70}, until,
                             static_cast<std::uint8_t>(27 + signed_by_owner.recovery_id), signed_by_owner.r,
                             signed_by_owner.s)};
    };
    EXPECT_TRUE(works(maker_of(2), permit(deadline, 0)));
    EXPECT_EQ(allowance(owner, maker_of(1)), 70u);
    const Selector invalid = selector_of("ERC2612InvalidSigner(address,address)");
    EXPECT_EQ(fault(maker_of(2), permit(deadline, 0)), invalid) << "used";
    EXPECT_EQ(fault(maker_of(2), permit(deadline, 2)), invalid);
    EXPECT_EQ(fault(maker_of(2), permit(genesis_time_ms / 1'000 - 1, 1)),
              selector_of("ERC2612ExpiredSignature(uint256)"));
    EXPECT_TRUE(works(maker_of(2), permit(deadline, 1)));
}

}  // namespace
}  // namespace sluice::contracts
