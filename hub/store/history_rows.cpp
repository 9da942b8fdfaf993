// SPDX-License-Identifier: Apache-2.0
#include "hub/store/history_rows.h"

#include "hub/store/sealed_row.h"

namespace concordat::store {

namespace {

/// Greater than every id: where a listing from the newest begins.
constexpr auto kAboveAll = "~";

const std::string& orAboveAll(const std::string& after) {
    static const std::string above = kAboveAll;
    return after.empty() ? above : after;
}

}  // namespace

HistoryRows::HistoryRows(Connection& connection, const Vault& vault)
    : vault_(vault),
      deliveries_(connection,
                  "SELECT id, sealed FROM deliveries WHERE shard = $1 AND subject = $2 ORDER BY id",
                  "tb"),
      deliveriesOf_(connection,
                    "SELECT id, sealed FROM deliveries WHERE system = $1 AND id < $2 "
                    "ORDER BY id DESC LIMIT $3",
                    "tb"),
      addDelivery_(connection,
                   "INSERT INTO deliveries (shard, subject, id, system, sealed) "
                   "VALUES ($1, $2, $3, $4, $5)"),
      inbox_(connection, "SELECT id, sealed FROM inbox WHERE id > $1 ORDER BY id LIMIT $2", "tb"),
      openInbox_(connection,
                 "SELECT id, sealed FROM inbox WHERE closed_at = 0 AND id > $1 "
                 "ORDER BY id LIMIT $2",
                 "tb"),
      inboxItem_(connection, "SELECT id, sealed FROM inbox WHERE id = $1", "tb"),
      inboxOf_(connection, "SELECT id, sealed FROM inbox WHERE subject = $1 ORDER BY id", "tb"),
      addItem_(connection,
               "INSERT INTO inbox (id, subject, dedupe, closed_at, sealed) "
               "VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING"),
      closeItem_(connection, "UPDATE inbox SET closed_at = $1, sealed = $2 WHERE id = $3"),
      incidents_(connection,
                 "SELECT id, sealed FROM incidents WHERE id < $1 ORDER BY id DESC LIMIT $2",
                 "tb"),
      openIncidents_(connection,
                     "SELECT id, sealed FROM incidents WHERE resolved_at = 0 AND id < $1 "
                     "ORDER BY id DESC LIMIT $2",
                     "tb"),
      addIncident_(connection,
                   "INSERT INTO incidents (id, dedupe, resolved_at, sealed) "
                   "VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING"),
      unresolved_(connection,
                  "SELECT id, sealed FROM incidents WHERE resolved_at = 0 AND dedupe <> '' "
                  "AND dedupe = $1",
                  "tb"),
      resolve_(connection, "UPDATE incidents SET resolved_at = $1, sealed = $2 WHERE id = $3") {}

std::string HistoryRows::dedupeHash(const std::string& text) const {
    return text.empty() ? text : vault_.hash("dedupe", text);
}

template <class Row>
std::vector<Row> HistoryRows::opened(const char* table, Statement& statement, std::size_t rows) {
    std::vector<Row> result;
    result.reserve(rows);
    for (std::size_t i = 0; i < rows; ++i)
        result.push_back(
            openRow<Row>(vault_, rowContext({table, statement.text(i, 0)}), statement.bytes(i, 1)));
    return result;
}

std::vector<Delivery> HistoryRows::deliveries(const std::string& subject) {
    return opened<Delivery>("deliveries", deliveries_, deliveries_.run(shardOf(subject), subject));
}

std::vector<Delivery> HistoryRows::deliveriesOf(const std::string& system, const Slice& slice) {
    return opened<Delivery>("deliveries", deliveriesOf_,
                            deliveriesOf_.run(system, orAboveAll(slice.after), slice.limit));
}

void HistoryRows::add(const Delivery& delivery) {
    const auto sealed = sealRow(vault_, rowContext({"deliveries", delivery.id}), delivery);
    addDelivery_.run(shardOf(delivery.subject), delivery.subject, delivery.id, delivery.system,
                     Blob{sealed});
}

std::vector<InboxItem> HistoryRows::inbox(bool openOnly, const Slice& slice) {
    Statement& listing = openOnly ? openInbox_ : inbox_;
    return opened<InboxItem>("inbox", listing, listing.run(slice.after, slice.limit));
}

std::optional<InboxItem> HistoryRows::inboxItem(const std::string& id) {
    auto items = opened<InboxItem>("inbox", inboxItem_, inboxItem_.run(id));
    if (items.empty()) return std::nullopt;
    return std::move(items.front());
}

std::vector<InboxItem> HistoryRows::inboxOf(const std::string& subject) {
    return opened<InboxItem>("inbox", inboxOf_, inboxOf_.run(subject));
}

bool HistoryRows::add(const InboxItem& item) {
    const auto sealed = sealRow(vault_, rowContext({"inbox", item.id}), item);
    return addItem_.run(item.id, item.subject, dedupeHash(item.dedupe), item.closedAt,
                        Blob{sealed}) > 0;
}

void HistoryRows::close(const InboxItem& item) {
    const auto sealed = sealRow(vault_, rowContext({"inbox", item.id}), item);
    if (closeItem_.run(item.closedAt, Blob{sealed}, item.id) == 0)
        throw StoreError("there is no inbox item " + item.id + " to close");
}

std::vector<Incident> HistoryRows::incidents(bool openOnly, const Slice& slice) {
    Statement& listing = openOnly ? openIncidents_ : incidents_;
    return opened<Incident>("incidents", listing,
                            listing.run(orAboveAll(slice.after), slice.limit));
}

bool HistoryRows::add(const Incident& incident) {
    const auto sealed = sealRow(vault_, rowContext({"incidents", incident.id}), incident);
    return addIncident_.run(incident.id, dedupeHash(incident.dedupe), incident.resolvedAt,
                            Blob{sealed}) > 0;
}

std::vector<Incident> HistoryRows::resolve(const std::string& dedupe, EpochMs now) {
    auto incidents =
        opened<Incident>("incidents", unresolved_, unresolved_.run(dedupeHash(dedupe)));
    for (auto& incident : incidents) {
        incident.resolvedAt = now;
        const auto sealed = sealRow(vault_, rowContext({"incidents", incident.id}), incident);
        resolve_.run(now, Blob{sealed}, incident.id);
    }
    return incidents;
}

}  // namespace concordat::store
