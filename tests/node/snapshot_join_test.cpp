// Joining from a snapshot: honest peers, liars, peers that go, and what an operator trusts.
#include "node/snapshot_join.hpp"

#include <gtest/gtest.h>

#include <deque>

#include "ledger/memory_store.hpp"
#include "ledger/memory_vote_directory.hpp"
#include "ledger/verify.hpp"
#include "node/pinned_states.hpp"
#include "node/tasks.hpp"
#include "tests/ledger/chain_builder.hpp"

namespace sluice::node {
namespace {

using ledger::test::GrowingLedger;

core::Address peer(std::uint8_t number) {
    core::Address address{};
    address[0] = number;
    return address;
}

ledger::LedgerOptions options() {
    ledger::LedgerOptions chosen;
    chosen.state.cache_bytes = 100'000;
    chosen.state.snapshot_interval = 4;
    return chosen;
}

/// A chain with a state at its head, and what a node of it answers.
class Source {
  public:
    explicit Source(std::size_t blocks, std::uint64_t seed = 5, std::size_t accounts = 20)
        : accounts_(accounts), chain(store_, options(), seed) {
        grow(blocks);
    }
    void grow(std::size_t blocks) {
        const ledger::test::DiffSize size{.accounts = accounts_,
                                          .slots = 10,
                                          .address_space = 20'000,
                                          .slot_space = 100,
                                          .deletions = false};
        for (std::size_t i = 0; i < blocks; ++i)
            chain.grow(size, 2);
        state = chain.snapshot()->export_state();
    }
    SyncMessage answer(const SyncMessage& question) {
        auto votes = ledger::VoteLog::create(votes_, {}, {});
        if (!votes) votes_ = {}, votes = ledger::VoteLog::create(votes_, {}, {});
        Storage storage{chain.ledger(), *votes};
        std::optional<Task> task;
        if (const auto* wish = std::get_if<SnapshotRequest>(&question))
            task = ReadOffer{{}, *wish, chain.snapshot(), state};
        else
            task = ReadParts{{}, std::get<PartsRequest>(question), state};
        const auto result = node::run(std::move(*task), storage);
        return *decode_sync_message(*std::get<AnswerRead>(result).answer);
    }
    std::shared_ptr<const JoinRoots> roots(std::optional<TrustedBlock> trusted = std::nullopt) {
        return std::make_shared<const JoinRoots>(JoinRoots{chain.chain().identity(),
                                                           chain.chain().genesis().header,
                                                           chain.chain().genesis().validators, trusted});
    }

  private:
    std::size_t accounts_;
    ledger::MemoryStore store_;
    ledger::MemoryVoteDirectory votes_;

  public:
    GrowingLedger chain;
    ledger::StateExportPtr state;
};

/// The joiner, with whoever it talks to. Time passes only when nothing else happens.
class Play final : public Outbox, public JoinWorkers, public EventLog {
  public:
    using Answers = std::function<std::optional<SyncMessage>(const SyncMessage&)>;

    explicit Play(std::shared_ptr<const JoinRoots> roots)
        : join(std::move(roots), *this, *this, *this), storage_{store, options().state} {}

    void connect(std::uint8_t number, Answers answers) {
        peers_[peer(number)] = std::move(answers);
        join.on_peer_up(now_, peer(number));
    }
    /// Until it is over, or for so long.
    void run(core::Duration limit = core::seconds(60)) {
        const auto end = now_.instant + limit;
        join.start(now_);
        while (!join.end() && now_.instant < end)
            if (!step()) {
                now_.instant = now_.instant + core::milliseconds(200);
                join.on_deadline(now_);
            }
    }
    core::Result<ledger::Ledger::Opened, ledger::OpenFailure> open(const Source& source) {
        return ledger::Ledger::open(store, const_cast<Source&>(source).chain.chain().genesis_hash(),
                                    std::nullopt, options());
    }

    void broadcast(network::Channel, core::SharedBytes) override {}
    void send(const core::Address& to, network::Channel, core::SharedBytes bytes) override {
        sent_.emplace_back(to, *decode_sync_message(*bytes));
        ++messages;
    }
    void punish(const core::Address& one, std::string_view) override { punished.insert(one); }
    void start(JoinTask task) override { tasks_.push_back(std::move(task)); }
    void write(LogLevel, std::string_view event, std::span<const LogField>) override {
        ++events[std::string(event)];
    }

    SnapshotJoin join;
    ledger::MemoryStore store;
    std::set<core::Address> punished;
    std::map<std::string, int> events;
    std::size_t messages = 0;
    std::size_t waiting_most = 0;

  private:
    bool step() {
        waiting_most = std::max(waiting_most, join.progress().parts_waiting);
        if (!tasks_.empty()) {
            auto task = std::move(tasks_.front());
            tasks_.pop_front();
            join.on_task_done(now_, node::run(std::move(task), storage_));
            return true;
        }
        if (sent_.empty()) return false;
        const auto [to, message] = std::move(sent_.front());
        sent_.pop_front();
        if (const auto answer = peers_.at(to)(message))
            join.on_frame(now_, to, network::Channel::sync, core::share(encode(*answer)));
        return true;
    }

    Now now_{{1'000'000}, 0};
    JoinStorage storage_;
    std::map<core::Address, Answers> peers_;
    std::deque<std::pair<core::Address, SyncMessage>> sent_;
    std::deque<JoinTask> tasks_;
};

Play::Answers honest(Source& source) {
    return [&source](const SyncMessage& question) { return std::optional(source.answer(question)); };
}

/// Alters what an honest peer would say.
template <typename Message, typename Alter>
Play::Answers altering(Source& source, Alter alter) {
    return [&source, alter](const SyncMessage& question) -> std::optional<SyncMessage> {
        auto answer = source.answer(question);
        if (auto* message = std::get_if<Message>(&answer)) alter(*message);
        return answer;
    };
}

void expect_joined(Play& play, Source& source) {
    ASSERT_EQ(play.join.end(), JoinEnd::joined);
    auto opened = play.open(source);
    ASSERT_TRUE(opened.has_value()) << opened.error().detail;
    EXPECT_EQ(opened->ledger.snapshot()->hash(), source.chain.snapshot()->hash());
    EXPECT_EQ(opened->state.root(), source.chain.state().root());
    EXPECT_TRUE(ledger::test::reads_as(opened->state.view(), source.chain.models().back()));
    ledger::VerifyOptions verify;
    verify.full = true;
    verify.chain = source.chain.chain().identity();
    const auto report = ledger::verify_database(play.store, verify);
    EXPECT_TRUE(report.whole()) << report.faults.front().what;
}

TEST(SnapshotJoin, a_node_that_knows_only_genesis_gets_the_state_of_a_peer) {
    Source source(8);
    Play play(source.roots());
    play.connect(1, honest(source));
    play.run();
    expect_joined(play, source);
    EXPECT_TRUE(play.punished.empty());
}

TEST(SnapshotJoin, it_follows_the_validators_through_every_change) {
    Source source(2);
    for (int i = 0; i < 3; ++i) {
        source.chain.chain().change_validators();
        source.grow(2);
    }
    ASSERT_EQ(source.chain.snapshot()->validator_changes().size(), 3u);
    Play play(source.roots());
    play.connect(1, honest(source));
    play.run();
    expect_joined(play, source);
    EXPECT_EQ(play.open(source)->ledger.snapshot()->validator_changes(),
              source.chain.snapshot()->validator_changes());
}

TEST(SnapshotJoin, a_change_made_by_the_very_block_of_the_state_is_followed_too) {
    Source source(3);
    source.chain.chain().change_validators();
    source.grow(1);
    ASSERT_EQ(source.chain.snapshot()->validator_changes().back(), 5u);
    Play play(source.roots());
    play.connect(1, honest(source));
    play.run();
    expect_joined(play, source);
}

TEST(SnapshotJoin, links_that_do_not_fit_are_asked_for_page_by_page) {
    Source source(1);
    for (int i = 0; i < 6; ++i) {
        source.chain.chain().change_validators();
        source.chain.grow();
    }
    source.grow(1);
    Play play(source.roots());
    std::size_t pages = 0;
    play.connect(1, [&](const SyncMessage& question) {
        auto answer = source.answer(question);
        if (auto* offer = std::get_if<SnapshotOffer>(&answer)) {
            ++pages;
            if (offer->links.size() > 2) {
                offer->links.resize(2);
                *offer = SnapshotOffer{offer->request_id, 0, offer->links, true, {}, {}, {}};
            }
        }
        return std::optional(answer);
    });
    play.run();
    expect_joined(play, source);
    EXPECT_EQ(pages, 3u);
}

TEST(SnapshotJoin, a_peer_that_alters_a_leaf_is_found_at_once_and_costs_one_message) {
    Source source(8);
    Play play(source.roots());
    std::size_t lies = 0;
    play.connect(1, altering<PartsAnswer>(source, [&](PartsAnswer& answer) {
                     ++lies;
                     for (auto& chunk : answer.chunks)
                         for (auto& leaf : chunk.leaves)
                             leaf.value.back() ^= 1;
                     for (auto& chunk : answer.chunks)
                         if (!chunk.bytes.empty()) chunk.bytes.back() ^= 1;
                 }));
    play.connect(2, honest(source));
    play.run();
    expect_joined(play, source);
    EXPECT_EQ(play.punished, std::set{peer(1)});
    EXPECT_EQ(lies, 1u);
}

TEST(SnapshotJoin, no_false_offer_is_taken) {
    Source source(8), other(8, 77);
    const std::vector<std::function<void(SnapshotOffer&)>> lies{
        [](SnapshotOffer& offer) { offer.height += 1; },
        [](SnapshotOffer& offer) { offer.receipts.pop_back(); },
        [](SnapshotOffer& offer) { offer.receipts[0].back() ^= 1; },
        [](SnapshotOffer& offer) {
            offer.block.block = core::share(core::Bytes{1, 2, 3});
        },
        [](SnapshotOffer& offer) {
            auto bytes = *offer.block.certificate;
            bytes[70] ^= 1;
            offer.block.certificate = core::share(std::move(bytes));
        },
        [](SnapshotOffer& offer) {
            // Below the quorum: the last signature goes.
            auto certificate = *core::decode_commit_certificate(*offer.block.certificate);
            certificate.signatures.pop_back();
            offer.block.certificate = core::share(core::encode(certificate));
        },
        [&](SnapshotOffer& offer) {
            const auto id = offer.request_id;
            offer = std::get<SnapshotOffer>(other.answer(SnapshotRequest{id, 0, 0}));
        },
        [](SnapshotOffer& offer) { offer.more_links = true; },
        [](SnapshotOffer& offer) {
            offer.links.push_back({{1}, {2}, {}});
        },
    };
    for (std::size_t i = 0; i < lies.size(); ++i) {
        Play play(source.roots());
        play.connect(1, altering<SnapshotOffer>(source, lies[i]));
        play.connect(2, honest(source));
        play.run();
        EXPECT_EQ(play.punished, std::set{peer(1)}) << "lie " << i;
        expect_joined(play, source);
    }
}

TEST(SnapshotJoin, a_liar_alone_gives_nothing_and_the_store_stays_as_it_was) {
    Source source(8);
    Play play(source.roots());
    ASSERT_TRUE(ledger::Ledger::create(play.store, source.chain.chain().genesis(), options()).has_value());
    play.connect(1, altering<SnapshotOffer>(source, [](SnapshotOffer& offer) { offer.height -= 1; }));
    play.connect(2, [](const SyncMessage& question) -> std::optional<SyncMessage> {
        const auto* wish = std::get_if<SnapshotRequest>(&question);
        return SnapshotOffer{wish->request_id, 0, {}, false, {}, {}, {}};
    });
    play.run();
    EXPECT_EQ(play.join.end(), JoinEnd::nothing_offered);
    EXPECT_EQ(play.open(source)->ledger.snapshot()->height(), 0u);
}

TEST(SnapshotJoin, silent_peers_are_passed_over) {
    Source source(8);
    Play play(source.roots());
    play.connect(1, [](const SyncMessage&) { return std::optional<SyncMessage>(); });
    play.connect(2, [&](const SyncMessage& question) -> std::optional<SyncMessage> {
        // Offers, and then says nothing more.
        if (std::holds_alternative<PartsRequest>(question)) return std::nullopt;
        return source.answer(question);
    });
    play.connect(3, honest(source));
    play.run();
    expect_joined(play, source);
    EXPECT_TRUE(play.punished.empty());
}

TEST(SnapshotJoin, with_silent_peers_alone_it_waits) {
    Source source(8);
    Play play(source.roots());
    play.connect(1, [](const SyncMessage&) { return std::optional<SyncMessage>(); });
    play.run();
    EXPECT_EQ(play.join.end(), std::nullopt);
    play.connect(2, honest(source));
    play.run();
    expect_joined(play, source);
}

TEST(SnapshotJoin, when_nobody_holds_the_state_any_more_it_begins_anew_with_a_newer_one) {
    Source source(8);
    Play play(source.roots());
    std::size_t answers = 0;
    play.connect(1, [&](const SyncMessage& question) -> std::optional<SyncMessage> {
        if (const auto* parts = std::get_if<PartsRequest>(&question); parts && ++answers == 2) {
            source.grow(4);
            return PartsAnswer{parts->request_id, {}};
        }
        return source.answer(question);
    });
    play.run();
    expect_joined(play, source);
    EXPECT_EQ(source.chain.snapshot()->height(), 12u);
    EXPECT_EQ(play.events["joining_anew"], 1);
    EXPECT_TRUE(play.punished.empty());
}

TEST(SnapshotJoin, the_newest_state_is_taken_and_peers_with_another_one_are_no_sources) {
    Source older(8), newer(12);
    Play play(older.roots());
    play.connect(1, honest(older));
    play.connect(2, honest(newer));
    play.run();
    expect_joined(play, newer);
}

TEST(SnapshotJoin, a_trusted_block_must_lie_on_the_way) {
    Source source(2), other(8, 77);
    source.chain.chain().change_validators();
    source.grow(6);
    const auto& hashes = source.chain.hashes();
    for (const core::Height height : {core::Height{1}, core::Height{3}, core::Height{5}, core::Height{8}}) {
        Play play(source.roots(TrustedBlock{height, hashes[height]}));
        play.connect(1, honest(source));
        play.run();
        EXPECT_TRUE(play.punished.empty()) << height;
        expect_joined(play, source);
        Play wrong(source.roots(TrustedBlock{height, other.chain.hashes()[height]}));
        wrong.connect(1, honest(source));
        wrong.run();
        EXPECT_NE(wrong.join.end(), JoinEnd::joined) << height;
        EXPECT_EQ(wrong.punished, std::set{peer(1)}) << height;
    }
    Play later(source.roots(TrustedBlock{9, hashes[8]}));
    later.connect(1, honest(source));
    later.run();
    EXPECT_NE(later.join.end(), JoinEnd::joined) << "the state is older than the trusted block";
}

TEST(SnapshotJoin, a_state_of_many_chunks_arrives_and_few_parts_wait_at_a_time) {
    Source source(8, 5, 500);
    Play play(source.roots());
    play.connect(1, honest(source));
    play.run();
    expect_joined(play, source);
    // One chunk of accounts names all the storage that waits.
    EXPECT_LT(play.waiting_most, 8'000u);
    EXPECT_GT(play.join.progress().accounts, 2'800u) << "more than one chunk holds";
}

TEST(SnapshotJoin, a_peer_that_goes_leaves_its_work_to_others) {
    Source source(8);
    Play play(source.roots());
    play.connect(1, [&](const SyncMessage& question) -> std::optional<SyncMessage> {
        if (std::holds_alternative<PartsRequest>(question)) {
            play.join.on_peer_down({{1'000'000}, 0}, peer(1));
            return std::nullopt;
        }
        return source.answer(question);
    });
    play.connect(2, honest(source));
    play.run();
    expect_joined(play, source);
}

TEST(SnapshotJoin, others_that_join_hear_that_there_is_nothing_here) {
    Source source(8);
    Play play(source.roots());
    std::vector<SyncMessage> heard;
    play.connect(1, [&](const SyncMessage& message) {
        heard.push_back(message);
        return std::optional<SyncMessage>();
    });
    const auto ask = [&](const SyncMessage& message) {
        play.join.on_frame({{1'000'000}, 0}, peer(1), network::Channel::sync, core::share(encode(message)));
    };
    ask(SnapshotRequest{42, 0, 0});
    ask(BlocksRequest{43, 1, 10});
    ask(HeadNotice{});
    play.run(core::seconds(1));
    ASSERT_EQ(heard.size(), 3u);
    EXPECT_EQ(std::get<SnapshotOffer>(heard[1]).height, 0u);
    EXPECT_TRUE(std::get<BlocksAnswer>(heard[2]).blocks.empty());
}

TEST(PinnedStates, the_two_newest_stay_and_an_older_one_while_it_is_used) {
    ledger::MemoryStore store;
    GrowingLedger chain(store, options(), 1);
    PinnedStates pins;
    const auto pin = [&](std::int64_t second) {
        chain.grow_by(4);
        pins.add({second * 1'000'000}, chain.snapshot()->export_state());
    };
    const auto is_held = [&](core::Height height, std::int64_t second) {
        return pins.find({second * 1'000'000}, chain.hashes()[height]) != nullptr;
    };
    EXPECT_EQ(pins.newest(), nullptr);
    pin(0);
    pin(100);
    EXPECT_TRUE(is_held(4, 190));
    pin(200);
    EXPECT_TRUE(is_held(4, 210)) << "somebody fetches from it";
    pin(300);
    EXPECT_FALSE(is_held(4, 300)) << "nobody does any more";
    EXPECT_TRUE(is_held(12, 300));
    EXPECT_EQ(pins.newest()->height(), 16u);
    for (std::int64_t second = 301; second < 306; ++second)
        pin(second);
    EXPECT_FALSE(is_held(12, 306)) << "never more than four, whoever fetches";
    EXPECT_EQ(pins.newest()->height(), 36u);
}

}  // namespace
}  // namespace sluice::node
