/// Memory that wipes itself: for private keys, passwords and derived keys.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::crypto {

/// Overwrites memory in a way that the optimiser keeps.
void wipe(void* data, std::size_t size_bytes) noexcept;

/// Equality in time that depends on the length only.
bool equal_constant_time(std::span<const std::uint8_t> left, std::span<const std::uint8_t> right);

/// A fixed number of secret bytes. Moves wipe the source; copies are explicit by `copy()`.
template <std::size_t N>
class SecretArray {
  public:
    SecretArray() = default;
    explicit SecretArray(std::span<const std::uint8_t, N> bytes) {
        for (std::size_t i = 0; i < N; ++i)
            bytes_[i] = bytes[i];
    }
    SecretArray(const SecretArray&) = delete;
    SecretArray& operator=(const SecretArray&) = delete;
    SecretArray(SecretArray&& other) noexcept : bytes_(other.bytes_) { wipe(other.bytes_.data(), N); }
    SecretArray& operator=(SecretArray&& other) noexcept {
        if (this != &other) {
            bytes_ = other.bytes_;
            wipe(other.bytes_.data(), N);
        }
        return *this;
    }
    ~SecretArray() { wipe(bytes_.data(), N); }

    SecretArray copy() const { return SecretArray(std::span<const std::uint8_t, N>(bytes_)); }
    std::span<const std::uint8_t, N> bytes() const { return bytes_; }
    std::span<std::uint8_t, N> writable_bytes() { return bytes_; }

  private:
    std::array<std::uint8_t, N> bytes_{};
};

/// Secret text or bytes of any length (a password, a decrypted file). Move only; wiped on destruction.
class SecretBytes {
  public:
    SecretBytes() = default;
    explicit SecretBytes(std::size_t size_bytes) : bytes_(size_bytes) {}
    explicit SecretBytes(std::string_view text) : bytes_(text.begin(), text.end()) {}
    SecretBytes(const SecretBytes&) = delete;
    SecretBytes& operator=(const SecretBytes&) = delete;
    SecretBytes(SecretBytes&& other) noexcept = default;
    SecretBytes& operator=(SecretBytes&& other) noexcept {
        if (this != &other) {
            wipe(bytes_.data(), bytes_.size());
            bytes_ = std::move(other.bytes_);
        }
        return *this;
    }
    ~SecretBytes() { wipe(bytes_.data(), bytes_.size()); }

    std::span<const std::uint8_t> bytes() const { return bytes_; }
    std::span<std::uint8_t> writable_bytes() { return bytes_; }
    std::size_t size() const { return bytes_.size(); }

  private:
    std::vector<std::uint8_t> bytes_;
};

}  // namespace sluice::crypto
