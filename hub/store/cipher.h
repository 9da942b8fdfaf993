// SPDX-License-Identifier: Apache-2.0
#pragma once
// OpenSSL contexts that a thread keeps loaded with a vault's keys: setting them up costs more than
// the work itself.

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include <openssl/evp.h>

namespace concordat::store {

using SecretKey = std::array<unsigned char, 32>;
using Digest = std::array<unsigned char, 32>;

struct FreeCipher {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
struct FreeMac {
    void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};

/// HMAC-SHA-256 under one key. One thread.
class Mac {
 public:
    void load(const SecretKey& key);
    Digest of(std::string_view text);

 private:
    std::unique_ptr<EVP_MAC_CTX, FreeMac> context_;
};

/// XAES-256-GCM (C2SP): a key for each message, derived from 12 of its 24 nonce bytes, so that
/// random nonces last for any number of messages. One thread.
class Cipher {
 public:
    static constexpr std::size_t kNonce = 24;
    static constexpr std::size_t kTag = 16;

    Cipher();
    void load(const SecretKey& key);
    /// Writes `plain.size()` bytes and the tag to `out`.
    void encrypt(const unsigned char* nonce,
                 std::string_view context,
                 std::string_view plain,
                 unsigned char* out);
    /// `sealed` ends with its tag; false if it does not verify.
    bool decrypt(const unsigned char* nonce,
                 std::string_view context,
                 std::string_view sealed,
                 unsigned char* out);

 private:
    SecretKey messageKey(const unsigned char* nonce);
    void begin(const unsigned char* nonce, std::string_view context, int encrypting);

    std::unique_ptr<EVP_CIPHER_CTX, FreeCipher> block_;
    std::unique_ptr<EVP_CIPHER_CTX, FreeCipher> gcm_;
    std::unique_ptr<EVP_CIPHER, void (*)(EVP_CIPHER*)> gcmCipher_;
    std::array<unsigned char, 16> subkey_{};
};

/// Throws StoreError unless OpenSSL said yes.
void expectCrypto(bool ok);

}  // namespace concordat::store
