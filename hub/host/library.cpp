// SPDX-License-Identifier: Apache-2.0
#include "hub/host/library.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <vector>

#include <elf.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hub/consent/error.h"
#include "hub/host/descriptor.h"

namespace concordat::host {
namespace {

constexpr std::uint64_t kLargest = 64u << 20;

#if defined(__x86_64__)
constexpr unsigned kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr unsigned kMachine = EM_AARCH64;
#else
#error "add this machine's ELF number"
#endif

[[noreturn]] void refuse(const std::string& file, const std::string& why) {
    throw PluginError("connector " + file + ": " + why);
}

void checkFile(const std::string& file, int descriptor) {
    struct stat facts {};
    if (::fstat(descriptor, &facts) != 0) refuse(file, "its owner and mode cannot be read");
    if (!S_ISREG(facts.st_mode)) refuse(file, "it is not a regular file; name the .so itself");
    if (facts.st_uid != 0 && facts.st_uid != ::geteuid())
        refuse(file, "it belongs to user " + std::to_string(facts.st_uid) +
                         ", not to root or to user " + std::to_string(::geteuid()) +
                         " that the hub runs as; change its owner");
    if (facts.st_mode & (S_IWGRP | S_IWOTH))
        refuse(file, "others than its owner may write it; run chmod go-w on it");
    if (static_cast<std::uint64_t>(facts.st_size) > kLargest)
        refuse(file, "it has " + std::to_string(facts.st_size) + " bytes, where at most " +
                         std::to_string(kLargest) + " are allowed");
}

std::vector<char> readAll(const std::string& file, int descriptor) {
    std::vector<char> bytes;
    std::array<char, 64 << 10> piece{};
    for (;;) {
        const auto got = ::read(descriptor, piece.data(), piece.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) refuse(file, std::string("it cannot be read: ") + std::strerror(errno));
        if (got == 0) return bytes;
        bytes.insert(bytes.end(), piece.data(), piece.data() + got);
        if (bytes.size() > kLargest) refuse(file, "it grows while it is read");
    }
}

void checkElf(const std::string& file, const std::vector<char>& bytes) {
    Elf64_Ehdr head{};
    if (bytes.size() < sizeof head) refuse(file, "it is too short to be a shared library");
    std::memcpy(&head, bytes.data(), sizeof head);
    if (std::memcmp(head.e_ident, ELFMAG, SELFMAG) != 0)
        refuse(file, "it is not a shared library (ELF)");
    if (head.e_ident[EI_CLASS] != ELFCLASS64 || head.e_machine != kMachine)
        refuse(file, "it is built for machine " + std::to_string(head.e_machine) +
                         ", this hub runs on machine " + std::to_string(kMachine) +
                         "; build it here");
    if (head.e_type != ET_DYN) refuse(file, "it is an ELF file, but not a shared library");
}

std::string sha256(const std::vector<char>& bytes) {
    std::array<unsigned char, 32> digest{};
    EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string text;
    for (const unsigned char byte : digest) {
        text += kHex[byte >> 4];
        text += kHex[byte & 15];
    }
    return text;
}

void preparePrivateFolder(const std::string& folder) {
    std::error_code ignored;
    std::filesystem::create_directories(folder, ignored);
    struct stat facts {};
    const bool isThere = ::lstat(folder.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode);
    if (!isThere || facts.st_uid != ::geteuid() || ::chmod(folder.c_str(), 0700) != 0)
        throw PluginError("the folder " + folder +
                          " for copies of connectors must be one that the hub owns");
}

/// Whether the copy is there already and still has the content that its name says.
bool isIntact(const std::string& path, const std::string& hash) {
    const Descriptor copy(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    return copy && sha256(readAll(path, copy.get())) == hash;
}

void writeCopy(const std::string& path, const std::vector<char>& bytes) {
    std::string temporary = path + ".XXXXXX";
    const Descriptor copy(::mkostemp(temporary.data(), O_CLOEXEC));
    const char* from = bytes.data();
    std::size_t left = copy ? bytes.size() : 1;
    while (copy && left > 0) {
        const auto done = ::write(copy.get(), from, left);
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) break;
        from += done;
        left -= static_cast<std::size_t>(done);
    }
    if (left == 0 && ::fchmod(copy.get(), 0500) == 0 &&
        ::rename(temporary.c_str(), path.c_str()) == 0)
        return;
    const std::string reason = std::strerror(errno);
    ::unlink(temporary.c_str());
    throw PluginError("the connector's copy " + path + " cannot be written: " + reason);
}

}  // namespace

Library keepLibrary(const std::string& file,
                    const std::string& cacheDir,
                    const std::string& expectedSha256) {
    const Descriptor original(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!original) refuse(file, std::string("it cannot be opened: ") + std::strerror(errno));
    checkFile(file, original.get());
    const auto bytes = readAll(file, original.get());
    checkElf(file, bytes);
    Library library{"", file, sha256(bytes), bytes.size()};
    if (!expectedSha256.empty() && expectedSha256 != library.sha256)
        refuse(file, "its SHA-256 is " + library.sha256 + ", its manifest says " + expectedSha256 +
                         "; install the one that was reviewed");
    preparePrivateFolder(cacheDir);
    library.path = cacheDir + "/" + library.sha256 + ".so";
    if (!isIntact(library.path, library.sha256)) writeCopy(library.path, bytes);
    return library;
}

}  // namespace concordat::host
