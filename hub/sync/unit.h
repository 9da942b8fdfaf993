// SPDX-License-Identifier: Apache-2.0
#pragma once
// One unit of work: events, the answers that follow from them and the targets that these raise
// become durable together.

#include <map>
#include <set>
#include <string>

#include "hub/sync/book.h"
#include "hub/sync/caps.h"
#include "hub/sync/core.h"

namespace concordat::sync {

/// Lives inside one `store.write`. Call `finish` once, last.
class Unit {
 public:
    Unit(store::Writer& unit, Core& core);

    store::Writer& store() { return store_; }
    Core& core() { return core_; }
    CapBook& caps() { return caps_; }
    EpochMs now() const { return now_; }

    /// The book of a subject, answers current. Valid until the next call that appends.
    const Book& book(const std::string& subject);

    /// Gives the event an id and the time of observation where it has none, and appends it.
    void append(consent::Event event, EpochMs acceptedAt);
    /// A merge is told to both sides.
    void merge(const std::string& one, const std::string& other, consent::Event frame);

    /// Answers and targets of the subject are looked at again at the end.
    /// True if nothing had touched it before.
    bool touch(const std::string& subject, EpochMs acceptedAt);
    /// The generation of this target rises even if nothing else asks for it.
    void raise(const std::string& subject, const std::string& system, EpochMs acceptedAt);
    void put(const store::Record& record);
    /// The book of its subject has the record from now on; a `put` of it follows.
    void note(const store::Record& record);
    /// A person of whom nothing is known yet.
    std::string newSubject();
    /// The subject holds this address from now on, with or without a record.
    void claim(const std::string& subject, const consent::Point& point);

    void finish();
    /// Systems that got something to do.
    const std::set<std::string>& woken() const { return woken_; }

 private:
    Book& load(const std::string& subject);
    void spread(const consent::Event& event, EpochMs acceptedAt);
    void settle(const std::string& subject, EpochMs acceptedAt);
    void noteFlips(const Book& book);
    void recordExpiry(const Book& book);
    bool mustRaise(const Book& book, const SystemPlan& plan, bool isNews) const;
    bool changesWishes(const Book& book, const SystemPlan& plan) const;
    void raiseTarget(const Book& book, const SystemPlan& plan, EpochMs acceptedAt);

    store::Writer& store_;
    Core& core_;
    CapBook caps_;
    EpochMs now_;
    std::map<std::string, Book> books_;
    std::set<std::string> joined_;            ///< those of books_ with more than one in its group
    std::map<std::string, EpochMs> touched_;  ///< subject -> when the change was accepted
    std::set<std::pair<std::string, std::string>> raised_;
    std::set<std::string> woken_;
};

/// Runs `work` as one durable unit, then wakes the lanes that got something to do.
void inUnit(Core& core, const std::function<void(Unit&)>& work);

}  // namespace concordat::sync
