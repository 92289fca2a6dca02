#include "contracts/native/relay.hpp"

#include <algorithm>

#include "contracts/native/instruction.hpp"
#include "contracts/native/method_gas.hpp"
#include "contracts/native/registry.hpp"
#include "contracts/native/row_key.hpp"
#include "contracts/native/settlement_contracts.hpp"

namespace sluice::contracts::native {

namespace {

// Table 0x10 of the payments contract.
// 0x10 ‖ address key    uint64 acts of the key that were relayed
constexpr std::uint8_t nonce_table = 0x10;

constexpr core::Hash act_type_hash = constexpr_keccak256("Act(bytes call,uint64 nonce,uint64 deadline)");

/// Methods that may be relayed: acts of banks whose signer alone counts, and which need no signature of their
/// own. Selectors are unique over all contracts, so that a call needs no address.
struct Relayed {
    Selector selector{};
    const NativeContract* contract = nullptr;
};
constexpr std::array relayed_methods{
    Relayed{selector_of("approve(bytes32,bytes32)"), &payments_contract},
    Relayed{selector_of("refuse(bytes32,bytes4)"), &payments_contract},
    Relayed{selector_of("hold(bytes32)"), &payments_contract},
    Relayed{selector_of("unhold(bytes32)"), &payments_contract},
    Relayed{selector_of("cancel(bytes32,bytes4)"), &payments_contract},
    Relayed{selector_of("setPriority(bytes32,uint8)"), &payments_contract},
    Relayed{selector_of("screen(bytes32,bool)"), &payments_contract},
    Relayed{selector_of("requestReturn(bytes32,uint128,bytes4,bytes32)"), &payments_contract},
    Relayed{selector_of("answerReturn(bytes32,bytes4,bytes4)"), &payments_contract},
    Relayed{selector_of(return_payment_signature), &payments_contract},
    Relayed{selector_of("setBilateralLimit(bytes11,bytes3,uint128)"), &accounts_contract},
    Relayed{selector_of("setMultilateralLimit(bytes3,uint128)"), &accounts_contract},
    Relayed{selector_of("setReservation(uint8,bytes3,uint128)"), &accounts_contract},
    Relayed{selector_of("requestRedeem(bytes3,uint128,bytes16)"), &accounts_contract},
    Relayed{selector_of("confirmRedeem(bytes16,bool)"), &accounts_contract},
    Relayed{selector_of("setKey(bytes11,uint8,address,bool,uint64)"), &participants_contract},
    Relayed{selector_of("acceptKey(bytes11,uint8)"), &participants_contract},
    Relayed{selector_of("setApprovalThreshold(bytes3,uint128)"), &participants_contract},
    Relayed{selector_of("setScreening(bytes3,uint128)"), &participants_contract},
    Relayed{selector_of("grant(address,bytes4,bytes3,uint128,uint64)"), &participants_contract},
    Relayed{selector_of("revoke(address,bytes3)"), &participants_contract},
    Relayed{selector_of("claimRecovery(bytes11)"), &participants_contract},
    Relayed{selector_of("vetoRecovery(bytes11)"), &participants_contract},
};

const Relayed* find_relayed(core::ByteView call) {
    if (call.size() < std::tuple_size_v<Selector>) return nullptr;
    const auto found = std::find_if(relayed_methods.begin(), relayed_methods.end(), [&](const Relayed& each) {
        return std::equal(each.selector.begin(), each.selector.end(), call.begin());
    });
    return found == relayed_methods.end() ? nullptr : &*found;
}

const Method& method_of(const Relayed& relayed) {
    const Method* method = find_method(*relayed.contract, relayed.selector);
    CHECK(method != nullptr);
    return *method;
}

Invocation relayed_call(const Invocation& from, const Relayed& relayed, const core::Address& signer,
                        core::ByteView call) {
    return {.state = from.state,
            .block = from.block,
            .self = relayed.contract->address,
            .caller = signer,
            .origin = from.origin,
            .arguments = call.subspan(std::tuple_size_v<Selector>),
            .gas = from.gas};
}

Place<std::uint64_t> nonce_place(const Storage& payments, const core::Address& key) {
    return {payments, row_key(nonce_table, key)};
}

constexpr Work relay_work{.reads = 2, .writes = 1};

}  // namespace

core::Hash signing_digest(const SignedAct& act, const SigningDomain& domain) {
    return typed_digest(domain,
                        hash_words(act_type_hash, core::keccak256(act.call), act.nonce, act.deadline_ms));
}

core::Gas act_signed_gas(const Invocation& call) {
    const core::Gas own = gas_of(relay_work) + cost::recover + 2 * cost::copy(call.arguments.size()) +
                          cost::hash(call.arguments.size()) + 3 * cost::hash(192);
    const auto arguments =
        abi::decode<core::ByteView, std::uint64_t, std::uint64_t, core::ByteView>(call.arguments);
    if (!arguments) return own;
    const core::ByteView act = std::get<0>(*arguments);
    const Relayed* relayed = find_relayed(act);
    if (relayed == nullptr) return own;
    return own + method_of(*relayed).gas(relayed_call(call, *relayed, call.caller, act));
}

MethodResult act_signed(Invocation& call) {
    const auto arguments =
        abi::decode<core::ByteView, std::uint64_t, std::uint64_t, core::ByteView>(call.arguments);
    if (!arguments) return malformed();
    const auto& [act, nonce, deadline_ms, signature_text] = *arguments;
    const Relayed* relayed = find_relayed(act);
    if (relayed == nullptr || act.size() > relayed_call_bytes_max) return refused(reason::bad_form);
    const auto signature = signature_from_bytes(signature_text);
    if (!signature) return refused(reason::bad_form);
    if (deadline_ms != 0 && call.block.time_ms > deadline_ms) return refused(reason::too_late);
    const Books books(call.state, call.block);
    const auto signer = crypto::recover_address(
        signing_digest(SignedAct{act, nonce, deadline_ms}, signing_domain(books)), *signature);
    if (!signer) return refused(reason::forbidden);
    const auto next = nonce_place(books.payments, *signer);
    if (next.read() != nonce) return refused(reason::duplicate);
    next.write(nonce + 1);
    Invocation inner = relayed_call(call, *relayed, *signer, act);
    const MethodResult result = method_of(*relayed).run(inner);
    if (!result) return core::fail(result.error());
    return abi::encode(core::ByteView(*result));
}

MethodResult act_nonce(Invocation& call) {
    const auto arguments = abi::decode<core::Address>(call.arguments);
    if (!arguments) return malformed();
    return abi::encode(nonce_place(call.storage(), std::get<0>(*arguments)).read());
}

}  // namespace sluice::contracts::native
