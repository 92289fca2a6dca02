#include <gtest/gtest.h>

#include "contracts/native/key_recovery.hpp"
#include "contracts/native/plain_text.hpp"
#include "tests/contracts/native/settlement_chain.hpp"

namespace sluice::contracts {
namespace {

using namespace native;
using namespace test;
using core::KeyDuty;

class KeyActsTest : public testing::Test {
  protected:
    static ContractCall name(std::size_t bank, KeyDuty duty, const core::Address& key,
                             core::Height from = 0) {
        return calls::set_key({bank_bic(bank), duty, key, true, from});
    }
    static ContractCall end(std::size_t bank, KeyDuty duty, const core::Address& key, core::Height from = 0) {
        return calls::set_key({bank_bic(bank), duty, key, false, from});
    }
    void accept(std::size_t bank, KeyDuty duty, const core::Address& key) {
        EXPECT_TRUE(chain.send(key, calls::accept_key(bank_bic(bank), duty)).succeeded());
    }
    void act(std::size_t bank, const ContractCall& call) {
        EXPECT_TRUE(chain.send(admin_of(bank), call).succeeded());
    }
    std::vector<KeyInfo> periods_of(const core::Address& key) const {
        std::vector<KeyInfo> found;
        const auto keys = results::keys(chain.look(calls::keys_of(bank_bic(0), 0, 100)).output);
        for (const KeyInfo& each : *keys)
            if (each.key == key) found.push_back(each);
        return found;
    }
    results::KeyHolder holder_at(core::Height height, const core::Address& key) const {
        return *results::key_holder(chain.look(calls::key_at(key, height)).output);
    }
    core::Height next() const { return chain.head.height + 1; }

    const core::Address stranger{0x99};
    SettlementChain chain;
};

// ---- agreeing

TEST_F(KeyActsTest, a_key_counts_once_it_has_agreed) {
    act(0, name(0, KeyDuty::maker, stranger));
    EXPECT_EQ(events_of<KeyOfferedEvent>(chain.events())[0],
              (KeyOfferedEvent{bank_bic(0), KeyDuty::maker, stranger, true, chain.head.height}));
    EXPECT_TRUE(results::key_offer(chain.look(calls::key_offer(bank_bic(0), KeyDuty::maker, stranger)).output)
                    ->is_open);
    const ContractCall pay = calls::submit(instruction_of({}));
    EXPECT_EQ(chain.refusal(stranger, pay), reason::forbidden);
    accept(0, KeyDuty::maker, stranger);
    EXPECT_EQ(events_of<KeyChangedEvent>(chain.events())[0],
              (KeyChangedEvent{bank_bic(0), KeyDuty::maker, stranger, true, chain.head.height}));
    EXPECT_TRUE(chain.send(stranger, pay).succeeded());
    EXPECT_TRUE(chain.send(stranger, calls::accept_key(bank_bic(0), KeyDuty::maker)).succeeded())
        << "agreeing again changes nothing";
    EXPECT_TRUE(chain.events().empty());
}

TEST_F(KeyActsTest, a_bank_that_names_a_foreign_address_first_blocks_nobody) {
    act(1, name(1, KeyDuty::maker, stranger));
    act(1, name(1, KeyDuty::admin, stranger));
    chain.give_key(0, KeyDuty::maker, stranger);
    EXPECT_EQ(holder_at(chain.head.height, stranger).bic, bank_bic(0));
    EXPECT_EQ(chain.refusal(stranger, calls::accept_key(bank_bic(1), KeyDuty::maker)), reason::forbidden)
        << "one bank at a time";
}

TEST_F(KeyActsTest, a_registration_does_not_take_its_admin_s_address) {
    EXPECT_TRUE(chain
                    .send(operator_key(),
                          calls::register_participant(
                              {.bic = bank_bic(50), .name = "New", .admin = stranger, .read_key = {}}))
                    .succeeded());
    chain.give_key(0, KeyDuty::maker, stranger);
    EXPECT_EQ(chain.refusal(stranger, calls::accept_key(bank_bic(50), KeyDuty::admin)), reason::forbidden);
}

TEST_F(KeyActsTest, nobody_agrees_to_what_was_not_offered) {
    EXPECT_EQ(chain.refusal(stranger, calls::accept_key(bank_bic(0), KeyDuty::maker)),
              reason::unknown_reference);
    EXPECT_EQ(chain.refusal(stranger, calls::accept_key(bank_bic(77), KeyDuty::maker)), reason::bad_bank);
    EXPECT_EQ(chain.refusal(stranger, calls::accept_key(bank_bic(0), KeyDuty{})), reason::bad_form);
    act(0, name(0, KeyDuty::maker, stranger));
    act(0, end(0, KeyDuty::maker, stranger));
    EXPECT_EQ(chain.refusal(stranger, calls::accept_key(bank_bic(0), KeyDuty::maker)),
              reason::unknown_reference)
        << "the offer was withdrawn";
}

TEST_F(KeyActsTest, an_offer_falls_with_the_admin_that_made_it) {
    const core::Address heir{0x9a};
    act(0, name(0, KeyDuty::maker, stranger));
    chain.give_key(0, KeyDuty::admin, heir);
    EXPECT_TRUE(chain.send(heir, end(0, KeyDuty::admin, admin_of(0))).succeeded());
    EXPECT_EQ(chain.refusal(stranger, calls::accept_key(bank_bic(0), KeyDuty::maker)), reason::forbidden);
    EXPECT_TRUE(chain.send(heir, name(0, KeyDuty::maker, stranger)).succeeded());
    accept(0, KeyDuty::maker, stranger);
}

TEST_F(KeyActsTest, the_admin_that_operators_named_is_the_first_or_none) {
    EXPECT_TRUE(chain
                    .send(operator_key(),
                          calls::register_participant(
                              {.bic = bank_bic(50), .name = "New", .admin = stranger, .read_key = {}}))
                    .succeeded());
    const core::Address heir{0x9a};
    EXPECT_TRUE(chain.send(operator_key(), calls::recover_keys(bank_bic(50), heir)).succeeded());
    const CallOutcome claimed = chain.send(heir, calls::claim_recovery(bank_bic(50)),
                                           core::time_ms_of(chain.head) + recovery_delay_default_ms);
    EXPECT_TRUE(claimed.succeeded());
    EXPECT_EQ(chain.refusal(stranger, calls::accept_key(bank_bic(50), KeyDuty::admin)), reason::forbidden);
}

// ---- the last admin

TEST_F(KeyActsTest, the_last_admin_key_cannot_end) {
    EXPECT_EQ(chain.refusal(admin_of(0), end(0, KeyDuty::admin, admin_of(0))), reason::forbidden);
    EXPECT_EQ(chain.refusal(admin_of(0), end(0, KeyDuty::admin, admin_of(0), next() + 100)),
              reason::forbidden);
    act(0, name(0, KeyDuty::admin, stranger));
    EXPECT_EQ(chain.refusal(admin_of(0), end(0, KeyDuty::admin, admin_of(0))), reason::forbidden)
        << "the other one has not agreed";
    accept(0, KeyDuty::admin, stranger);
    act(0, end(0, KeyDuty::admin, admin_of(0), next() + 100));
    EXPECT_EQ(chain.refusal(stranger, end(0, KeyDuty::admin, stranger)), reason::forbidden)
        << "the first one has an end already";
    EXPECT_TRUE(chain.send(stranger, name(0, KeyDuty::admin, admin_of(0))).succeeded())
        << "takes back its end";
    EXPECT_TRUE(chain.send(stranger, end(0, KeyDuty::admin, stranger)).succeeded());
}

TEST_F(KeyActsTest, an_admin_key_cannot_be_put_off) {
    EXPECT_EQ(chain.refusal(admin_of(0), name(0, KeyDuty::admin, stranger, next() + 50)), reason::bad_form);
}

// ---- changing what was planned

TEST_F(KeyActsTest, a_planned_end_moves_and_goes_without_touching_what_has_been) {
    const core::Address key = maker_of(0);
    act(0, end(0, KeyDuty::maker, key, next() + 50));
    act(0, end(0, KeyDuty::maker, key, next() + 20));
    EXPECT_EQ(periods_of(key), (std::vector<KeyInfo>{{key, KeyDuty::maker, 0, chain.head.height + 20}}));
    EXPECT_EQ(chain.refusal(admin_of(0), name(0, KeyDuty::maker, key, next() + 40)), reason::bad_form)
        << "there would be a gap";
    act(0, name(0, KeyDuty::maker, key));
    EXPECT_EQ(periods_of(key), (std::vector<KeyInfo>{{key, KeyDuty::maker, 0, 0}}));
    EXPECT_TRUE(chain.send(key, calls::submit(instruction_of({}))).succeeded());
}

TEST_F(KeyActsTest, a_planned_begin_moves_or_never_comes) {
    act(0, name(0, KeyDuty::maker, stranger, next() + 50));
    accept(0, KeyDuty::maker, stranger);
    act(0, name(0, KeyDuty::maker, stranger, next() + 10));
    EXPECT_EQ(periods_of(stranger)[0].from, chain.head.height + 10);
    act(0, end(0, KeyDuty::maker, stranger));
    const core::Height ended = chain.head.height;
    EXPECT_EQ(periods_of(stranger)[0], (KeyInfo{stranger, KeyDuty::maker, ended, ended})) << "covers nothing";
    chain.give_key(1, KeyDuty::maker, stranger);
}

TEST_F(KeyActsTest, a_new_period_leaves_the_old_one_in_the_history) {
    const core::Address key = maker_of(0);
    act(0, end(0, KeyDuty::maker, key));
    const core::Height ended = chain.head.height;
    chain.block({});
    chain.give_key(1, KeyDuty::maker, key);
    const core::Height elsewhere = chain.head.height;
    chain.send(admin_of(1), end(1, KeyDuty::maker, key));
    chain.give_key(0, KeyDuty::approver, key);
    const core::Height again = chain.head.height;
    EXPECT_EQ(periods_of(key),
              (std::vector<KeyInfo>{{key, KeyDuty::maker, 0, ended}, {key, KeyDuty::approver, again, 0}}));
    EXPECT_EQ(holder_at(ended - 1, key).bic, bank_bic(0));
    EXPECT_EQ(holder_at(ended - 1, key).duties, 1u << 2);
    EXPECT_EQ(holder_at(ended, key).bic, BicText{});
    EXPECT_EQ(holder_at(elsewhere, key).bic, bank_bic(1));
    EXPECT_EQ(holder_at(again, key).bic, bank_bic(0));
    EXPECT_EQ(holder_at(again, key).duties, 1u << 3);
    EXPECT_EQ(holder_at(again, core::Address{0x55}).bic, BicText{});
}

// ---- texts

TEST_F(KeyActsTest, a_name_or_reason_that_would_change_a_terminal_is_refused) {
    constexpr std::array<std::string_view, 5> bad_texts{"New\nBank", "New\x1b[2J",
                                                        "New\xff"
                                                        "Bank",
                                                        "New\xc2\x85", "\xed\xa0\x80"};
    for (const std::string_view bad : bad_texts) {
        calls::Registration each{
            .bic = bank_bic(50), .name = std::string(bad), .admin = stranger, .read_key = {}};
        EXPECT_EQ(chain.refusal(operator_key(), calls::register_participant(each)), reason::bad_form);
        EXPECT_EQ(
            chain.refusal(operator_key(), calls::set_status(bank_bic(0), ParticipantStatus::suspended, bad)),
            reason::bad_form);
    }
    EXPECT_TRUE(
        chain
            .send(operator_key(),
                  calls::register_participant(
                      {.bic = bank_bic(50), .name = "Zürcher Bank", .admin = stranger, .read_key = {}}))
            .succeeded());
}

TEST(PlainText, is_utf_8_in_its_shortest_form_without_controls) {
    constexpr std::array<std::string_view, 6> good_texts{
        "", "Bank", "Zürich", "日本銀行", "\xf0\x9f\x8f\xa6", "\xc2\xa0"};
    constexpr std::array<std::string_view, 11> bad_texts{
        "\x7f",         "\t",       "\xc0\xaf", "\xe0\x80\xaf",     "\xf0\x80\x80\xaf", "\xf4\x90\x80\x80",
        "\xed\xa0\x80", "\xe2\x82", "\x80",     "\xf8\x88\x80\x80", "\xc2\x9f"};
    for (const std::string_view good : good_texts)
        EXPECT_TRUE(is_plain_text(good)) << good;
    for (const std::string_view bad : bad_texts)
        EXPECT_FALSE(is_plain_text(bad));
    EXPECT_FALSE(is_plain_text(std::string_view("\0", 1)));
    EXPECT_TRUE(is_reason_text(std::string(256, 'a')));
    EXPECT_FALSE(is_reason_text(std::string(257, 'a')));
}

}  // namespace
}  // namespace sluice::contracts
