#include "cli/receipt_files.hpp"

#include <fmt/format.h>

#include "cli/files.hpp"
#include "core/documents/receipt_document.hpp"

namespace sluice::cli {

core::Result<std::string, std::string> fetch_receipt(RpcClient& rpc, const std::string& uetr_or_hash) {
    const char* key = uetr_or_hash.rfind("0x", 0) == 0 ? "txHash" : "uetr";
    const auto answer = rpc.call("settle_getProof", {{{key, uetr_or_hash}}});
    if (!answer) return core::fail(answer.error().message);
    if (answer->is_null()) return core::fail(fmt::format("nothing final is known of {}", uetr_or_hash));
    const auto document = core::parse_receipt_object(answer->dump());
    if (!document)
        return core::fail(fmt::format("{} gave a receipt that cannot be read: {}", rpc.url(),
                                      core::describe(document.error())));
    return core::encode_receipt_document(*document);
}

core::Result<void, std::string> save_receipt(RpcClient& rpc, const std::string& uetr_or_hash,
                                             const std::filesystem::path& file) {
    const auto text = fetch_receipt(rpc, uetr_or_hash);
    if (!text) return core::fail(text.error());
    if (auto made = make_folder(file.parent_path(), FileMode::ordinary); !made) return made;
    return write_file(file, *text, FileMode::ordinary);
}

}  // namespace sluice::cli
