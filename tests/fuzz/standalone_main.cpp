/// Runs a fuzz target without libFuzzer: random bytes and mutations of what went before, for a number of
/// seconds or of inputs. The clang build (preset fuzz) links libFuzzer instead, which is guided by coverage.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
/// A target may sum up what its inputs led to; two builds that differ in nothing but the compiler's options
/// print the same sum for the same seed and number of inputs.
extern "C" __attribute__((weak)) std::uint64_t fuzz_digest();

namespace {

using Input = std::vector<std::uint8_t>;

// One draw per statement: the order of draws is the same whatever the compiler does.
Input random_input(std::mt19937_64& random) {
    const std::size_t size_max = random() % 8 == 0 ? 4096 : 128;
    Input input(random() % size_max);
    for (auto& byte : input) {
        const bool is_list_like = random() % 3 == 0;
        const auto drawn = random();
        byte = static_cast<std::uint8_t>(is_list_like ? 0xc0 + drawn % 64 : drawn);
    }
    return input;
}

void mutate(Input& input, std::mt19937_64& random) {
    for (auto edits = 1 + random() % 8; edits > 0; --edits) {
        if (input.empty() || random() % 4 == 0) {
            const auto at = input.empty() ? 0 : random() % input.size();
            const auto byte = static_cast<std::uint8_t>(random());
            input.insert(input.begin() + static_cast<std::ptrdiff_t>(at), byte);
            continue;
        }
        const auto at = random() % input.size();
        switch (random() % 4) {
            case 0:
                input[at] = static_cast<std::uint8_t>(random());
                break;
            case 1:
                input[at] = static_cast<std::uint8_t>(input[at] ^ (1u << (random() % 8)));
                break;
            case 2:
                input.erase(input.begin() + static_cast<std::ptrdiff_t>(at));
                break;
            default:
                input.resize(at);
                break;
        }
    }
}

Input read_input(const char* file) {
    std::ifstream stream(file, std::ios::binary);
    return Input((std::istreambuf_iterator<char>(stream)), {});
}

}  // namespace

/// usage: TARGET SECONDS [SEED], TARGET --inputs N [SEED], or TARGET FILE… to run single inputs
int main(int argc, char** argv) {
    const bool is_counted = argc > 2 && std::strcmp(argv[1], "--inputs") == 0;
    const std::uint64_t inputs_max = is_counted ? std::strtoull(argv[2], nullptr, 10) : 0;
    const double seconds = is_counted ? 0 : argc > 1 ? std::atof(argv[1]) : 1;
    if (argc > 1 && !is_counted && seconds <= 0) {
        for (int i = 1; i < argc; ++i) {
            const auto input = read_input(argv[i]);
            LLVMFuzzerTestOneInput(input.data(), input.size());
        }
        return 0;
    }
    const int seed_at = is_counted ? 3 : 2;
    std::mt19937_64 random(argc > seed_at ? std::strtoull(argv[seed_at], nullptr, 10) : 20022);
    std::vector<Input> pool(64);
    std::uint64_t runs = 0;
    const auto begin = std::chrono::steady_clock::now();
    const auto is_done = [&] {
        if (is_counted) return runs >= inputs_max;
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count() >= seconds;
    };
    while (!is_done())
        for (int i = 0; i < 64; ++i, ++runs) {
            auto& input = pool[random() % pool.size()];
            if (random() % 4 == 0)
                input = random_input(random);
            else
                mutate(input, random);
            if (input.size() > 65'536) input.clear();
            LLVMFuzzerTestOneInput(input.data(), input.size());
        }
    std::printf("%llu inputs, no crash", static_cast<unsigned long long>(runs));
    if (fuzz_digest != nullptr)
        std::printf(", digest %016llx", static_cast<unsigned long long>(fuzz_digest()));
    std::printf("\n");
    return 0;
}
