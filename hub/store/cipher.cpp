// SPDX-License-Identifier: Apache-2.0
#include "hub/store/cipher.h"

#include <cstring>

#include <openssl/core_names.h>
#include <openssl/crypto.h>

#include "hub/consent/error.h"

namespace concordat::store {

void expectCrypto(bool ok) {
    if (!ok) throw StoreError("OpenSSL refused to seal or hash; check the OpenSSL installation");
}

namespace {
int sizeOf(std::string_view text) { return static_cast<int>(text.size()); }
const unsigned char* bytesOf(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
}  // namespace

void Mac::load(const SecretKey& key) {
    const std::unique_ptr<EVP_MAC, void (*)(EVP_MAC*)> mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr),
                                                           EVP_MAC_free);
    context_.reset(EVP_MAC_CTX_new(mac.get()));
    char digest[] = "SHA256";
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_end()};
    expectCrypto(EVP_MAC_init(context_.get(), key.data(), key.size(), parameters) == 1);
}

Digest Mac::of(std::string_view text) {
    Digest digest{};
    std::size_t size = 0;
    expectCrypto(EVP_MAC_init(context_.get(), nullptr, 0, nullptr) == 1 &&
                 EVP_MAC_update(context_.get(), bytesOf(text), text.size()) == 1 &&
                 EVP_MAC_final(context_.get(), digest.data(), &size, digest.size()) == 1);
    return digest;
}

Cipher::Cipher()
    : block_(EVP_CIPHER_CTX_new()),
      gcm_(EVP_CIPHER_CTX_new()),
      gcmCipher_(EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr), EVP_CIPHER_free) {
    expectCrypto(block_ && gcm_ && gcmCipher_);
}

void Cipher::load(const SecretKey& key) {
    expectCrypto(
        EVP_EncryptInit_ex(block_.get(), EVP_aes_256_ecb(), nullptr, key.data(), nullptr) == 1 &&
        EVP_CIPHER_CTX_set_padding(block_.get(), 0) == 1);
    const std::array<unsigned char, 16> zeros{};
    std::array<unsigned char, 16> block{};
    int size = 0;
    expectCrypto(EVP_EncryptUpdate(block_.get(), block.data(), &size, zeros.data(), 16) == 1);
    unsigned carry = 0;
    for (std::size_t i = 16; i-- > 0;) {
        subkey_[i] = static_cast<unsigned char>((block[i] << 1U) | carry);
        carry = block[i] >> 7U;
    }
    if (carry != 0) subkey_[15] ^= 0x87;
}

SecretKey Cipher::messageKey(const unsigned char* nonce) {
    std::array<unsigned char, 32> blocks{};
    for (std::size_t half = 0; half < 2; ++half) {
        unsigned char* block = blocks.data() + 16 * half;
        block[1] = static_cast<unsigned char>(half + 1);
        block[2] = 'X';
        std::memcpy(block + 4, nonce, 12);
        for (std::size_t i = 0; i < 16; ++i) block[i] ^= subkey_[i];
    }
    SecretKey key{};
    int size = 0;
    expectCrypto(EVP_EncryptUpdate(block_.get(), key.data(), &size, blocks.data(), 32) == 1);
    return key;
}

void Cipher::begin(const unsigned char* nonce, std::string_view context, int encrypting) {
    SecretKey key = messageKey(nonce);
    const int ready = EVP_CipherInit_ex(gcm_.get(), gcmCipher_.get(), nullptr, key.data(),
                                        nonce + 12, encrypting);
    OPENSSL_cleanse(key.data(), key.size());
    int size = 0;
    expectCrypto(ready == 1 && EVP_CipherUpdate(gcm_.get(), nullptr, &size, bytesOf(context),
                                                sizeOf(context)) == 1);
}

void Cipher::encrypt(const unsigned char* nonce,
                     std::string_view context,
                     std::string_view plain,
                     unsigned char* out) {
    begin(nonce, context, 1);
    int size = 0;
    int rest = 0;
    expectCrypto(EVP_EncryptUpdate(gcm_.get(), out, &size, bytesOf(plain), sizeOf(plain)) == 1 &&
                 EVP_EncryptFinal_ex(gcm_.get(), out + size, &rest) == 1 &&
                 EVP_CIPHER_CTX_ctrl(gcm_.get(), EVP_CTRL_GCM_GET_TAG, kTag, out + plain.size()) ==
                     1);
}

bool Cipher::decrypt(const unsigned char* nonce,
                     std::string_view context,
                     std::string_view sealed,
                     unsigned char* out) {
    const auto plain = sealed.substr(0, sealed.size() - kTag);
    std::array<unsigned char, kTag> tag{};
    std::memcpy(tag.data(), sealed.data() + plain.size(), kTag);
    begin(nonce, context, 0);
    int size = 0;
    int rest = 0;
    expectCrypto(EVP_DecryptUpdate(gcm_.get(), out, &size, bytesOf(plain), sizeOf(plain)) == 1 &&
                 EVP_CIPHER_CTX_ctrl(gcm_.get(), EVP_CTRL_GCM_SET_TAG, kTag, tag.data()) == 1);
    return EVP_DecryptFinal_ex(gcm_.get(), out + size, &rest) == 1;
}

}  // namespace concordat::store
