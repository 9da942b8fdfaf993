// SPDX-License-Identifier: Apache-2.0
#include "hub/store/journal.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hub/store/sealed_row.h"

namespace concordat::store {

namespace {

constexpr std::string_view kMagic = "concordat journal 1\n";
constexpr std::size_t kHeader = 12;  // length (4) and sequence (8), little endian

void putNumber(std::string& bytes, std::uint64_t number, int size) {
    for (int i = 0; i < size; ++i) bytes += static_cast<char>((number >> (8 * i)) & 0xffU);
}

std::uint64_t numberAt(const char* bytes, int size) {
    std::uint64_t number = 0;
    for (int i = 0; i < size; ++i)
        number |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
    return number;
}

bool readAll(int file, std::int64_t offset, char* to, std::size_t size) {
    while (size > 0) {
        const ssize_t got = pread(file, to, size, offset);
        if (got <= 0) return false;
        to += got;
        offset += got;
        size -= static_cast<std::size_t>(got);
    }
    return true;
}

bool writeAll(int file, std::int64_t offset, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t put = pwrite(file, bytes.data(), bytes.size(), offset);
        if (put <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(put));
        offset += put;
    }
    return true;
}

std::string contextOf(std::int64_t sequence) {
    return rowContext({"journal", std::to_string(sequence)});
}

[[noreturn]] void cannotWrite(const std::string& path) {
    const bool full = errno == ENOSPC || errno == EFBIG || errno == EDQUOT;
    throw StoreError(
        "the suppression journal " + path + " cannot be written" +
        (full ? ": the disk is full; free space" : "; check the disk and the rights on the file") +
        " (nothing accepted is lost, and writing goes on by itself)");
}

}  // namespace

Journal::Journal(std::string path, const Vault& vault) : path_(std::move(path)), vault_(vault) {
    file_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file_ < 0)
        throw StoreError("the suppression journal " + path_ +
                         " cannot be opened for writing; check that its folder exists and the "
                         "rights on it");
    struct stat info {};
    fstat(file_, &info);
    size_ = info.st_size;
    std::string magic(kMagic.size(), '\0');
    if (size_ >= static_cast<std::int64_t>(kMagic.size()) &&
        readAll(file_, 0, magic.data(), magic.size()) && magic != kMagic) {
        close(file_);
        throw StoreError(path_ + " is not a suppression journal; move it away");
    }
    // Shorter: the power failed while the file was made.
    if (size_ >= static_cast<std::int64_t>(kMagic.size())) return;
    if (!writeAll(file_, 0, kMagic) || fsync(file_) != 0) {
        close(file_);
        cannotWrite(path_);
    }
    size_ = static_cast<std::int64_t>(kMagic.size());
}

Journal::~Journal() { close(file_); }

bool Journal::readFrame(std::int64_t offset, Frame& frame) const {
    std::array<char, kHeader> header{};
    if (offset + static_cast<std::int64_t>(kHeader) > size_ ||
        !readAll(file_, offset, header.data(), header.size()))
        return false;
    const auto length = static_cast<std::int64_t>(numberAt(header.data(), 4));
    frame.sequence = static_cast<std::int64_t>(numberAt(header.data() + 4, 8));
    if (offset + static_cast<std::int64_t>(kHeader) + length > size_) return false;
    frame.sealed.resize(static_cast<std::size_t>(length));
    return readAll(file_, offset + static_cast<std::int64_t>(kHeader), frame.sealed.data(),
                   frame.sealed.size());
}

JournalEntry Journal::open(const Frame& frame) const {
    return openRow<JournalEntry>(vault_, contextOf(frame.sequence), frame.sealed);
}

bool Journal::holds(const JournalPosition& position) const {
    Frame frame;
    if (position.sequence == 0 || !readFrame(position.offset, frame) ||
        frame.sequence != position.sequence)
        return false;
    try {
        return open(frame).sequence == position.sequence;
    } catch (const StoreError&) {
        return false;
    }
}

void Journal::read(const JournalPosition& position,
                   const std::function<void(const JournalEntry&)>& take) {
    std::int64_t offset =
        position.sequence > 0 ? position.offset : static_cast<std::int64_t>(kMagic.size());
    Frame frame;
    while (offset < size_) {
        if (!readFrame(offset, frame)) return cutOff(offset);
        const std::int64_t next = offset + static_cast<std::int64_t>(kHeader + frame.sealed.size());
        JournalEntry entry;
        try {
            entry = open(frame);
        } catch (const StoreError&) {
            // The last entry may hold blocks that never reached the disk; any other is damage.
            if (next == size_) return cutOff(offset);
            throw StoreError("the suppression journal " + path_ + " is damaged at byte " +
                             std::to_string(offset) +
                             ", or sealed with another key; put back a copy of it, or move it "
                             "away: a new one is written from the database");
        }
        last_ = {offset, entry.sequence};
        take(entry);
        offset = next;
    }
}

void Journal::cutOff(std::int64_t offset) {
    if (ftruncate(file_, offset) != 0 || fsync(file_) != 0) cannotWrite(path_);
    size_ = offset;
}

void Journal::append(const std::vector<JournalEntry>& entries) {
    std::string bytes;
    JournalPosition last = last_;
    for (const auto& entry : entries) {
        last = {size_ + static_cast<std::int64_t>(bytes.size()), entry.sequence};
        const auto sealed = sealRow(vault_, contextOf(entry.sequence), entry);
        putNumber(bytes, sealed.size(), 4);
        putNumber(bytes, static_cast<std::uint64_t>(entry.sequence), 8);
        bytes += sealed;
    }
    if (!writeAll(file_, size_, bytes) || fdatasync(file_) != 0) {
        const int error = errno;
        // What was half written would be cut off at the next start anyway.
        (void)!ftruncate(file_, size_);
        errno = error;
        cannotWrite(path_);
    }
    size_ += static_cast<std::int64_t>(bytes.size());
    last_ = last;
}

}  // namespace concordat::store
