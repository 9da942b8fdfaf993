// SPDX-License-Identifier: Apache-2.0
#include "tests/host/fakes.h"

#include <stdexcept>

#include <stdlib.h>

namespace concordat::host {

CacheFolder::CacheFolder() {
    path_ = std::filesystem::temp_directory_path() / "concordat-host-XXXXXX";
    if (!::mkdtemp(path_.data())) throw std::runtime_error("no temporary folder");
}

std::vector<sdk::HttpReply> FakeSurroundings::send(const std::vector<sdk::HttpRequest>& requests,
                                                   const CallContext& context) {
    onSend(context);
    sent.insert(sent.end(), requests.begin(), requests.end());
    return {requests.size(),
            {.kind = sdk::HttpClass::Ok, .status = 200, .headers = {{"x", "y"}}, .body = body}};
}

void FakeSurroundings::log(const std::string& level, const std::string& text) {
    const std::lock_guard lock(mutex_);
    logged_ += level + ": " + text + "\n";
}

void FakeSurroundings::progress(const std::string& what, double share) {
    log("progress", what + " " + std::to_string(share));
}

std::string FakeSurroundings::logged() {
    const std::lock_guard lock(mutex_);
    return logged_;
}

void Transcript::saw(std::string_view who,
                     std::string_view method,
                     int status,
                     std::string_view json,
                     const std::vector<std::string_view>& attachments) {
    text += std::string(who) + " " + std::string(method) + " " + std::to_string(status) + " " +
            std::string(json);
    for (const auto& each : attachments) text += " + " + std::string(each);
    text += "\n";
}

IsolatedOptions childOptions() { return {.program = HOST_CHILD}; }

}  // namespace concordat::host
