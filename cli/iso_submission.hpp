/// The way of one ISO 20022 message: read, judged, signed by the payer's maker key, followed to its status,
/// answered.
#pragma once

#include <chrono>
#include <filesystem>

#include "cli/iso20022/answer.hpp"
#include "cli/network_access.hpp"
#include "cli/rpc_client.hpp"

namespace sluice::cli {

/// What the network knows that the reader of messages must: currencies with decimals and time zones.
core::Result<iso20022::ReadingRules, RpcError> reading_rules(RpcClient& rpc);

/// What became of one message.
struct IsoOutcome {
    ExitCode code = ExitCode::refused;
    Json json;           ///< for --json: file, message, payment, status, answer
    std::string uetr;    ///< "-" where the message has none
    std::string status;  ///< "Final", "Pending", "Never", "Refused", "NotSent", "Unknown"
    std::string reason;  ///< ISO code, or code of admi.002
    std::string text;
    std::optional<core::Height> height;
    std::optional<core::UnixMs> time_ms;
    std::string answer_xml;  ///< pacs.002 or admi.002; empty where nothing may be answered yet
};

/// Sends the messages of one run; one thread.
class IsoSubmission {
  public:
    IsoSubmission(const Arguments& arguments, const NetworkAccess& network, RpcClient& rpc,
                  iso20022::ReadingRules rules, std::chrono::milliseconds wait)
        : arguments_(arguments), network_(network), rpc_(rpc), rules_(std::move(rules)), wait_(wait) {}

    /// Leaves the answer at messages/out/UETR.pacs.002.xml and the receipt of a final payment at
    /// receipts/UETR.json, both in the network's folder.
    IsoOutcome submit(const std::filesystem::path& file);

  private:
    IsoOutcome send(const iso20022::CreditTransfer& transfer);
    /// An identifier that no participant has, or a payer whose keys are not here.
    core::Result<Signing, iso20022::Rejection> find_signing(const iso20022::CreditTransfer& transfer);
    core::Result<void, iso20022::Rejection> check_participant(const contracts::native::BicText& bic);
    IsoOutcome refused(const iso20022::Refusal& refusal);
    IsoOutcome failed(const iso20022::CreditTransfer& transfer, const RpcError& error);
    IsoOutcome standing(const iso20022::CreditTransfer& transfer, const Json& answer);
    void keep_answer(const iso20022::Answer& answer, IsoOutcome& outcome);
    void keep_receipt(const iso20022::CreditTransfer& transfer, IsoOutcome& outcome);

    const Arguments& arguments_;
    const NetworkAccess& network_;
    RpcClient& rpc_;
    iso20022::ReadingRules rules_;
    std::chrono::milliseconds wait_;
};

/// The content of a message that was read, for people's programs.
Json json_of(const iso20022::CreditTransfer& transfer);

}  // namespace sluice::cli
