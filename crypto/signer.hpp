/// The port behind which a private key lives: a local key today, a PKCS#11 token tomorrow.
#pragma once

#include <utility>

#include "crypto/signature.hpp"

namespace sluice::crypto {

/// Signs digests with one key that it does not give away. Calls may come from one thread at a time.
class Signer {
  public:
    virtual ~Signer() = default;
    virtual AddressBytes address() const = 0;
    virtual Signature sign(const Digest& digest) = 0;
};

/// A signer whose key lies in this process's memory.
class LocalSigner final : public Signer {
  public:
    explicit LocalSigner(PrivateKey key) : key_(std::move(key)), address_(address_of(key_)) {}
    AddressBytes address() const override { return address_; }
    Signature sign(const Digest& digest) override { return crypto::sign(digest, key_); }

  private:
    PrivateKey key_;
    AddressBytes address_;
};

}  // namespace sluice::crypto
