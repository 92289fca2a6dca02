#include "cli/conformance/settlement_case.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include <fmt/format.h>

#include "cli/conformance/amount_scale.hpp"

namespace sluice::cli::conformance {
namespace {

namespace native = contracts::native;

/// What makes a case one that is skipped.
struct Obstacle {
    std::string reason;
};

/// 18 digits, as one payment may have.
constexpr Units units_max = static_cast<Units>(native::amount_max);

Units read_units(const Json& json, const std::string& what) {
    if (json.is_number_integer() || json.is_number_unsigned()) {
        const bool is_huge =
            json.is_number_unsigned() && json.get<std::uint64_t>() > std::uint64_t{units_max};
        if (!is_huge && json.get<Units>() >= -units_max && json.get<Units>() <= units_max)
            return json.get<Units>();
    }
    if (json.is_number_float()) {
        const double number = json.get<double>();
        if (std::trunc(number) == number && std::abs(number) < 9e15) return static_cast<Units>(number);
    }
    throw Obstacle{fmt::format("{} is {}: amounts are numbers of at most 18 digits", what, json.dump())};
}

std::string read_name(const Json& json, const char* what) {
    if (json.is_string() && !json.get<std::string>().empty()) return json.get<std::string>();
    throw Obstacle{fmt::format("{} has no name", what)};
}

const Json* find(const Json& json, const char* key) {
    const auto found = json.find(key);
    return found == json.end() || found->is_null() ? nullptr : &*found;
}

/// Whoever wrote another member meant something by it, and a case that leaves it out is another case.
void require_known_members(const Json& json, std::span<const std::string_view> known, const char* where) {
    if (!json.is_object()) return;
    for (const auto& [name, value] : json.items())
        if (std::find(known.begin(), known.end(), name) == known.end())
            throw Obstacle{
                fmt::format("{} has the member \"{}\", which this command does not know", where, name)};
}

constexpr std::string_view case_members[] = {
    "id",    "source", "doc_section", "title",    "unit", "note",   "corda_kotlin_runs", "start",
    "banks", "credit", "queue",       "payments", "lsm",  "inject", "expected",          "published"};
constexpr std::string_view bank_members[] = {"id", "balance", "start", "credit", "note"};
constexpr std::string_view payment_members[] = {"ref", "payer", "payee", "amount", "priority", "note"};
constexpr std::string_view injection_members[] = {"bank", "amount", "note"};

bool names_bank(const std::vector<CaseBank>& banks, const std::string& id) {
    return std::any_of(banks.begin(), banks.end(), [&](const CaseBank& bank) { return bank.id == id; });
}

void set_credit(std::vector<CaseBank>& banks, const Json& credit) {
    if (!credit.is_object()) {
        for (auto& bank : banks)
            bank.credit = read_units(credit, "credit");
        return;
    }
    for (const auto& [id, line] : credit.items()) {
        const auto bank =
            std::find_if(banks.begin(), banks.end(), [&](const CaseBank& one) { return one.id == id; });
        if (bank == banks.end()) throw Obstacle{fmt::format("credit is given to {}, which is no bank", id)};
        bank->credit = read_units(line, "credit of " + id);
    }
}

/// A bank as a number or as an object, and whether its balance is said here.
std::pair<CaseBank, bool> read_bank(const std::string& id, const Json& row) {
    CaseBank bank{.id = id, .start = 0, .credit = 0};
    if (!row.is_object()) {
        bank.start = read_units(row, "balance of " + id);
        return {bank, true};
    }
    require_known_members(row, bank_members, "a bank");
    const auto *balance = find(row, "balance"), *start = find(row, "start");
    if (balance && start) throw Obstacle{fmt::format("{} has two balances", id)};
    if (!balance) balance = start;
    if (balance) bank.start = read_units(*balance, "balance of " + id);
    if (const auto* credit = find(row, "credit")) bank.credit = read_units(*credit, "credit of " + id);
    return {bank, balance != nullptr};
}

std::vector<CaseBank> read_banks(const Json& json) {
    std::vector<CaseBank> banks;
    std::set<std::string> with_balance;
    const auto add = [&](const std::string& id, const Json& row) {
        auto [bank, has_balance] = read_bank(id, row);
        if (has_balance) with_balance.insert(id);
        banks.push_back(std::move(bank));
    };
    const Json none = Json::object();
    const auto *list = find(json, "banks"), *start = find(json, "start");
    if (list && !list->is_array() && !list->is_object()) throw Obstacle{"banks are a list or an object"};
    if (start && !start->is_object()) throw Obstacle{"start is an object of balances"};
    const bool is_object = list && list->is_object();
    for (const auto& [key, row] : (list ? *list : none).items()) {
        if (is_object)
            add(key, row);
        else if (row.is_string())
            add(read_name(row, "a bank"), none);
        else
            add(read_name(row.value("id", Json()), "a bank"), row);
    }
    for (const auto& [id, balance] : (start ? *start : none).items()) {
        const auto bank = std::find_if(banks.begin(), banks.end(),
                                       [name = id](const CaseBank& one) { return one.id == name; });
        if (with_balance.count(id) > 0) throw Obstacle{fmt::format("{} has two balances", id)};
        if (bank == banks.end())
            add(id, balance);
        else
            bank->start = read_units(balance, "start of " + id);
    }
    if (const auto* credit = find(json, "credit")) set_credit(banks, *credit);
    for (std::size_t i = 0; i < banks.size(); ++i) {
        const auto& bank = banks[i];
        if (bank.credit < 0 || bank.start < -bank.credit)
            throw Obstacle{
                fmt::format("{} starts with {} and a credit line of {}", bank.id, bank.start, bank.credit)};
        if (names_bank({banks.begin(), banks.begin() + static_cast<std::ptrdiff_t>(i)}, bank.id))
            throw Obstacle{fmt::format("{} is named twice", bank.id)};
    }
    return banks;
}

native::Priority read_priority(const Json& json) {
    if (json.is_string() && !json.get<std::string>().empty()) switch (json.get<std::string>()[0]) {
            case 'H':
            case 'h':
                return native::Priority::high;
            case 'N':
            case 'n':
                return native::Priority::normal;
            case 'L':
            case 'l':
                return native::Priority::low;
            default:
                break;
        }
    throw Obstacle{fmt::format("priority {}: banks send high, normal and low ones", json.dump())};
}

std::vector<CasePayment> read_payments(const Json& list, std::vector<CaseBank>& banks) {
    std::vector<CasePayment> payments;
    for (const auto& row : list) {
        if (!row.is_object())
            throw Obstacle{"told in prose: it has a test written by hand, named by this id"};
        require_known_members(row, payment_members, "a payment");
        CasePayment payment{.reference = row.value("ref", fmt::format("P{}", payments.size() + 1)),
                            .payer = read_name(row.value("payer", Json()), "a payer"),
                            .payee = read_name(row.value("payee", Json()), "a payee"),
                            .amount = read_units(row.value("amount", Json()), "an amount")};
        if (const auto* priority = find(row, "priority")) payment.priority = read_priority(*priority);
        for (const auto& id : {payment.payer, payment.payee})
            if (!names_bank(banks, id)) banks.push_back({.id = id});
        const bool is_known = std::any_of(payments.begin(), payments.end(), [&](const CasePayment& other) {
            return other.reference == payment.reference;
        });
        if (is_known) throw Obstacle{fmt::format("reference {} is used twice", payment.reference)};
        payments.push_back(std::move(payment));
    }
    return payments;
}

std::vector<Injection> read_injections(const Json* json) {
    if (json == nullptr) return {};
    std::vector<Injection> injections;
    const auto add = [&](const Json& row) {
        require_known_members(row, injection_members, "inject");
        injections.push_back({read_name(row.value("bank", Json()), "who gets money"),
                              read_units(row.value("amount", Json()), "money that is added")});
        if (injections.back().amount < 0)
            throw Obstacle{"money is taken away, which no act of an issuer does"};
    };
    if (json->is_array())
        for (const auto& row : *json)
            add(row);
    else
        add(*json);
    return injections;
}

std::set<std::string> read_references(const Json& list) {
    std::set<std::string> references;
    for (const auto& entry : list)
        references.insert(read_name(entry, "a payment"));
    return references;
}

void read_balances(const Json& balances, std::map<std::string, Units>& into) {
    for (const auto& [id, balance] : balances.items())
        into[id] = read_units(balance, "closing balance of " + id);
}

/// Members of `expected`, a row each.
struct Member {
    std::string_view name;
    void (*read)(const Json& value, Round& round);
};

constexpr Member members[] = {
    {"all_settle", [](const Json& value, Round& round) { round.expected.all_settle = value.get<bool>(); }},
    {"settled",
     [](const Json& value, Round& round) {
         if (value.is_array())
             round.expected.settled = read_references(value);
         else
             round.expected.settled_count = value.get<std::size_t>();
     }},
    {"unsettled",
     [](const Json& value, Round& round) {
         if (value.is_array())
             round.expected.unsettled = read_references(value);
         else
             round.expected.unsettled_count = value.get<std::size_t>();
     }},
    {"queue_len",
     [](const Json& value, Round& round) { round.expected.queue_length = value.get<std::size_t>(); }},
    {"settled_value",
     [](const Json& value, Round& round) {
         round.expected.settled_value = read_units(value, "settled value");
     }},
    {"sum_of_balances",
     [](const Json& value, Round& round) {
         round.expected.sum_of_balances = read_units(value, "sum of balances");
     }},
    {"closing", [](const Json& value, Round& round) { read_balances(value, round.expected.closing); }},
    {"closing_partial",
     [](const Json& value, Round& round) { read_balances(value, round.expected.closing); }},
    {"statuses",
     [](const Json& value, Round& round) {
         for (const auto& [reference, status] : value.items())
             round.expected.statuses[reference] = read_name(status, "a status");
     }},
    {"lsm", [](const Json& value, Round& round) { round.saves_liquidity = value.get<bool>(); }},
    {"inject", [](const Json& value, Round& round) { round.injections = read_injections(&value); }},
    {"note", [](const Json&, Round&) {}},
};

void read_expectation(const Json& json, Round& round) {
    if (!json.is_object()) throw Obstacle{"what it expects is told in prose"};
    for (const auto& [name, value] : json.items()) {
        if (name == "cycle_settles") throw Obstacle{"unit test of the atomic cycle step"};
        const auto member = std::find_if(std::begin(members), std::end(members),
                                         [&, key = name](const Member& row) { return row.name == key; });
        if (member == std::end(members))
            throw Obstacle{fmt::format("it expects \"{}\", which this command cannot check", name)};
        member->read(value, round);
    }
}

std::vector<Round> read_rounds(const Json& json) {
    Round plain;
    if (const auto* lsm = find(json, "lsm")) plain.saves_liquidity = lsm->get<bool>();
    plain.injections = read_injections(find(json, "inject"));
    if (const auto* published = find(json, "published")) {
        const auto* fifo = find(*published, "quorum_eaf2_fifo");
        if (!fifo) throw Obstacle{"it has no published result of the sequence-preserving method"};
        read_expectation(*fifo, plain);
        return {plain};
    }
    const auto* expected = find(json, "expected");
    if (!expected) throw Obstacle{"it says nothing that could be checked"};
    const auto *without = find(*expected, "without_lsm"), *with = find(*expected, "with_lsm");
    if (!without && !with) {
        read_expectation(*expected, plain);
        return {plain};
    }
    std::vector<Round> rounds;
    for (const auto& [name, part, saves] : {std::tuple("without liquidity saving", without, false),
                                            std::tuple("with liquidity saving", with, true)}) {
        if (!part) continue;
        Round round = plain;
        round.name = name;
        round.saves_liquidity = saves;
        read_expectation(*part, round);
        rounds.push_back(std::move(round));
    }
    return rounds;
}

/// References and banks that an expectation names must be the case's own: anything else could never fail.
void require_known_names(const SettlementCase& read) {
    const auto require_payment = [&](const std::string& reference) {
        const bool known =
            std::any_of(read.payments.begin(), read.payments.end(),
                        [&](const CasePayment& payment) { return payment.reference == reference; });
        if (!known) throw Obstacle{fmt::format("it expects something of {}, which is no payment", reference)};
    };
    const auto require_bank = [&](const std::string& id) {
        if (!names_bank(read.banks, id))
            throw Obstacle{fmt::format("it expects something of {}, which is no bank", id)};
    };
    for (const auto& round : read.rounds) {
        for (const auto* references : {&round.expected.settled, &round.expected.unsettled})
            if (*references)
                for (const auto& reference : **references)
                    require_payment(reference);
        for (const auto& [reference, status] : round.expected.statuses)
            require_payment(reference);
        for (const auto& [id, balance] : round.expected.closing)
            require_bank(id);
        for (const auto& injection : round.injections)
            require_bank(injection.bank);
    }
}

/// Why a case without payments is none of this command's. Cases in prose are tests of the project that begin
/// with their id.
std::string reason_without_payments(const Json& json, std::string id) {
    std::replace(id.begin(), id.end(), '-', '_');
    if (json.contains("steps")) return fmt::format("told in prose: written by hand as test {}*", id);
    if (json.contains("targets")) return "a load: network_bench --load measures it";
    if (json.contains("netted_positions")) return "steps of one algorithm: a unit test";
    return "it has no payments";
}

SettlementCase read_settlement_case(const Json& json, const std::string& id) {
    if (json.value("note", std::string()).find("unit test of the atomic cycle step") != std::string::npos)
        throw Obstacle{"unit test of the atomic cycle step"};
    SettlementCase read;
    read.id = id;
    read.banks = read_banks(json);
    const auto* list = find(json, "queue") ? find(json, "queue") : find(json, "payments");
    if (!list || !list->is_array()) throw Obstacle{reason_without_payments(json, id)};
    require_known_members(json, case_members, "it");
    if (find(json, "queue") && find(json, "payments")) throw Obstacle{"it has a queue and payments"};
    read.payments = read_payments(*list, read.banks);
    read.rounds = read_rounds(json);
    require_known_names(read);
    return read;
}

}  // namespace

ReadCase read_case(const Json& json) {
    const std::string id = json.is_object() && json.contains("id") && json["id"].is_string()
                               ? json["id"].get<std::string>()
                               : "without-id";
    try {
        if (!json.is_object()) throw Obstacle{"it is no object"};
        const auto whole = with_whole_amounts(json);
        if (!whole) throw Obstacle{whole.error()};
        return read_settlement_case(*whole, id);
    } catch (const Obstacle& obstacle) {
        return SkippedCase{id, obstacle.reason};
    } catch (const Json::exception& error) {
        return SkippedCase{id,
                           fmt::format("a member has another type than the format says ({})", error.what())};
    }
}

core::Result<std::vector<ReadCase>, std::string> read_cases(const std::string& text) {
    const auto json = Json::parse(text, nullptr, false);
    if (json.is_discarded()) return core::fail(std::string("it is no JSON"));
    const auto& list = json.is_object() && json.contains("cases") ? json["cases"] : json;
    std::vector<ReadCase> cases;
    if (list.is_array())
        for (const auto& one : list)
            cases.push_back(read_case(one));
    else if (list.is_object())
        cases.push_back(read_case(list));
    if (cases.empty()) return core::fail(std::string("it holds no cases"));
    return cases;
}

}  // namespace sluice::cli::conformance
