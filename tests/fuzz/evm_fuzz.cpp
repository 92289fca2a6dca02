/// Fuzz target: any bytecode, run twice: as it runs always, and under an observer, which makes every
/// instruction run by itself. Neither crashes, and both leave the same. The digest of all outcomes lets two
/// builds be compared (scripts/check does).
#include "contracts/call.hpp"
#include "contracts/evm/opcodes.hpp"

namespace {

using namespace sluice;
using namespace sluice::contracts;

void check(bool fact) {
    if (!fact) __builtin_trap();
}

constexpr core::Address contract{0xc0};
constexpr core::Address caller{0xca};
constexpr core::Gas gas = 200'000;

/// Two accounts: one with the code, one with money.
class TwoAccounts final : public core::StateView {
  public:
    explicit TwoAccounts(core::Bytes code)
        : hash_(core::keccak256(code)), code_(core::share(std::move(code))) {}
    std::optional<core::Account> account(const core::Address& address) const override {
        if (address == contract)
            return core::Account{.nonce = 1, .balance = core::Uint256(1'000), .code_hash = hash_};
        if (address == caller)
            return core::Account{
                .nonce = 1, .balance = core::Uint256(1'000), .code_hash = core::empty_code_hash};
        return std::nullopt;
    }
    core::Word storage(const core::Address& address, const core::Word& key) const override {
        return address == contract && key[31] < 8 ? core::word_from_u64(key[31]) : core::Word{};
    }
    core::SharedBytes code(const core::Hash&) const override { return code_; }
    bool has_storage(const core::Address& address) const override { return address == contract; }

  private:
    core::Hash hash_;
    core::SharedBytes code_;
};

class Observer final : public evm::Tracer {
  public:
    void on_enter(const Message&, core::Gas, JournaledState&) override { ++depth; }
    void on_step(const evm::Step& step, JournaledState&) override {
        check(depth > 0 && step.stack.size() <= 1'024 && step.memory.size() % 32 == 0 && step.gas <= gas);
    }
    void on_exit(const Message&, const CallResult& result, JournaledState&) override {
        --depth;
        check(result.gas_left <= gas);
    }
    void on_self_destruct(const core::Address&, const core::Address&, const core::Uint256&) override {}
    int depth = 0;
};

struct Outcome {
    CallStatus status{};
    core::Gas gas_left = 0;
    core::Bytes output;
    std::int64_t refund = 0;
    std::vector<core::Log> logs;
    core::StateDiff diff;
    bool operator==(const Outcome&) const = default;
};

Outcome run(const TwoAccounts& view, core::ByteView input, evm::Revision revision, evm::Tracer* tracer) {
    static evm::Machine machine;
    JournaledState state(view);
    state.begin_transaction();
    BlockContext block;
    block.revision = revision;
    block.height = 300;
    const native::Registry registry{};
    Execution execution{
        .state = state, .block = block, .registry = registry, .machine = machine, .tracer = tracer};
    CallResult result = call(execution, {.gas = gas,
                                         .sender = caller,
                                         .recipient = contract,
                                         .code_address = contract,
                                         .value = core::Uint256(1),
                                         .input = input});
    Outcome outcome{.status = result.status,
                    .gas_left = result.gas_left,
                    .output = std::move(result.output),
                    .refund = state.refund(),
                    .logs = state.take_logs(),
                    .diff = {}};
    state.finish_transaction();
    outcome.diff = state.take_diff();
    return outcome;
}

/// Bytes below 0x80 become a push of a small number, the others an instruction: programs that get somewhere.
core::Bytes program_of(core::ByteView bytes) {
    core::Bytes program;
    for (const std::uint8_t byte : bytes) {
        if (byte < 0x80) {
            program.push_back(evm::op::push1);
            program.push_back(byte);
            continue;
        }
        std::uint8_t opcode = static_cast<std::uint8_t>(2 * (byte - 0x80));
        if (opcode < 0x60 && (bytes.size() & 1) != 0) ++opcode;
        if (byte > 0xf0) opcode = static_cast<std::uint8_t>(0xf0 + (byte & 0x0f));
        program.push_back(opcode);
    }
    return program;
}

/// FNV-1a over everything an outcome tells.
class Digest {
  public:
    void add(core::ByteView bytes) {
        for (const std::uint8_t byte : bytes)
            value_ = (value_ ^ byte) * 0x100000001b3;
    }
    void add(std::uint64_t number) { add(core::word_from_u64(number)); }
    void add(const Outcome& outcome) {
        add(static_cast<std::uint64_t>(outcome.status));
        add(outcome.gas_left);
        add(outcome.output);
        add(static_cast<std::uint64_t>(outcome.refund));
        for (const auto& log : outcome.logs) {
            add(log.address);
            for (const auto& topic : log.topics)
                add(topic);
            add(log.data);
        }
        for (const auto& account : outcome.diff.accounts)
            add(account);
    }
    void add(const core::AccountChange& change) {
        add(change.address);
        add(static_cast<std::uint64_t>(change.account ? change.account->nonce + 1 : 0));
        if (change.account) {
            add(change.account->balance.to_word());
            add(change.account->code_hash);
        }
        add(static_cast<std::uint64_t>(change.storage_cleared));
        for (const auto& slot : change.slots) {
            add(slot.key);
            add(slot.value);
        }
    }
    std::uint64_t value() const { return value_; }

  private:
    std::uint64_t value_ = 0xcbf29ce484222325;
};

Digest digest;

}  // namespace

extern "C" std::uint64_t fuzz_digest() {
    return digest.value();
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const core::ByteView rest(data + 1, size - 1);
    const auto revision = static_cast<evm::Revision>(data[0] % evm::revision_count);
    const bool is_raw = data[0] >= 0xc0;
    const TwoAccounts view(is_raw ? core::to_bytes(rest) : program_of(rest));
    Observer observer;
    const Outcome plain = run(view, rest, revision, nullptr);
    const Outcome observed = run(view, rest, revision, &observer);
    check(plain == observed && observer.depth == 0);
    digest.add(plain);
    return 0;
}
