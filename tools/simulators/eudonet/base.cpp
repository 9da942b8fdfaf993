// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/eudonet/base.h"

#include <map>

#include "tools/simulators/eudonet/refusal.h"
#include "tools/simulators/stage/paris_time.h"

namespace concordat::simulators::eudonet {
namespace {

constexpr std::int64_t kSeedEnd = 1767222000;  // 2026-01-01T00:00:00+01:00
constexpr std::uint64_t kSeedYear = 365 * 86400;
constexpr int kFlags = 4;

/// Values of one new row, set by field and handed over in column order.
class Draft {
 public:
    explicit Draft(Rows& rows) : rows_(rows), values_(rows.table().fields.size()) {}

    Draft& set(int descId, std::string value) {
        if (const auto column = rows_.table().column(descId)) values_[*column] = std::move(value);
        return *this;
    }

    int add(std::int64_t wall) {
        const int tab = rows_.table().descId;
        set(tab + kCreatedBy, "Import").set(tab + kModifiedBy, "Import");
        return rows_.add(wall, values_);
    }

 private:
    Rows& rows_;
    std::vector<std::string> values_;
};

/// Puts the people of a world into a base, one after the other.
class Population {
 public:
    Population(Base& base, const World& world) : base_(base), world_(world) {}

    void add(std::uint64_t i) {
        const Person person = world_.person(i);
        const auto age = static_cast<std::int64_t>(world_.number(i, "age") % kSeedYear);
        const std::int64_t wall = paris::wallSeconds(kSeedEnd - age);
        const int contact = addContact(i, person, wall);
        addAddress(i, person, contact, wall);
        if (world_.chance(i, "second address", 30)) addAddress(~i, person, contact, wall);
        if (base_.schema().layout == Layout::ConsentTable) addConsents(i, contact, wall);
    }

 private:
    int addContact(std::uint64_t i, const Person& person, std::int64_t wall) {
        Draft draft(base_.rows(200));
        draft.set(201, person.last).set(202, person.first);
        draft.set(217, std::to_string(1 + world_.number(i, "civility") % 2));
        draft.set(221, person.email).set(222, person.mobile);
        setFlags(draft, 231, i);
        return draft.add(wall);
    }

    void addAddress(std::uint64_t i, const Person& person, int contact, std::int64_t wall) {
        Draft draft(base_.rows(400));
        draft.set(401, person.company.empty() ? "Domicile" : person.company);
        draft.set(201, std::to_string(contact)).set(301, company(person, wall));
        draft.set(408, addressEmail(i, person)).set(409, person.landline).set(410, person.mobile);
        draft.set(411, "12 rue de l'Église").set(412, person.postcode).set(413, person.city);
        setFlags(draft, 431, i);
        draft.add(wall);
    }

    /// A second address often has the same mailbox, sometimes one of its own.
    std::string addressEmail(std::uint64_t i, const Person& person) const {
        const bool own = i > world_.size() && world_.chance(i, "own mailbox", 40);
        return own && !person.email.empty() ? "pro." + person.email : person.email;
    }

    std::string company(const Person& person, std::int64_t wall) {
        if (person.company.empty()) return {};
        const auto [known, isNew] = companies_.try_emplace(person.company, 0);
        if (isNew) {
            Draft draft(base_.rows(300));
            draft.set(301, person.company).set(303, std::to_string(person.world % 5000) + ",50");
            known->second = draft.add(wall);
        }
        return std::to_string(known->second);
    }

    void setFlags(Draft& draft, int firstDescId, std::uint64_t i) const {
        for (int flag = 0; flag < kFlags; ++flag) {
            const bool out = world_.chance(i, "opt-out " + std::to_string(flag), 15);
            draft.set(firstDescId + flag, out ? "1" : "0");
        }
    }

    void addConsents(std::uint64_t i, int contact, std::int64_t wall) {
        for (int channel = 0; channel < kFlags; ++channel) {
            const std::string topic = "consent " + std::to_string(channel);
            if (!world_.chance(i, topic, 40)) continue;
            Draft draft(base_.rows(1100));
            draft.set(1101, std::to_string(base_.rows(1100).lastFileId() + 1));
            draft.set(201, std::to_string(contact));
            draft.set(1102, std::to_string(11 + channel));
            draft.set(1103, std::to_string(21 + world_.number(i, topic + " purpose") % 3));
            draft.set(1104, world_.chance(i, topic + " refused", 25) ? "32" : "31");
            draft.set(1105, paris::slashed(wall)).set(1106, "Formulaire web");
            draft.add(wall);
        }
    }

    Base& base_;
    const World& world_;
    std::map<std::string, int> companies_;
};

}  // namespace

Base::Base(Layout layout, bool modifiedOn) : schema_(demoSchema(layout, modifiedOn)) {
    for (const Table& table : schema_.tables) rows_.emplace_back(table);
}

Rows& Base::rows(int tab) {
    const Base& readable = *this;
    return const_cast<Rows&>(readable.rows(tab));
}

const Rows& Base::rows(int tab) const {
    for (const Rows& one : rows_) {
        if (one.table().descId == tab) return one;
    }
    throw Refusal(ErrorNumber::unknownTable, "Table inconnue : " + std::to_string(tab));
}

std::uint64_t Base::version() const {
    std::uint64_t sum = generation_ << 32U;
    for (const Rows& one : rows_) sum += one.version();
    return sum;
}

void Base::populate(const World& world) {
    ++generation_;
    rows_.clear();
    for (const Table& table : schema_.tables) rows_.emplace_back(table);
    Population population(*this, world);
    for (std::uint64_t i = 0; i < world.size(); ++i) population.add(i);
}

}  // namespace concordat::simulators::eudonet
