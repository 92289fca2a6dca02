/// Sends the payments of a file, up to a hundred under one signature, and remembers what became of each.
#pragma once

#include <filesystem>
#include <functional>
#include <map>

#include "cli/batch/payment_file.hpp"
#include "cli/wallet.hpp"

namespace sluice::cli::batch {

/// Payments of one transaction: more would come near the largest one that a chain takes.
inline constexpr std::size_t payments_per_signature = 100;

/// What became of one payment.
struct RowOutcome {
    std::string status;        ///< "Final", "Pending", "Never", "Refused", "Unknown"; empty: not sent
    std::string why;           ///< "Settled", "Queued", …, or what stood in the way
    std::string reason;        ///< ISO code, or empty
    std::string transaction;   ///< hash of the transaction that carried it, or empty
    bool is_repeated = false;  ///< the ledger had it before
};

/// Where a run of a file stands, kept in a file of its own so that a second run goes on where the first one
/// ended. Without it nothing is paid twice either: the payments' references are the same in every run.
class BatchRecord {
  public:
    /// An empty one if the file is not there; an error if it is of a chain with another genesis hash, where
    /// none of it was paid.
    static core::Result<BatchRecord, std::string> open(std::filesystem::path file, std::string genesis_hash);

    /// Value date of a currency as the first run took it; 0 before.
    core::DateYmd value_date(const core::CurrencyCode& currency) const;
    void set_value_date(const core::CurrencyCode& currency, core::DateYmd date);
    /// Null for a payment that no run has sent.
    const RowOutcome* find(const core::Uetr& uetr) const;
    void set(const core::Uetr& uetr, const RowOutcome& outcome);
    core::Result<void, std::string> save() const;

  private:
    std::filesystem::path file_;
    std::string genesis_hash_;
    std::map<std::string, core::DateYmd> value_dates_;
    std::map<std::string, RowOutcome> rows_;
};

/// Sends payments in their order and follows them. One thread.
class BatchRun {
  public:
    /// `told` is called after each transaction with the number of payments that are done.
    BatchRun(RpcClient& rpc, const OpenKey& maker, BatchRecord& record, std::function<void(std::size_t)> told)
        : rpc_(rpc), maker_(maker), record_(record), told_(std::move(told)) {}

    /// The outcome of each payment, in their order. Those that the record has as Final or Never are not sent
    /// again. Stops, leaving outcomes empty, when the node cannot be reached any more; then `fault` says so.
    std::vector<RowOutcome> send(const std::vector<FilePayment>& payments);
    const std::string& fault() const { return fault_; }

  private:
    using Places = std::vector<std::size_t>;
    void send_part(const std::vector<FilePayment>& payments, Places places,
                   std::vector<RowOutcome>& outcomes);
    /// Takes out what the ledger would refuse, so that the rest can go under one signature. False: the node
    /// gave no answer from which to tell.
    bool sift(const std::vector<FilePayment>& payments, Places& places, std::vector<RowOutcome>& outcomes);
    bool send_together(const std::vector<FilePayment>& payments, const Places& places,
                       std::vector<RowOutcome>& outcomes);
    void send_alone(const FilePayment& payment, RowOutcome& outcome);
    /// The standing of a payment that the ledger has under this reference, or the refusal itself.
    RowOutcome refused(const FilePayment& payment, const std::string& reason);

    RpcClient& rpc_;
    const OpenKey& maker_;
    BatchRecord& record_;
    std::function<void(std::size_t)> told_;
    std::string fault_;
};

}  // namespace sluice::cli::batch
