/// Result: a value, or the reason why there is none.
#pragma once

#include <tl/expected.hpp>

namespace sluice::core {

template <typename T, typename E>
using Result = tl::expected<T, E>;

/// Wraps an error for return from a function that returns a Result.
template <typename E>
tl::unexpected<E> fail(E error) {
    return tl::unexpected<E>(std::move(error));
}

}  // namespace sluice::core
