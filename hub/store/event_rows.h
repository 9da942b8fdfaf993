// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/store/people.h"

namespace concordat::store {

/// True for what the suppression journal must keep: refused, withdrawn, objected, invalidated,
/// merged, erased.
bool canTighten(consent::Decision decision);

/// A place in the order of the suppression journal: an event, or a tombstone (no subject, `id` is
/// its hash).
struct Suppression {
    std::int64_t sequence = 0;
    std::string subject;
    std::string id;
};

/// The ledger, what follows from it, and the order in which the journal has its tightening events.
class EventRows {
 public:
    /// `people` must live as long.
    EventRows(Connection& connection, const Vault& vault, People& people);

    std::vector<consent::Event> of(const std::string& subject);
    std::optional<consent::Event> byId(const std::string& id);
    std::optional<consent::Event> find(const std::string& subject, const std::string& id);
    std::vector<consent::Event> binding(const std::string& hash);
    /// False if it was there.
    bool append(const consent::Event& event);

    std::vector<EffectiveRow> effective(const std::string& subject);
    void putEffective(const std::string& subject, const std::vector<EffectiveRow>& rows);
    std::vector<std::string> toReconsider(EpochMs now, int limit);

    void suppress(const Suppression& suppression);
    std::int64_t lastSuppression();
    std::vector<Suppression> suppressionsAfter(std::int64_t sequence, int limit);

 private:
    void bind(const consent::Event& event, const consent::Event& restriction);
    void bindVoiding(const consent::Event& voiding);
    std::vector<consent::Event> opened(Statement& statement, std::size_t rows);

    const Vault& vault_;
    People& people_;
    Statement byId_, binding_, bind_, toReconsider_;
    Statement suppress_, lastSuppression_, suppressionsAfter_;
};

}  // namespace concordat::store
