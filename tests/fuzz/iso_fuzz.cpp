/// Payment messages from anywhere: an instruction that the ledger finds well-formed, or an answer that is XML
/// itself.
#include "cli/iso20022/answer.hpp"
#include "core/check.hpp"

using namespace sluice;
using namespace sluice::cli::iso20022;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = core::text_view({data, size});
    const auto read = read_credit_transfer(text, {});
    if (read) {
        CHECK(!contracts::native::find_fault(contracts::native::view_of(read->instruction)));
        CHECK(read->instruction.message_hash == core::keccak256(core::view(text)));
        return 0;
    }
    const auto answer = answer_refusal(read.error(), 0);
    CHECK(!answer.reason.empty());
    CHECK(read_xml(answer.xml, {}).has_value());
    return 0;
}
