/// Values as Ethereum's JSON-RPC and settle_ write them, read from JSON. The error is what is wrong, for a
/// person.
#pragma once

#include <string>
#include <vector>

#include "core/identifiers.hpp"
#include "core/result.hpp"
#include "core/uint256.hpp"
#include "network/json_rpc.hpp"

namespace sluice::node::rpc {

using network::json_rpc::Json;

template <typename T>
using Reading = core::Result<T, std::string>;

/// "0x" and hex digits without leading zeros.
Reading<core::Uint256> read_quantity(const Json& value);
/// A quantity below 2^64.
Reading<std::uint64_t> read_u64(const Json& value);
/// A JSON number, a quantity, or decimal digits in a string.
Reading<std::uint64_t> read_number(const Json& value);
/// "0x" and an even number of hex digits.
Reading<core::Bytes> read_data(const Json& value);
/// 32 bytes.
Reading<core::Hash> read_hash(const Json& value);
/// 20 bytes, in any case of letters.
Reading<core::Address> read_address(const Json& value);
/// A storage key: up to 32 bytes, filled with zeros in front.
Reading<core::Word> read_storage_key(const Json& value);
Reading<bool> read_boolean(const Json& value);
Reading<std::string> read_text(const Json& value);
/// Any JSON object.
Reading<Json> read_object(const Json& value);

Reading<core::Bic> read_bic(const Json& value);
Reading<core::CurrencyCode> read_currency(const Json& value);
Reading<core::Uetr> read_uetr(const Json& value);

/// A list of what `Read` reads, at most `count_max` long; the error names the place.
template <typename Read>
auto read_list(const Json& value, std::size_t count_max, Read read)
    -> Reading<std::vector<typename decltype(read(value))::value_type>> {
    if (!value.is_array()) return core::fail(std::string("expected a list"));
    if (value.size() > count_max)
        return core::fail("a list of more than " + std::to_string(count_max) + " entries");
    std::vector<typename decltype(read(value))::value_type> list;
    list.reserve(value.size());
    for (std::size_t i = 0; i < value.size(); ++i) {
        auto entry = read(value[i]);
        if (!entry) return core::fail("[" + std::to_string(i) + "]: " + entry.error());
        list.push_back(std::move(*entry));
    }
    return list;
}

}  // namespace sluice::node::rpc
