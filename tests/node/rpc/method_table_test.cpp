#include <fstream>
#include <set>
#include <sstream>

#include <fmt/format.h>

#include "node/rpc/schemas.hpp"
#include "node/rpc/settlement_errors.hpp"
#include "tests/node/rpc/rpc_fixture.hpp"

namespace sluice::node::rpc::test {
namespace {

std::string documentation() {
    std::ifstream file(SLUICE_SOURCE_DIR "/docs/json-rpc.md");
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

TEST(MethodTable, every_row_is_whole) {
    const auto table = standard_methods();
    for (const auto& method : table.methods()) {
        EXPECT_FALSE(method.summary.empty()) << method.name;
        EXPECT_TRUE(schema_of(method.result))
            << method.name << " has the unknown result type " << method.result;
        bool may_be_missing = false;
        for (const auto& parameter : method.parameters) {
            EXPECT_TRUE(schema_of(parameter.type))
                << method.name << " has the unknown type " << parameter.type;
            EXPECT_FALSE(may_be_missing && parameter.required)
                << method.name << ": a required parameter behind an optional one";
            may_be_missing = may_be_missing || !parameter.required;
        }
    }
}

TEST(MethodTable, the_handler_of_a_row_is_of_its_kind) {
    const auto table = standard_methods();
    for (const auto& method : table.methods()) {
        const bool is_read = std::holds_alternative<ReadHandler>(method.handler);
        const bool is_node = std::holds_alternative<NodeHandler>(method.handler);
        EXPECT_EQ(is_read, method.access == Access::read || method.access == Access::heavy) << method.name;
        EXPECT_EQ(is_node, method.access == Access::node) << method.name;
        EXPECT_EQ(method.role == Role::operator_, method.name.starts_with("admin_")) << method.name;
    }
}

TEST(MethodTable, finds_rows_by_their_whole_name) {
    const auto table = standard_methods();
    EXPECT_EQ(table.find("eth_call")->name, "eth_call");
    EXPECT_EQ(table.find("eth_cal"), nullptr);
    EXPECT_EQ(table.find("eth_callx"), nullptr);
    EXPECT_EQ(table.find(""), nullptr);
    EXPECT_EQ(table.find("zzz"), nullptr);
    EXPECT_GT(table.methods().size(), 60u);
}

TEST(MethodTable, the_documentation_names_every_method_and_error) {
    const std::string text = documentation();
    const auto methods = standard_methods();
    for (const auto& method : methods.methods())
        EXPECT_NE(text.find(fmt::format("`{}`", method.name)), std::string::npos) << method.name;
    for (const auto& row : settlement_error_rows()) {
        const std::string reason(row.reason.begin(), row.reason.end());
        EXPECT_NE(text.find(fmt::format("| {} | {} |", row.code, reason)), std::string::npos) << reason;
    }
}

TEST(MethodTable, errors_of_settle_are_distinct_and_in_their_range) {
    std::set<int> codes{refused_code, failed_code, not_final_code};
    const std::size_t others = codes.size();
    for (const auto& row : settlement_error_rows()) {
        EXPECT_LE(row.code, -38'000);
        EXPECT_GE(row.code, -38'099);
        codes.insert(row.code);
    }
    EXPECT_EQ(codes.size(), settlement_error_rows().size() + others);
}

TEST(Schemas, lists_and_nulls_wrap_their_inner_type) {
    EXPECT_EQ(schema_of("Hash"), R"({"$ref":"#/components/schemas/Hash"})");
    EXPECT_EQ(schema_of("[Hash]"), R"({"type":"array","items":{"$ref":"#/components/schemas/Hash"}})");
    EXPECT_EQ(schema_of("Hash?"), R"({"oneOf":[{"type":"null"},{"$ref":"#/components/schemas/Hash"}]})");
    EXPECT_TRUE(schema_of("[Hash]?"));
    EXPECT_FALSE(schema_of("Hsah"));
    EXPECT_FALSE(schema_of("[Hsah]"));
}

class Discovery : public RpcTest {};

TEST_F(Discovery, describes_every_method_with_schemas_that_exist) {
    const Json document = result("rpc.discover");
    EXPECT_EQ(document["openrpc"], "1.2.6");
    EXPECT_EQ(document["info"]["version"], "0.1.0");
    std::set<std::string> names;
    for (const Json& method : document["methods"])
        names.insert(method["name"].get<std::string>());
    for (const auto& method : services->methods.methods())
        EXPECT_TRUE(names.contains(std::string(method.name)));
    const std::string text = document.dump();
    const Json& schemas = document["components"]["schemas"];
    const std::string prefix = "#/components/schemas/";
    for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix, at + 1)) {
        const auto from = at + prefix.size();
        EXPECT_TRUE(schemas.contains(text.substr(from, text.find('"', from) - from)));
    }
}

TEST_F(Discovery, modules_are_the_groups_of_methods) {
    const Json modules = result("rpc_modules");
    for (const char* name : {"eth", "net", "web3", "settle", "sluice", "admin", "rpc", "txpool"})
        EXPECT_EQ(modules[name], "1.0") << name;
}

}  // namespace
}  // namespace sluice::node::rpc::test
