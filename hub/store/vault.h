// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "hub/consent/error.h"
#include "sdk/concordat/messages.h"

namespace concordat::store {

/// The keys of one hub, read from its key file: keyed hashes to match by, and sealing of everything
/// personal at rest. [any]
class Vault {
 public:
    /// Reads `keyFile`. Throws StoreError if it is missing, malformed, or readable by others.
    explicit Vault(const std::string& keyFile);
    ~Vault();
    Vault(const Vault&) = delete;
    Vault& operator=(const Vault&) = delete;

    /// Makes a new key file with mode 0600; an existing one is never touched. Throws StoreError.
    static void createKeyFile(const std::string& keyFile);

    /// Names the key without telling anything of it: 8 hex digits.
    const std::string& keyId() const { return keyId_; }

    /// `Point::hash` of a normalised value: the prefix of its kind and 32 hex digits of
    /// HMAC-SHA-256. `name` counts for external ids only.
    std::string hash(sdk::IdentifierKind kind,
                     const std::string& name,
                     const std::string& value) const;
    /// The same for any text that must be found again without being readable; `domain` keeps kinds
    /// apart.
    std::string hash(std::string_view domain, std::string_view text) const;

    /// AES-256-GCM with a fresh key and nonce for each call (XAES-256-GCM). It opens only in the
    /// same `context`, the row it belongs to.
    std::string seal(std::string_view plain, std::string_view context) const;
    /// Throws StoreError if the bytes were altered, moved to another row or sealed by another key.
    std::string unseal(std::string_view sealed, std::string_view context) const;

 private:
    using Key = std::array<unsigned char, 32>;

    Key hashKey_{};
    Key sealKey_{};
    std::string keyId_;
    std::uint64_t serial_ = 0;  ///< tells the keys that a thread has loaded from another vault's
};

}  // namespace concordat::store
