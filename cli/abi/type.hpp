/// Types of Solidity's contract ABI as data: read from text, written in canonical form.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace sluice::cli::abi {

enum class Kind : std::uint8_t {
    unsigned_integer,  ///< uint8 … uint256
    signed_integer,    ///< int8 … int256
    address,
    boolean,
    fixed_bytes,  ///< bytes1 … bytes32
    function,     ///< address and selector, encoded as bytes24
    bytes,
    string,
    fixed_array,  ///< T[k]
    array,        ///< T[]
    tuple,
};

/// A type, and the name of the parameter or member that has it.
struct Type {
    Kind kind = Kind::unsigned_integer;
    unsigned size = 256;           ///< bits of an integer, bytes of fixed_bytes and function
    std::uint64_t length = 0;      ///< of fixed_array
    std::vector<Type> components;  ///< members of a tuple; the one element type of an array
    std::string name = {};         ///< empty where there is none

    /// Compares types, not names.
    bool operator==(const Type& other) const {
        return kind == other.kind && size == other.size && length == other.length &&
               components == other.components;
    }
};

/// Arrays and tuples inside each other that a type may have.
inline constexpr unsigned type_depth_max = 16;
/// Words that a value of static type may take: 1 MiB.
inline constexpr std::uint64_t static_words_max = 1u << 15;
/// Types of one list, members of tuples included.
inline constexpr std::size_t types_max = 1'024;

/// Encoded behind an offset (ABI specification, "dynamic types").
bool is_dynamic(const Type& type);
/// Words that a value takes in the head: 1 for a dynamic one.
std::uint64_t head_words(const Type& type);

/// As in signatures: "uint256", "(address,bytes32[4])[]".
std::string to_string(const Type& type);
/// "(uint256,string)"
std::string to_string(const std::vector<Type>& types);

/// One type; "uint" and "int" mean 256 bits. The error is a sentence.
core::Result<Type, std::string> parse_type(std::string_view text);
/// A list in parentheses. Parameters may have names and words of Solidity beside them:
/// "(address to, uint256 amount)".
core::Result<std::vector<Type>, std::string> parse_types(std::string_view text);

/// A function as typed by a person.
struct Signature {
    std::string name;
    std::vector<Type> inputs;
    std::vector<Type> outputs;  ///< empty where the text names none
    bool has_outputs = false;
};
/// "balanceOf(address)", "balanceOf(address)(uint256)", "function balanceOf(address a) view returns
/// (uint256)".
core::Result<Signature, std::string> parse_signature(std::string_view text);

}  // namespace sluice::cli::abi
