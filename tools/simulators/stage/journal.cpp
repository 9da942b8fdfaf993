// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/stage/journal.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace concordat::simulators {
namespace {

std::string jsonText(std::string_view text) {
    return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void writeAll(int file, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto n = ::write(file, bytes.data(), bytes.size());
        if (n <= 0) {
            // A write that was acknowledged must not be forgotten: better no simulator at all.
            std::fputs("the state file cannot be written; is the disk full?\n", stderr);
            std::abort();
        }
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
}

}  // namespace

std::int64_t realNow() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

std::string showWrite(const Write& write) {
    std::string out = "{\"seq\":" + std::to_string(write.seq);
    out += ",\"at\":" + std::to_string(write.at);
    out += ",\"virtual_at\":" + std::to_string(write.virtual_at);
    out += ",\"actor\":" + jsonText(write.actor) + ",\"origin\":" + jsonText(write.origin);
    out += ",\"via\":" + jsonText(write.via) + ",\"object\":" + jsonText(write.object);
    out += ",\"id\":" + jsonText(write.id) + ",\"field\":" + jsonText(write.field);
    out += ",\"before\":" + write.before + ",\"after\":" + write.after + "}";
    return out;
}

Journal::Journal(const std::string& file) {
    if (file.empty()) return;
    load(file);
    file_ = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file_ < 0) throw std::runtime_error("cannot open the state file " + file);
}

Journal::~Journal() {
    settle();
    if (file_ >= 0) ::close(file_);
}

std::string_view Journal::keep(std::string_view text) { return *texts_.emplace(text).first; }

void Journal::append(const Doer& doer, std::vector<Write> writes) {
    const std::lock_guard lock(mutex_);
    const auto now = realNow();
    std::string lines;
    for (auto& write : writes) {
        write.seq = writes_.size() + 1;
        write.at = now;
        write.actor = keep(doer.actor);
        write.origin = keep(doer.origin);
        write.via = keep(doer.via);
        write.object = keep(write.object);
        write.field = keep(write.field);
        if (file_ >= 0) lines += showWrite(write) + "\n";
        writes_.push_back(std::move(write));
    }
    queue(lines);
}

void Journal::queue(const std::string& line) {
    if (file_ < 0) return;
    unsaved_ += line;
    queued_ += line.size();
}

void Journal::settle() {
    if (file_ < 0) return;
    std::unique_lock lock(mutex_);
    const auto goal = queued_;
    while (saved_ < goal) {
        if (saving_) {
            settled_.wait(lock);
            continue;
        }
        saving_ = true;
        const std::string bytes = std::exchange(unsaved_, {});
        lock.unlock();
        writeAll(file_, bytes);
        ::fdatasync(file_);
        lock.lock();
        saving_ = false;
        saved_ += bytes.size();
        settled_.notify_all();
    }
}

std::uint64_t Journal::lastSeq() const {
    const std::lock_guard lock(mutex_);
    return writes_.size();
}

void Journal::read(std::uint64_t since, const std::function<bool(const Write&)>& see) const {
    const std::lock_guard lock(mutex_);
    for (auto i = since; i < writes_.size(); ++i) {
        if (!see(writes_[i])) return;
    }
}

void Journal::readEffective(const std::function<void(const Write&)>& see) const {
    // Shown without the lock: whoever sees a write may lock what append() is called under.
    std::vector<const Write*> effective;
    {
        const std::lock_guard lock(mutex_);
        auto restore = restores_.begin();
        for (std::uint64_t i = 0; i <= writes_.size(); ++i) {
            for (; restore != restores_.end() && restore->at == i; ++restore) {
                while (!effective.empty() && effective.back()->seq > restore->to) {
                    effective.pop_back();
                }
            }
            if (i < writes_.size()) effective.push_back(&writes_[i]);
        }
    }
    for (const auto* write : effective) see(*write);
}

void Journal::noteRestore(std::uint64_t seq) {
    const std::lock_guard lock(mutex_);
    restores_.push_back({writes_.size(), seq});
    queue("{\"restored_to\":" + std::to_string(seq) + "}\n");
}

void Journal::load(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) return;
    std::ostringstream all;
    all << in.rdbuf();
    const std::string text = all.str();
    std::size_t at = 0;
    for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n', at)) {
        loadLine(std::string_view(text).substr(at, end - at));
        at = end + 1;
    }
    if (at < text.size() && ::truncate(file.c_str(), static_cast<off_t>(at)) != 0) {
        throw std::runtime_error("cannot drop the torn last line of the state file " + file);
    }
}

void Journal::loadLine(std::string_view line) {
    const auto json = nlohmann::json::parse(line);
    if (json.contains("restored_to")) {
        restores_.push_back({writes_.size(), json.at("restored_to").get<std::uint64_t>()});
        return;
    }
    const auto text = [&](const char* key) { return json.at(key).get<std::string>(); };
    Write write;
    write.seq = writes_.size() + 1;
    write.at = json.at("at").get<std::int64_t>();
    write.virtual_at = json.at("virtual_at").get<std::int64_t>();
    write.actor = keep(text("actor"));
    write.origin = keep(text("origin"));
    write.via = keep(text("via"));
    write.object = keep(text("object"));
    write.field = keep(text("field"));
    write.id = text("id");
    write.before = json.at("before").dump();
    write.after = json.at("after").dump();
    writes_.push_back(std::move(write));
}

}  // namespace concordat::simulators
