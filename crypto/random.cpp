#include "crypto/random.hpp"

#include <cerrno>

#include <sys/random.h>

#include "crypto/precondition.hpp"

namespace sluice::crypto {

void fill_random(std::span<std::uint8_t> bytes) {
    while (!bytes.empty()) {
        const ssize_t count = getrandom(bytes.data(), bytes.size(), 0);
        if (count < 0 && errno == EINTR) continue;
        require(count > 0, "the operating system gives no random bytes");
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
}

std::uint64_t random_u64() {
    std::uint64_t number = 0;
    fill_random({reinterpret_cast<std::uint8_t*>(&number), sizeof number});
    return number;
}

}  // namespace sluice::crypto
