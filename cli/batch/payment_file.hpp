/// A file of payments of one bank: its columns, its rows as instructions, and what is wrong with them.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "contracts/native/instruction.hpp"
#include "core/identifiers.hpp"
#include "core/result.hpp"

namespace sluice::cli::batch {

/// One payment, ready but for its value date where the file names none.
struct FilePayment {
    std::size_t line = 0;
    contracts::native::Instruction instruction;  ///< value date 0: the currency's business date
    unsigned exponent = 2;
};

/// What is wrong, and where.
struct RowFault {
    std::size_t line = 0;
    std::string sentence;
    bool operator==(const RowFault&) const = default;
};

/// What a reader of files must know of the network.
struct FileRules {
    core::Bic payer;
    /// A bank as people name it, if it takes part.
    std::function<core::Result<core::Bic, std::string>(const std::string&)> find_bank;
    /// Decimals of a currency that is settled here; the error says which are.
    std::function<core::Result<unsigned, std::string>(const core::CurrencyCode&)> find_exponent;
    /// Tells batches apart that ask for the same payments on purpose.
    std::string label;
};

/// Payments of a file in its order, or everything that is wrong with it, by line.
///
/// The first line names the columns, in any order: payee, amount, ccy (or currency), and as wished reference,
/// type, priority, value_date, uetr. A row without UETR gets one that follows from what it says (payer,
/// label, payee, amount, currency, type, value date, reference, and how many equal rows stand before it), so
/// the same file asks for the same payments however often it is sent, and so do the rows that stay when
/// others are corrected.
core::Result<std::vector<FilePayment>, std::vector<RowFault>> read_payment_file(std::string_view text,
                                                                                const FileRules& rules);

}  // namespace sluice::cli::batch
