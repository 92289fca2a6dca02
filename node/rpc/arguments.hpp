/// The arguments of one call. The first thing that is wrong is kept; reading goes on with empty values.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "node/rpc/errors.hpp"
#include "node/rpc/values.hpp"

namespace sluice::node::rpc {

/// What a method takes at one place.
struct Parameter {
    std::string_view name;
    std::string_view type;  ///< in the notation of schemas.hpp
    bool required = true;
};

/// By position, whether the call named them or not. One thread.
class Arguments {
  public:
    /// Takes the params of a call. A method whose one parameter is an object may also get that object's
    /// members as named params. The error is about their number or names.
    static core::Result<Arguments, Error> bind(Json params, std::span<const Parameter> parameters);

    /// The argument as `read` reads it; a missing one is an error.
    template <typename Read>
    auto get(std::size_t index, Read read) -> typename decltype(read(Json()))::value_type {
        if (const Json* value = find(index)) return take(index, {}, read(*value));
        fail(invalid_params("missing value for required argument " + std::to_string(index)));
        return {};
    }
    /// The argument, or `otherwise` if it is missing or null.
    template <typename Read, typename T>
    auto get_or(std::size_t index, Read read, T otherwise) -> typename decltype(read(Json()))::value_type {
        const Json* value = find(index);
        if (value == nullptr) return otherwise;
        return take(index, {}, read(*value));
    }
    /// A member of the object that is argument `index`; a missing one is an error.
    template <typename Read>
    auto member(std::size_t index, std::string_view name, Read read) ->
        typename decltype(read(Json()))::value_type {
        if (const Json* value = find(index, name)) return take(index, name, read(*value));
        fail(invalid_argument(index, std::string(name) + " is missing"));
        return {};
    }
    /// The same, nothing if it is missing or null.
    template <typename Read>
    auto member_if(std::size_t index, std::string_view name, Read read)
        -> std::optional<typename decltype(read(Json()))::value_type> {
        const Json* value = find(index, name);
        if (value == nullptr) return std::nullopt;
        return take(index, name, read(*value));
    }

    /// Null for a missing argument and for JSON's null.
    const Json* find(std::size_t index) const;
    const Json* find(std::size_t index, std::string_view member) const;
    /// Records an error of the caller's own finding.
    void fail(Error error) {
        if (!fault_) fault_ = std::move(error);
    }
    const std::optional<Error>& fault() const { return fault_; }

  private:
    template <typename T>
    T take(std::size_t index, std::string_view member, Reading<T> reading) {
        if (reading) return std::move(*reading);
        fail(invalid_argument(
            index, member.empty() ? reading.error() : std::string(member) + ": " + reading.error()));
        return {};
    }

    std::vector<Json> values_;
    std::optional<Error> fault_;
};

}  // namespace sluice::node::rpc
