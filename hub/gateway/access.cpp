// SPDX-License-Identifier: Apache-2.0
#include "hub/gateway/access.h"

#include <typeinfo>

namespace concordat::gateway {

POCO_IMPLEMENT_EXCEPTION(AccessError, Poco::RuntimeException, "A system's access is not usable")

}  // namespace concordat::gateway
