// SPDX-License-Identifier: Apache-2.0
#pragma once
// A company in Lyon with one CRM, a newsletter tool in the United States and its helper in India.

#include "hub/manifest/model.h"

namespace concordat::flowmap::testing {

/// lyon; systems crm (connected, of crm-vendor in FR) and hub (lyon's own, FR); flow news from crm
/// to the party mailer (US, nothing signed); mailer works with helpdesk (IN).
manifest::Model smallCompany();
manifest::Place placeIn(const char* country);

}  // namespace concordat::flowmap::testing
