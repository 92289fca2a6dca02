/// JSON-RPC as rows: what a method is called, takes and gives, who may call it, and what answers it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ledger/ledger_snapshot.hpp"
#include "network/websocket.hpp"
#include "node/rpc/arguments.hpp"
#include "node/rpc/chain_reading.hpp"
#include "node/rpc/node_access.hpp"

namespace sluice::node::rpc {

struct Services;

/// Who calls, and how it may be told of events.
struct Caller {
    network::WebSocketPtr socket;  ///< null over HTTP
    std::string authorization;     ///< the header of the request, or of the WebSocket's opening
    bool is_operator = false;      ///< came in by the operator's port
};

/// A call that is answered from a snapshot, on a worker.
struct ReadCall {
    Services& services;
    const ledger::LedgerSnapshotPtr& snapshot;
    Arguments& arguments;

    NodeAccess& node() const;
    ChainReader reader() const;
};
using ReadHandler = Answer (*)(const ReadCall&);

/// A call that the node, or time, answers: `answer` is called once, from any thread.
struct NodeCall {
    std::shared_ptr<Services> services;
    ledger::LedgerSnapshotPtr snapshot;
    Arguments arguments;
    Caller caller;
    std::function<void(Answer)> answer;
};
/// Runs on a worker and returns at once.
using NodeHandler = void (*)(NodeCall);

/// A raw transaction for the pool: those of one request go there together (submission.hpp).
struct SubmitsTransaction {};

/// How a call is run.
enum class Access : std::uint8_t {
    read,   ///< on a worker, against a snapshot; takes little
    heavy,  ///< likewise, but waits for one of few places
    node,   ///< answers by a callback
    submit,
};

/// Who may call. Reads of others' data can be denied by this column where a chain asks for it.
enum class Role : std::uint8_t {
    anyone,
    submitter,  ///< hands in transactions that somebody signed
    operator_,  ///< by the operator's port only
};

struct Method {
    std::string_view name;
    std::string_view summary;
    std::vector<Parameter> parameters;
    std::string_view result;  ///< its type, in the notation of schemas.hpp
    Access access{};
    Role role = Role::anyone;
    std::variant<ReadHandler, NodeHandler, SubmitsTransaction> handler;
    /// Of Access::heavy: false for arguments with which the call takes little. Null: it is always heavy.
    bool (*is_heavy)(const Arguments&) = nullptr;
};

/// All methods by name. Immutable.
class MethodTable {
  public:
    explicit MethodTable(std::vector<Method> methods);
    /// Null for a method that does not exist.
    const Method* find(std::string_view name) const;
    /// By name.
    const std::vector<Method>& methods() const { return methods_; }

  private:
    std::vector<Method> methods_;  ///< sorted
};

// The groups, a file each.
std::vector<Method> chain_methods();
std::vector<Method> transaction_methods();
std::vector<Method> contract_methods();
std::vector<Method> trace_methods();
std::vector<Method> log_methods();
std::vector<Method> subscription_methods();
std::vector<Method> entry_methods();
std::vector<Method> feed_methods();
std::vector<Method> settlement_methods();
std::vector<Method> participant_methods();
std::vector<Method> liquidity_methods();
std::vector<Method> account_methods();
std::vector<Method> money_methods();
std::vector<Method> payment_methods();
std::vector<Method> node_methods();
std::vector<Method> validator_methods();
std::vector<Method> admin_methods();
std::vector<Method> description_methods();

/// Everything this node answers.
MethodTable standard_methods();

/// "eth" of "eth_call".
std::string_view module_of(std::string_view method);

}  // namespace sluice::node::rpc
