/// The machine has failed: a disk that is full, broken, or holds what was never written there.
#pragma once

#include <stdexcept>
#include <string>

namespace sluice::ledger {

/// Thrown by every part of the ledger when a write or read fails or stored bytes are damaged. Nothing is
/// retried and nothing more may be sent: after a failed sync it is unknown what is on disk. Caught once, in
/// `main`.
class StorageFailure : public std::runtime_error {
  public:
    explicit StorageFailure(const std::string& what_failed) : std::runtime_error(what_failed) {}
};

}  // namespace sluice::ledger
