/// Runs a fuzz target without libFuzzer: random bytes and mutations of what went before, for a number of
/// seconds. The clang build (preset fuzz) links libFuzzer instead, which is guided by coverage.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Input = std::vector<std::uint8_t>;

Input random_input(std::mt19937_64& random) {
    Input input(random() % (random() % 8 == 0 ? 4096 : 128));
    for (auto& byte : input)
        byte = static_cast<std::uint8_t>(random() % 3 == 0 ? 0xc0 + random() % 64 : random());
    return input;
}

void mutate(Input& input, std::mt19937_64& random) {
    for (auto edits = 1 + random() % 8; edits > 0; --edits) {
        if (input.empty() || random() % 4 == 0) {
            input.insert(
                input.begin() + static_cast<std::ptrdiff_t>(input.empty() ? 0 : random() % input.size()),
                static_cast<std::uint8_t>(random()));
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

/// usage: TARGET SECONDS, or TARGET FILE… to run single inputs
int main(int argc, char** argv) {
    const double seconds = argc > 1 ? std::atof(argv[1]) : 1;
    if (argc > 1 && seconds <= 0) {
        for (int i = 1; i < argc; ++i) {
            const auto input = read_input(argv[i]);
            LLVMFuzzerTestOneInput(input.data(), input.size());
        }
        return 0;
    }
    std::mt19937_64 random(20022);
    std::vector<Input> pool(64);
    std::uint64_t runs = 0;
    const auto begin = std::chrono::steady_clock::now();
    while (std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count() < seconds)
        for (int i = 0; i < 64; ++i, ++runs) {
            auto& input = pool[random() % pool.size()];
            if (random() % 4 == 0)
                input = random_input(random);
            else
                mutate(input, random);
            if (input.size() > 65'536) input.clear();
            LLVMFuzzerTestOneInput(input.data(), input.size());
        }
    std::printf("%llu inputs, no crash\n", static_cast<unsigned long long>(runs));
    return 0;
}
