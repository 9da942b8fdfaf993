// SPDX-License-Identifier: Apache-2.0
#pragma once
// Choices and evidence as they come in a body.

#include <nlohmann/json_fwd.hpp>

#include "hub/api/routes.h"
#include "hub/sync/choice.h"

namespace concordat::api {

/// {source, notice_id, method, captured_at, confirmed_at}. Throws RequestError.
consent::Proof evidenceFrom(const nlohmann::json& evidence);

/// The members of POST /v1/choices. Throws RequestError.
sync::Choice choiceFrom(const Rooms& rooms, const Visit& visit);

/// The members of an inbox item's evidence form. Throws RequestError.
sync::Choice inboxEvidenceFrom(const Rooms& rooms, const Visit& visit);

/// Who may state that a person consented: a session of an admin or reviewer, or a token with the
/// scope 'grant'. Throws RequestError 403 for others.
void requireGrant(const Caller& caller);

}  // namespace concordat::api
