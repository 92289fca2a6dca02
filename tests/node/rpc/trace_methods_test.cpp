#include "contracts/creation.hpp"
#include "core/authorization.hpp"
#include "node/rpc/touched_state.hpp"
#include "node/rpc/trace_options.hpp"
#include "tests/contracts/evm/bytecode.hpp"
#include "tests/contracts/memory_state.hpp"
#include "tests/node/rpc/rpc_fixture.hpp"

namespace sluice::node::rpc::test {
namespace {

namespace op = contracts::evm::op;
using contracts::test::apply;
using contracts::test::code;
using contracts::test::deploying;
using contracts::test::push;
using sluice::test::address_of;

/// A chain with two contracts: `writer` stores its first argument at slot 1 and logs; `caller` calls the
/// writer with 7 and then one that reverts, and stores whether that succeeded at slot 2.
class TraceMethods : public RpcTest {
  protected:
    TraceMethods() {
        writer = deploy(
            code(push(0), op::calldataload, push(1), op::sstore, push(0), push(0), op::log0, op::stop));
        reverter = deploy(code(push(0), push(0), op::revert));
        caller = deploy(code(push(7), push(0), op::mstore, call_to(writer), op::pop, call_to(reverter),
                             push(2), op::sstore, op::stop));
    }
    static core::Bytes call_to(const core::Address& to) {
        return code(push(0), push(0), push(32), push(0), push(0), push(to), push(100'000), op::call);
    }
    core::Address deploy(const core::Bytes& runtime) {
        const auto creation = chain.make({.to = std::nullopt, .data = deploying(runtime)});
        append({creation});
        return contracts::creation_address(creation->sender, creation->transaction.nonce);
    }
    core::TransactionPtr call_caller() {
        const auto before = chain.transfer("somebody", 1);
        const auto transaction = chain.make({.to = caller, .gas_limit = 500'000});
        append({before, transaction});
        return transaction;
    }
    Json trace(const core::TransactionPtr& transaction, const Json& options = Json::object()) {
        return result("debug_traceTransaction", {hex(transaction->hash), options});
    }
    static Json word(std::uint64_t value) { return hex(core::word_from_u64(value)); }

    core::Address writer{}, reverter{}, caller{};
};

TEST_F(TraceMethods, the_log_of_instructions_shows_stack_gas_and_storage) {
    const auto transaction = call_caller();
    const Json traced = trace(transaction);
    const Json receipt = result("eth_getTransactionReceipt", {hex(transaction->hash)});
    EXPECT_EQ(quantity(traced["gas"].get<std::uint64_t>()), receipt["gasUsed"]);
    EXPECT_EQ(traced["failed"], false);
    const Json& steps = traced["structLogs"];
    EXPECT_EQ(steps[0]["op"], "PUSH1");
    EXPECT_EQ(steps[0]["pc"], 0);
    EXPECT_EQ(steps[0]["depth"], 1);
    EXPECT_EQ(steps[0]["gasCost"], 3);
    EXPECT_EQ(steps[2]["op"], "MSTORE");
    EXPECT_EQ(steps[2]["stack"], (Json{"0x7", "0x0"}));
    const auto inner =
        std::find_if(steps.begin(), steps.end(), [](const Json& step) { return step["op"] == "SSTORE"; });
    ASSERT_NE(inner, steps.end());
    EXPECT_EQ((*inner)["depth"], 2);
    EXPECT_EQ((*inner)["gasCost"], 22'100);
    EXPECT_EQ((*inner)["storage"][hex(core::word_from_u64(1))], word(7));
}

TEST_F(TraceMethods, gas_of_every_step_but_calls_is_what_the_next_one_has_less) {
    const Json steps = trace(call_caller())["structLogs"];
    for (std::size_t i = 0; i + 1 < steps.size(); ++i) {
        if (steps[i]["depth"] != steps[i + 1]["depth"]) continue;
        EXPECT_EQ(steps[i]["gas"].get<std::uint64_t>() - steps[i]["gasCost"].get<std::uint64_t>(),
                  steps[i + 1]["gas"].get<std::uint64_t>())
            << steps[i];
    }
}

TEST_F(TraceMethods, parts_of_the_log_can_be_left_out_and_added) {
    const auto transaction = call_caller();
    const Json bare = trace(transaction, {{"disableStack", true}, {"disableStorage", true}, {"limit", 5}});
    EXPECT_EQ(bare["structLogs"].size(), 5u);
    EXPECT_FALSE(bare["structLogs"][2].contains("stack"));
    const Json full = trace(transaction, {{"enableMemory", true}});
    EXPECT_EQ(full["structLogs"][3]["memory"], (Json::array({word(7)})));
}

TEST_F(TraceMethods, messages_inside_each_other_are_shown_with_their_ends) {
    const auto transaction = call_caller();
    const Json traced = trace(transaction, {{"tracer", "callTracer"}, {"tracerConfig", {{"withLog", true}}}});
    EXPECT_EQ(traced["type"], "CALL");
    EXPECT_EQ(traced["from"], hex(transaction->sender));
    EXPECT_EQ(traced["to"], hex(caller));
    EXPECT_EQ(traced["gas"], quantity(500'000));
    ASSERT_EQ(traced["calls"].size(), 2u);
    EXPECT_EQ(traced["calls"][0]["to"], hex(writer));
    EXPECT_EQ(traced["calls"][0]["input"], word(7));
    ASSERT_EQ(traced["calls"][0]["logs"].size(), 1u);
    EXPECT_EQ(traced["calls"][0]["logs"][0]["address"], hex(writer));
    EXPECT_EQ(traced["calls"][1]["error"], "execution reverted");
    const Json top =
        trace(transaction, {{"tracer", "callTracer"}, {"tracerConfig", {{"onlyTopCall", true}}}});
    EXPECT_FALSE(top.contains("calls"));
}

TEST_F(TraceMethods, logs_of_messages_inside_a_failed_one_are_left_out) {
    const auto failing = deploy(code(call_to(writer), op::pop, push(0), push(0), op::revert));
    const auto outer = deploy(code(call_to(failing), op::pop, call_to(writer), op::stop));
    const auto transaction = chain.make({.to = outer, .gas_limit = 500'000});
    append({transaction});
    const Json traced = trace(transaction, {{"tracer", "callTracer"}, {"tracerConfig", {{"withLog", true}}}});
    EXPECT_EQ(traced["calls"][0]["error"], "execution reverted");
    EXPECT_FALSE(traced["calls"][0]["calls"][0].contains("logs"));
    EXPECT_EQ(traced["calls"][1]["logs"].size(), 1u);
}

TEST_F(TraceMethods, a_call_inside_a_static_one_is_a_call_without_value) {
    const auto middle = deploy(code(call_to(reverter), op::stop));
    const auto outer = deploy(
        code(push(0), push(0), push(0), push(0), push(middle), push(100'000), op::staticcall, op::stop));
    const Json traced =
        result("debug_traceCall", {{{"to", hex(outer)}}, "latest", {{"tracer", "callTracer"}}});
    EXPECT_EQ(traced["calls"][0]["type"], "STATICCALL");
    EXPECT_FALSE(traced["calls"][0].contains("value"));
    EXPECT_EQ(traced["calls"][0]["calls"][0]["type"], "CALL");
    EXPECT_EQ(traced["calls"][0]["calls"][0]["value"], "0x0");
}

TEST(TouchedState, a_slot_that_is_read_again_costs_nothing) {
    TraceBudget budget(1'000, std::chrono::seconds(60));
    TouchedState touched(budget);
    const core::Address contract = address_of("contract");
    const std::vector<core::Uint256> stack{core::Uint256(5)};
    const contracts::evm::Step step{
        .opcode = op::sload, .stack = stack, .memory = {}, .return_data = {}, .recipient = contract};
    contracts::test::MemoryState view;
    contracts::JournaledState state(view);
    for (int i = 0; i < 1'000; ++i)
        touched.on_step(step, state);
    EXPECT_FALSE(budget.is_spent());
    EXPECT_EQ(touched.accounts().at(contract).size(), 1u);
}

TEST(TraceOptions, a_trace_takes_five_seconds_unless_asked_otherwise) {
    const auto timeout = [](Json options) {
        const Parameter parameter{"options", "TraceOptions", false};
        auto arguments = Arguments::bind(Json::array({std::move(options)}), {&parameter, 1}).value();
        return read_trace_options(arguments, 0).timeout;
    };
    EXPECT_EQ(timeout(nullptr), std::chrono::seconds(5));
    EXPECT_EQ(timeout(Json::object()), std::chrono::seconds(5));
    EXPECT_EQ(timeout({{"timeout", "300ms"}}), std::chrono::milliseconds(300));
    EXPECT_EQ(timeout({{"timeout", "10m"}}), std::chrono::seconds(30));
}

TEST_F(TraceMethods, state_before_and_its_changes_are_those_of_the_transaction_alone) {
    const auto transaction = call_caller();
    const Json before = trace(transaction, {{"tracer", "prestateTracer"}});
    EXPECT_EQ(before[hex(transaction->sender)]["nonce"], transaction->transaction.nonce);
    EXPECT_EQ(before[hex(writer)]["storage"][hex(core::word_from_u64(1))], word(0));
    EXPECT_FALSE(before[hex(writer)]["code"].get<std::string>().empty());
    const Json changes =
        trace(transaction, {{"tracer", "prestateTracer"}, {"tracerConfig", {{"diffMode", true}}}});
    EXPECT_EQ(changes["post"][hex(writer)]["storage"][hex(core::word_from_u64(1))], word(7));
    EXPECT_EQ(changes["post"][hex(transaction->sender)]["nonce"], transaction->transaction.nonce + 1);
    EXPECT_FALSE(changes["post"].contains(hex(reverter)));
    EXPECT_FALSE(changes["post"].contains(hex(address_of("somebody"))));
}

TEST_F(TraceMethods, a_call_that_nobody_signed_is_traced_over_pretended_state) {
    const Json call{{"to", hex(caller)}, {"gas", quantity(400'000)}};
    const Json options{
        {"tracer", "callTracer"},
        {"stateOverrides", {{hex(caller), {{"code", hex(code(push(0), push(0), op::return_))}}}}}};
    EXPECT_EQ(result("debug_traceCall", {call, "latest"})["failed"], false);
    EXPECT_EQ(result("debug_traceCall", {call, "latest", {{"tracer", "callTracer"}}})["calls"].size(), 2u);
    EXPECT_FALSE(result("debug_traceCall", {call, "latest", options}).contains("calls"));
}

TEST_F(TraceMethods, a_block_is_traced_transaction_by_transaction) {
    const auto transaction = call_caller();
    const Json traced = result("debug_traceBlockByNumber", {"latest", {{"tracer", "callTracer"}}});
    ASSERT_EQ(traced.size(), 2u);
    EXPECT_EQ(traced[1]["txHash"], hex(transaction->hash));
    EXPECT_EQ(traced[1]["result"], trace(transaction, {{"tracer", "callTracer"}}));
}

TEST_F(TraceMethods, transactions_of_a_block_are_traced_as_each_alone) {
    std::vector<core::TransactionPtr> transactions;
    for (const std::uint64_t number : {1, 2, 3}) {
        transactions.push_back(
            chain.make({.to = writer, .data = core::to_bytes(core::word_from_u64(number))}));
        transactions.push_back(chain.pay({.amount = 500, .number = number}));
    }
    append(transactions);
    for (const Json& options :
         {Json{{"tracer", "callTracer"}}, Json{{"tracer", "prestateTracer"}}, Json::object(),
          Json{{"tracer", "prestateTracer"}, {"tracerConfig", {{"diffMode", true}}}}}) {
        const Json traced = result("debug_traceBlockByNumber", {"latest", options});
        ASSERT_EQ(traced.size(), transactions.size());
        for (std::size_t i = 0; i < transactions.size(); ++i)
            EXPECT_EQ(traced[i]["result"], trace(transactions[i], options)) << options << i;
    }
}

TEST_F(TraceMethods, code_that_shows_nothing_is_given_up_all_the_same) {
    const auto endless = deploy(code(op::jumpdest, push(0), op::jump));
    const Json call{{"to", hex(endless)}};
    for (const char* tracer : {"callTracer", "prestateTracer"}) {
        const Json refused =
            error("debug_traceCall", {call, "latest", {{"tracer", tracer}, {"timeout", "1ms"}}});
        EXPECT_EQ(refused["code"], -32005) << tracer;
        EXPECT_TRUE(refused["message"].get<std::string>().starts_with("the trace took too long"));
    }
    // Also where it is a transaction before the one that is asked for.
    const auto before = chain.make({.to = endless, .gas_limit = 16'000'000});
    const auto after = chain.transfer("somebody", 1);
    append({before, after});
    EXPECT_EQ(error("debug_traceTransaction", {hex(after->hash), {{"timeout", "1ms"}}})["code"], -32005);
}

TEST_F(TraceMethods, storage_that_native_contracts_changed_is_part_of_the_difference) {
    const auto payment = chain.pay({.amount = 500});
    append({payment});
    const Json changes =
        trace(payment, {{"tracer", "prestateTracer"}, {"tracerConfig", {{"diffMode", true}}}});
    for (const auto& address : {contracts::native::accounts_address, contracts::native::payments_address}) {
        const Json& slots = changes["post"][hex(address)]["storage"];
        ASSERT_GT(slots.size(), 0u);
        for (const auto& [key, value] : slots.items())
            EXPECT_EQ(result("eth_getStorageAt", {hex(address), key, "latest"}), value);
    }
}

TEST_F(TraceMethods, the_code_that_an_account_delegates_to_is_touched) {
    const auto delegating = address_of("delegating");
    const Json overrides{{hex(delegating), {{"code", hex(core::delegation_to(writer))}}}};
    const auto outer = deploy(code(call_to(delegating), op::stop));
    const Json before = result(
        "debug_traceCall",
        {{{"to", hex(outer)}}, "latest", {{"tracer", "prestateTracer"}, {"stateOverrides", overrides}}});
    EXPECT_TRUE(before.contains(hex(delegating)));
    EXPECT_EQ(before[hex(writer)]["code"], result("eth_getCode", {hex(writer)}));
}

TEST_F(TraceMethods, the_system_transaction_is_seen_as_one_message_with_its_logs) {
    // A payment that expires makes work due.
    const auto payment = chain.pay({.amount = 50'000'000, .latest = chain.time_ms() + 5'000});
    append({payment});
    const auto block = append({}, 10'000).block;
    const auto& last = block->block.transactions.back();
    ASSERT_EQ(last->transaction.type, core::TransactionType::system);
    const Json traced = trace(last, {{"tracer", "callTracer"}, {"tracerConfig", {{"withLog", true}}}});
    EXPECT_EQ(traced["type"], "CALL");
    EXPECT_EQ(traced["to"], hex(core::system_address));
    EXPECT_EQ(traced["gasUsed"], "0x0");
    EXPECT_EQ(traced["logs"].size(), block->receipts.back().logs.size());
    EXPECT_GT(traced["logs"].size(), 0u);
    const Json changes = trace(last, {{"tracer", "prestateTracer"}, {"tracerConfig", {{"diffMode", true}}}});
    EXPECT_TRUE(changes["post"].contains(hex(contracts::native::payments_address)));
}

TEST_F(TraceMethods, native_contracts_appear_among_the_messages) {
    const auto payment = chain.pay({.amount = 500});
    append({payment});
    const Json traced = trace(payment, {{"tracer", "callTracer"}, {"tracerConfig", {{"withLog", true}}}});
    EXPECT_EQ(traced["to"], hex(contracts::native::payments_address));
    EXPECT_GT(traced["logs"].size(), 0u);
    EXPECT_EQ(trace(payment)["structLogs"].size(), 0u);
}

TEST_F(TraceMethods, an_access_list_names_what_the_call_looks_at_and_makes_it_cheaper) {
    const Json call{{"to", hex(caller)}};
    const Json listed = result("eth_createAccessList", {call, "latest"});
    Json expected = Json::array();
    for (const auto& [address, slot] : {std::pair{writer, 1u}, std::pair{caller, 2u}})
        expected.push_back({{"address", hex(address)}, {"storageKeys", Json::array({word(slot)})}});
    expected.push_back({{"address", hex(reverter)}, {"storageKeys", Json::array()}});
    EXPECT_EQ(listed["accessList"].size(), expected.size());
    for (const auto& entry : expected)
        EXPECT_NE(std::find(listed["accessList"].begin(), listed["accessList"].end(), entry),
                  listed["accessList"].end())
            << entry << listed;
    EXPECT_FALSE(listed.contains("error"));
}

TEST_F(TraceMethods, what_cannot_be_traced_is_said) {
    EXPECT_EQ(error("debug_traceTransaction", {hex(core::Hash{})})["message"], "transaction not found");
    EXPECT_EQ(error("debug_traceBlockByNumber", {"0x0"})["message"], "genesis is not traceable");
    const auto transaction = call_caller();
    EXPECT_EQ(error("debug_traceTransaction", {hex(transaction->hash), {{"tracer", "{data: []}"}}})["code"],
              -32602);
    EXPECT_EQ(error("debug_traceTransaction", {hex(transaction->hash), {{"timeout", "soon"}}})["code"],
              -32602);
}

}  // namespace
}  // namespace sluice::node::rpc::test
