#include "cli/payment_subject.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "cli/output.hpp"
#include "contracts/native/reason_codes.hpp"
#include "crypto/random.hpp"

namespace sluice::cli {

namespace native = contracts::native;

namespace {

/// The payment with this UETR, as the ledger has it.
core::Result<Json, std::string> find_payment(RpcClient& rpc, const std::string& uetr) {
    const auto answer = rpc.call("settle_getPayment", {{{"uetr", uetr}}});
    if (!answer) return core::fail(answer.error().message);
    if (answer->is_null()) return core::fail(fmt::format("no payment with UETR {} is on the ledger", uetr));
    return *answer;
}

core::Result<native::PaymentId, std::string> payment_id_of(const Json& payment) {
    const auto id = core::hash_from_hex(payment.value("paymentId", ""));
    return id ? core::Result<native::PaymentId, std::string>(*id)
              : core::fail(std::string("the node named no payment id"));
}

}  // namespace

core::Result<Subject, ExitCode> find_subject(const Arguments& arguments) {
    const bool as_json = arguments.has("--json");
    auto network = NetworkAccess::find(arguments);
    if (!network) return core::fail(fail(ExitCode::usage, network.error(), as_json));
    RpcClient rpc(network->rpc_url());
    const auto payment = find_payment(rpc, arguments.text("UETR"));
    if (!payment) return core::fail(fail(ExitCode::refused, payment.error(), as_json));
    const auto id = payment_id_of(*payment);
    if (!id) return core::fail(fail(ExitCode::refused, id.error(), as_json));
    return Subject{std::move(*network),         std::move(rpc), *id, payment->value("payer", ""),
                   payment->value("payee", ""), *payment};
}

core::Result<native::Priority, std::string> read_priority(const std::string& text) {
    for (const auto priority : {native::Priority::high, native::Priority::normal, native::Priority::low})
        if (text == (priority == native::Priority::high     ? "high"
                     : priority == native::Priority::normal ? "normal"
                                                            : "low"))
            return priority;
    return core::fail(fmt::format("--priority {}: allowed is high, normal or low", text));
}

core::Result<core::Uetr, std::string> uetr_or_new(std::string_view argument, const std::string& text) {
    if (text.empty()) {
        std::array<std::uint8_t, 16> random{};
        crypto::fill_random(random);
        return core::Uetr::from_random(random);
    }
    if (const auto uetr = core::Uetr::parse(text)) return *uetr;
    return core::fail(fmt::format("{} {}: allowed is a lower-case UUID of version 4", argument, text));
}

core::Result<std::array<char, 4>, std::string> read_reason(const std::string& text) {
    std::array<char, 4> code{};
    if (text.size() == code.size())
        std::transform(text.begin(), text.end(), code.begin(), [](char letter) {
            return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
        });
    if (native::is_reason_code(code)) return code;
    return core::fail(fmt::format("--reason {}: allowed are four letters or digits, like AC04", text));
}

}  // namespace sluice::cli
