#include "cli/rpc_client.hpp"

#include <gtest/gtest.h>

namespace sluice::cli {
namespace {

TEST(RpcErrors, a_word_about_settlement_stands_after_the_pool_took_the_transaction) {
    for (const int code : {-38'000, -38'009, -38'090, not_final_code}) {
        const RpcError error{RpcError::Kind::refused, code, "said so", Json{{"isoReason", "AM04"}}};
        const auto after = after_acceptance(error);
        EXPECT_EQ(after.kind, RpcError::Kind::refused);
        EXPECT_EQ(after.code, code);
        EXPECT_EQ(after.data, error.data);
    }
}

TEST(RpcErrors, anything_else_leaves_the_outcome_unknown) {
    for (const auto& error : {RpcError{RpcError::Kind::refused, -32'005, "too many wait", Json()},
                              RpcError{RpcError::Kind::refused, 503, "busy", Json()},
                              RpcError{RpcError::Kind::malformed, 0, "no JSON", Json()},
                              RpcError{RpcError::Kind::unreachable, 0, "nobody", Json()}}) {
        const auto after = after_acceptance(error);
        EXPECT_EQ(exit_code_of(after), ExitCode::unreachable);
        EXPECT_EQ(after.message, error.message);
    }
}

}  // namespace
}  // namespace sluice::cli
