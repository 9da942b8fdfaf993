// SPDX-License-Identifier: Apache-2.0
#include "plugins/salesforce/times.h"

namespace concordat::plugins::salesforce {

std::string soqlTime(sdk::EpochMs at) {
    std::string text = sdk::isoSeconds(at);
    const auto thousandths = (at % 1000 + 1000) % 1000;
    if (thousandths != 0) text += "." + std::to_string(1000 + thousandths).substr(1);
    return text + "Z";
}

}  // namespace concordat::plugins::salesforce
