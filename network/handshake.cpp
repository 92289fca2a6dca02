#include "network/handshake.hpp"

#include <algorithm>

#include "crypto/hash.hpp"
#include "crypto/signature.hpp"
#include "network/limits.hpp"

namespace sluice::network {

namespace {

constexpr std::string_view domain_tag = "sluice peer hello";

std::string differ(std::string_view what, const std::string& theirs, const std::string& ours) {
    return std::string(what) + " of one is " + theirs + ", of the other " + ours;
}

}  // namespace

core::Hash hello_digest(const Hello& hello, const core::Hash& sender_spki, const core::Hash& receiver_spki,
                        const std::array<std::uint8_t, 32>& exporter) {
    core::Bytes statement;
    core::append(statement, core::view(domain_tag));
    core::append_be16(statement, hello.version);
    core::append_be64(statement, hello.chain_id);
    core::append(statement, hello.genesis_hash);
    statement.push_back(static_cast<std::uint8_t>(hello.role));
    core::append(statement, hello.address);
    core::append(statement, sender_spki);
    core::append(statement, receiver_spki);
    core::append(statement, exporter);
    statement.push_back(static_cast<std::uint8_t>(hello.name.size()));
    core::append(statement, core::view(hello.name));
    statement.push_back(static_cast<std::uint8_t>(hello.software_version.size()));
    core::append(statement, core::view(hello.software_version));
    return crypto::keccak256(statement);
}

Hello make_hello(const OwnIdentity& own, const SessionFacts& session, crypto::Signer& signer) {
    Hello hello{.chain_id = own.chain_id,
                .genesis_hash = own.genesis_hash,
                .role = own.role,
                .address = signer.address(),
                .name = printable(own.name, peer_name_bytes_max),
                .software_version = printable(own.software_version, peer_name_bytes_max)};
    hello.signature = signer.sign(hello_digest(hello, session.own_spki, session.peer_spki, session.exporter));
    return hello;
}

core::Result<PeerIdentity, Refusal> check_hello(const Hello& hello, const OwnIdentity& own,
                                                const SessionFacts& session, const core::Address& self) {
    if (hello.chain_id != own.chain_id) {
        return core::fail(Refusal{CloseReason::wrong_chain, differ("chain id", std::to_string(hello.chain_id),
                                                                   std::to_string(own.chain_id))});
    }
    if (hello.genesis_hash != own.genesis_hash) {
        return core::fail(Refusal{
            CloseReason::wrong_genesis,
            differ("genesis block", core::to_hex_0x(hello.genesis_hash), core::to_hex_0x(own.genesis_hash))});
    }
    const core::Hash digest = hello_digest(hello, session.peer_spki, session.own_spki, session.exporter);
    const bool is_signed = crypto::is_low_s(hello.signature) &&
                           crypto::recover_address(digest, hello.signature) == hello.address;
    if (!is_signed) {
        return core::fail(
            Refusal{CloseReason::bad_signature, "claimed address " + core::checksum_hex(hello.address)});
    }
    if (hello.address == self) return core::fail(Refusal{CloseReason::self_connection, ""});
    const auto& certified = session.certified;
    if (!certified.empty() &&
        std::find(certified.begin(), certified.end(), hello.address) == certified.end()) {
        return core::fail(Refusal{CloseReason::certificate_of_another,
                                  "the certificate is for " + core::checksum_hex(certified.front()) +
                                      ", the handshake is signed by " + core::checksum_hex(hello.address)});
    }
    return PeerIdentity{.address = hello.address,
                        .role = hello.role,
                        .name = printable(hello.name, peer_name_bytes_max),
                        .version = printable(hello.software_version, peer_name_bytes_max)};
}

bool decides(const core::Address& self, const core::Address& peer) {
    return self < peer;
}

}  // namespace sluice::network
