#include "crypto/random.hpp"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <thread>
#include <vector>

#include <pthread.h>

#include <gtest/gtest.h>

namespace sluice::crypto {
namespace {

TEST(Random, numbers_differ) {
    std::vector<std::uint64_t> numbers(64);
    std::generate(numbers.begin(), numbers.end(), random_u64);
    std::sort(numbers.begin(), numbers.end());
    EXPECT_EQ(std::unique(numbers.begin(), numbers.end()), numbers.end());
}

TEST(Random, every_byte_of_the_span_is_filled_and_none_beside_it) {
    std::vector<std::uint8_t> bytes(66, 0x5a);
    std::vector<std::uint8_t> seen(bytes.size(), 0);
    for (int round = 0; round < 16; ++round) {
        fill_random(std::span(bytes).subspan(1, 64));
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            seen[i] |= static_cast<std::uint8_t>(bytes[i] ^ 0x5a);
        }
    }
    EXPECT_EQ(seen.front(), 0);
    EXPECT_EQ(seen.back(), 0);
    // That a byte keeps its value 16 times over has a chance of 2^-128.
    EXPECT_EQ(std::count(seen.begin() + 1, seen.end() - 1, 0), 0);
}

TEST(Random, two_fillings_differ) {
    std::vector<std::uint8_t> first(32);
    std::vector<std::uint8_t> second(32);
    fill_random(first);
    fill_random(second);
    EXPECT_NE(first, second);
}

TEST(Random, signals_that_cut_a_filling_short_leave_no_byte_out) {
    struct sigaction quiet {};
    struct sigaction before {};
    quiet.sa_handler = [](int) {};
    ASSERT_EQ(sigaction(SIGUSR1, &quiet, &before), 0);
    std::atomic<bool> is_done = false;
    std::thread disturber([&is_done, target = pthread_self()] {
        while (!is_done)
            pthread_kill(target, SIGUSR1);
    });
    // Long enough that the kernel meets a signal within one call and returns early.
    std::vector<std::uint8_t> bytes(16u << 20);
    fill_random(bytes);
    is_done = true;
    disturber.join();
    ASSERT_EQ(sigaction(SIGUSR1, &before, nullptr), 0);
    EXPECT_TRUE(std::any_of(bytes.end() - 32, bytes.end(), [](std::uint8_t byte) { return byte != 0; }));
}

}  // namespace
}  // namespace sluice::crypto
