// SPDX-License-Identifier: Apache-2.0
#include "hub/manifest/words.h"

namespace concordat::manifest {

const Words& wordsOf(Role) {
    static const Words kWords{"controller", "joint_controller", "processor", "sub_processor",
                              "authority",  "data_subject",     "own_staff"};
    return kWords;
}

const Words& wordsOf(ExporterLaw) {
    static const Words kWords{"eu_gdpr", "eea_efta", "uk", "ch", "other"};
    return kWords;
}

const Words& wordsOf(PlaceUse) {
    static const Words kWords{"store", "process", "read", "backup"};
    return kWords;
}

const Words& wordsOf(AccessBy) {
    static const Words kWords{"own_staff", "affiliate", "vendor_staff"};
    return kWords;
}

const Words& wordsOf(Authorisation) {
    static const Words kWords{"none", "specific", "general"};
    return kWords;
}

const Words& wordsOf(NoticeDecision) {
    static const Words kWords{"pending", "accepted", "objected", "deemed_accepted"};
    return kWords;
}

const Words& wordsOf(FlowKind) {
    static const Words kWords{"sync",    "collection", "sending", "export",     "sharing",
                              "hosting", "support",    "backup",  "enrichment", "analytics"};
    return kWords;
}

const Words& wordsOf(FlowState) {
    static const Words kWords{"planned", "running", "stopped", "ended_held", "ended"};
    return kWords;
}

const Words& wordsOf(RunBy) {
    static const Words kWords{"hub", "company", "party"};
    return kWords;
}

const Words& wordsOf(Frequency) {
    static const Words kWords{"regular", "occasional", "once"};
    return kWords;
}

const Words& wordsOf(Mode) {
    static const Words kWords{"event", "poll", "batch", "manual"};
    return kWords;
}

const Words& wordsOf(EvidenceKind) {
    static const Words kWords{"none", "attested", "imported", "measured"};
    return kWords;
}

const Words& wordsOf(WithdrawalPath) {
    static const Words kWords{"hub", "upstream", "notice", "none"};
    return kWords;
}

const Words& wordsOf(Fate) {
    static const Words kWords{"delete", "anonymise", "archive", "return"};
    return kWords;
}

const Words& wordsOf(Phase) {
    static const Words kWords{"active", "archive"};
    return kWords;
}

const Words& wordsOf(Support) {
    static const Words kWords{"no", "manual", "supported"};
    return kWords;
}

const Words& wordsOf(Origin) {
    static const Words kWords{"direct", "indirect", "both"};
    return kWords;
}

const Words& wordsOf(ScopeCheck) {
    static const Words kWords{"ok", "failed"};
    return kWords;
}

const Words& wordsOf(DpfStatus) {
    static const Words kWords{"active", "inactive", "withdrawn"};
    return kWords;
}

const Words& wordsOf(Confidence) {
    static const Words kWords{"low", "medium", "high"};
    return kWords;
}

const Words& wordsOf(Use) {
    static const Words kWords{
        "web_forms",          "tracking",      "cookies",    "email_campaigns", "sms_campaigns",
        "transactional_mail", "contact_rules", "telephony",  "social_networks", "bought_lists",
        "enrichment",         "connectors",    "api_tokens", "manual_exports",  "ai"};
    return kWords;
}

}  // namespace concordat::manifest
