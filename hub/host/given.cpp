// SPDX-License-Identifier: Apache-2.0
#include "hub/host/given.h"

#include <new>

#include "sdk/concordat/edge.h"
#include "sdk/concordat/json.h"

namespace concordat::host {
namespace {

bool isWithinLimits(const concordat_message& message) {
    if (message.size < sizeof(concordat_message) || message.attachment_count > kMaxAttachments)
        return false;
    if (message.json.size > kMaxBody || (!message.json.data && message.json.size > 0)) return false;
    std::uint64_t total = message.json.size;
    for (const auto& each : sdk::attachmentsOf(message)) {
        if (each.size() > kMaxBody) return false;
        total += each.size() + sizeof(std::uint32_t);
    }
    return total + sizeof(std::uint32_t) <= kMaxPayload;
}

}  // namespace

concordat_reply Given::reply() {
    *this = {};
    return {sizeof(concordat_reply), this, &Given::onGive};
}

void Given::onGive(void* context, const concordat_message* message) noexcept {
    auto& self = *static_cast<Given*>(context);
    if (++self.times_ > 1) return;
    try {
        self.take(*message);
    } catch (const std::bad_alloc&) {
        self.isTooLarge_ = true;
    }
}

void Given::take(const concordat_message& message) {
    isTooLarge_ = !isWithinLimits(message);
    if (isTooLarge_) return;
    json_ = sdk::toView(message.json);
    for (const auto& each : sdk::attachmentsOf(message)) attachments_.emplace_back(each);
}

const char* Given::whatIsWrong(int status) const {
    if (status < CONCORDAT_OK || status > CONCORDAT_CANCELLED)
        return "the connector returned a status that the ABI does not have";
    if (times_ == 0) return "the connector returned without an answer";
    if (times_ > 1) return "the connector answered one call more than once";
    if (isTooLarge_) return "the connector's answer is larger than the protocol allows";
    return nullptr;
}

concordat_status Given::checked(int status) {
    const char* wrong = whatIsWrong(status);
    if (!wrong) return static_cast<concordat_status>(status);
    json_ = sdk::encode(sdk::ErrorReply{wrong}).json;
    attachments_.clear();
    return CONCORDAT_FAILED;
}

PayloadView Given::payload() const {
    return {json_, {attachments_.begin(), attachments_.end()}, false};
}

}  // namespace concordat::host
