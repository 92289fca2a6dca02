/// The trading contracts of contracts/solidity, as solc compiled them, over central-bank money.
#include <gtest/gtest.h>

#include <fstream>

#include "crypto/hash.hpp"
#include "tests/contracts/native/robot.hpp"

namespace sluice::contracts {
namespace {

using namespace native;
using namespace test;

core::Bytes compiled(const std::string& name) {
    std::ifstream file(std::string(SLUICE_SOURCE_DIR) + "/tests/contracts/native/compiled/" + name + ".hex");
    std::string text;
    file >> text;
    const auto bytes = core::from_hex(text);
    EXPECT_TRUE(bytes.has_value() && !bytes->empty()) << name;
    return bytes.value_or(core::Bytes{});
}

/// A trade of DeliveryVersusPayment. The security is a token; here the façade of another currency plays it.
struct Delivery {
    core::Address seller{};
    core::Address buyer{};
    core::Address security{};
    core::Uint256 quantity;
    CurrencyText currency{};
    core::Minor amount = 0;
    std::uint64_t expiry = 0;
    static constexpr auto abi_members() {
        using D = Delivery;
        return std::make_tuple(&D::seller, &D::buyer, &D::security, &D::quantity, &D::currency, &D::amount,
                               &D::expiry);
    }
};

/// A trade of PaymentVersusPayment.
struct Exchange {
    core::Address first{};
    core::Address second{};
    CurrencyText first_pays{};
    core::Minor first_amount = 0;
    CurrencyText second_pays{};
    core::Minor second_amount = 0;
    std::uint64_t expiry = 0;
    static constexpr auto abi_members() {
        using E = Exchange;
        return std::make_tuple(&E::first, &E::second, &E::first_pays, &E::first_amount, &E::second_pays,
                               &E::second_amount, &E::expiry);
    }
};

class TradeTest : public testing::Test {
  protected:
    explicit TradeTest(const std::string& name) : contract(robot_address(50)) {
        chain.state.put_code(contract, compiled(name));
    }
    bool works(const core::Address& by, const ContractCall& call, core::UnixMs time_ms = 0) {
        return chain.send(by, call, time_ms).succeeded();
    }
    /// The first four bytes of the revert.
    Selector fault(const core::Address& by, const ContractCall& call, core::UnixMs time_ms = 0) {
        const CallOutcome outcome = chain.send(by, call, time_ms);
        EXPECT_FALSE(outcome.succeeded());
        Selector selector{};
        if (outcome.output.size() >= 4) std::copy_n(outcome.output.begin(), 4, selector.begin());
        return selector;
    }
    void allow(std::size_t bank, const CurrencyText& currency, std::uint64_t amount) {
        EXPECT_TRUE(works(maker_of(bank), calls::facade_approve(currency, contract, amount)));
    }
    template <typename... Ts>
    ContractCall call(const Selector& selector, const Ts&... arguments) const {
        return {contract, abi::encode_call(selector, arguments...)};
    }

    SettlementChain chain;
    core::Address contract;
    const std::uint64_t expiry_s = genesis_time_ms / 1'000 + 3'600;
};

class DeliveryTest : public TradeTest {
  protected:
    DeliveryTest() : TradeTest("DeliveryVersusPayment") {
        chain.issue(0, 500, usd);
        chain.issue(1, 900, eur);
        allow(0, usd, 200);
        allow(1, eur, 800);
    }
    Delivery trade() const {
        return {.seller = maker_of(0),
                .buyer = maker_of(1),
                .security = facade_address(usd),
                .quantity = 200,
                .currency = eur,
                .amount = 800,
                .expiry = expiry_s};
    }
    ContractCall submit(const Delivery& delivery, std::uint64_t id = 1) const {
        return call(selector_of("submit(bytes32,(address,address,address,uint256,bytes3,uint128,uint64))"),
                    core::word_from_u64(id), delivery);
    }
    ContractCall cancel(std::uint64_t id = 1) const {
        return call(selector_of("cancel(bytes32,address,address)"), core::word_from_u64(id), maker_of(0),
                    maker_of(1));
    }
    void expect_nothing_moved() const {
        EXPECT_EQ(chain.balance(0, usd), 500);
        EXPECT_EQ(chain.balance(1, usd), 0);
        EXPECT_EQ(chain.balance(0), 0);
        EXPECT_EQ(chain.balance(1), 900);
    }
};

TEST_F(DeliveryTest, the_second_of_two_equal_commands_moves_both_legs) {
    EXPECT_TRUE(works(maker_of(0), submit(trade())));
    expect_nothing_moved();
    EXPECT_TRUE(works(maker_of(1), submit(trade())));
    EXPECT_EQ(chain.balance(0, usd), 300);
    EXPECT_EQ(chain.balance(1, usd), 200);
    EXPECT_EQ(chain.balance(0), 800);
    EXPECT_EQ(chain.balance(1), 100);
    EXPECT_EQ(fault(maker_of(1), submit(trade())), selector_of("AlreadyClosed(bytes32,uint8)"));
}

TEST_F(DeliveryTest, one_party_alone_settles_nothing) {
    EXPECT_TRUE(works(maker_of(0), submit(trade())));
    EXPECT_TRUE(works(maker_of(0), submit(trade())));
    expect_nothing_moved();
    EXPECT_EQ(fault(maker_of(2), submit(trade())), selector_of("NotAParty(address)"));
}

TEST_F(DeliveryTest, commands_that_differ_do_not_match) {
    EXPECT_TRUE(works(maker_of(0), submit(trade())));
    Delivery other = trade();
    other.amount = 799;
    EXPECT_EQ(fault(maker_of(1), submit(other)), selector_of("OtherContent(bytes32)"));
    expect_nothing_moved();
}

TEST_F(DeliveryTest, a_side_that_cannot_perform_is_named_and_nothing_moves) {
    Delivery dear = trade();
    dear.amount = 801;
    EXPECT_TRUE(works(maker_of(0), submit(dear)));
    EXPECT_EQ(fault(maker_of(1), submit(dear)), selector_of("PaymentFailed(address,bytes)"));
    Delivery large = trade();
    large.quantity = 201;
    EXPECT_TRUE(works(maker_of(1), submit(large, 2)));
    EXPECT_EQ(fault(maker_of(0), submit(large, 2)), selector_of("DeliveryFailed(address,bytes)"));
    Delivery empty = trade();
    empty.security = core::Address{0x99};
    EXPECT_TRUE(works(maker_of(1), submit(empty, 3)));
    EXPECT_EQ(fault(maker_of(0), submit(empty, 3)), selector_of("DeliveryFailed(address,bytes)"));
    expect_nothing_moved();
}

TEST_F(DeliveryTest, a_suspended_buyer_cannot_pay_and_keeps_its_trade_open) {
    EXPECT_TRUE(works(maker_of(1), submit(trade())));
    chain.send(operator_key(), calls::set_status(bank_bic(1), ParticipantStatus::suspended, ""));
    EXPECT_EQ(fault(maker_of(0), submit(trade())), selector_of("DeliveryFailed(address,bytes)"));
    chain.send(operator_key(), calls::set_status(bank_bic(1), ParticipantStatus::active, ""));
    EXPECT_TRUE(works(maker_of(0), submit(trade())));
    EXPECT_EQ(chain.balance(0), 800);
}

TEST_F(DeliveryTest, only_who_proposed_may_cancel_and_only_before_the_match) {
    EXPECT_TRUE(works(maker_of(0), submit(trade())));
    EXPECT_EQ(fault(maker_of(1), cancel()), selector_of("NotTheInitiator(address)"));
    EXPECT_TRUE(works(maker_of(0), cancel()));
    EXPECT_TRUE(works(maker_of(1), submit(trade()))) << "now a first command again";
    expect_nothing_moved();
    EXPECT_TRUE(works(maker_of(0), submit(trade())));
    EXPECT_EQ(fault(maker_of(0), cancel()), selector_of("AlreadyClosed(bytes32,uint8)"));
    EXPECT_EQ(chain.balance(0), 800);
}

TEST_F(DeliveryTest, an_unmatched_command_expires) {
    EXPECT_TRUE(works(maker_of(0), submit(trade())));
    EXPECT_EQ(fault(maker_of(1), submit(trade()), (expiry_s + 1) * 1'000), selector_of("Expired(uint64)"));
    Delivery later = trade();
    later.expiry += 3'600;
    EXPECT_TRUE(works(maker_of(1), submit(later)));
    EXPECT_TRUE(works(maker_of(0), submit(later)));
    EXPECT_EQ(chain.balance(0), 800);
}

TEST_F(DeliveryTest, strangers_cannot_take_an_operation_id) {
    Delivery strange = trade();
    strange.buyer = maker_of(2);
    EXPECT_TRUE(works(maker_of(2), submit(strange)));
    EXPECT_TRUE(works(maker_of(0), submit(trade())));
    EXPECT_TRUE(works(maker_of(1), submit(trade())));
    EXPECT_EQ(chain.balance(0), 800);
}

class ExchangeTest : public TradeTest {
  protected:
    ExchangeTest() : TradeTest("PaymentVersusPayment") {
        chain.issue(0, 1'000, usd);
        chain.issue(1, 999, eur);
        allow(0, usd, 1'000);
        allow(1, eur, 999);
    }
    Exchange trade() const {
        return {.first = maker_of(0),
                .second = maker_of(1),
                .first_pays = usd,
                .first_amount = 1'000,
                .second_pays = eur,
                .second_amount = 999,
                .expiry = expiry_s};
    }
    ContractCall submit(const Exchange& exchange, std::uint64_t id = 1) const {
        return call(selector_of("submit(bytes32,(address,address,bytes3,uint128,bytes3,uint128,uint64))"),
                    core::word_from_u64(id), exchange);
    }
    void expect_exchanged() const {
        EXPECT_EQ(chain.balance(0, eur), 999);
        EXPECT_EQ(chain.balance(1, usd), 1'000);
        EXPECT_EQ(chain.balance(0, usd), 0);
        EXPECT_EQ(chain.balance(1, eur), 0);
    }
    void expect_nothing_moved() const {
        EXPECT_EQ(chain.balance(0, usd), 1'000);
        EXPECT_EQ(chain.balance(1, eur), 999);
    }
};

// The steps of the published case pvp-daml.
TEST_F(ExchangeTest, pvp_daml_two_currencies_change_hands_at_once) {
    EXPECT_TRUE(works(maker_of(0), submit(trade())));
    expect_nothing_moved();
    EXPECT_TRUE(works(maker_of(1), submit(trade())));
    expect_exchanged();
}

TEST_F(ExchangeTest, pvp_daml_the_reverse_direction_gives_the_same) {
    const Exchange reverse{maker_of(1), maker_of(0), eur, 999, usd, 1'000, expiry_s};
    EXPECT_TRUE(works(maker_of(1), submit(reverse)));
    EXPECT_TRUE(works(maker_of(0), submit(reverse)));
    expect_exchanged();
}

TEST_F(ExchangeTest, pvp_daml_a_wrong_label_moves_no_leg) {
    Exchange wrong = trade();
    wrong.second_pays = {'E', 'U', 'X'};
    EXPECT_TRUE(works(maker_of(0), submit(wrong)));
    EXPECT_EQ(fault(maker_of(1), submit(wrong)), selector_of("LegFailed(address,bytes3,bytes)"));
    expect_nothing_moved();
}

TEST_F(ExchangeTest, pvp_daml_a_key_may_be_repeated) {
    Exchange half = trade();
    half.first_amount = 500;
    half.second_amount = 499;
    for (int time = 0; time < 2; ++time) {
        EXPECT_TRUE(works(maker_of(0), submit(half)));
        EXPECT_TRUE(works(maker_of(1), submit(half)));
    }
    EXPECT_EQ(chain.balance(1, usd), 1'000);
    EXPECT_EQ(chain.balance(0, eur), 998);
}

TEST_F(ExchangeTest, a_leg_without_funds_keeps_the_other_back) {
    chain.pay({.payer = 1, .payee = 2, .amount = 1});
    EXPECT_TRUE(works(maker_of(0), submit(trade())));
    EXPECT_EQ(fault(maker_of(1), submit(trade())), selector_of("LegFailed(address,bytes3,bytes)"));
    EXPECT_EQ(chain.balance(0, usd), 1'000);
    EXPECT_EQ(chain.balance(1, eur), 998);
}

class HashLockTest : public TradeTest {
  protected:
    HashLockTest() : TradeTest("HashTimeLock") {
        chain.issue(0, 900);
        allow(0, eur, 900);
        EXPECT_TRUE(works(admin_of(0), calls::set_holder(contract, HolderStatus::active)));
    }
    ContractCall lock(std::uint64_t nonce = 1, std::uint64_t amount = 400) const {
        return call(selector_of("lock(bytes32,address,bytes3,uint128,bytes32,uint64)"),
                    core::word_from_u64(nonce), maker_of(1), eur, amount, crypto::sha256(secret), expiry_s);
    }
    core::Word id(std::uint64_t nonce = 1) const {
        return core::keccak256(abi::encode(maker_of(0), core::word_from_u64(nonce)));
    }
    ContractCall withdraw(const core::Word& with) const {
        return call(selector_of("withdraw(bytes32,bytes32)"), id(), with);
    }
    ContractCall refund() const { return call(selector_of("refund(bytes32)"), id()); }

    const core::Word secret = core::word_from_u64(0x5ec7e7);
    const core::UnixMs late_ms = (expiry_s + 1) * 1'000;
};

TEST_F(HashLockTest, the_secret_pays_the_receiver) {
    EXPECT_TRUE(works(maker_of(0), lock()));
    EXPECT_EQ(chain.balance(0), 500);
    EXPECT_EQ(fault(maker_of(1), withdraw(core::word_from_u64(1))), selector_of("WrongSecret(bytes32)"));
    EXPECT_TRUE(works(maker_of(1), withdraw(secret), expiry_s * 1'000)) << "at the last moment";
    EXPECT_EQ(chain.balance(1), 400);
    EXPECT_EQ(fault(maker_of(1), withdraw(secret), late_ms), selector_of("NotLocked(bytes32,uint8)"));
}

TEST_F(HashLockTest, a_duplicate_id_is_refused) {
    EXPECT_TRUE(works(maker_of(0), lock()));
    EXPECT_EQ(fault(maker_of(0), lock()), selector_of("DuplicateId(bytes32)"));
    EXPECT_TRUE(works(maker_of(0), lock(2)));
    EXPECT_EQ(chain.balance(0), 100);
}

TEST_F(HashLockTest, after_the_limit_the_money_only_goes_back) {
    EXPECT_TRUE(works(maker_of(0), lock()));
    EXPECT_EQ(fault(maker_of(0), refund()), selector_of("TooEarly(uint64)"));
    EXPECT_EQ(fault(maker_of(1), withdraw(secret), late_ms), selector_of("TooLate(uint64)"));
    EXPECT_TRUE(works(maker_of(2), refund()));
    EXPECT_EQ(chain.balance(0), 900);
    EXPECT_EQ(fault(maker_of(2), refund()), selector_of("NotLocked(bytes32,uint8)"));
}

TEST_F(HashLockTest, money_that_is_not_there_is_not_locked) {
    EXPECT_EQ(fault(maker_of(0), lock(1, 901)), selector_of("TransferFailed(bytes)"));
    EXPECT_EQ(chain.balance(0), 900);
}

TEST_F(HashLockTest, a_contract_that_is_no_holder_takes_no_money) {
    chain.send(admin_of(0), calls::set_holder(contract, HolderStatus::closing));
    EXPECT_EQ(fault(maker_of(0), lock()), selector_of("TransferFailed(bytes)"));
}

/// A trade of LockedDelivery.
struct LockedTrade {
    BicText buyer_bank{};
    BicText seller_bank{};
    core::Address buyer{};
    core::Address seller{};
    core::Address security{};
    core::Uint256 quantity;
    CurrencyText currency{};
    core::Minor amount = 0;
    std::uint64_t expiry_ms = 0;
    static constexpr auto abi_members() {
        using L = LockedTrade;
        return std::make_tuple(&L::buyer_bank, &L::seller_bank, &L::buyer, &L::seller, &L::security,
                               &L::quantity, &L::currency, &L::amount, &L::expiry_ms);
    }
};

class LockedDeliveryTest : public TradeTest {
  protected:
    LockedDeliveryTest() : TradeTest("LockedDelivery") {
        chain.issue(0, 500, usd);
        chain.issue(1, 900, eur);
        allow(0, usd, 200);
        give_mandate(1'000);
    }
    void give_mandate(core::Minor per_day) { set_mandate(chain, 1, contract, MandateAct::lock, per_day); }
    LockedTrade trade() const {
        return {.buyer_bank = bank_bic(1),
                .seller_bank = bank_bic(0),
                .buyer = maker_of(1),
                .seller = maker_of(0),
                .security = facade_address(usd),
                .quantity = 200,
                .currency = eur,
                .amount = 800,
                .expiry_ms = genesis_time_ms + hour_ms};
    }
    ContractCall open(const LockedTrade& locked) const {
        return call(
            selector_of("open(bytes32,(bytes11,bytes11,address,address,address,uint256,bytes3,uint128,"
                        "uint64))"),
            core::word_from_u64(1), locked);
    }
    ContractCall deliver(const LockedTrade& locked) const {
        return call(selector_of("deliver(bytes32,(bytes11,bytes11,address,address,address,uint256,bytes3,"
                                "uint128,uint64))"),
                    id(), locked);
    }
    ContractCall cancel() const { return call(selector_of("cancel(bytes32)"), id()); }
    core::Word id() const { return core::keccak256(abi::encode(bank_bic(1), core::word_from_u64(1))); }
};

TEST_F(LockedDeliveryTest, delivery_moves_the_security_and_releases_the_locked_money) {
    EXPECT_TRUE(works(maker_of(1), open(trade())));
    EXPECT_EQ(chain.position(1).locked, 800u);
    EXPECT_TRUE(works(maker_of(0), deliver(trade())));
    EXPECT_EQ(chain.balance(0), 800);
    EXPECT_EQ(chain.balance(1), 100);
    EXPECT_EQ(chain.balance(1, usd), 200);
    EXPECT_EQ(chain.position(1).locked, 0u);
}

TEST_F(LockedDeliveryTest, a_seller_that_cannot_deliver_is_not_paid) {
    LockedTrade large = trade();
    large.quantity = 201;
    EXPECT_TRUE(works(maker_of(1), open(large)));
    EXPECT_EQ(fault(maker_of(0), deliver(large)), selector_of("DeliveryFailed(address,bytes)"));
    EXPECT_EQ(fault(maker_of(0), deliver(trade())), selector_of("OtherContent(bytes32)"));
    EXPECT_EQ(chain.position(1).locked, 800u);
    EXPECT_EQ(chain.balance(0), 0);
}

TEST_F(LockedDeliveryTest, only_the_buyers_bank_opens_and_cancels) {
    EXPECT_EQ(fault(maker_of(0), open(trade())), selector_of("NotAMaker(address,bytes11)"));
    EXPECT_TRUE(works(maker_of(1), open(trade())));
    EXPECT_EQ(fault(maker_of(1), open(trade())), selector_of("DuplicateId(bytes32)"));
    EXPECT_EQ(fault(maker_of(0), cancel()), selector_of("NotAMaker(address,bytes11)"));
    EXPECT_TRUE(works(maker_of(1), cancel()));
    EXPECT_EQ(chain.balance(1), 900);
    EXPECT_EQ(fault(maker_of(0), deliver(trade())), selector_of("NotOpen(bytes32,uint8)"));
}

TEST_F(LockedDeliveryTest, after_the_expiry_the_money_is_back_and_delivery_fails) {
    EXPECT_TRUE(works(maker_of(1), open(trade())));
    chain.block({}, genesis_time_ms + hour_ms + 1);
    EXPECT_EQ(chain.balance(1), 900);
    EXPECT_EQ(chain.refusal(maker_of(0), deliver(trade())), reason::too_late);
    EXPECT_EQ(chain.balance(1, usd), 0);
}

TEST_F(LockedDeliveryTest, the_mandate_bounds_what_a_day_locks) {
    LockedTrade dear = trade();
    dear.amount = 900;
    give_mandate(899);
    EXPECT_EQ(chain.refusal(maker_of(1), open(dear)), reason::amount_too_large);
    give_mandate(0);
    EXPECT_EQ(chain.refusal(maker_of(1), open(trade())), reason::forbidden);
}

}  // namespace
}  // namespace sluice::contracts
