// SPDX-License-Identifier: Apache-2.0
#pragma once
// The closed lists of the map, each with its words in manifests. The order of the words is the
// order of the values.

#include <cstdint>

#include "hub/manifest/value.h"

namespace concordat::manifest {

enum class Role : std::uint8_t {
    Controller,
    JointController,
    Processor,
    SubProcessor,
    Authority,
    DataSubject,
    OwnStaff
};
/// Whose law an exporter is subject to (D21).
enum class ExporterLaw : std::uint8_t { EuGdpr, EeaEfta, Uk, Switzerland, Other };
enum class PlaceUse : std::uint8_t { Store, Process, Read, Backup };
enum class AccessBy : std::uint8_t { OwnStaff, Affiliate, VendorStaff };
enum class Authorisation : std::uint8_t { None, Specific, General };
enum class NoticeDecision : std::uint8_t { Pending, Accepted, Objected, DeemedAccepted };
enum class FlowKind : std::uint8_t {
    Sync,
    Collection,
    Sending,
    Export,
    Sharing,
    Hosting,
    Support,
    Backup,
    Enrichment,
    Analytics
};
enum class FlowState : std::uint8_t { Planned, Running, Stopped, EndedHeld, Ended };
enum class RunBy : std::uint8_t { Hub, Company, Party };
enum class Frequency : std::uint8_t { Regular, Occasional, Once };
enum class Mode : std::uint8_t { Event, Poll, Batch, Manual };
enum class EvidenceKind : std::uint8_t { None, Attested, Imported, Measured };
enum class WithdrawalPath : std::uint8_t { Hub, Upstream, Notice, None };
enum class Fate : std::uint8_t { Delete, Anonymise, Archive, Return };
enum class Phase : std::uint8_t { Active, Archive };
enum class Support : std::uint8_t { No, Manual, Supported };
enum class Origin : std::uint8_t { Direct, Indirect, Both };
enum class ScopeCheck : std::uint8_t { Ok, Failed };
enum class DpfStatus : std::uint8_t { Active, Inactive, Withdrawn };
enum class Confidence : std::uint8_t { Low, Medium, High };
/// What a system is used for (D40).
enum class Use : std::uint8_t {
    WebForm,
    Tracking,
    Cookie,
    EmailCampaign,
    SmsCampaign,
    TransactionalMail,
    ContactRule,
    Telephony,
    SocialNetwork,
    BoughtList,
    Enrichment,
    Connector,
    ApiToken,
    ManualExport,
    Ai
};

const Words& wordsOf(Role);
const Words& wordsOf(ExporterLaw);
const Words& wordsOf(PlaceUse);
const Words& wordsOf(AccessBy);
const Words& wordsOf(Authorisation);
const Words& wordsOf(NoticeDecision);
const Words& wordsOf(FlowKind);
const Words& wordsOf(FlowState);
const Words& wordsOf(RunBy);
const Words& wordsOf(Frequency);
const Words& wordsOf(Mode);
const Words& wordsOf(EvidenceKind);
const Words& wordsOf(WithdrawalPath);
const Words& wordsOf(Fate);
const Words& wordsOf(Phase);
const Words& wordsOf(Support);
const Words& wordsOf(Origin);
const Words& wordsOf(ScopeCheck);
const Words& wordsOf(DpfStatus);
const Words& wordsOf(Confidence);
const Words& wordsOf(Use);

/// The word a manifest uses for `value`.
template <typename E>
const std::string& wordOf(E value) {
    return wordsOf(value).at(static_cast<std::size_t>(value));
}

}  // namespace concordat::manifest
