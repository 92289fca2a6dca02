#include "cli/batch/payment_file.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "cli/batch/csv.hpp"
#include "contracts/native/reason_codes.hpp"
#include "core/calendar.hpp"

namespace sluice::cli::batch {
namespace {

namespace native = contracts::native;

enum class Column : std::uint8_t { payee, amount, currency, reference, type, priority, value_date, uetr };

struct ColumnName {
    std::string_view name;
    Column column{};
};
constexpr std::array column_names{
    ColumnName{"payee", Column::payee},         ColumnName{"amount", Column::amount},
    ColumnName{"ccy", Column::currency},        ColumnName{"currency", Column::currency},
    ColumnName{"reference", Column::reference}, ColumnName{"type", Column::type},
    ColumnName{"priority", Column::priority},   ColumnName{"value_date", Column::value_date},
    ColumnName{"uetr", Column::uetr},
};

struct TypeName {
    std::string_view name;
    native::MessageType type{};
};
constexpr std::array type_names{
    TypeName{"", native::MessageType::bank_credit},
    TypeName{"pacs.008", native::MessageType::customer_credit},
    TypeName{"P008", native::MessageType::customer_credit},
    TypeName{"pacs.009", native::MessageType::bank_credit},
    TypeName{"P009", native::MessageType::bank_credit},
    TypeName{"pacs.009 COV", native::MessageType::bank_credit_cover},
    TypeName{"COV9", native::MessageType::bank_credit_cover},
};

struct PriorityName {
    std::string_view name;
    native::Priority priority{};
};
constexpr std::array priority_names{
    PriorityName{"", native::Priority::normal},
    PriorityName{"high", native::Priority::high},
    PriorityName{"normal", native::Priority::normal},
    PriorityName{"low", native::Priority::low},
};

/// "Value date" and "value-date" are the column value_date.
std::string plain_name(std::string text) {
    for (char& letter : text)
        letter = letter == ' ' || letter == '-'   ? '_'
                 : letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a')
                                                  : letter;
    return text;
}

template <typename Rows>
auto find_named(const Rows& rows, const std::string& name) -> decltype(&rows[0]) {
    const auto found =
        std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.name == name; });
    return found == rows.end() ? nullptr : &*found;
}

using Columns = std::map<Column, std::size_t>;

core::Result<Columns, std::string> read_header(const CsvRow& row) {
    Columns columns;
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
        const auto* known = find_named(column_names, plain_name(row.cells[i]));
        if (!known)
            return core::fail(
                fmt::format("column '{}': known are payee, amount, ccy, reference, type, "
                            "priority, value_date and uetr",
                            row.cells[i]));
        if (!columns.emplace(known->column, i).second)
            return core::fail(fmt::format("column '{}' is there twice", row.cells[i]));
    }
    for (const auto& [name, column] : {std::pair("payee", Column::payee), std::pair("amount", Column::amount),
                                       std::pair("ccy", Column::currency)})
        if (!columns.contains(column)) return core::fail(fmt::format("there is no column {}", name));
    return columns;
}

/// What a row says, as text: the part of it that its UETR follows from.
std::string identity_of(const native::Instruction& instruction, const std::string& value_date,
                        const std::string& label) {
    const auto text = [](const auto& chars) { return std::string(chars.begin(), chars.end()); };
    return fmt::format("sluice batch\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}", label,
                       text(instruction.payer), text(instruction.payee), text(instruction.currency),
                       core::to_decimal(instruction.amount), text(instruction.message_type), value_date,
                       instruction.end_to_end_id);
}

core::Uetr derived_uetr(const std::string& identity, std::size_t occurrence) {
    const auto hash = core::keccak256(core::view(fmt::format("{}\x1f{}", identity, occurrence)));
    std::array<std::uint8_t, 16> bytes{};
    std::copy_n(hash.begin(), bytes.size(), bytes.begin());
    return core::Uetr::from_random(bytes);
}

class FileReader {
  public:
    explicit FileReader(const FileRules& rules) : rules_(rules) {}

    core::Result<std::vector<FilePayment>, std::vector<RowFault>> read(std::string_view text) {
        const auto rows = read_csv(text);
        if (!rows) return core::fail(std::vector{RowFault{0, rows.error()}});
        if (rows->empty()) return core::fail(std::vector{RowFault{1, "the file is empty"}});
        const auto columns = read_header(rows->front());
        if (!columns) return core::fail(std::vector{RowFault{rows->front().line, columns.error()}});
        columns_ = *columns;
        for (auto row = rows->begin() + 1; row != rows->end(); ++row)
            read_row(*row);
        if (faults_.empty() && payments_.empty()) faults_.push_back({1, "the file holds no payments"});
        if (!faults_.empty()) return core::fail(std::move(faults_));
        return std::move(payments_);
    }

  private:
    std::string cell(const CsvRow& row, Column column) const {
        const auto found = columns_.find(column);
        return found == columns_.end() || found->second >= row.cells.size() ? std::string()
                                                                            : row.cells[found->second];
    }

    void read_row(const CsvRow& row) {
        FilePayment payment;
        payment.line = row.line;
        const auto before = faults_.size();
        if (row.cells.size() > columns_.size())
            faults_.push_back({row.line, fmt::format("{} cells, but there are {} columns", row.cells.size(),
                                                     columns_.size())});
        read_parties(row, payment);
        read_amount(row, payment);
        read_choices(row, payment);
        read_value_date(row, payment);
        const auto reference = cell(row, Column::reference);
        payment.instruction.end_to_end_id = reference.empty() ? "NOTPROVIDED" : reference;
        if (faults_.size() > before) return;
        read_uetr(row, payment);
        if (faults_.size() == before) find_form_fault(payment);
        if (faults_.size() == before) payments_.push_back(std::move(payment));
    }

    /// What the ledger would refuse for its form alone.
    void find_form_fault(const FilePayment& payment) {
        auto dated = payment.instruction;
        if (dated.value_date == 0) dated.value_date = core::date_from_days(0);
        if (const auto fault = native::find_fault(native::view_of(dated)))
            faults_.push_back(
                {payment.line, fmt::format("{} (reference '{}': up to 35 characters of the SWIFT "
                                           "X set)",
                                           native::describe(*fault), dated.end_to_end_id)});
    }

    void read_parties(const CsvRow& row, FilePayment& payment) {
        payment.instruction.payer = rules_.payer.chars();
        const auto name = cell(row, Column::payee);
        const auto payee = rules_.find_bank(name);
        if (!payee) return faults_.push_back({row.line, fmt::format("payee: {}", payee.error())});
        if (*payee == rules_.payer) faults_.push_back({row.line, "payee: it is the payer itself"});
        payment.instruction.payee = payee->chars();
    }

    void read_amount(const CsvRow& row, FilePayment& payment) {
        const auto name = cell(row, Column::currency), text = cell(row, Column::amount);
        const auto currency = core::CurrencyCode::parse(name);
        if (!currency)
            return faults_.push_back({row.line, fmt::format("ccy '{}': three capital letters", name)});
        const auto exponent = rules_.find_exponent(*currency);
        if (!exponent) return faults_.push_back({row.line, fmt::format("ccy: {}", exponent.error())});
        const auto minor = core::parse_amount(text, *exponent);
        if (!minor)
            return faults_.push_back({row.line, fmt::format("amount '{}': {} ({} has {} decimals)", text,
                                                            core::describe(minor.error()), name, *exponent)});
        if (*minor == 0) faults_.push_back({row.line, "amount: 0 moves no money"});
        payment.instruction.currency = currency->chars();
        payment.instruction.amount = *minor;
        payment.exponent = *exponent;
    }

    void read_choices(const CsvRow& row, FilePayment& payment) {
        const auto* type = find_named(type_names, cell(row, Column::type));
        const auto* priority = find_named(priority_names, plain_name(cell(row, Column::priority)));
        if (!type)
            faults_.push_back({row.line, fmt::format("type '{}': pacs.008, pacs.009 or pacs.009 COV",
                                                     cell(row, Column::type))});
        if (!priority)
            faults_.push_back(
                {row.line, fmt::format("priority '{}': high, normal or low", cell(row, Column::priority))});
        if (type) payment.instruction.message_type = native::tag_of(type->type);
        if (priority) payment.instruction.priority = priority->priority;
    }

    void read_value_date(const CsvRow& row, FilePayment& payment) {
        const auto text = cell(row, Column::value_date);
        if (text.empty()) return;
        if (const auto date = core::parse_date(text))
            payment.instruction.value_date = *date;
        else
            faults_.push_back({row.line, fmt::format("value_date '{}': a day as YYYY-MM-DD", text)});
    }

    void read_uetr(const CsvRow& row, FilePayment& payment) {
        const auto text = cell(row, Column::uetr);
        std::optional<core::Uetr> uetr = core::Uetr::parse(text);
        if (!text.empty() && !uetr)
            return faults_.push_back(
                {row.line, fmt::format("uetr '{}': a lower-case UUID of version 4", text)});
        if (!uetr) {
            const auto identity =
                identity_of(payment.instruction, cell(row, Column::value_date), rules_.label);
            uetr = derived_uetr(identity, occurrences_[identity]++);
        }
        payment.instruction.uetr = uetr->bytes;
        const auto id = native::payment_id(native::view_of(payment.instruction));
        const auto [first, is_new] = lines_.emplace(id, row.line);
        if (!is_new)
            faults_.push_back({row.line, fmt::format("uetr: the same as in line {}", first->second)});
    }

    const FileRules& rules_;
    Columns columns_;
    std::map<std::string, std::size_t> occurrences_;
    std::map<native::PaymentId, std::size_t> lines_;
    std::vector<FilePayment> payments_;
    std::vector<RowFault> faults_;
};

}  // namespace

core::Result<std::vector<FilePayment>, std::vector<RowFault>> read_payment_file(std::string_view text,
                                                                                const FileRules& rules) {
    return FileReader(rules).read(text);
}

}  // namespace sluice::cli::batch
