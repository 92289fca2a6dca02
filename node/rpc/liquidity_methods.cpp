/// settle_ methods about liquidity saving: its runs, what went into one, and what stands still.
#include <algorithm>

#include "contracts/evm/machine.hpp"
#include "contracts/header_rules.hpp"
#include "contracts/native/participant_directory.hpp"
#include "contracts/native/system_work.hpp"
#include "contracts/replay.hpp"
#include "node/rpc/limits.hpp"
#include "node/rpc/services.hpp"
#include "node/rpc/settlement_errors.hpp"
#include "node/rpc/settlement_json.hpp"
#include "node/rpc/settlement_reading.hpp"
#include "node/rpc/trace_budget.hpp"

namespace sluice::node::rpc {
namespace {

/// Members of an open object.
void write_run(JsonWriter& json, const native::LsmRunInfo& run, const SettlementReader& settlement) {
    const Unit unit{run.currency, settlement.exponent(run.currency)};
    json.key("runId").number(run.id);
    json.key("runHeight").number(run.height);
    json.key("ccy").text(trimmed(run.currency.data(), run.currency.size()));
    json.key("queued").number(run.queued).key("settled").number(run.settled);
    json.key("bypassed").number(run.bypassed).key("oversized").boolean(run.oversized);
    json.key("grossValue");
    write_amount(json, run.gross, unit);
    json.key("netMoved");
    write_amount(json, run.net_moved, unit);
    json.key("liquiditySaved");
    write_amount(json, run.liquidity_saved, unit);
    json.key("inputsHash").data(run.inputs_hash);
}

/// Newest first: of the currency {ccy}, or of all.
Answer runs(const ReadCall& call) {
    const auto wanted = call.arguments.member_if(0, "ccy", read_currency);
    const auto before = call.arguments.member_if(0, "before", read_number);
    const auto max = call.arguments.member_if(0, "max", read_number).value_or(100);
    if (call.arguments.fault()) return core::fail(*call.arguments.fault());
    const auto settlement = SettlementReader::open(*call.snapshot, call.node());
    if (!settlement) return core::fail(settlement.error());
    if (wanted && settlement->find_currency(*wanted) == nullptr) return core::fail(unknown_currency(*wanted));
    const auto last = settlement->last_lsm_run_id();
    if (!last) return core::fail(last.error());
    const std::uint64_t oldest = *last > native::lsm_runs_kept ? *last - native::lsm_runs_kept + 1 : 1;
    std::uint64_t id = std::min(*last, before && *before > 0 ? *before - 1 : *last);

    JsonWriter json(1'024);
    json.begin_object();
    json.key("runs").begin_array();
    const std::uint64_t rows_max = std::min(max, limits::list_rows_max);
    for (std::uint64_t rows = 0; id >= oldest && rows < rows_max; --id) {
        const auto run = settlement->lsm_run(id);
        if (!run) return core::fail(run.error());
        if (wanted && run->currency != wanted->chars()) continue;
        json.begin_object();
        write_run(json, *run, *settlement);
        json.end_object();
        ++rows;
    }
    json.end_array();
    json.key("lastRunId").number(*last).key("height").number(settlement->height());
    json.end_object();
    return json.take();
}

std::string decimal(core::SignedMinor value) {
    return value < 0 ? "-" + core::to_decimal(static_cast<core::Minor>(-value))
                     : core::to_decimal(static_cast<core::Minor>(value));
}

/// The inputs of a block's runs, as the block's system transaction has them.
class InputsOfBlock final : public native::RunObserver {
  public:
    InputsOfBlock(const native::Books& books, core::CurrencyCode currency)
        : books_(books), currency_(currency) {}
    void on_run(const native::RunInputs& inputs) override {
        if (native::currency_of(inputs.code()) != currency_) return;
        JsonWriter json(4'096);
        write(json, inputs);
        json_ = json.take();
        hash_ = inputs.hash();
    }
    const std::string& json() const { return json_; }
    const core::Hash& hash() const { return hash_; }

  private:
    void write_bank(JsonWriter& json, const native::ResolutionBank& bank) const {
        json.begin_object();
        json.key("participant").number(bank.participant);
        json.key("bic").text(bic_text(native::bic_at(books_.participants, bank.participant)));
        json.key("balance").text(decimal(bank.balance));
        json.key("floors").begin_array();
        for (const core::SignedMinor floor : bank.floors)
            json.text(decimal(floor));
        json.end_array();
        json.key("mayPay").boolean(bank.may_pay).key("allowsBypass").boolean(bank.allows_bypass);
        json.key("multilateral");
        if (bank.multilateral)
            json.text(decimal(*bank.multilateral));
        else
            json.null();
        json.key("bilateral").begin_array();
        for (const native::BilateralRoom& each : bank.bilateral) {
            json.begin_object().key("payee").number(each.payee);
            json.key("room").text(decimal(each.room)).end_object();
        }
        json.end_array();
        json.key("queue").begin_array();
        for (const native::QueuedPayment& each : bank.queue) {
            json.begin_array().number(each.arrival).text(std::to_string(each.amount));
            json.number(each.payee).number(static_cast<unsigned>(each.priority)).end_array();
        }
        json.end_array().end_object();
    }
    void write(JsonWriter& json, const native::RunInputs& inputs) const {
        json.begin_object();
        json.key("height").number(inputs.height());
        json.key("ccy").text(trimmed(inputs.code().data(), inputs.code().size()));
        json.key("paymentsMax").number(inputs.bounds().payments_max);
        json.key("cycleMax").number(inputs.bounds().cycle_max);
        json.key("banks").begin_array();
        for (const native::ResolutionBank& bank : inputs.problem().banks)
            write_bank(json, bank);
        json.end_array();
        json.key("closedPayees").begin_array();
        for (const native::ParticipantIndex payee : inputs.problem().closed_payees)
            json.number(payee);
        json.end_array().end_object();
    }

    const native::Books& books_;
    core::CurrencyCode currency_;
    std::string json_;
    core::Hash hash_{};
};

/// Runs the block of a run again up to its system transaction, and that with somebody watching.
core::Result<std::string, Error> inputs_of(const ReadCall& call, const native::LsmRunInfo& run) {
    const auto block = call.reader().block(run.height, true);
    if (!block) return core::fail(server_error("block not found"));
    auto parent = open_state({BlockReference::Kind::height, run.height - 1, {}}, *call.snapshot);
    if (!parent) return core::fail(parent.error());
    const auto parameters = contracts::chain_parameters(*parent->view);
    const auto voters = call.snapshot->validators(run.height);
    auto context = contracts::context_of(
        block->header, call.node().chain().identity.chain_id, parameters.transaction_gas_limit,
        voters ? std::make_shared<const core::ValidatorSet>(*voters) : nullptr);
    context.table_seed = call.node().chain().table_seed;

    contracts::evm::Machine machine;
    TraceBudget budget(limits::trace_bytes_max, limits::trace_time_max);
    contracts::Replay replay(*parent->view, context, machine, &budget);
    for (const auto& transaction : block->transactions) {
        if (transaction->transaction.type == core::TransactionType::system) break;
        const auto outcome = replay.run(transaction);
        if (budget.fault()) return core::fail(*budget.fault());
        if (!outcome) return core::fail(server_error("the block does not run on the state before it"));
    }
    const native::Books books(replay.state(), context);
    InputsOfBlock inputs(books, native::currency_of(run.currency));
    books.state.begin_transaction();
    native::run_due_work(books, native::system_steps_max, &inputs);
    if (inputs.hash() != run.inputs_hash)
        return core::fail(server_error("the block's run has other inputs than its record says"));
    return inputs.json();
}

Answer one_run(const ReadCall& call) {
    const auto id = call.arguments.member(0, "runId", read_number);
    if (call.arguments.fault()) return core::fail(*call.arguments.fault());
    const auto settlement = SettlementReader::open(*call.snapshot, call.node());
    if (!settlement) return core::fail(settlement.error());
    const auto run = settlement->lsm_run(id);
    if (!run) return core::fail(run.error());
    if (run->id == 0) return std::string("null");
    const auto inputs = inputs_of(call, *run);
    if (!inputs) return core::fail(inputs.error());
    JsonWriter json(inputs->size() + 1'024);
    json.begin_object();
    write_run(json, *run, *settlement);
    json.key("inputs").raw(*inputs);
    json.key("height").number(settlement->height());
    json.end_object();
    return json.take();
}

/// The switch and the queues of each currency; with {bic}, what that bank allows and what its queue lacks.
Answer status(const ReadCall& call) {
    const auto wanted = call.arguments.member_if(0, "ccy", read_currency);
    const auto bic = call.arguments.member_if(0, "bic", read_bic);
    if (call.arguments.fault()) return core::fail(*call.arguments.fault());
    const auto settlement = SettlementReader::open(*call.snapshot, call.node());
    if (!settlement) return core::fail(settlement.error());
    if (wanted && settlement->find_currency(*wanted) == nullptr) return core::fail(unknown_currency(*wanted));
    JsonWriter json;
    json.begin_array();
    for (const auto& currency : settlement->currencies()) {
        if (wanted && currency.code != wanted->chars()) continue;
        const auto state = settlement->liquidity_state(currency.code);
        if (!state) return core::fail(state.error());
        json.begin_object();
        json.key("ccy").text(trimmed(currency.code.data(), currency.code.size()));
        json.key("enabled").boolean(state->is_enabled);
        json.key("deadlock").boolean(state->deadlock.stands).key("queued").number(state->deadlock.queued);
        json.key("lastRunId").number(state->last_run.id);
        if (bic) {
            const auto bank = settlement->liquidity_of(*bic, currency.code);
            if (!bank) return core::fail(bank.error());
            const Unit unit{currency.code, currency.exponent};
            json.key("bic").text(bic->to_string());
            json.key("allowBypass").boolean(bank->options.allow_bypass);
            json.key("subLimit");
            write_amount(json, bank->options.sub_limit, unit);
            json.key("shortfall");
            write_amount(json, bank->shortfall, unit);
        }
        json.key("height").number(settlement->height());
        json.end_object();
    }
    json.end_array();
    return json.take();
}

}  // namespace

// clang-format off
std::vector<Method> liquidity_methods() {
    constexpr auto anyone = Role::anyone;
    return {
        {"settle_getLsmRuns", "Runs of liquidity saving, the newest first", {{"query", "LsmQuery", false}}, "LsmRunList",
         Access::heavy, anyone, runs},
        {"settle_getLsmRun", "A run of liquidity saving with all that went into it", {{"query", "LsmRunQuery"}},
         "LsmRun?", Access::heavy, anyone, one_run},
        {"settle_getLsmStatus", "Whether liquidity saving is on and whether queues stand still",
         {{"query", "AccountQuery", false}}, "[LsmStatus]", Access::read, anyone, status},
    };
}
// clang-format on

}  // namespace sluice::node::rpc
