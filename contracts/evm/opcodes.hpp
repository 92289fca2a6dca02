/// The instructions: one row each (Yellow Paper, appendix H, and the EIPs named by revision.hpp).
#pragma once

#include <array>

#include "contracts/evm/revision.hpp"

namespace sluice::contracts::evm {

namespace op {

inline constexpr std::uint8_t stop = 0x00, add = 0x01, mul = 0x02, sub = 0x03, div = 0x04, sdiv = 0x05,
                              mod = 0x06, smod = 0x07, addmod = 0x08, mulmod = 0x09, exp = 0x0a,
                              signextend = 0x0b;
inline constexpr std::uint8_t lt = 0x10, gt = 0x11, slt = 0x12, sgt = 0x13, eq = 0x14, iszero = 0x15,
                              and_ = 0x16, or_ = 0x17, xor_ = 0x18, not_ = 0x19, byte = 0x1a, shl = 0x1b,
                              shr = 0x1c, sar = 0x1d, clz = 0x1e;
inline constexpr std::uint8_t keccak256 = 0x20;
inline constexpr std::uint8_t address = 0x30, balance = 0x31, origin = 0x32, caller = 0x33, callvalue = 0x34,
                              calldataload = 0x35, calldatasize = 0x36, calldatacopy = 0x37, codesize = 0x38,
                              codecopy = 0x39, gasprice = 0x3a, extcodesize = 0x3b, extcodecopy = 0x3c,
                              returndatasize = 0x3d, returndatacopy = 0x3e, extcodehash = 0x3f;
inline constexpr std::uint8_t blockhash = 0x40, coinbase = 0x41, timestamp = 0x42, number = 0x43,
                              prevrandao = 0x44, gaslimit = 0x45, chainid = 0x46, selfbalance = 0x47,
                              basefee = 0x48, blobhash = 0x49, blobbasefee = 0x4a;
inline constexpr std::uint8_t pop = 0x50, mload = 0x51, mstore = 0x52, mstore8 = 0x53, sload = 0x54,
                              sstore = 0x55, jump = 0x56, jumpi = 0x57, pc = 0x58, msize = 0x59, gas = 0x5a,
                              jumpdest = 0x5b, tload = 0x5c, tstore = 0x5d, mcopy = 0x5e;
inline constexpr std::uint8_t push0 = 0x5f, push1 = 0x60, push2 = 0x61, push4 = 0x63, push20 = 0x73,
                              push32 = 0x7f, dup1 = 0x80, dup16 = 0x8f, swap1 = 0x90, swap16 = 0x9f;
inline constexpr std::uint8_t log0 = 0xa0, log4 = 0xa4;
inline constexpr std::uint8_t create = 0xf0, call = 0xf1, callcode = 0xf2, return_ = 0xf3,
                              delegatecall = 0xf4, create2 = 0xf5, staticcall = 0xfa, revert = 0xfd,
                              invalid = 0xfe, selfdestruct = 0xff;

}  // namespace op

/// What is true of an instruction whatever the machine's state is. Gas beyond `gas` is the instruction's own
/// matter: 0 stands where the price is not the same under all revisions.
struct Opcode {
    std::uint8_t code = 0;
    std::string_view name;    ///< as the Yellow Paper and other nodes' traces write it; empty: undefined
    std::uint8_t pops = 0;    ///< words it needs
    std::uint8_t pushes = 0;  ///< words that are there instead, afterwards
    std::uint16_t gas = 0;
    std::uint8_t data_bytes = 0;  ///< that follow in the code
    Revision since = Revision::istanbul;
};

namespace detail {

inline constexpr std::string_view push_names[] = {
    "PUSH1",  "PUSH2",  "PUSH3",  "PUSH4",  "PUSH5",  "PUSH6",  "PUSH7",  "PUSH8",
    "PUSH9",  "PUSH10", "PUSH11", "PUSH12", "PUSH13", "PUSH14", "PUSH15", "PUSH16",
    "PUSH17", "PUSH18", "PUSH19", "PUSH20", "PUSH21", "PUSH22", "PUSH23", "PUSH24",
    "PUSH25", "PUSH26", "PUSH27", "PUSH28", "PUSH29", "PUSH30", "PUSH31", "PUSH32"};
inline constexpr std::string_view dup_names[] = {"DUP1",  "DUP2",  "DUP3",  "DUP4",  "DUP5",  "DUP6",
                                                 "DUP7",  "DUP8",  "DUP9",  "DUP10", "DUP11", "DUP12",
                                                 "DUP13", "DUP14", "DUP15", "DUP16"};
inline constexpr std::string_view swap_names[] = {"SWAP1",  "SWAP2",  "SWAP3",  "SWAP4",  "SWAP5",  "SWAP6",
                                                  "SWAP7",  "SWAP8",  "SWAP9",  "SWAP10", "SWAP11", "SWAP12",
                                                  "SWAP13", "SWAP14", "SWAP15", "SWAP16"};
inline constexpr std::string_view log_names[] = {"LOG0", "LOG1", "LOG2", "LOG3", "LOG4"};

/// Those that do not come in families.
inline constexpr Opcode singles[] = {
    {op::stop, "STOP", 0, 0, 0},
    {op::add, "ADD", 2, 1, 3},
    {op::mul, "MUL", 2, 1, 5},
    {op::sub, "SUB", 2, 1, 3},
    {op::div, "DIV", 2, 1, 5},
    {op::sdiv, "SDIV", 2, 1, 5},
    {op::mod, "MOD", 2, 1, 5},
    {op::smod, "SMOD", 2, 1, 5},
    {op::addmod, "ADDMOD", 3, 1, 8},
    {op::mulmod, "MULMOD", 3, 1, 8},
    {op::exp, "EXP", 2, 1, 10},
    {op::signextend, "SIGNEXTEND", 2, 1, 5},
    {op::lt, "LT", 2, 1, 3},
    {op::gt, "GT", 2, 1, 3},
    {op::slt, "SLT", 2, 1, 3},
    {op::sgt, "SGT", 2, 1, 3},
    {op::eq, "EQ", 2, 1, 3},
    {op::iszero, "ISZERO", 1, 1, 3},
    {op::and_, "AND", 2, 1, 3},
    {op::or_, "OR", 2, 1, 3},
    {op::xor_, "XOR", 2, 1, 3},
    {op::not_, "NOT", 1, 1, 3},
    {op::byte, "BYTE", 2, 1, 3},
    {op::shl, "SHL", 2, 1, 3},
    {op::shr, "SHR", 2, 1, 3},
    {op::sar, "SAR", 2, 1, 3},
    {op::clz, "CLZ", 1, 1, 5, 0, Revision::osaka},
    {op::keccak256, "KECCAK256", 2, 1, 30},
    {op::address, "ADDRESS", 0, 1, 2},
    {op::balance, "BALANCE", 1, 1, 0},
    {op::origin, "ORIGIN", 0, 1, 2},
    {op::caller, "CALLER", 0, 1, 2},
    {op::callvalue, "CALLVALUE", 0, 1, 2},
    {op::calldataload, "CALLDATALOAD", 1, 1, 3},
    {op::calldatasize, "CALLDATASIZE", 0, 1, 2},
    {op::calldatacopy, "CALLDATACOPY", 3, 0, 3},
    {op::codesize, "CODESIZE", 0, 1, 2},
    {op::codecopy, "CODECOPY", 3, 0, 3},
    {op::gasprice, "GASPRICE", 0, 1, 2},
    {op::extcodesize, "EXTCODESIZE", 1, 1, 0},
    {op::extcodecopy, "EXTCODECOPY", 4, 0, 0},
    {op::returndatasize, "RETURNDATASIZE", 0, 1, 2},
    {op::returndatacopy, "RETURNDATACOPY", 3, 0, 3},
    {op::extcodehash, "EXTCODEHASH", 1, 1, 0},
    {op::blockhash, "BLOCKHASH", 1, 1, 20},
    {op::coinbase, "COINBASE", 0, 1, 2},
    {op::timestamp, "TIMESTAMP", 0, 1, 2},
    {op::number, "NUMBER", 0, 1, 2},
    {op::prevrandao, "PREVRANDAO", 0, 1, 2},
    {op::gaslimit, "GASLIMIT", 0, 1, 2},
    {op::chainid, "CHAINID", 0, 1, 2},
    {op::selfbalance, "SELFBALANCE", 0, 1, 5},
    {op::basefee, "BASEFEE", 0, 1, 2, 0, Revision::london},
    {op::blobhash, "BLOBHASH", 1, 1, 3, 0, Revision::cancun},
    {op::blobbasefee, "BLOBBASEFEE", 0, 1, 2, 0, Revision::cancun},
    {op::pop, "POP", 1, 0, 2},
    {op::mload, "MLOAD", 1, 1, 3},
    {op::mstore, "MSTORE", 2, 0, 3},
    {op::mstore8, "MSTORE8", 2, 0, 3},
    {op::sload, "SLOAD", 1, 1, 0},
    {op::sstore, "SSTORE", 2, 0, 0},
    {op::jump, "JUMP", 1, 0, 8},
    {op::jumpi, "JUMPI", 2, 0, 10},
    {op::pc, "PC", 0, 1, 2},
    {op::msize, "MSIZE", 0, 1, 2},
    {op::gas, "GAS", 0, 1, 2},
    {op::jumpdest, "JUMPDEST", 0, 0, 1},
    {op::tload, "TLOAD", 1, 1, 100, 0, Revision::cancun},
    {op::tstore, "TSTORE", 2, 0, 100, 0, Revision::cancun},
    {op::mcopy, "MCOPY", 3, 0, 3, 0, Revision::cancun},
    {op::push0, "PUSH0", 0, 1, 2, 0, Revision::shanghai},
    {op::create, "CREATE", 3, 1, 32'000},
    {op::call, "CALL", 7, 1, 0},
    {op::callcode, "CALLCODE", 7, 1, 0},
    {op::return_, "RETURN", 2, 0, 0},
    {op::delegatecall, "DELEGATECALL", 6, 1, 0},
    {op::create2, "CREATE2", 4, 1, 32'000},
    {op::staticcall, "STATICCALL", 6, 1, 0},
    {op::revert, "REVERT", 2, 0, 0},
    {op::selfdestruct, "SELFDESTRUCT", 1, 0, 5'000},
};

constexpr std::array<Opcode, 256> all_opcodes() {
    std::array<Opcode, 256> rows{};
    for (const Opcode& row : singles)
        rows[row.code] = row;
    for (std::uint8_t n = 0; n < 32; ++n)
        rows[op::push1 + n] = {static_cast<std::uint8_t>(op::push1 + n), push_names[n], 0, 1, 3,
                               static_cast<std::uint8_t>(n + 1)};
    for (std::uint8_t n = 0; n < 16; ++n) {
        const auto depth = static_cast<std::uint8_t>(n + 1);
        rows[op::dup1 + n] = {static_cast<std::uint8_t>(op::dup1 + n), dup_names[n], depth,
                              static_cast<std::uint8_t>(depth + 1), 3};
        rows[op::swap1 + n] = {static_cast<std::uint8_t>(op::swap1 + n), swap_names[n],
                               static_cast<std::uint8_t>(depth + 1), static_cast<std::uint8_t>(depth + 1), 3};
    }
    for (std::uint8_t n = 0; n < 5; ++n)
        rows[op::log0 + n] = {static_cast<std::uint8_t>(op::log0 + n), log_names[n],
                              static_cast<std::uint8_t>(n + 2), 0, static_cast<std::uint16_t>(375 * (n + 1))};
    return rows;
}

}  // namespace detail

/// By opcode. 0xfe, INVALID (EIP-141), is as undefined as the others without a name.
inline constexpr std::array<Opcode, 256> opcodes = detail::all_opcodes();

constexpr bool is_defined(const Opcode& opcode, Revision revision) {
    return !opcode.name.empty() && revision >= opcode.since;
}

}  // namespace sluice::contracts::evm
