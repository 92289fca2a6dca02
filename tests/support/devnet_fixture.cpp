#include "tests/support/devnet_fixture.hpp"

#include <stdlib.h>
#include <sys/wait.h>

#include <chrono>
#include <stdexcept>
#include <thread>

#include <fmt/format.h>

#include "cli/devnet_processes.hpp"
#include "cli/wallet.hpp"

namespace sluice::test_support {
namespace {

namespace native = contracts::native;
using std::chrono::milliseconds;

core::UnixMs wall_ms() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<core::UnixMs>(std::chrono::duration_cast<milliseconds>(now).count());
}

void must(const core::Result<void, std::string>& done) {
    if (!done) throw std::runtime_error(done.error());
}

}  // namespace

core::DateYmd today() {
    return core::date_from_days(static_cast<std::int64_t>(wall_ms() / 86'400'000));
}

RunningDevnet::RunningDevnet(const Options& options) : enter_(options.enter) {
    char name[] = "/tmp/sluice-devnet-XXXXXX";
    if (!mkdtemp(name)) throw std::runtime_error("no temporary folder");
    dir_ = name;
    auto devnet = cli::create_devnet({.dir = dir_,
                                      .validators = options.validators,
                                      .base_port = options.base_port,
                                      .chain_id = 20022,
                                      .block_interval_ms = options.block_interval_ms,
                                      .value_date = 0,
                                      .time_ms = wall_ms()});
    if (!devnet) throw std::runtime_error(devnet.error());
    devnet_ = std::move(*devnet);
    if (options.before_start) options.before_start(devnet_);
    start_all();
}

RunningDevnet::~RunningDevnet() {
    for (std::size_t i = 0; i < size(); ++i)
        kill(i);
    std::error_code error;
    if (!getenv("SLUICE_KEEP_DEVNETS")) std::filesystem::remove_all(dir_, error);
}

void RunningDevnet::save() const {
    must(cli::save_devnet(devnet_));
}

void RunningDevnet::reload() {
    auto devnet = cli::load_devnet(dir_);
    if (!devnet) throw std::runtime_error(devnet.error());
    devnet_ = std::move(*devnet);
}

void RunningDevnet::start(std::size_t index) {
    const auto inside = enter(index);
    must(cli::start_node(devnet_.nodes[index]));
}

void RunningDevnet::start_all() {
    for (std::size_t i = 0; i < size(); ++i)
        start(i);
    for (std::size_t i = 0; i < size(); ++i)
        if (!cli::wait_until(std::chrono::seconds(20), [&] { return !status(i).is_null(); }))
            throw std::runtime_error(
                fmt::format("{} did not start:\n{}", node(i).name, cli::log_tail(node(i), 10)));
}

bool RunningDevnet::is_running(std::size_t index) const {
    return cli::is_running(devnet_.nodes[index]);
}

void RunningDevnet::kill(std::size_t index) {
    if (!is_running(index)) return;
    must(cli::signal_node(devnet_.nodes[index], cli::NodeSignal::kill));
    static_cast<void>(cli::wait_for_end(devnet_.nodes[index], std::chrono::seconds(10)));
}

int RunningDevnet::run_sluiced(std::size_t index, const std::string& subcommand) const {
    const auto program = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "sluiced";
    const auto command = fmt::format("'{}' {} --config '{}' >/dev/null 2>&1", program.string(), subcommand,
                                     devnet_.nodes[index].config.string());
    const int status = std::system(command.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

milliseconds RunningDevnet::stop(std::size_t index) {
    const auto begin = std::chrono::steady_clock::now();
    must(cli::signal_node(devnet_.nodes[index], cli::NodeSignal::terminate));
    if (!cli::wait_for_end(devnet_.nodes[index], std::chrono::seconds(30)))
        throw std::runtime_error(devnet_.nodes[index].name + " did not stop");
    return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begin);
}

cli::RpcClient RunningDevnet::client(std::size_t index, milliseconds timeout) const {
    return cli::RpcClient(devnet_.nodes[index].rpc_url(), timeout);
}

core::Result<cli::Json, cli::RpcError> RunningDevnet::call(std::size_t index, std::string_view method,
                                                           cli::Json params, milliseconds timeout) const {
    const auto inside = enter(index);
    return client(index, timeout).call(method, std::move(params));
}

cli::Json RunningDevnet::status(std::size_t index) const {
    const auto answer = call(index, "sluice_status", cli::Json::array(), milliseconds(1000));
    return answer ? *answer : cli::Json();
}

std::uint64_t RunningDevnet::height(std::size_t index) const {
    const auto picture = status(index);
    return picture.is_object() ? picture.value("height", std::uint64_t{0}) : 0;
}

bool RunningDevnet::wait_for_agreement(std::uint64_t height, milliseconds limit) const {
    return cli::wait_until(limit, [&] {
        std::optional<std::pair<std::uint64_t, std::string>> common;
        for (std::size_t i = 0; i < size(); ++i) {
            if (!is_running(i)) continue;
            const auto picture = status(i);
            if (!picture.is_object()) return false;
            const std::pair here{picture.value("height", std::uint64_t{0}),
                                 picture.value("stateRoot", std::string())};
            if (here.first < height || (common && *common != here)) return false;
            common = here;
        }
        return common.has_value();
    });
}

SigningKey RunningDevnet::open(const cli::DevnetAccount& account) const {
    auto key = cli::open_key(account.keystore, account.password_file);
    if (!key) throw std::runtime_error(key.error());
    std::uint64_t nonce = 0;
    for (std::size_t i = 0; i < size(); ++i) {
        const auto answer = call(i, "eth_getTransactionCount", {core::to_hex_0x(account.address), "pending"},
                                 milliseconds(2000));
        if (answer) nonce = std::max(nonce, cli::quantity(*answer).value_or(0));
    }
    return {std::move(*key), account.address, nonce};
}

SigningKey RunningDevnet::maker(std::size_t bank) const {
    return open(*devnet_.find_account(devnet_.nodes[bank].name, "maker"));
}

SigningKey RunningDevnet::central_bank() const {
    return open(*devnet_.find_account("central-bank", "operator"));
}

core::SharedBytes RunningDevnet::sign(SigningKey& key, const native::ContractCall& call) const {
    core::Transaction transaction;
    transaction.type = core::TransactionType::dynamic_fee;
    transaction.chain_id = chain_id();
    transaction.nonce = key.next_nonce++;
    transaction.gas_limit = 1'000'000;
    transaction.to = call.to;
    transaction.data = call.data;
    core::sign(transaction, key.key);
    return core::share(core::encode(transaction));
}

void RunningDevnet::issue_to_all(core::Minor minor) {
    auto key = central_bank();
    for (std::size_t bank = 0; bank < size(); ++bank) {
        const auto call =
            native::calls::issue({.bic = bic(bank).chars(),
                                  .currency = core::CurrencyCode::parse("EUR")->chars(),
                                  .amount = minor,
                                  .rtgs_reference = core::word_from_u64(1'000'000 + key.next_nonce)});
        const auto done = this->call(0, "settle_submit",
                                     {{{"rawTransaction", core::to_hex_0x(*sign(key, call))},
                                       {"wait", "final"},
                                       {"timeoutMs", 20'000}}},
                                     milliseconds(25'000));
        if (!done) throw std::runtime_error("issue: " + done.error().message);
    }
}

native::Instruction payment(const core::Bic& payer, const core::Bic& payee, core::Minor minor,
                            std::uint64_t number, core::DateYmd value_date) {
    const auto seed = core::keccak256(core::view(fmt::format("payment {}", number)));
    std::array<std::uint8_t, 16> bytes{};
    std::copy_n(seed.begin(), bytes.size(), bytes.begin());
    native::Instruction instruction;
    instruction.uetr = core::Uetr::from_random(bytes).bytes;
    instruction.message_type = native::tag_of(native::MessageType::bank_credit);
    instruction.payer = payer.chars();
    instruction.payee = payee.chars();
    instruction.currency = core::CurrencyCode::parse("EUR")->chars();
    instruction.amount = minor;
    instruction.value_date = value_date;
    instruction.instruction_id = fmt::format("INSTR{}", number);
    instruction.end_to_end_id = fmt::format("E2E{}", number);
    return instruction;
}

}  // namespace sluice::test_support
