// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/store/connection.h"
#include "hub/store/store.h"
#include "hub/store/vault.h"

namespace concordat::store {

/// Webhooks from their arrival to the day their replay need not be known any more.
class WebhookRows {
 public:
    WebhookRows(Connection& connection, const Vault& vault);

    std::vector<Webhook> waiting(const std::string& system, int limit);
    std::vector<Webhook> quarantine(const Slice& slice);
    bool waitsFor(const std::string& system);

    bool add(const Webhook& webhook);
    void decide(const std::string& id, EpochMs now);
    void putProblem(const std::string& id, const std::string& problem);
    /// Forgets some of those decided before `decidedBefore`; answers how many.
    std::size_t forget(EpochMs decidedBefore, int limit);

 private:
    std::vector<Webhook> opened(Statement& statement, std::size_t rows);

    const Vault& vault_;
    Statement waiting_, quarantine_, waits_, add_, decide_, putProblem_, forget_;
};

}  // namespace concordat::store
