/// The application handshake inside TLS: a validator's key speaks for one connection and no other.
///
/// A certificate only proves membership of the consortium. HELLO binds the validator key to the connection:
/// the signature covers both certificates' keys and a value that only the two ends of this TLS session know
/// (the exporter, RFC 8446 §7.5), so a HELLO that is relayed, replayed or sent under another bank's
/// certificate does not verify.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "core/result.hpp"
#include "crypto/signer.hpp"
#include "network/control_message.hpp"
#include "network/peer_identity.hpp"

namespace sluice::network {

/// Label of the TLS exporter whose 32 bytes enter the HELLO.
inline constexpr std::string_view exporter_label = "EXPORTER-sluice-hello-1";

/// What both ends know about their TLS session.
struct SessionFacts {
    core::Hash own_spki{};   ///< SHA-256 of the own certificate's SubjectPublicKeyInfo
    core::Hash peer_spki{};  ///< of the peer's
    std::array<std::uint8_t, 32> exporter{};
    std::vector<core::Address> certified;  ///< validator addresses that the peer's certificate names
};

/// What this node says about itself, on every connection the same.
struct OwnIdentity {
    std::uint64_t chain_id = 0;
    core::Hash genesis_hash{};
    PeerRole role = PeerRole::validator;
    std::string name;
    std::string software_version;
};

/// Why a handshake failed, with the values that differ in words for both logs.
struct Refusal {
    CloseReason reason = CloseReason::none;
    std::string detail;
};

/// The digest that a HELLO's signature is over. `sender_spki` and `receiver_spki` are seen from the HELLO.
core::Hash hello_digest(const Hello& hello, const core::Hash& sender_spki, const core::Hash& receiver_spki,
                        const std::array<std::uint8_t, 32>& exporter);

/// This node's HELLO for one TLS session.
Hello make_hello(const OwnIdentity& own, const SessionFacts& session, crypto::Signer& signer);

/// Who sent `hello` over this connection, or why it is refused. `self` is this node's address.
core::Result<PeerIdentity, Refusal> check_hello(const Hello& hello, const OwnIdentity& own,
                                                const SessionFacts& session, const core::Address& self);

/// Which end decides when several connections between two nodes compete: the one with the smaller address.
/// It sends its ACCEPT last and on one connection only, so both ends always keep the same one.
bool decides(const core::Address& self, const core::Address& peer);

}  // namespace sluice::network
