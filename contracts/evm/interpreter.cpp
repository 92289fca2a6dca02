#include "contracts/evm/interpreter.hpp"

#include <utility>

#include "contracts/evm/instructions_call.hpp"
#include "contracts/evm/instructions_environment.hpp"
#include "contracts/evm/instructions_memory.hpp"
#include "contracts/evm/instructions_storage.hpp"
#include "contracts/evm/instructions_words.hpp"
#include "contracts/evm/opcodes.hpp"
#include "contracts/evm/power.hpp"

namespace sluice::contracts::evm {

namespace {

/// Each instruction jumps straight to the next one, which the processor predicts far better than one common
/// jump, and all that is hot travels in the registers of the call. That needs a compiler that turns every
/// call in last position into a jump; elsewhere (debug and sanitizer builds) the same functions return to a
/// loop.
#ifdef SLUICE_THREADED_DISPATCH
constexpr bool is_threaded = true;
#else
constexpr bool is_threaded = false;
#endif

struct Table;
/// One instruction: `pc` is its place, `sp` the place above the topmost word.
using Handler = void (*)(const std::uint8_t* pc, Uint256* sp, std::int64_t gas, Frame& frame,
                         const Table& table);
struct Table {
    Handler steps[256];
};

enum class Ends : std::uint8_t { no, with_success, with_revert };
enum class Form : std::uint8_t { none, words, paid, at_hand };

/// What an instruction does after the checks that its row in `opcodes` asks for.
struct Body {
    Form form = Form::none;
    void (*words)(Uint256* top) = nullptr;
    std::int64_t (*paid)(Frame& frame, Uint256* top, std::int64_t gas) = nullptr;
    /// Tried before `paid`: does the work where that is free and cannot fail, else returns false.
    bool (*at_hand)(Frame& frame, Uint256* top) = nullptr;
    Ends ends = Ends::no;

    constexpr Body() = default;
    constexpr Body(void (*work)(Uint256*)) : form(Form::words), words(work) {}
    constexpr Body(std::int64_t (*work)(Frame&, Uint256*, std::int64_t), Ends how = Ends::no)
        : form(Form::paid), paid(work), ends(how) {}
    constexpr Body(std::int64_t (*work)(Frame&, Uint256*, std::int64_t), bool (*quick)(Frame&, Uint256*))
        : form(Form::at_hand), paid(work), at_hand(quick) {}
    constexpr explicit Body(Ends how) : ends(how) {}
};

constexpr std::array<Body, 256> all_bodies() {
    std::array<Body, 256> b{};
    b[op::stop] = Body(Ends::with_success);
    b[op::add] = add;
    b[op::mul] = mul;
    b[op::sub] = sub;
    b[op::div] = div;
    b[op::sdiv] = sdiv;
    b[op::mod] = mod;
    b[op::smod] = smod;
    b[op::addmod] = addmod;
    b[op::mulmod] = mulmod;
    b[op::exp] = exp;
    b[op::signextend] = signextend;
    b[op::lt] = lt;
    b[op::gt] = gt;
    b[op::slt] = slt;
    b[op::sgt] = sgt;
    b[op::eq] = eq;
    b[op::iszero] = iszero;
    b[op::and_] = and_;
    b[op::or_] = or_;
    b[op::xor_] = xor_;
    b[op::not_] = not_;
    b[op::byte] = byte;
    b[op::shl] = shl;
    b[op::shr] = shr;
    b[op::sar] = sar;
    b[op::clz] = clz;
    b[op::keccak256] = keccak256;
    b[op::address] = address;
    b[op::balance] = balance;
    b[op::origin] = origin;
    b[op::caller] = caller;
    b[op::callvalue] = callvalue;
    b[op::calldataload] = {calldataload, calldataload_at_hand};
    b[op::calldatasize] = calldatasize;
    b[op::calldatacopy] = calldatacopy;
    b[op::codesize] = codesize;
    b[op::codecopy] = codecopy;
    b[op::gasprice] = gasprice;
    b[op::extcodesize] = extcodesize;
    b[op::extcodecopy] = extcodecopy;
    b[op::returndatasize] = returndatasize;
    b[op::returndatacopy] = returndatacopy;
    b[op::extcodehash] = extcodehash;
    b[op::blockhash] = blockhash;
    b[op::coinbase] = coinbase;
    b[op::timestamp] = timestamp;
    b[op::number] = number;
    b[op::prevrandao] = prevrandao;
    b[op::gaslimit] = gaslimit;
    b[op::chainid] = chainid;
    b[op::selfbalance] = selfbalance;
    b[op::basefee] = basefee;
    b[op::blobhash] = blobhash;
    b[op::blobbasefee] = blobbasefee;
    b[op::mload] = {mload, mload_at_hand};
    b[op::mstore] = {mstore, mstore_at_hand};
    b[op::mstore8] = {mstore8, mstore8_at_hand};
    b[op::sload] = sload;
    b[op::sstore] = sstore;
    b[op::msize] = msize;
    b[op::gas] = gas;
    b[op::tload] = tload;
    b[op::tstore] = tstore;
    b[op::mcopy] = mcopy;
    b[op::log0] = log<0>;
    b[op::log0 + 1] = log<1>;
    b[op::log0 + 2] = log<2>;
    b[op::log0 + 3] = log<3>;
    b[op::log0 + 4] = log<4>;
    b[op::create] = create;
    b[op::call] = call;
    b[op::callcode] = callcode;
    b[op::return_] = {give_output, Ends::with_success};
    b[op::delegatecall] = delegatecall;
    b[op::create2] = create2;
    b[op::staticcall] = staticcall;
    b[op::revert] = {give_output, Ends::with_revert};
    b[op::selfdestruct] = {selfdestruct, Ends::with_success};
    return b;
}
constexpr std::array<Body, 256> bodies = all_bodies();

[[gnu::cold, gnu::noinline]] void end_failed(Frame& frame, CallStatus why) {
    frame.status = why;
    frame.gas = 0;
    frame.output = {};
    frame.next_pc = nullptr;
}

[[gnu::always_inline]] inline void end(Frame& frame, CallStatus status, std::int64_t gas) {
    frame.status = status;
    frame.gas = gas;
    frame.next_pc = nullptr;
}

/// Goes on at `pc`.
[[gnu::always_inline]] inline void dispatch(const std::uint8_t* pc, Uint256* sp, std::int64_t gas,
                                            Frame& frame, const Table& table) {
    if constexpr (is_threaded) {
        return table.steps[*pc](pc, sp, gas, frame, table);
    } else {
        frame.next_pc = pc;
        frame.next_sp = sp;
        frame.gas = gas;
    }
}

/// The data of a PUSH as limbs.
template <unsigned Bytes>
[[gnu::always_inline]] inline void push(Uint256* sp, const std::uint8_t* data) {
    constexpr unsigned whole = Bytes / 8;
    constexpr unsigned part = Bytes % 8;
    std::uint64_t limbs[4] = {0, 0, 0, 0};
    // Eight bytes are there also where fewer belong to the number: code is padded.
    if constexpr (part != 0) limbs[whole] = core::read_be64(data) >> (64 - 8 * part);
    if constexpr (whole > 0) limbs[0] = core::read_be64(data + Bytes - 8);
    if constexpr (whole > 1) limbs[1] = core::read_be64(data + Bytes - 16);
    if constexpr (whole > 2) limbs[2] = core::read_be64(data + Bytes - 24);
    if constexpr (whole > 3) limbs[3] = core::read_be64(data + Bytes - 32);
    *sp = Uint256(limbs[0], limbs[1], limbs[2], limbs[3]);
}

/// Where a jump to `destination` leads, or null where no JUMPDEST is.
[[gnu::always_inline]] inline const std::uint8_t* jump_target(const Frame& frame,
                                                              const Uint256& destination) {
    const std::uint64_t at = destination.limbs[0];
    if (!destination.fits_u64() || at >= frame.code_bytes) [[unlikely]]
        return nullptr;
    if ((frame.destinations[at / 64] >> (at % 64) & 1) == 0) [[unlikely]]
        return nullptr;
    return frame.code + at;
}

/// What only moves words on the stack.
template <std::uint8_t Code>
[[gnu::always_inline]] inline void rearrange(const std::uint8_t* pc, Uint256* sp) {
    if constexpr (Code >= op::push0 && Code <= op::push32) {
        push<Code - op::push0>(sp, pc + 1);
    } else if constexpr (Code >= op::dup1 && Code <= op::dup16) {
        put(*sp, *(sp - (Code - op::dup1 + 1)));
    } else if constexpr (Code >= op::swap1 && Code <= op::swap16) {
        Uint256& other = *(sp - (Code - op::swap1 + 2));
        std::swap(sp[-1].limbs[0], other.limbs[0]);
        std::swap(sp[-1].limbs[1], other.limbs[1]);
        std::swap(sp[-1].limbs[2], other.limbs[2]);
        std::swap(sp[-1].limbs[3], other.limbs[3]);
    }
}

/// The rest of an instruction that was not at hand. A function of its own, so that the common case saves no
/// registers for a call that it does not make.
template <std::uint8_t Code>
[[gnu::cold, gnu::noinline]] void pay_and_go_on(const std::uint8_t* pc, Uint256* sp, std::int64_t gas,
                                                Frame& frame, const Table& table) {
    constexpr Opcode row = opcodes[Code];
    gas = bodies[Code].paid(frame, sp - 1, gas);
    if (gas < 0) return end_failed(frame, frame.failure);
    return dispatch(pc + 1, sp + row.pushes - row.pops, gas, frame, table);
}

/// Goes on at a destination. Where several instructions may run as one, the JUMPDEST there is among them.
template <bool Fused>
[[gnu::always_inline]] inline void jump(const Uint256& destination, Uint256* sp, std::int64_t gas,
                                        Frame& frame, const Table& table) {
    const std::uint8_t* const pc = jump_target(frame, destination);
    if (pc == nullptr) [[unlikely]]
        return end_failed(frame, CallStatus::invalid_jump);
    if constexpr (!Fused) return dispatch(pc, sp, gas, frame, table);
    if ((gas -= opcodes[op::jumpdest].gas) < 0) [[unlikely]]
        return end_failed(frame, CallStatus::out_of_gas);
    return dispatch(pc + 1, sp, gas, frame, table);
}

/// The instruction `Code`: checks from its row, its body, and on to the next. `Fused` allows to do what
/// follows at once as well.
template <std::uint8_t Code, bool Fused>
void step(const std::uint8_t* pc, Uint256* sp, std::int64_t gas, Frame& frame, const Table& table) {
    constexpr Opcode row = opcodes[Code];
    constexpr const Body& body = bodies[Code];
    if constexpr (row.pops > 0)
        if (sp - row.pops < frame.bottom) [[unlikely]]
            return end_failed(frame, CallStatus::stack_underflow);
    if constexpr (row.pushes > row.pops)
        if (sp - (stack_words - (row.pushes - row.pops)) > frame.bottom) [[unlikely]]
            return end_failed(frame, CallStatus::stack_overflow);
    if constexpr (row.gas > 0)
        if ((gas -= row.gas) < 0) [[unlikely]]
            return end_failed(frame, CallStatus::out_of_gas);

    if constexpr (body.form == Form::words) {
        body.words(sp - 1);
    } else if constexpr (body.form == Form::at_hand) {
        if (!body.at_hand(frame, sp - 1)) [[unlikely]]
            return pay_and_go_on<Code>(pc, sp, gas, frame, table);
    } else if constexpr (body.form == Form::paid) {
        gas = body.paid(frame, sp - 1, gas);
        if (gas < 0) [[unlikely]]
            return end_failed(frame, frame.failure);
    }
    if constexpr (body.ends != Ends::no) {
        return end(frame, body.ends == Ends::with_success ? CallStatus::succeeded : CallStatus::reverted,
                   gas);
    } else if constexpr (Code == op::jump || Code == op::jumpi) {
        if (Code == op::jumpi && sp[-2].is_zero()) return dispatch(pc + 1, sp - row.pops, gas, frame, table);
        return jump<Fused>(sp[-1], sp - row.pops, gas, frame, table);
    } else {
        if constexpr (Code == op::pc) *sp = Uint256(static_cast<std::uint64_t>(pc - frame.code));
        rearrange<Code>(pc, sp);
        return dispatch(pc + 1 + row.data_bytes, sp + row.pushes - row.pops, gas, frame, table);
    }
}

/// PUSH2 before JUMP or JUMPI, as compilers write nearly every jump: the destination never touches the stack.
void push_and_jump(const std::uint8_t* pc, Uint256* sp, std::int64_t gas, Frame& frame, const Table& table) {
    const std::uint8_t next = pc[3];
    if ((next != op::jump && next != op::jumpi) || sp - (stack_words - 1) > frame.bottom)
        return step<op::push2, false>(pc, sp, gas, frame, table);
    if ((gas -= opcodes[op::push2].gas) < 0) [[unlikely]]
        return end_failed(frame, CallStatus::out_of_gas);
    const Uint256 destination(core::read_be16(pc + 1));
    if (next == op::jump) {
        if ((gas -= opcodes[op::jump].gas) < 0) [[unlikely]]
            return end_failed(frame, CallStatus::out_of_gas);
        return jump<true>(destination, sp, gas, frame, table);
    }
    if (sp == frame.bottom) [[unlikely]]
        return end_failed(frame, CallStatus::stack_underflow);
    if ((gas -= opcodes[op::jumpi].gas) < 0) [[unlikely]]
        return end_failed(frame, CallStatus::out_of_gas);
    if (sp[-1].is_zero()) return dispatch(pc + 4, sp - 1, gas, frame, table);
    return jump<true>(destination, sp - 1, gas, frame, table);
}

/// SWAP before POP, which drops the word below the topmost ones: one copy.
template <std::uint8_t Code>
void swap_and_pop(const std::uint8_t* pc, Uint256* sp, std::int64_t gas, Frame& frame, const Table& table) {
    constexpr Opcode row = opcodes[Code];
    constexpr std::int64_t both = row.gas + opcodes[op::pop].gas;
    if (pc[1] != op::pop || sp - row.pops < frame.bottom || gas < both)
        return step<Code, false>(pc, sp, gas, frame, table);
    put(*(sp - row.pops), sp[-1]);
    return dispatch(pc + 2, sp - 1, gas - both, frame, table);
}

/// POP before POP.
void pop_and_pop(const std::uint8_t* pc, Uint256* sp, std::int64_t gas, Frame& frame, const Table& table) {
    constexpr std::int64_t both = 2 * opcodes[op::pop].gas;
    if (pc[1] != op::pop || sp - 2 < frame.bottom || gas < both)
        return step<op::pop, false>(pc, sp, gas, frame, table);
    return dispatch(pc + 2, sp - 2, gas - both, frame, table);
}

bool should_stop(const Frame& frame) {
    return frame.execution.stop != nullptr && frame.execution.stop->should_stop();
}

/// A jump of an execution that may be given up: code that runs for long jumps.
template <std::uint8_t Code>
void ask_and_jump(const std::uint8_t* pc, Uint256* sp, std::int64_t gas, Frame& frame, const Table& table) {
    if (should_stop(frame)) [[unlikely]]
        return end_failed(frame, CallStatus::stopped);
    return step<Code, true>(pc, sp, gas, frame, table);
}

/// What stands for the instruction while nobody looks at every single one.
template <std::uint8_t Code>
constexpr Handler fused_step() {
    if constexpr (Code == op::push2) return push_and_jump;
    if constexpr (Code == op::pop) return pop_and_pop;
    if constexpr (Code >= op::swap1 && Code <= op::swap16) return swap_and_pop<Code>;
    return step < Code, Code == op::jump || Code == op::jumpi > ;
}

void undefined(const std::uint8_t*, Uint256*, std::int64_t, Frame& frame, const Table&) {
    end_failed(frame, CallStatus::undefined_instruction);
}

template <bool Fused, std::uint8_t Code>
constexpr Handler handler_of() {
    if constexpr (opcodes[Code].name.empty()) return undefined;
    if constexpr (Fused) return fused_step<Code>();
    return step<Code, false>;
}

template <bool Fused>
constexpr std::array<Table, revision_count> all_tables() {
    std::array<Table, revision_count> tables{};
    constexpr auto steps = []<std::size_t... Codes>(std::index_sequence<Codes...>) {
        return std::array<Handler, 256>{handler_of<Fused, Codes>()...};
    }
    (std::make_index_sequence<256>{});
    for (std::size_t revision = 0; revision < revision_count; ++revision)
        for (std::size_t code = 0; code < 256; ++code)
            tables[revision].steps[code] =
                is_defined(opcodes[code], static_cast<Revision>(revision)) ? steps[code] : undefined;
    return tables;
}
/// By revision: with instructions that often come together run as one, and each by itself.
constexpr std::array<Table, revision_count> fused_tables = all_tables<true>();
constexpr std::array<Table, revision_count> single_tables = all_tables<false>();

/// By revision: the fused ones, but for jumps, which are all seen.
constexpr std::array<Table, revision_count> asking_tables = [] {
    std::array<Table, revision_count> tables = fused_tables;
    for (Table& table : tables) {
        table.steps[op::push2] = step<op::push2, false>;
        table.steps[op::jump] = ask_and_jump<op::jump>;
        table.steps[op::jumpi] = ask_and_jump<op::jumpi>;
    }
    return tables;
}();

const Table& table_of(const std::array<Table, revision_count>& tables, Revision revision) {
    return tables[static_cast<std::size_t>(revision)];
}

[[gnu::noinline]] void report(const std::uint8_t* pc, const Uint256* sp, std::int64_t gas, Frame& frame) {
    const Step seen{.depth = frame.message.depth,
                    .pc = static_cast<std::uint64_t>(pc - frame.code),
                    .opcode = *pc,
                    .gas = static_cast<core::Gas>(gas),
                    .stack = {frame.bottom, sp},
                    .memory = {frame.memory, frame.memory_bytes},
                    .return_data = frame.return_data,
                    .recipient = frame.message.recipient,
                    .refund = frame.state.refund()};
    frame.execution.tracer->on_step(seen, frame.state);
}

/// Every entry of the table that is used while somebody observes: reports, then does what the revision says.
/// The table travels on, so the next instruction comes here again.
void observed(const std::uint8_t* pc, Uint256* sp, std::int64_t gas, Frame& frame, const Table& table) {
    report(pc, sp, gas, frame);
    if (should_stop(frame)) [[unlikely]]
        return end_failed(frame, CallStatus::stopped);
    return table_of(single_tables, frame.revision).steps[*pc](pc, sp, gas, frame, table);
}

constexpr Table observing_table = [] {
    Table table{};
    for (Handler& entry : table.steps)
        entry = observed;
    return table;
}();

const Table& table_for(const Frame& frame) {
    if (frame.execution.tracer != nullptr) return observing_table;
    return table_of(frame.execution.stop == nullptr ? fused_tables : asking_tables, frame.revision);
}

}  // namespace

void interpret(Frame& frame) {
    frame.store.memory.clear();
    frame.memory = frame.store.memory.data();
    const Table& table = table_for(frame);
    table.steps[*frame.code](frame.code, frame.bottom, frame.gas, frame, table);
    if constexpr (!is_threaded)
        while (frame.next_pc != nullptr)
            table.steps[*frame.next_pc](frame.next_pc, frame.next_sp, frame.gas, frame, table);
}

}  // namespace sluice::contracts::evm
