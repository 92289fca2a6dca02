/// CHECK: what is impossible by our own logic. On in every build, never used on input.
#pragma once

namespace sluice::core {

/// Prints the failed fact to standard error and aborts. A stopped replica is an outage; a wrong one loses
/// money.
[[noreturn]] void check_failed(const char* fact, const char* file, int line) noexcept;

}  // namespace sluice::core

/// Aborts unless `fact` holds. One fact each.
#define CHECK(fact) ((fact) ? static_cast<void>(0) : ::sluice::core::check_failed(#fact, __FILE__, __LINE__))
