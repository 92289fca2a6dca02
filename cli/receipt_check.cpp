#include "cli/receipt_check.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "cli/output.hpp"
#include "contracts/genesis_state.hpp"
#include "core/documents/genesis_document.hpp"
#include "core/state_root.hpp"

namespace sluice::cli {
namespace {

namespace native = contracts::native;

std::string_view word_of(native::Outcome outcome) {
    switch (outcome) {
        case native::Outcome::unknown:
            return "Unknown";
        case native::Outcome::pending:
            return "Pending";
        case native::Outcome::final:
            return "Final";
        case native::Outcome::never:
            return "Never";
    }
    return "";
}

core::Result<core::TrustAnchor, std::string> read_trusted_header(std::string_view text,
                                                                 const core::ChainIdentity& chain) {
    const auto json = Json::parse(text, nullptr, false);
    const auto broken = [](std::string_view why) {
        return core::fail(fmt::format("the trusted header {}", why));
    };
    if (json.is_discarded() || !json.is_object()) return broken("is no JSON object");
    const auto header_text = json.find("header"), list = json.find("validators");
    if (header_text == json.end() || !header_text->is_string() || list == json.end() || !list->is_array())
        return broken("holds no header and validators");
    const auto bytes = core::from_hex(header_text->get<std::string>());
    const auto header =
        bytes ? core::decode_header(*bytes)
              : core::Result<core::Header, core::rlp::Error>(core::fail(core::rlp::Error::truncated));
    if (!header) return broken("is not the RLP of a block header");
    std::vector<core::Address> members;
    for (const auto& entry : *list) {
        const auto address =
            entry.is_string() ? core::address_from_hex(entry.get<std::string>()) : std::nullopt;
        if (!address) return broken("lists a validator that is no address");
        members.push_back(*address);
    }
    const auto validators = core::ValidatorSet::make(std::move(members));
    if (!validators) return broken("lists no valid set of validators");
    const auto anchor = core::anchor_at(chain, *header, *validators);
    if (!anchor) return broken("does not name its validators for the next height");
    return *anchor;
}

core::Result<core::TrustAnchor, std::string> genesis_anchor(const GenesisChain& chain) {
    const auto anchor = core::anchor_at(chain.identity, chain.header, chain.validators);
    if (!anchor) return core::fail(std::string("the genesis header does not name the genesis validators"));
    return *anchor;
}

std::string text_of(const core::ReceiptFault& fault);

/// Receipts carry their path from genesis on. What of it lies before a trusted header must hold too, and must
/// lead to the validators whom that header names; the rest is for the receipt's own check.
core::Result<void, std::string> check_path_to(const core::TrustAnchor& anchor, const GenesisChain& chain,
                                              core::ReceiptDocument& document) {
    std::vector<core::TrustLink> before, after;
    for (auto& link : document.trust_path) {
        const auto header = core::decode_header(link.header);
        auto& side = header && header->height <= anchor.height ? before : after;
        side.push_back(std::move(link));
    }
    document.trust_path = std::move(after);
    if (before.empty()) return {};
    const auto genesis = genesis_anchor(chain);
    if (!genesis) return core::fail(genesis.error());
    const auto reached = core::follow_trust_path(before, *genesis);
    if (!reached) return core::fail(text_of(reached.error()));
    if (*reached != anchor.next_validators)
        return core::fail(
            std::string("trust path: it leads from genesis to other validators than the trusted "
                        "header names"));
    return {};
}

/// What people read of the receipt against what the proven log says; the first field that differs.
std::optional<std::string> find_difference(const core::ReceiptSummary& said,
                                           const native::PaymentStatusEvent& proven, unsigned exponent) {
    const auto differs = [](std::string_view field, const std::string& says,
                            const std::string& is) -> std::optional<std::string> {
        if (says == is) return std::nullopt;
        return fmt::format("the receipt says {} {}, proven is {}", field, says, is);
    };
    struct Field {
        std::string_view name;
        std::string says, is;
    };
    const Field fields[] = {
        {"uetr", said.uetr.to_string(), core::Uetr{proven.uetr}.to_string()},
        {"payer", said.payer.to_string(), native::bic_of(proven.payer).to_string()},
        {"payee", said.payee.to_string(), native::bic_of(proven.payee).to_string()},
        {"currency", said.currency.to_string(), native::currency_of(proven.currency).to_string()},
        {"amount", said.amount, core::format_amount(proven.amount, exponent)},
        {"status", said.status, std::string(word_of(native::outcome_of(proven.status)))},
        {"paymentId", core::to_hex_0x(said.payment_id), core::to_hex_0x(proven.id)},
    };
    for (const auto& field : fields)
        if (auto difference = differs(field.name, field.says, field.is)) return difference;
    return std::nullopt;
}

std::vector<std::string> names_of(const std::vector<core::Address>& addresses, const core::ChainSpec& spec) {
    std::vector<std::string> names;
    for (const auto& address : addresses) {
        const auto found = std::find_if(spec.validators.begin(), spec.validators.end(),
                                        [&](const auto& validator) { return validator.address == address; });
        names.push_back(found == spec.validators.end() ? core::checksum_hex(address) : found->name);
    }
    return names;
}

std::string_view name_of(core::ReceiptCheck check) {
    switch (check) {
        case core::ReceiptCheck::chain:
            return "chain";
        case core::ReceiptCheck::trust_path:
            return "trust path";
        case core::ReceiptCheck::header:
            return "header";
        case core::ReceiptCheck::certificate:
            return "certificate";
        case core::ReceiptCheck::transaction:
            return "transaction";
        case core::ReceiptCheck::receipt:
            return "receipt";
        case core::ReceiptCheck::log:
            return "log";
        case core::ReceiptCheck::summary:
            return "summary";
    }
    return "";
}

std::string text_of(const core::ReceiptFault& fault) {
    return fmt::format("{}: {}", name_of(fault.check), fault.sentence);
}

}  // namespace

core::Result<GenesisChain, std::string> read_genesis_chain(std::string_view genesis) {
    auto spec = core::parse_genesis(genesis);
    if (!spec) return core::fail("the genesis file is not valid: " + core::describe(spec.error()));
    auto block = contracts::make_genesis(*spec);
    block.header.state_root = core::state_root_of(block.diff);
    const core::ChainIdentity identity{spec->chain_id, core::hash_of(block.header)};
    return GenesisChain{std::move(*spec), std::move(block.header), identity, std::move(block.validators)};
}

core::Result<VerifiedReceipt, std::string> check_receipt(const ReceiptFiles& files) {
    const auto chain = read_genesis_chain(files.genesis);
    if (!chain) return core::fail(chain.error());
    auto document = core::parse_receipt_document(files.receipt);
    if (!document) return core::fail("the receipt file is not valid: " + core::describe(document.error()));
    const auto anchor = files.trusted_header ? read_trusted_header(*files.trusted_header, chain->identity)
                                             : genesis_anchor(*chain);
    if (!anchor) return core::fail(anchor.error());
    if (files.trusted_header)
        if (auto held = check_path_to(*anchor, *chain, *document); !held) return core::fail(held.error());
    auto proven = core::verify_receipt(*document, *anchor);
    if (!proven) return core::fail(text_of(proven.error()));
    auto facts = native::payment_facts(proven->transaction->transaction, proven->log);
    if (!facts)
        return core::fail(std::string("log: the proven log is no payment status of the payments contract"));
    const auto& currencies = chain->spec.currencies;
    const auto currency = std::find_if(currencies.begin(), currencies.end(), [&](const auto& row) {
        return row.code.chars() == facts->event.currency;
    });
    if (currency == currencies.end())
        return core::fail(
            std::string("log: the proven payment is in a currency that the genesis file does not know"));
    if (auto difference = find_difference(document->payment, facts->event, currency->exponent))
        return core::fail("summary: " + *difference);
    VerifiedReceipt verified;
    verified.payment = document->payment;
    verified.sealed_by = names_of(proven->sealed_by, chain->spec);
    verified.facts = std::move(*facts);
    verified.proven = std::move(*proven);
    verified.chain = chain->identity;
    verified.is_devnet = chain->spec.devnet;
    verified.anchor_height = anchor->height;
    verified.anchor_hash = anchor->header_hash;
    return verified;
}

}  // namespace sluice::cli
