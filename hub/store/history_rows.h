// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/store/connection.h"
#include "hub/store/store.h"
#include "hub/store/vault.h"

namespace concordat::store {

/// What people look at: deliveries, the inbox, incidents.
class HistoryRows {
 public:
    HistoryRows(Connection& connection, const Vault& vault);

    std::vector<Delivery> deliveries(const std::string& subject);
    std::vector<Delivery> deliveriesOf(const std::string& system, const Slice& slice);
    void add(const Delivery& delivery);

    std::vector<InboxItem> inbox(bool openOnly, const Slice& slice);
    std::optional<InboxItem> inboxItem(const std::string& id);
    std::vector<InboxItem> inboxOf(const std::string& subject);
    bool add(const InboxItem& item);
    void close(const InboxItem& item);

    std::vector<Incident> incidents(bool openOnly, const Slice& slice);
    bool add(const Incident& incident);
    /// Those it resolved.
    std::vector<Incident> resolve(const std::string& dedupe, EpochMs now);

 private:
    std::string dedupeHash(const std::string& text) const;
    template <class Row>
    std::vector<Row> opened(const char* table, Statement& statement, std::size_t rows);

    const Vault& vault_;
    Statement deliveries_, deliveriesOf_, addDelivery_;
    Statement inbox_, openInbox_, inboxItem_, inboxOf_, addItem_, closeItem_;
    Statement incidents_, openIncidents_, addIncident_, unresolved_, resolve_;
};

}  // namespace concordat::store
