// SPDX-License-Identifier: Apache-2.0
#include "hub/store/vault.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <limits>

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hub/consent/identity.h"
#include "hub/store/cipher.h"
#include "hub/store/hex.h"

namespace concordat::store {

namespace {

constexpr std::string_view kMagic = "concordat-key-1 ";
constexpr char kSealedFormat = 1;
constexpr std::size_t kHeader = 1 + Cipher::kNonce;

/// Random bytes, drawn by the page: each draw costs as much as sealing a small row.
class Nonces {
 public:
    void next(unsigned char* nonce) {
        if (used_ == bytes_.size()) {
            expectCrypto(RAND_bytes(bytes_.data(), static_cast<int>(bytes_.size())) == 1);
            used_ = 0;
        }
        std::memcpy(nonce, bytes_.data() + used_, Cipher::kNonce);
        used_ += Cipher::kNonce;
    }

 private:
    std::array<unsigned char, 128 * Cipher::kNonce> bytes_{};
    std::size_t used_ = bytes_.size();
};

/// What this thread has loaded; valid for the vault whose serial it holds.
struct Loaded {
    std::uint64_t vault = 0;
    Mac mac;
    Cipher cipher;
    Nonces nonces;
};

Loaded& loaded(std::uint64_t vault, const SecretKey& hashKey, const SecretKey& sealKey) {
    thread_local Loaded here;
    if (here.vault != vault) {
        here.mac.load(hashKey);
        here.cipher.load(sealKey);
        here.nonces = Nonces();
        here.vault = vault;
    }
    return here;
}

void checkKeyFile(const std::string& path) {
    struct stat info {};
    if (stat(path.c_str(), &info) != 0)
        throw StoreError("the key file " + path +
                         " is missing; put it back from your copy (without it nothing in the "
                         "database can be read), or make a new hub with `concordat init`");
    if (!S_ISREG(info.st_mode)) throw StoreError("the key file " + path + " is not a file");
    if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        throw StoreError("the key file " + path +
                         " can be read by others than its owner; run `chmod 600 " + path + "`");
}

SecretKey readKey(const std::string& path) {
    checkKeyFile(path);
    std::ifstream file(path);
    std::string line;
    if (!std::getline(file, line) && line.empty())
        throw StoreError("the key file " + path + " is empty or cannot be read by this user");
    std::string key;
    if (line.starts_with(kMagic)) key = fromHex(std::string_view(line).substr(kMagic.size()));
    if (key.size() != SecretKey().size())
        throw StoreError("the key file " + path +
                         " is damaged: it must hold one line, `concordat-key-1` and 64 hex digits; "
                         "put it back from your copy");
    SecretKey result{};
    std::copy(key.begin(), key.end(), result.begin());
    OPENSSL_cleanse(key.data(), key.size());
    OPENSSL_cleanse(line.data(), line.size());
    return result;
}

/// A number that no other vault of this process has; 0 is none.
std::uint64_t nextSerial() {
    static std::atomic<std::uint64_t> last{0};
    return ++last;
}

}  // namespace

Vault::Vault(const std::string& keyFile) : serial_(nextSerial()) {
    SecretKey master = readKey(keyFile);
    Mac mac;
    mac.load(master);
    OPENSSL_cleanse(master.data(), master.size());
    hashKey_ = mac.of("concordat hash 1");
    sealKey_ = mac.of("concordat seal 1");
    const Digest id = mac.of("concordat key id 1");
    keyId_ = toHex({reinterpret_cast<const char*>(id.data()), 4});
}

Vault::~Vault() {
    OPENSSL_cleanse(hashKey_.data(), hashKey_.size());
    OPENSSL_cleanse(sealKey_.data(), sealKey_.size());
}

void Vault::createKeyFile(const std::string& keyFile) {
    SecretKey key{};
    expectCrypto(RAND_priv_bytes(key.data(), static_cast<int>(key.size())) == 1);
    const std::string line =
        std::string(kMagic) + toHex({reinterpret_cast<const char*>(key.data()), key.size()}) + "\n";
    const int file = open(keyFile.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0 && errno == EEXIST)
        throw StoreError("the key file " + keyFile + " exists already; it is never replaced");
    if (file < 0)
        throw StoreError("the key file " + keyFile +
                         " cannot be made; check that its folder exists and is writable");
    const bool written =
        write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size()) &&
        fsync(file) == 0;
    close(file);
    if (written) return;
    unlink(keyFile.c_str());
    throw StoreError("the key file " + keyFile + " cannot be written; is the disk full?");
}

std::string Vault::hash(sdk::IdentifierKind kind,
                        const std::string& name,
                        const std::string& value) const {
    const std::string prefix = consent::pointPrefix(kind);
    if (kind != sdk::IdentifierKind::External) return prefix + hash(prefix, value);
    // The length keeps ("ab", "c") and ("a", "bc") apart.
    return prefix + hash(prefix, std::to_string(name.size()) + ":" + name + value);
}

std::string Vault::hash(std::string_view domain, std::string_view text) const {
    std::string message;
    message.reserve(domain.size() + text.size() + 1);
    message.append(domain).append(1, '\0').append(text);
    const Digest digest = loaded(serial_, hashKey_, sealKey_).mac.of(message);
    return toHex({reinterpret_cast<const char*>(digest.data()), 16});
}

std::string Vault::seal(std::string_view plain, std::string_view context) const {
    constexpr auto kLongest = static_cast<std::size_t>(std::numeric_limits<int>::max()) - 64;
    if (plain.size() > kLongest) throw StoreError("a value is too long to be stored (2 GiB)");
    std::string sealed(kHeader + plain.size() + Cipher::kTag, '\0');
    auto* bytes = reinterpret_cast<unsigned char*>(sealed.data());
    sealed[0] = kSealedFormat;
    Loaded& here = loaded(serial_, hashKey_, sealKey_);
    here.nonces.next(bytes + 1);
    here.cipher.encrypt(bytes + 1, context, plain, bytes + kHeader);
    return sealed;
}

std::string Vault::unseal(std::string_view sealed, std::string_view context) const {
    const bool framed = sealed.size() >= kHeader + Cipher::kTag && sealed[0] == kSealedFormat;
    std::string plain(framed ? sealed.size() - kHeader - Cipher::kTag : 0, '\0');
    const auto* nonce = reinterpret_cast<const unsigned char*>(sealed.data()) + 1;
    if (!framed || !loaded(serial_, hashKey_, sealKey_)
                        .cipher.decrypt(nonce, context, sealed.substr(kHeader),
                                        reinterpret_cast<unsigned char*>(plain.data())))
        throw StoreError(
            "a sealed row cannot be opened: it was altered, moved, or sealed with another key; run "
            "the integrity check, then restore the last backup");
    return plain;
}

}  // namespace concordat::store
