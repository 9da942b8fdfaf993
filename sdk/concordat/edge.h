// SPDX-License-Identifier: Apache-2.0
#pragma once
// The C structs of the edge, to and from views. For the trampoline and for the hub.

#include <string_view>
#include <vector>

#include "sdk/abi/concordat_abi.h"

namespace concordat::sdk {

inline concordat_text toText(std::string_view view) { return {view.data(), view.size()}; }

inline std::string_view toView(const concordat_text& text) {
    return text.data ? std::string_view(text.data, text.size) : std::string_view();
}

/// A message as the C struct, together with the list it points to. Views only: what it was made
/// from must live on.
class EdgeMessage {
 public:
    EdgeMessage(std::string_view json, const std::vector<std::string_view>& attachments) {
        texts_.reserve(attachments.size());
        for (const auto& each : attachments) texts_.push_back(toText(each));
        message_ = {sizeof(concordat_message), static_cast<std::uint32_t>(texts_.size()),
                    toText(json), texts_.data()};
    }
    EdgeMessage(const EdgeMessage&) = delete;
    EdgeMessage& operator=(const EdgeMessage&) = delete;

    const concordat_message* get() const { return &message_; }

 private:
    std::vector<concordat_text> texts_;
    concordat_message message_{};
};

inline std::vector<std::string_view> attachmentsOf(const concordat_message& message) {
    std::vector<std::string_view> views;
    views.reserve(message.attachment_count);
    for (std::uint32_t i = 0; i < message.attachment_count; ++i)
        views.push_back(toView(message.attachments[i]));
    return views;
}

}  // namespace concordat::sdk
