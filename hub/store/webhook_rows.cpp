// SPDX-License-Identifier: Apache-2.0
#include "hub/store/webhook_rows.h"

#include "hub/store/id_maker.h"
#include "hub/store/sealed_row.h"

namespace concordat::store {

WebhookRows::WebhookRows(Connection& connection, const Vault& vault)
    : vault_(vault),
      // "state < 2" as the partial index has it: SQLite does not conclude it from "state = 0".
      waiting_(connection,
               "SELECT id, attempts, problem, sealed FROM webhooks WHERE state = 0 "
               "AND state < 2 AND system = $1 ORDER BY id LIMIT $2",
               "tnbb"),
      quarantine_(connection,
                  "SELECT id, attempts, problem, sealed FROM webhooks WHERE state = 1 "
                  "AND state < 2 AND id > $1 ORDER BY id LIMIT $2",
                  "tnbb"),
      waits_(connection,
             "SELECT id FROM webhooks WHERE state = 0 AND state < 2 AND system = $1 LIMIT 1",
             "t"),
      add_(connection,
           "INSERT INTO webhooks (id, system, dedupe, state, attempts, decided_at, sealed) "
           "VALUES ($1, $2, $3, 0, $4, 0, $5) ON CONFLICT DO NOTHING"),
      decide_(connection,
              "UPDATE webhooks SET state = 2, decided_at = $1, problem = NULL, sealed = NULL "
              "WHERE id = $2"),
      putProblem_(connection,
                  "UPDATE webhooks SET state = $1, attempts = attempts + 1, problem = $2 "
                  "WHERE id = $3 AND state < 2"),
      // Ids are in order of time, and none was decided before it came.
      forget_(connection,
              "DELETE FROM webhooks WHERE id IN (SELECT id FROM webhooks WHERE id < $1 "
              "AND state = 2 AND decided_at < $2 ORDER BY id LIMIT $3)") {}

std::vector<Webhook> WebhookRows::opened(Statement& statement, std::size_t rows) {
    std::vector<Webhook> webhooks;
    webhooks.reserve(rows);
    for (std::size_t i = 0; i < rows; ++i) {
        const auto& id = statement.text(i, 0);
        auto webhook =
            openRow<Webhook>(vault_, rowContext({"webhooks", id}), statement.bytes(i, 3));
        webhook.attempts = static_cast<int>(statement.number(i, 1));
        if (const auto problem = statement.bytes(i, 2); !problem.empty())
            webhook.problem = vault_.unseal(problem, rowContext({"problems", id}));
        webhooks.push_back(std::move(webhook));
    }
    return webhooks;
}

std::vector<Webhook> WebhookRows::waiting(const std::string& system, int limit) {
    return opened(waiting_, waiting_.run(system, limit));
}

std::vector<Webhook> WebhookRows::quarantine(const Slice& slice) {
    return opened(quarantine_, quarantine_.run(slice.after, slice.limit));
}

bool WebhookRows::waitsFor(const std::string& system) { return waits_.run(system) > 0; }

bool WebhookRows::add(const Webhook& webhook) {
    const auto sealed = sealRow(vault_, rowContext({"webhooks", webhook.id}), webhook);
    const auto dedupe =
        webhook.dedupe.empty() ? std::string() : vault_.hash("webhook", webhook.dedupe);
    return add_.run(webhook.id, webhook.system, dedupe, webhook.attempts, Blob{sealed}) > 0;
}

void WebhookRows::decide(const std::string& id, EpochMs now) { decide_.run(now, id); }

void WebhookRows::putProblem(const std::string& id, const std::string& problem) {
    const auto sealed = vault_.seal(problem, rowContext({"problems", id}));
    putProblem_.run(problem.empty() ? 0 : 1, Blob{sealed}, id);
}

std::size_t WebhookRows::forget(EpochMs decidedBefore, int limit) {
    return forget_.run(firstIdAt(decidedBefore), decidedBefore, limit);
}

}  // namespace concordat::store
