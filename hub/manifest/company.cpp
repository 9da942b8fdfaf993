// SPDX-License-Identifier: Apache-2.0
#include "hub/manifest/company.h"

namespace concordat::manifest {

namespace {

PurposeEntry readPurpose(Fields fields) {
    PurposeEntry purpose;
    purpose.code = fields.text("code");
    if (purpose.code.find_first_of("@* ") != std::string::npos)
        fields.problem("code", "a purpose's code has no '@', '*' or blank");
    purpose.parent = fields.text("parent", "");
    purpose.label = fields.text("label", purpose.code);
    purpose.directMarketing = fields.flag("direct_marketing", false);
    purpose.channelNone = fields.flag("channel_none", false);
    purpose.version = fields.text("version", "1");
    purpose.accepts = fields.texts("accepts");
    purpose.doubleOptIn = fields.flag("double_opt_in", false);
    purpose.maximumAgeDays = fields.number("maximum_age_days", 0, 0, 36'500);
    purpose.source = fields.text("source", "");
    fields.finish();
    return purpose;
}

void readConsent(Fields fields, Company& company) {
    company.purposes = fields.texts("purposes");
    company.channels = fields.texts("channels");
    for (Fields& purpose : fields.maps("own_purposes"))
        company.ownPurposes.push_back(readPurpose(purpose));
    company.notices = fields.texts("notices");
    if (company.purposes.empty())
        fields.problem("purposes",
                       "'purposes' is empty: name at least one purpose that consent is asked for");
    fields.finish();
}

}  // namespace

void checkSpread(const std::string& spread,
                 const std::string& group,
                 const Position& at,
                 const std::string& file,
                 std::vector<Problem>& problems) {
    const auto say = [&](const std::string& message) {
        problems.push_back({file, static_cast<int>(at.line), static_cast<int>(at.column), message});
    };
    if (spread != "own" && spread != "group")
        say("'spread' must be one of: own, group, not '" + spread + "'");
    if (spread == "group" && group.empty())
        say("'spread: group' needs 'group' with the group's name");
}

Company readCompany(const std::string& file, const Node& root, std::vector<Problem>& problems) {
    Company company;
    company.file = file;
    Fields fields(file, root, problems);
    const Node* controllers = root.find("controllers");
    if (controllers == nullptr || controllers->items.empty())
        fields.problem("controllers",
                       "no controller: name the company that decides, under 'controllers'");
    if (auto consent = fields.map("consent"))
        readConsent(*consent, company);
    else
        fields.problem("consent",
                       "'consent' is missing: list the purposes and channels consent is asked for");
    return company;
}

void readVocabulary(const std::string& file,
                    const Node& root,
                    Vocabulary& vocabulary,
                    std::vector<Problem>& problems) {
    Fields fields(file, root, problems);
    fields.word("kind", {"vocabulary"}, "vocabulary");
    fields.text("title", "");
    fields.text("as_of", "");
    fields.text("licence", "");
    for (Fields& purpose : fields.maps("purposes"))
        vocabulary.purposes.push_back(readPurpose(purpose));
    for (Fields& channel : fields.maps("channels")) {
        vocabulary.channels.push_back(
            {channel.text("code"), channel.text("label", ""), channel.text("source", "")});
        channel.finish();
    }
    fields.finish();
}

}  // namespace concordat::manifest
