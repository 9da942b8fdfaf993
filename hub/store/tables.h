// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "hub/store/event_rows.h"
#include "hub/store/history_rows.h"
#include "hub/store/record_rows.h"
#include "hub/store/small_rows.h"
#include "hub/store/subject_rows.h"
#include "hub/store/target_rows.h"
#include "hub/store/webhook_rows.h"

namespace concordat::store {

/// All tables as one connection sees them, with their prepared statements.
struct Tables {
    Tables(Connection& connection, const Vault& vault)
        : people(connection),
          subjects(connection, vault, people),
          events(connection, vault, people),
          records(connection, vault, people, subjects),
          targets(connection, vault, people),
          history(connection, vault),
          webhooks(connection, vault),
          small(connection, vault) {}

    People people;
    SubjectRows subjects;
    EventRows events;
    RecordRows records;
    TargetRows targets;
    HistoryRows history;
    WebhookRows webhooks;
    SmallRows small;
};

using Clock = std::function<EpochMs()>;

}  // namespace concordat::store
