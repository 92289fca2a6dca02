/// Cases of ethereum/tests beside states and blocks: transactions as bytes, RLP, tries.
#pragma once

#include "contracts/evm/revision.hpp"
#include "tests/conformance/fixture_json.hpp"
#include "tests/conformance/verdict.hpp"

namespace sluice::conformance {

/// TransactionTests, on chain 1: whether `bytes` are a transaction that may be sent under these rules; if so
/// its hash, sender and intrinsic gas. `expected` has them, or "exception".
Verdict run_transaction_case(const core::Bytes& bytes, const Json& expected,
                             contracts::evm::Revision revision);

/// RLPTests: "in" is a value to encode to "out" and back, or VALID or INVALID, which `out` is then.
Verdict run_rlp_case(const Json& test);

/// TrieTests: the root after all changes of "in". `is_secure`: keys are hashed first.
Verdict run_trie_case(const Json& test, bool is_secure);

}  // namespace sluice::conformance
