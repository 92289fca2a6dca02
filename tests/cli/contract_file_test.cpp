#include "cli/contract_file.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "cli/files.hpp"

namespace sluice::cli {
namespace {

namespace fs = std::filesystem;

/// A file with this text, gone at the end of the test.
class ContractFiles : public ::testing::Test {
  protected:
    void TearDown() override { fs::remove(file_); }
    core::Result<ContractFile, std::string> read(std::string_view text, const std::string& contract = "") {
        return parse_contract_file(std::string(text), contract);
    }
    std::string fault(std::string_view text, const std::string& contract = "") {
        const auto file = read(text, contract);
        return file ? "" : file.error();
    }
    fs::path file_ = fs::path(::testing::TempDir()) / ("sluice-contract-" + std::to_string(::getpid()));
};

constexpr std::string_view two_contracts =
    R"({"contracts": {"a.sol": {"A": {"abi": [{"type": "constructor", "inputs": [{"type": "bool"}]}],
       "evm": {"bytecode": {"object": "6001"}}}, "I": {"abi": [], "evm": {"bytecode": {"object": ""}}}},
       "b.sol": {"B": {"abi": [], "evm": {"bytecode": {"object": "6002"}}},
                 "A": {"abi": [], "evm": {"bytecode": {"object": "6003"}}}}}})";

TEST_F(ContractFiles, hex_is_read_with_and_without_prefix_and_line_end) {
    for (const auto* text : {"6001600055", "0x6001600055", " 0x6001600055\n", "6001600055\r\n"}) {
        const auto file = read(text);
        ASSERT_TRUE(file.has_value()) << file.error();
        EXPECT_EQ(core::to_hex(file->creation_code), "6001600055");
        EXPECT_FALSE(file->interface.has_value());
    }
}

TEST_F(ContractFiles, what_is_no_code_is_refused_with_the_reason) {
    EXPECT_EQ(fault(""), "it holds no bytecode");
    EXPECT_EQ(fault("0x"), "it holds no bytecode");
    EXPECT_EQ(fault("0x600"), "its bytecode is no even number of hex digits");
    EXPECT_EQ(fault("60 01"), "its bytecode is no even number of hex digits");
    EXPECT_NE(fault("73__$1234567890123456789012345678901234$__63").find("waits for libraries"),
              std::string::npos);
    EXPECT_EQ(fault("{"), "it is no JSON");
    EXPECT_EQ(fault("[]"), "it is an ABI without bytecode");
    EXPECT_NE(fault("{}").find("neither"), std::string::npos);
    EXPECT_EQ(fault(R"({"bytecode": "0x", "abi": []})"), "none of its contracts has code");
    EXPECT_EQ(fault(R"({"bytecode": 5})"), "none of its contracts has code");
    EXPECT_FALSE(read_contract_file("/nonexistent/file", "").has_value());
    ASSERT_TRUE(write_file(file_, "zz", FileMode::ordinary));
    EXPECT_EQ(read_contract_file(file_, "").error(),
              file_.string() + ": its bytecode is no even number of hex digits");
}

TEST_F(ContractFiles, artifacts_of_hardhat_and_foundry_are_read) {
    const auto hardhat = read(
        R"({"contractName": "T", "abi": [{"type": "error", "name": "E", "inputs": []}], "bytecode": "0x6001"})");
    ASSERT_TRUE(hardhat.has_value()) << hardhat.error();
    EXPECT_EQ(core::to_hex(hardhat->creation_code), "6001");
    EXPECT_EQ(hardhat->interface->errors.size(), 1u);
    const auto foundry = read(R"({"abi": [], "bytecode": {"object": "0x6002", "linkReferences": {}}})");
    ASSERT_TRUE(foundry.has_value()) << foundry.error();
    EXPECT_EQ(core::to_hex(foundry->creation_code), "6002");
}

TEST_F(ContractFiles, a_contract_of_a_compilers_output_is_chosen_by_name) {
    EXPECT_EQ(core::to_hex(read(two_contracts, "B")->creation_code), "6002");
    EXPECT_EQ(core::to_hex(read(two_contracts, "a.sol:A")->creation_code), "6001");
    EXPECT_EQ(core::to_hex(read(two_contracts, "b.sol:A")->creation_code), "6003");
    EXPECT_EQ(fault(two_contracts),
              "it holds several contracts: choose one by --contract: a.sol:A, b.sol:B, b.sol:A");
    EXPECT_EQ(fault(two_contracts, "A"),
              "it holds several contracts: choose one by --contract: a.sol:A, b.sol:A");
    EXPECT_NE(fault(two_contracts, "C").find("it has no contract 'C'; there are"), std::string::npos);
    EXPECT_NE(fault(two_contracts, "I").find("cannot be deployed"), std::string::npos);
}

TEST_F(ContractFiles, combined_json_and_build_info_are_read) {
    EXPECT_EQ(
        core::to_hex(read(R"({"contracts": {"a.sol:A": {"abi": "[]", "bin": "6004"}}})")->creation_code),
        "6004");
    EXPECT_EQ(core::to_hex(read(R"({"output": )" + std::string(two_contracts) + "}", "B")->creation_code),
              "6002");
}

TEST_F(ContractFiles, an_interface_is_read_from_an_abi_or_a_compilers_file) {
    ASSERT_TRUE(
        write_file(file_, R"([{"type": "function", "name": "f", "inputs": []}])", FileMode::ordinary));
    const auto plain = read_interface_file(file_, "");
    ASSERT_TRUE(plain.has_value()) << plain.error();
    EXPECT_EQ(plain->functions.size(), 1u);
    ASSERT_TRUE(write_file(file_, two_contracts, FileMode::ordinary));
    const auto chosen = read_interface_file(file_, "a.sol:A");
    ASSERT_TRUE(chosen.has_value()) << chosen.error();
    EXPECT_EQ(to_string(chosen->constructor_inputs), "(bool)");
    EXPECT_TRUE(read_interface_file(file_, "I").has_value());
}

TEST_F(ContractFiles, any_altered_byte_of_an_output_is_read_or_refused) {
    std::string text(two_contracts);
    for (std::size_t at = 0; at < text.size(); ++at)
        for (const char byte : {'\0', '"', '{', ']', '9', '\xff'}) {
            auto altered = text;
            altered[at] = byte;
            const auto file = read(altered, "B");
            EXPECT_TRUE(file.has_value() || !file.error().empty());
        }
}

}  // namespace
}  // namespace sluice::cli
