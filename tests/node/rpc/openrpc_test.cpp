#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "contracts/native/settlement_calls.hpp"
#include "tests/node/rpc/json_schema.hpp"
#include "tests/node/rpc/rpc_fixture.hpp"

namespace sluice::node::rpc::test {
namespace {

namespace native = contracts::native;
using sluice::test::address_of;

std::filesystem::path specification_file() {
    const char* data = std::getenv("SLUICE_DATA");
    const std::filesystem::path folder = data != nullptr ? data : SLUICE_SOURCE_DIR "/../shared/data";
    return folder / "openrpc" / "openrpc.json";
}

TEST(JsonSchemaChecker, finds_what_does_not_fit) {
    const Json document = Json::parse(R"({"defs":{"q":{"type":"string","pattern":"^0x[0-9]+$"}}})");
    const JsonSchema checker(document);
    const Json schema = Json::parse(R"({"type":"object","required":["a"],"additionalProperties":false,
        "properties":{"a":{"oneOf":[{"type":"null"},{"$ref":"#/defs/q"}]},"b":{"type":"array","items":{"$ref":"#/defs/q"}}}})");
    EXPECT_FALSE(checker.find_fault(schema, Json::parse(R"({"a":null,"b":["0x1"]})")));
    EXPECT_TRUE(checker.find_fault(schema, Json::parse(R"({"b":[]})")));
    EXPECT_TRUE(checker.find_fault(schema, Json::parse(R"({"a":5})")));
    EXPECT_TRUE(checker.find_fault(schema, Json::parse(R"({"a":"0x1","b":["x"]})")));
    EXPECT_TRUE(checker.find_fault(schema, Json::parse(R"({"a":"0x1","c":1})")));
    EXPECT_TRUE(checker.find_fault(Json{{"not", {{"type", "null"}}}}, nullptr));
    EXPECT_TRUE(checker.find_fault(Json{{"enum", {1, 2}}}, 3));
    EXPECT_TRUE(checker.find_fault(Json{{"type", "number"}, {"maximum", 1}}, 1.5));
}

/// Answers against the result schemas of ethereum/execution-apis.
class OpenRpc : public RpcTest {
  protected:
    void SetUp() override {
        std::ifstream file(specification_file());
        if (!file)
            GTEST_SKIP() << "no " << specification_file()
                         << ": set SLUICE_DATA to the folder of the test data";
        document = Json::parse(file);
        for (const Json& method : document["methods"])
            schemas[method["name"]] = method["result"]["schema"];
    }

    /// The result of a call, which must fit the method's schema.
    Json check(const std::string& method, const Params& params = {}) {
        const Json value = result(method, params);
        const auto found = schemas.find(method);
        EXPECT_NE(found, schemas.end()) << method << " is not in the specification";
        if (found == schemas.end()) return value;
        checked.insert(method);
        const auto fault = JsonSchema(document).find_fault(found->second, value);
        EXPECT_FALSE(fault) << method << ": " << *fault;
        return value;
    }

    Json document;
    std::map<std::string, Json> schemas;
    std::set<std::string> checked;
};

TEST_F(OpenRpc, results_fit_their_schemas) {
    const auto legacy =
        chain.make({.to = address_of("x"), .gas_limit = 21'000, .type = core::TransactionType::legacy});
    const auto listed =
        chain.make({.to = address_of("x"), .gas_limit = 21'000, .type = core::TransactionType::access_list});
    const auto payment = chain.pay({.amount = 100});
    const auto failed =
        chain.make({.sender = "maker-0", .to = native::payments_address, .data = {1, 2, 3, 4}});
    append({legacy, listed, payment, failed});
    // A queued payment that settles in a system transaction, so that a block holds one.
    append({chain.pay({.amount = 2'000'000, .number = 2})});
    append({chain.issue(0, 5'000'000)});
    const auto address = hex(address_of("dev"));

    for (const char* method :
         {"eth_chainId", "eth_blockNumber", "eth_accounts", "eth_coinbase", "eth_gasPrice", "eth_baseFee",
          "eth_maxPriorityFeePerGas", "eth_syncing", "net_version", "txpool_status"})
        check(method);
    for (const char* block : {"0x0", "0x1", "0x2", "0x3", "0x4", "latest", "pending", "0x99"}) {
        check("eth_getBlockByNumber", {block, false});
        check("eth_getBlockReceipts", {block});
        check("eth_getBlockTransactionCountByNumber", {block});
    }
    for (const char* block : {"0x0", "0x1", "0x2", "0x99"})
        check("eth_getBlockByNumber", {block, true});
    const Json hash = check("eth_getBlockByNumber", {"0x2", false})["hash"];
    check("eth_getBlockByHash", {hash, true});
    check("eth_getBlockTransactionCountByHash", {hash});
    for (const auto& transaction : {legacy, listed, payment, failed}) {
        check("eth_getTransactionByHash", {hex(transaction->hash)});
        check("eth_getTransactionReceipt", {hex(transaction->hash)});
    }
    check("eth_getTransactionByHash", {hex(core::Hash{})});
    check("eth_getTransactionReceipt", {hex(core::Hash{})});
    check("eth_getTransactionByBlockHashAndIndex", {hash, "0x1"});
    check("eth_getTransactionByBlockNumberAndIndex", {"0x2", "0x0"});
    check("eth_feeHistory", {"0x3", "latest", {25, 75}});
    check("eth_getBalance", {address, "latest"});
    check("eth_getTransactionCount", {address, "pending"});
    check("eth_getCode", {hex(native::payments_address), "latest"});
    check("eth_getStorageAt", {hex(native::payments_address), "0x0", "latest"});
    check("eth_getProof", {hex(native::governance_address), {"0x0", "0x1"}, "latest"});
    check("eth_getProof", {hex(address_of("nobody")), Json::array(), "latest"});
    const auto position = native::calls::position(chain.bank(0).chars(), {'E', 'U', 'R'});
    const Json call{{"to", hex(position.to)}, {"input", hex(position.data)}};
    check("eth_call", {call, "latest"});
    check("eth_estimateGas", {call});
    check("eth_createAccessList", {call, "latest"});
    const auto maker =
        chain.make({.to = std::nullopt, .data = core::from_hex("6001600255602a60005260206000f3").value()});
    append({maker});
    const Json all{{"enableMemory", true}, {"enableReturnData", true}};
    EXPECT_GT(check("debug_traceTransaction", {hex(maker->hash), all})["structLogs"].size(), 5u);
    check("debug_traceTransaction", {hex(payment->hash), {{"tracer", "callTracer"}}});
    const Json traced = check("eth_getBlockByNumber", {"latest", false});
    check("debug_traceBlockByNumber", {traced["number"], all});
    check("debug_traceBlockByHash", {traced["hash"]});
    check("eth_getLogs", {{{"fromBlock", "0x0"}, {"toBlock", "latest"}}});
    const Json filter = check("eth_newFilter", {Json::object()}), blocks = check("eth_newBlockFilter");
    check("eth_newPendingTransactionFilter");
    append({chain.pay({.amount = 1, .number = 7})});
    EXPECT_FALSE(check("eth_getFilterChanges", {filter}).empty());
    EXPECT_FALSE(check("eth_getFilterChanges", {blocks}).empty());
    check("eth_getFilterLogs", {filter});
    check("eth_uninstallFilter", {filter});
    check("eth_sendRawTransaction", {raw(chain.transfer("x", 1))});

    for (const auto& method : services->methods.methods())
        if (schemas.contains(std::string(method.name))) {
            EXPECT_TRUE(checked.contains(std::string(method.name))) << method.name << " was not checked";
        }
}

TEST_F(OpenRpc, a_system_transaction_fits_as_far_as_a_foreign_type_can) {
    append({chain.pay({.amount = 2'000'000, .number = 2})});
    append({chain.issue(0, 5'000'000)});
    append({});
    Json system;
    for (const char* number : {"0x2", "0x3", "0x4"}) {
        const Json block = result("eth_getBlockByNumber", {number, true});
        for (const Json& transaction : block["transactions"])
            if (transaction["type"] == "0x7e") system = transaction;
    }
    ASSERT_FALSE(system.is_null()) << "no block holds a system transaction";
    EXPECT_EQ(system["from"], "0x0000000000000000000000000000000000005e00");
    EXPECT_EQ(system["from"], system["to"]);
    for (const char* name : {"v", "r", "s", "value", "nonce", "gas", "gasPrice"})
        EXPECT_EQ(system[name], "0x0") << name;
    EXPECT_EQ(system["chainId"], "0x4e36");
    const Json receipt = result("eth_getTransactionReceipt", {system["hash"]});
    EXPECT_EQ(receipt["status"], "0x1");
    EXPECT_EQ(receipt["gasUsed"], "0x0");
    EXPECT_EQ(receipt["type"], "0x7e");
    EXPECT_FALSE(receipt["logs"].empty());
}

}  // namespace
}  // namespace sluice::node::rpc::test
