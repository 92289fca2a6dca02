#include "cli/devnet_creation.hpp"

#include <fmt/format.h>

#include "cli/devnet_contracts.hpp"
#include "cli/devnet_node.hpp"
#include "cli/files.hpp"
#include "core/check.hpp"
#include "core/documents/genesis_document.hpp"
#include "crypto/signature.hpp"
#include "network/certificates.hpp"

namespace sluice::cli {
namespace {

namespace fs = std::filesystem;

using Step = core::Result<void, std::string>;

/// Collects what is written, so that each step reads as one line.
class Builder {
  public:
    explicit Builder(const DevnetPlan& plan) : plan_(plan) {
        devnet_.dir = fs::absolute(plan.dir);
        devnet_.chain_id = plan.chain_id;
        devnet_.genesis = devnet_.dir / "genesis.json";
        spec_.chain_id = plan.chain_id;
        spec_.time_ms = plan.time_ms;
        spec_.devnet = true;
    }

    core::Result<Devnet, std::string> build() {
        for (auto step : {&Builder::make_folders, &Builder::make_authority, &Builder::make_banks,
                          &Builder::make_central_bank, &Builder::make_dev_account, &Builder::write_genesis,
                          &Builder::write_configs})
            if (auto done = (this->*step)(); !done) return core::fail(done.error());
        if (auto saved = save_devnet(devnet_); !saved) return core::fail(saved.error());
        return devnet_;
    }

  private:
    Step make_folders() {
        for (const auto& folder : {devnet_.dir, devnet_.dir / "accounts", devnet_.dir / "nodes"})
            if (auto made = make_folder(folder, FileMode::secret); !made) return made;
        return write_file(accounts_password(), random_password() + "\n", FileMode::secret);
    }

    Step make_authority() {
        auto authority = network::make_authority("Sluice devnet authority", now_s(), certificate_days);
        if (!authority) return core::fail(std::string(network::describe(authority.error())));
        authority_ = std::move(*authority);
        if (auto written = write_file(devnet_.dir / "authority.key", authority_.key_pem, FileMode::secret);
            !written)
            return written;
        return write_file(devnet_.dir / "authority.pem", authority_.certificate_pem, FileMode::ordinary);
    }

    Step make_banks() {
        for (std::size_t i = 0; i < plan_.validators; ++i) {
            const auto letter = static_cast<char>('a' + i);
            const auto name = fmt::format("bank-{}", letter);
            const auto bic =
                *core::Bic::parse(fmt::format("BNK{}DEFF", static_cast<char>(letter - 'a' + 'A')));
            if (auto made = make_bank(i, name, bic); !made) return made;
        }
        return {};
    }

    Step make_bank(std::size_t index, const std::string& name, const core::Bic& bic) {
        core::GenesisParticipant participant{.name = name, .bic = bic, .lei = "", .keys = {}};
        for (const auto& [role, duty] :
             {std::pair{"admin", core::KeyDuty::admin}, std::pair{"maker", core::KeyDuty::maker},
              std::pair{"approver", core::KeyDuty::approver}}) {
            auto account = make_account(name, role, bic);
            if (!account) return core::fail(account.error());
            participant.keys.push_back({duty, account->address});
            devnet_.accounts.push_back(std::move(*account));
        }
        spec_.participants.push_back(std::move(participant));
        return make_node(index, name, bic);
    }

    Step make_node(std::size_t index, const std::string& name, const core::Bic& bic) {
        auto node = place_node(devnet_.dir, {name, bic, plan_.base_port, index});
        const auto address = make_node_files(node, authority_, now_s());
        if (!address) return core::fail(address.error());
        spec_.validators.push_back({name, *address, bic});
        devnet_.nodes.push_back(std::move(node));
        return {};
    }

    Step make_central_bank() {
        auto account = make_account("central-bank", "operator", *core::Bic::parse("CBNKDEFF"));
        if (!account) return core::fail(account.error());
        spec_.operators.threshold = 1;
        for (auto* keys : {&spec_.operators.keys, &spec_.operators.issuers, &spec_.operators.freezers,
                           &spec_.operators.auditors})
            keys->push_back(account->address);
        devnet_.accounts.push_back(std::move(*account));
        return {};
    }

    Step make_dev_account() {
        const auto key = crypto::generate_private_key();
        devnet_.dev_address = crypto::address_of(key);
        devnet_.dev_key_file = devnet_.dir / "accounts" / "dev.key";
        spec_.alloc.push_back({.address = devnet_.dev_address,
                               .balance = *core::uint256_from_decimal("1000000000000000000000000"),
                               .nonce = 0,
                               .code = {},
                               .storage = {}});
        for (auto& contract : preset_contracts())
            spec_.alloc.push_back({.address = contract.address,
                                   .balance = 0,
                                   .nonce = 1,
                                   .code = std::move(contract.code),
                                   .storage = {}});
        return write_file(devnet_.dev_key_file, core::to_hex_0x(key.bytes()) + "\n", FileMode::secret);
    }

    Step write_genesis() {
        for (const auto* code : {"EUR", "USD"})
            spec_.currencies.push_back(
                {.code = *core::CurrencyCode::parse(code), .exponent = 2, .value_date = plan_.value_date});
        if (const auto fault = core::find_fault(spec_)) return core::fail(*fault);
        return write_file(devnet_.genesis, core::encode_genesis(spec_), FileMode::ordinary);
    }

    Step write_configs() {
        for (const auto& node : devnet_.nodes) {
            std::vector<NodePeer> peers;
            for (std::size_t i = 0; i < devnet_.nodes.size(); ++i)
                if (devnet_.nodes[i].name != node.name)
                    peers.push_back({spec_.validators[i].address, devnet_.nodes[i].p2p_port});
            if (auto written = write_node_config(node, peers, plan_.block_interval_ms); !written)
                return written;
        }
        return {};
    }

    core::Result<DevnetAccount, std::string> make_account(const std::string& name, const std::string& role,
                                                          const core::Bic& bic) {
        DevnetAccount account{name,
                              role,
                              bic,
                              {},
                              devnet_.dir / "accounts" / fmt::format("{}-{}.json", name, role),
                              accounts_password()};
        auto password = read_file(account.password_file);
        if (!password) return core::fail(password.error());
        const auto address = make_key_file(account.keystore, password->substr(0, password->find('\n')));
        if (!address) return core::fail(address.error());
        account.address = *address;
        return account;
    }

    fs::path accounts_password() const { return devnet_.dir / "accounts" / "password.txt"; }
    std::int64_t now_s() const { return static_cast<std::int64_t>(plan_.time_ms / 1000); }

    const DevnetPlan& plan_;
    Devnet devnet_;
    core::ChainSpec spec_;
    network::CertificateAndKey authority_;
};

}  // namespace

core::Result<Devnet, std::string> create_devnet(const DevnetPlan& plan) {
    CHECK(plan.validators >= 1 && plan.validators <= devnet_validators_max);
    return Builder(plan).build();
}

}  // namespace sluice::cli
