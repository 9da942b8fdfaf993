// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hub/host/frames.h"
#include "sdk/abi/concordat_abi.h"

namespace concordat::host {

/// Takes what a connector gives as its answer: copies it, within the limits, and notices if it
/// comes twice or never.
class Given {
 public:
    /// For one call; the struct must not outlive this.
    concordat_reply reply();
    /// `status` as the connector returned it, or CONCORDAT_FAILED with a reason if its answer
    /// breaks the rules.
    concordat_status checked(int status);
    /// Valid until the next reply().
    PayloadView payload() const;

 private:
    static void onGive(void* context, const concordat_message* message) noexcept;
    void take(const concordat_message& message);
    const char* whatIsWrong(int status) const;

    std::string json_;
    std::vector<std::string> attachments_;
    int times_ = 0;
    bool isTooLarge_ = false;
};

}  // namespace concordat::host
