// SPDX-License-Identifier: Apache-2.0
#include "tests/consent/case_file.h"

#include <map>
#include <stdexcept>

#include "hub/consent/time.h"
#include "tests/consent/case_values.h"

namespace concordat::tests {
namespace {

using namespace consent;
using YAML::Node;

/// Plays one case in a room of its own.
class Player {
 public:
    Player(Company company, const Node& node) : room_(std::move(company)), case_(node) {}

    std::vector<std::string> play() {
        if (case_["story"] && (case_["given"] || case_["when"] || case_["then"]))
            throw std::runtime_error("a story has its given, when and then inside");
        if (case_["story"])
            for (const auto& part : case_["story"]) playPart(part);
        else
            playPart(case_);
        return std::move(differences_);
    }

 private:
    void playPart(const Node& part) {
        for (const char* list : {"given", "when"})
            for (const auto& step : part[list]) playStep(step);
        check(part["then"]);
    }

    void playStep(const Node& step) {
        const std::map<std::string, void (Player::*)(const Node&)> verbs{
            {"said", &Player::said},         {"seen", &Player::seen},
            {"wrote", &Player::wrote},       {"merged", &Player::joined},
            {"unmerged", &Player::joined},   {"voided", &Player::named},
            {"invalidated", &Player::named}, {"contact", &Player::contact},
            {"erased", &Player::erased},     {"declared", &Player::declared}};
        const int times = step["times"] ? step["times"].as<int>() : 1;
        if (step["at"]) now_ = instant(step["at"]);
        for (const auto& [verb, play] : verbs)
            if (step[verb]) {
                for (int i = 0; i < times; ++i) (this->*play)(step);
                return;
            }
        throw std::runtime_error("a step without a verb");
    }

    Event eventAt(const Node& step) const {
        Event event;
        event.id = textOf(step["id"]);
        event.subject = textOf(step["subject"], "ana");
        event.scope = textOf(step["scope"], "acme");
        event.observedAt = now_;
        event.time = saidAt(now_, textOf(step["node"], "1"));
        event.purposes = listOf(step["purposes"]);
        event.channels = listOf(step["channels"]);
        event.points = listOf(step["points"]);
        if (step["key"]) {
            const auto key = keyFrom(textOf(step["key"]));
            event.scope = key.scope;
            event.purposes = {key.purpose};
            event.channels = {key.channel};
        }
        if (step["valid_from"]) event.validFrom = instant(step["valid_from"]);
        if (step["valid_to"]) event.validTo = instant(step["valid_to"]);
        return event;
    }

    static Decision decision(const std::string& text) {
        const auto found = decisionFrom(text);
        if (!found) throw std::runtime_error("no such decision: " + text);
        return *found;
    }

    /// Said to the hub itself: portal, or its own double opt-in.
    void said(const Node& step) {
        Event event = eventAt(step);
        event.decision = decision(textOf(step["said"]));
        if (event.decision == Decision::Granted) {
            Proof proof;
            proof.held = true;
            proof.direct = !isYes(step["by_token"]);
            proof.capturedAt = now_;
            if (textOf(step["by"]) == "double_opt_in") proof.confirmedAt = now_;
            proof.source = "portal";
            event.proof = proof;
        }
        room_.append(std::move(event));
    }

    /// An event as another system declared it, without a slot around it.
    void declared(const Node& step) {
        Event event = eventAt(step);
        event.decision = decision(textOf(step["declared"]));
        event.system = textOf(step["system"], "salesforce");
        event.record = sdk::RecordRef{"Contact", textOf(step["record"], "r1")};
        event.time.reset();
        if (step["stamped"])
            event.time = EventTime{instant(step["stamped"]), "system:" + event.system, skew(step)};
        if (step["evidence"]) {
            const auto evidence = evidenceFrom(step["evidence"]);
            Proof proof;
            if (evidence.capturedAt) proof.capturedAt = earliestMoment(*evidence.capturedAt);
            proof.source = evidence.source;
            proof.knownSource = room_.company().policy.notices.count(evidence.noticeId) != 0;
            event.proof = proof;
        }
        if (isRestriction(event.decision) && !event.time)
            event.time = EventTime{now_, "", skew(step)};
        room_.append(std::move(event));
    }

    static std::int64_t skew(const Node& step) {
        return step["skew_min"] ? step["skew_min"].as<std::int64_t>() * consent::kMinuteMs : 0;
    }

    void seen(const Node& step) {
        Seen seen;
        seen.slot = textOf(step["seen"]);
        seen.subject = textOf(step["subject"], "ana");
        if (!room_.company().slots.count(seen.slot))
            throw std::runtime_error("no such slot: " + seen.slot);
        seen.reading.slot = seen.slot.substr(seen.slot.find('.') + 1);
        seen.reading.shown = shownFrom(textOf(step["shown"]));
        seen.reading.time = vendorTime(step["time"]);
        if (step["evidence"]) seen.reading.evidence = evidenceFrom(step["evidence"]);
        auto& observation = seen.record.observation;
        observation.record = {"Contact", textOf(step["record"], "r1")};
        observation.modifiedAt = vendorTime(step["modified"]);
        observation.createdAt = vendorTime(step["created"]);
        observation.version = step["version"] ? step["version"].as<std::int64_t>() : 0;
        observation.askedAt = step["asked"] ? instant(step["asked"]) : now_;
        observation.actor = textOf(step["actor"]);
        seen.record.observedAt = now_;
        seen.record.skewMs = skew(step);
        seen.record.deletedOrMerged = isYes(step["deleted"]);
        seen.record.regression = isYes(step["regression"]);
        seen.record.points =
            step["points"] ? listOf(step["points"]) : std::vector<std::string>{"e:" + seen.subject};
        room_.see(std::move(seen), textOf(step["id"]));
    }

    void wrote(const Node& step) {
        Sent sent;
        sent.permit = textOf(step["value"]) == "permit";
        sent.generation = 1;
        sent.startedAt = now_;
        sent.finishedAt = textOf(step["outcome"]) == "unknown" ? 0 : now_ + 1000;
        sent.version = step["version"] ? step["version"].as<std::int64_t>() : 0;
        room_.write(textOf(step["wrote"]), textOf(step["record"], "r1"), sent);
    }

    void joined(const Node& step) {
        Event event = eventAt(step);
        const auto pair = listOf(step["merged"] ? step["merged"] : step["unmerged"]);
        event.decision = step["merged"] ? Decision::Merged : Decision::Unmerged;
        event.subject = pair.at(0);
        event.other = pair.at(1);
        event.confirmed = isYes(step["confirmed"]);
        event.names = listOf(step["follows"]);
        room_.append(std::move(event));
    }

    void named(const Node& step) {
        Event event = eventAt(step);
        event.decision = step["voided"] ? Decision::Voided : Decision::Invalidated;
        event.names = listOf(step["voided"] ? step["voided"] : step["invalidated"]);
        room_.append(std::move(event));
    }

    void contact(const Node& step) {
        Event event = eventAt(step);
        event.decision = Decision::Contact;
        event.scope = textOf(step["contact"]);
        room_.append(std::move(event));
    }

    void erased(const Node& step) {
        for (const auto& point : listOf(step["erased"])) room_.erase(point, now_);
    }

    void expect(const std::string& what, const std::string& expected, const std::string& got) {
        if (expected != got)
            differences_.push_back(what + ": expected " + expected + ", got " + got);
    }

    void check(const Node& then) {
        if (!then) throw std::runtime_error("a case without then");
        if (then["now"]) now_ = instant(then["now"]);
        checkAnswers(textOf(then["subject"], "ana"), then["answers"]);
        for (const auto& entry : then["answers_of"])
            checkAnswers(entry.first.as<std::string>(), entry.second);
        for (const auto& entry : then["desired"]) checkDesired(entry.first, entry.second);
        if (then["becomes"]) checkBecame(then);
        if (then["event"]) checkEvent(then["event"]);
    }

    static std::string answerText(Answer answer) {
        return answer == Answer::Permit ? "permit" : answer == Answer::Deny ? "deny" : "unknown";
    }

    void checkAnswers(const std::string& subject, const Node& answers) {
        for (const auto& entry : answers) {
            const auto name = entry.first.as<std::string>();
            const Node& expected = entry.second;
            if (name == "every other") {
                checkOthers(subject, answers, textOf(expected));
                continue;
            }
            const auto got = room_.answer(subject, keyFrom(name), now_);
            const auto label = subject + " " + name;
            if (expected.IsScalar()) {
                expect(label, textOf(expected), answerText(got.answer));
                continue;
            }
            expect(label, textOf(expected["is"]), answerText(got.answer));
            if (expected["rule"])
                expect(label + " rule", textOf(expected["rule"]), std::to_string(got.rule));
            if (expected["contested"])
                expect(label + " contested", textOf(expected["contested"]),
                       got.contested.empty() ? "no" : "yes");
            if (expected["by"])
                expect(label + " by", textOf(expected["by"]),
                       got.deciding.empty() ? "nothing" : got.deciding.front());
            if (expected["changes"])
                expect(label + " changes", std::to_string(instant(expected["changes"])),
                       std::to_string(got.nextChange.value_or(0)));
        }
    }

    void checkOthers(const std::string& subject, const Node& answers, const std::string& expected) {
        for (const auto& key : room_.company().policy.keys("acme")) {
            const auto name = key.purpose + "/" + key.channel;
            if (answers[name]) continue;
            expect(subject + " " + name, expected,
                   answerText(room_.answer(subject, key, now_).answer));
        }
    }

    /// "sellsy.email", or "sellsy.email of r2 of bob".
    void checkDesired(const Node& where, const Node& expected) {
        auto slot = where.as<std::string>();
        std::string record = "r1";
        std::string subject = "ana";
        if (const auto of = slot.find(" of "); of != std::string::npos) {
            record = slot.substr(of + 4);
            slot.erase(of);
            if (const auto whose = record.find(" of "); whose != std::string::npos) {
                subject = record.substr(whose + 4);
                record.erase(whose);
            }
        }
        const auto got = room_.desired(subject, slot, record, now_);
        std::string text = got.wish == Wish::Deny     ? "deny"
                           : got.wish == Wish::Permit ? "permit"
                                                      : "untouched";
        if (got.lostGround)
            text += ", lost ground";
        else if (got.stricterThanAsked)
            text += ", stricter than asked";
        expect("desired " + where.as<std::string>(), textOf(expected), text);
    }

    void checkBecame(const Node& then) {
        const auto& became = room_.became();
        const auto& result = became.result;
        std::string text = "nothing";
        if (became.freshness == Freshness::ReadAgain)
            text = "read again";
        else if (became.freshness == Freshness::Older && result.explanation.empty())
            text = "older";
        else if (result.event)
            text = toString(result.event->decision);
        if (result.event && result.event->slotOnly) text = "kept";
        expect("becomes (" + result.explanation + ")", textOf(then["becomes"]), text);
        const auto yesNo = [](bool yes) { return std::string(yes ? "yes" : "no"); };
        std::string candidate = "none";
        if (result.candidate)
            candidate = *result.candidate == CandidateKind::BarePermit      ? "bare permit"
                        : *result.candidate == CandidateKind::OptOutCleared ? "opt-out cleared"
                                                                            : "unproven";
        if (then["candidate"]) expect("candidate", textOf(then["candidate"]), candidate);
        if (then["due"]) expect("due", textOf(then["due"]), yesNo(result.due));
        if (then["inferred"]) expect("inferred", textOf(then["inferred"]), yesNo(result.inferred));
        if (then["verified"]) expect("verified", textOf(then["verified"]), yesNo(result.verified));
        if (then["own_late_write"])
            expect("own_late_write", textOf(then["own_late_write"]), yesNo(result.ownLateWrite));
    }

    void checkEvent(const Node& expected) {
        const auto& event = room_.became().result.event;
        if (!event) return differences_.push_back("event: there is none");
        if (expected["at"])
            expect(
                "event at",
                textOf(expected["at"]) == "none" ? "none" : std::to_string(instant(expected["at"])),
                event->time ? std::to_string(event->time->at / 1000 * 1000) : "none");
        if (expected["clock"])
            expect("event clock", textOf(expected["clock"]),
                   event->time && !event->time->clock.empty() ? event->time->clock : "none");
        if (expected["purposes"])
            expect("event purposes", joinedText(listOf(expected["purposes"])),
                   joinedText(event->purposes));
        if (expected["channels"])
            expect("event channels", joinedText(listOf(expected["channels"])),
                   joinedText(event->channels));
        if (expected["scope"]) expect("event scope", textOf(expected["scope"]), event->scope);
    }

    static std::string joinedText(const std::vector<std::string>& list) {
        std::string text;
        for (const auto& item : list) text += (text.empty() ? "" : " ") + item;
        return text;
    }

    PureRoom room_;
    Node case_;
    EpochMs now_ = 0;
    std::vector<std::string> differences_;
};

}  // namespace

std::vector<Played> playCases(const std::string& companyFile, const std::string& file) {
    const Node company = YAML::LoadFile(companyFile);
    std::vector<Played> result;
    for (const auto& node : YAML::LoadFile(file)) {
        Played played;
        played.name = textOf(node["case"], "a case without a name");
        try {
            played.differences = Player(companyFrom(merged(company, node["company"])), node).play();
        } catch (const std::exception& error) {
            played.differences.push_back("line " + std::to_string(node.Mark().line + 1) + ": " +
                                         error.what());
        }
        result.push_back(std::move(played));
    }
    return result;
}

}  // namespace concordat::tests
