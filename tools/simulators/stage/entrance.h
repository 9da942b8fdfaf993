// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "tools/simulators/stage/http.h"
#include "tools/simulators/stage/stage.h"

namespace concordat::simulators {

/// Where every request comes in: /_admin/ goes to the admin endpoint, the rest through latency,
/// faults and counters to the vendor. Tests call it directly or through an HttpServer. [any]
class Entrance {
 public:
    /// Both must outlive it. The vendor must have been rebuilt.
    Entrance(Stage& stage, Vendor& vendor) : stage_(stage), vendor_(vendor) {}

    Reply answer(const Request& request);

 private:
    Reply answerApi(const Request& request, Call& call);
    Reply disturb(const Request& request, Call& call, const Fault& fault);
    Reply handle(const Request& request, Call& call);

    Stage& stage_;
    Vendor& vendor_;
};

}  // namespace concordat::simulators
