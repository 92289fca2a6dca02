#include "cli/conformance/switch_memory.hpp"

#include <fmt/format.h>

#include "cli/files.hpp"

namespace sluice::cli::conformance {
namespace {

constexpr std::string_view on_word = "on\n";
constexpr std::string_view off_word = "off\n";

}  // namespace

core::Result<void, std::string> SwitchMemory::remember(bool was_on) const {
    return write_file(file_, was_on ? on_word : off_word, FileMode::ordinary);
}

core::Result<std::optional<bool>, std::string> SwitchMemory::recall() const {
    std::error_code error;
    if (!std::filesystem::exists(file_, error)) return std::optional<bool>();
    const auto text = read_file(file_);
    if (!text) return core::fail(text.error());
    if (*text != on_word && *text != off_word)
        return core::fail(
            fmt::format("{} does not say what the switch of liquidity saving was: set it by hand and "
                        "remove the file",
                        file_.string()));
    return std::optional<bool>(*text == on_word);
}

core::Result<void, std::string> SwitchMemory::forget() const {
    std::error_code error;
    std::filesystem::remove(file_, error);
    if (error) return core::fail(fmt::format("{}: {}", file_.string(), error.message()));
    return {};
}

}  // namespace sluice::cli::conformance
