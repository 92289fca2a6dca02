/// The settlement events of one final block, in their order, with what banks need to place them.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "contracts/native/settlement_events.hpp"
#include "node/ports.hpp"
#include "node/rpc/chain_reading.hpp"
#include "node/rpc/settlement_json.hpp"

namespace sluice::node::rpc {

/// A place between the events of the chain: before event `index` of block `height`, counted over all logs of
/// that block as eth_getLogs counts them. As text "HEIGHT.INDEX": from there on an answer, or a subscription,
/// goes on without a gap.
struct EventCursor {
    core::Height height = 0;
    std::uint64_t index = 0;
    auto operator<=>(const EventCursor&) const = default;
    std::string to_string() const;
};
Reading<EventCursor> read_event_cursor(const Json& value);

/// A payment that reached a status, or an entry of an account.
struct SettlementLog {
    std::uint32_t transaction_index = 0;
    std::uint32_t log_index = 0;  ///< within its receipt
    std::uint64_t index = 0;      ///< within its block
    std::variant<contracts::native::PaymentStatusEvent, contracts::native::AccountEntryEvent> event;
};

/// Where an entry came from.
struct EntryOrigin {
    std::string_view kind;  ///< "payment", "issue", "redemption" or "other"
    const contracts::native::PaymentStatusEvent* payment = nullptr;  ///< of "payment"
};

/// One block's events. Immutable; not for several threads.
class SettlementBlock {
  public:
    /// From the ledger: a node that does not keep the block's receipts throws BlockNotKept.
    static SettlementBlock read(const ChainReader& reader, core::Height height);
    /// One that has just become final.
    explicit SettlementBlock(const ExecutedBlock& block);

    /// False: certainly no such event is in the block, and none of them if `bic` is given names it.
    static bool may_hold_events(const core::Header& header, const std::optional<core::Bic>& bic);

    const BlockPlace& place() const { return place_; }
    const std::vector<SettlementLog>& logs() const { return logs_; }
    const core::Hash& transaction_hash(const SettlementLog& log) const {
        return transaction_hashes_.at(log.transaction_index);
    }
    EntryOrigin origin_of(const SettlementLog& entry) const;

  private:
    SettlementBlock() = default;
    void read_logs(const std::vector<core::Receipt>& receipts);

    BlockPlace place_;
    std::vector<core::Hash> transaction_hashes_;
    std::vector<SettlementLog> logs_;
    /// By transaction and reference: the payment that settled, or the kind of an entry that is none.
    std::map<std::pair<std::uint32_t, core::Word>, std::size_t> payments_;  ///< place in logs_
    std::map<std::pair<std::uint32_t, core::Word>, std::string_view> kinds_;
};

/// An entry as settle_exportEntries and subscriptions give it: an object.
void write_entry(JsonWriter& json, const SettlementBlock& block, const SettlementLog& log, unsigned exponent);
/// A status that a payment reached, likewise.
void write_payment_event(JsonWriter& json, const SettlementBlock& block, const SettlementLog& log,
                         unsigned exponent);

}  // namespace sluice::node::rpc
