// SPDX-License-Identifier: Apache-2.0
#include <set>

#include <sys/stat.h>

#include "hub/store/cipher.h"
#include "hub/store/hex.h"
#include "tests/store/scratch.h"
#include "tests/support/check.h"

using namespace concordat;
using namespace concordat::store;
using sdk::IdentifierKind;

TEST_CASE("XAES-256-GCM gives the published vector") {
    SecretKey key{};
    key.fill(1);
    Cipher cipher;
    cipher.load(key);
    const std::string nonce = "ABCDEFGHIJKLMNOPQRSTUVWX";
    const std::string plain = "XAES-256-GCM";
    std::string sealed(plain.size() + Cipher::kTag, '\0');
    cipher.encrypt(reinterpret_cast<const unsigned char*>(nonce.data()), "", plain,
                   reinterpret_cast<unsigned char*>(sealed.data()));
    CHECK(toHex(sealed) == "ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271");
}

TEST_CASE("what is sealed opens only unaltered and in its own row") {
    const Scratch scratch;
    const Vault& vault = scratch.vault();
    for (const std::size_t size : {0U, 1U, 15U, 16U, 17U, 65'536U}) {
        const std::string plain(size, 'p');
        const auto sealed = vault.seal(plain, "row 1");
        CHECK(vault.unseal(sealed, "row 1") == plain);
        CHECK_THROWS_AS(vault.unseal(sealed, "row 2"), StoreError);
        for (const std::size_t at : {std::size_t{0}, std::size_t{5}, sealed.size() - 1}) {
            auto altered = sealed;
            altered[at] = static_cast<char>(altered[at] ^ 1);
            CHECK_THROWS_AS(vault.unseal(altered, "row 1"), StoreError);
        }
        CHECK_THROWS_AS(vault.unseal(sealed.substr(0, sealed.size() - 1), "row 1"), StoreError);
    }
    CHECK_THROWS_AS(vault.unseal("", "row 1"), StoreError);
}

TEST_CASE("the same text never seals to the same bytes") {
    const Scratch scratch;
    std::set<std::string> sealed;
    for (int i = 0; i < 100; ++i) sealed.insert(scratch.vault().seal("same", "row"));
    CHECK(sealed.size() == 100);
}

TEST_CASE("two vaults on one thread keep their keys apart") {
    const Scratch one;
    const Scratch two;
    CHECK(one.vault().keyId() != two.vault().keyId());
    const auto sealed = one.vault().seal("secret", "row");
    CHECK_THROWS_AS(two.vault().unseal(sealed, "row"), StoreError);
    CHECK(one.vault().unseal(sealed, "row") == "secret");
    CHECK(one.vault().hash("d", "x") != two.vault().hash("d", "x"));
}

TEST_CASE("a hash tells kinds and namespaces apart and says which kind it is") {
    const Scratch scratch;
    const Vault& vault = scratch.vault();
    const auto email = vault.hash(IdentifierKind::Email, "Email", "a@b.fr");
    CHECK(email.size() == 2 + 32);
    CHECK(email.substr(0, 2) == "e:");
    CHECK(email == vault.hash(IdentifierKind::Email, "SecondEmail", "a@b.fr"));
    CHECK(vault.hash(IdentifierKind::Phone, "", "a@b.fr").substr(2) != email.substr(2));
    CHECK(vault.hash(IdentifierKind::External, "ab", "c") !=
          vault.hash(IdentifierKind::External, "a", "bc"));
    CHECK(Vault(scratch.path("key")).hash(IdentifierKind::Email, "", "a@b.fr") == email);
}

TEST_CASE("a key file is made private and never replaced") {
    const Scratch scratch;
    struct stat info {};
    REQUIRE(stat(scratch.path("key").c_str(), &info) == 0);
    CHECK((info.st_mode & 0777) == 0600);
    CHECK(refusal([&] { Vault::createKeyFile(scratch.path("key")); }) ==
          "the key file " + scratch.path("key") + " exists already; it is never replaced");
    CHECK(refusal([&] { Vault::createKeyFile(scratch.path("no/key")); }).find("cannot be made") !=
          std::string::npos);
}

TEST_CASE("a key file that is missing, open to others or damaged is refused with the remedy") {
    const Scratch scratch;
    const auto path = scratch.path("key");
    const auto said = [&] { return refusal([&] { const Vault vault(path); }); };
    const auto good = contentOf(path);
    chmod(path.c_str(), 0640);
    CHECK(said().find("run `chmod 600 " + path + "`") != std::string::npos);
    chmod(path.c_str(), 0600);
    for (const auto& damaged :
         {std::string("x"), good.substr(0, good.size() - 3),
          good.substr(0, 20) + "zz" + good.substr(22), "other-key-9 " + good.substr(16)}) {
        overwrite(path, damaged);
        CHECK(said().find("is damaged") != std::string::npos);
    }
    overwrite(path, "");
    CHECK(said().find("is empty") != std::string::npos);
    CHECK(refusal([&] { const Vault vault(scratch.path("none")); }).find("is missing") !=
          std::string::npos);
}
