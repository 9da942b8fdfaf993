// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which events count for a subject that was merged with others or parted from them: rule 9. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "hub/consent/event.h"

namespace concordat::consent {

/// The sides of one person as merge events join them. Borrows the events it was made from.
class Sides {
 public:
    Sides(const std::string& subject, const std::vector<Event>& events);

    /// Nobody was ever merged: every event is the subject's own.
    bool isSimple() const { return links_.empty(); }

    /// True if the event counts at all for the subject: its side is joined to the subject's now.
    bool counts(const Event& event) const;

    /// True if the event is of the subject itself, or of a side a person confirmed to be the same.
    bool isOwn(const Event& event) const;

    /// True if `grant` may answer what was said on `other`'s side: both are one side, a person
    /// confirmed the merge, or it is certainly later than every unconfirmed merge between them.
    bool mayAnswer(const Event& grant, const Event& other) const;

    /// The same, for the subject's own side.
    bool mayAnswerOwn(const Event& grant) const;

    /// True if both are of one side or of sides that a person confirmed to be the same.
    bool areOne(const Event& a, const Event& b) const;

 private:
    /// Two subjects and the merges that join them now. `ended`: when they were parted.
    struct Link {
        std::string_view a;
        std::string_view b;
        bool confirmed = false;
        std::vector<EventTime> open;
        std::vector<EpochMs> ended;
        bool isJoined() const { return confirmed || !open.empty(); }
        std::string_view across(std::string_view side) const { return side == a ? b : a; }
        bool touches(std::string_view side) const { return side == a || side == b; }
    };

    void apply(const Event& event, const std::vector<const Event*>& erasures);
    Link& link(std::string_view a, std::string_view b);
    std::vector<std::string_view> joinedTo(std::string_view side, bool confirmedOnly) const;
    std::vector<std::string_view> sidesOf(const Event& event) const;
    /// The other side of an un-merge after which nobody can say whose the event was; else none.
    std::string_view rivalOf(const Event& event) const;
    bool bridges(const Event& grant, std::string_view from, std::string_view to) const;

    std::string_view subject_;
    std::vector<Link> links_;
    std::vector<const Event*> partings_;
    std::vector<std::string_view> joined_;  ///< every side that counts for the subject
    std::vector<std::string_view> own_;     ///< the subject's side and those confirmed to be it
};

}  // namespace concordat::consent
