// SPDX-License-Identifier: Apache-2.0
#pragma once
// Sync as the API and the command line see it.

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "hub/sync/choice.h"
#include "hub/sync/inbox.h"
#include "hub/sync/people.h"
#include "hub/sync/rehearsal.h"
#include "hub/sync/standing.h"

namespace concordat::sync {

/// What the program hands to sync; all outlive it.
struct Surroundings {
    store::Store& store;
    const Plan& plan;
    Clock& clock;
    Random& random;
    PointHash pointHash;
    std::string keyId;
};

/// One answer in words.
struct AnswerView {
    consent::Key key;
    consent::Effective effective;
    std::string explanation;
};

/// Everything the hub knows of a person, for the page and `subject show`.
struct SubjectView {
    std::string subject;
    std::vector<std::string> joined;  ///< others that merges join to it
    std::vector<AnswerView> answers;
    std::vector<store::Record> records;
    std::vector<consent::Event> events;  ///< oldest first
    std::vector<store::Delivery> deliveries;
    std::vector<store::InboxItem> inbox;
    std::vector<store::Target> targets;
};

/// How a system stands, for status pages.
struct SystemStatus {
    Standing standing;
    std::int64_t records = 0;
    std::int64_t due = 0;
    bool webhooksWait = false;
    std::optional<EpochMs> nextDue;
    std::string whyNotLoosen;
};

/// One question before a mailing: an identifier or a subject, and a key.
struct Question {
    sdk::Identifier identifier;
    std::string subject;
    consent::Key key;
};

/// [any] Bad input throws RequestError.
class Service {
 public:
    explicit Service(Surroundings surroundings);

    /// What lanes work with.
    Core& core() { return core_; }
    /// Called with a system's name whenever its lanes have something to do. Set before the lanes
    /// start.
    void onWake(Wake wake);

    /// A webhook of this system was stored.
    void webhookArrived(const std::string& system) { core_.wake(system); }

    Said say(const Choice& choice) { return sync::say(core_, choice); }
    /// In the order of the questions. Several people with one identifier: the strictest answer.
    std::vector<consent::Effective> effectiveOf(const std::vector<Question>& questions,
                                                const std::string& region);
    /// Subjects that hold this identifier, or the one whose id `text` is.
    std::vector<std::string> find(const std::string& text, const std::string& region);
    SubjectView subject(const std::string& id);

    SystemStatus status(const std::string& system);
    void pause(const std::string& system, const std::string& reason, const std::string& by);
    /// Nothing is written at all until then; at most 24 hours.
    void fullStop(const std::string& system,
                  const std::string& reason,
                  const std::string& by,
                  std::int64_t durationMs);
    /// Ends a pause, a full stop, and the halt after a system was restored.
    void resume(const std::string& system, const std::string& by);
    /// Reads a system again from its start.
    void readAgain(const std::string& system);
    void resolveIncident(const std::string& dedupe);

    Counts counts() const { return counters_.counts(); }

 private:
    void takeReplayed();
    void change(const std::string& system, const std::function<void(Standing&, EpochMs)>& edit);
    consent::Effective answer(store::Reader& reader,
                              const Question& question,
                              const std::string& region);

    HubTime time_;
    Counters counters_;
    Fuse fuse_;
    std::mutex mutex_;  // guards wake_
    Wake wake_;
    Core core_;
};

}  // namespace concordat::sync
