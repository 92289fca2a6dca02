/// JSON-RPC calls to a node, with errors as a bank's person reads them.
#pragma once

#include <optional>
#include <string>

#include "cli/output.hpp"
#include "core/result.hpp"
#include "network/http_client.hpp"

namespace sluice::cli {

struct RpcError {
    enum class Kind {
        unreachable,  ///< nobody answered: for a submission, whether it took effect is unknown
        refused,      ///< the node answered with an error
        malformed,    ///< an answer that is none
    };
    Kind kind = Kind::unreachable;
    int code = 0;         ///< JSON-RPC error code of `refused`
    std::string message;  ///< one sentence
    Json data;            ///< of `refused`
};

/// The node's error code for a submission that was not final within the wait.
inline constexpr int not_final_code = -38'091;

/// An error after a node has taken a transaction into its pool. Only the network's own words about settlement
/// (-38xxx) tell what became of it; whatever else stands in the way leaves that unknown, as silence does.
RpcError after_acceptance(const RpcError& error);

/// The exit code that tells of an error.
ExitCode exit_code_of(const RpcError& error);

/// One node. Keeps its connection open; one thread.
class RpcClient {
  public:
    explicit RpcClient(std::string url, std::chrono::milliseconds timeout = std::chrono::seconds(30));

    core::Result<Json, RpcError> call(std::string_view method, Json params);
    const std::string& url() const { return url_; }

  private:
    std::string url_;
    network::HttpClient http_;
    std::uint64_t next_id_ = 1;
};

/// "0x1f" → 31; nothing on anything else.
std::optional<std::uint64_t> quantity(const Json& value);

}  // namespace sluice::cli
