/// A network namespace of Linux for each node, joined by bridges, so that a test can cut real processes off
/// from each other without their noticing anything but silence. Needs root and iproute2.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sluice::test_support {

/// Made and removed with the object. While a thread is inside a space, sockets that it opens and processes
/// that it starts belong to that space; all calls from threads of the test.
class NetworkSpaces {
  public:
    /// Why this machine cannot have them; nothing if it can.
    static std::optional<std::string> obstacle();

    /// Throws std::runtime_error where a command fails.
    explicit NetworkSpaces(std::size_t nodes);
    ~NetworkSpaces();
    NetworkSpaces(const NetworkSpaces&) = delete;
    NetworkSpaces& operator=(const NetworkSpaces&) = delete;

    /// The calling thread is in the node's space until the value goes.
    std::shared_ptr<void> enter(std::size_t node) const;
    /// Where the others reach the node; within its own space it has 127.0.0.1 as well.
    static std::string address(std::size_t node);
    /// The nodes named see each other, and the rest see each other; nothing passes between the two sides.
    void split(const std::vector<std::size_t>& one_side);
    /// Everybody sees everybody.
    void heal() { split({}); }

  private:
    void remove() noexcept;
    std::string space(std::size_t node) const;
    std::string cable(std::size_t node) const;
    std::string bridge(bool other) const;

    std::string tag_;
    std::size_t nodes_;
};

}  // namespace sluice::test_support
