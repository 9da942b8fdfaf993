// SPDX-License-Identifier: Apache-2.0
#pragma once
// The map as nodes and edges, each hop judged.

#include <optional>
#include <string>
#include <vector>

#include "hub/flowmap/transfer_class.h"
#include "hub/manifest/model.h"

namespace concordat::flowmap {

enum class NodeKind : std::uint8_t { People, System, Hub, Controller, Party };

struct Node {
    std::string id;
    NodeKind kind = NodeKind::System;
    std::string title;
    std::string entity;          ///< who operates or is it; empty: not said
    std::string controlledFrom;  ///< third country in ultimate control of an EEA place (D19)
    bool connected = false;
    std::optional<TransferClass> lane;  ///< worst of the hops that reach it; nothing: none does
    manifest::Position at;
};

struct JudgedHop {
    Hop hop;
    Judgement judgement;
};

/// A flow, or the step of a sub-processor chain from a system or party to the next party.
struct Edge {
    std::string id;  ///< flow/ID or engagement/FROM/PARTY
    std::size_t from = 0;
    std::size_t to = 0;
    const manifest::Flow* flow = nullptr;
    const manifest::Engagement* engagement = nullptr;  ///< one of the two
    std::vector<std::string> categories;
    std::vector<std::string> subjects;
    std::vector<std::string> purposes;
    std::vector<JudgedHop> hops;
    TransferClass own = TransferClass::NoTransfer;
    TransferClass reach = TransferClass::NoTransfer;  ///< worst of it and all after it
    std::string reachNode;                            ///< where the worst is; empty: here
    manifest::Stated<manifest::WithdrawalPath> withdrawal;
    manifest::Position at;
};

/// Its edges and hops point into the model it was made from, which must outlive it, and into
/// itself: it moves, and is not copied.
struct Graph {
    Graph() = default;
    Graph(Graph&&) = default;
    Graph& operator=(Graph&&) = default;

    std::vector<Node> nodes;
    std::vector<Edge> edges;                        ///< by id
    std::vector<manifest::Engagement> engagements;  ///< all, each with whom it comes from
    std::vector<manifest::Flow> derived;            ///< the hub's own

    const Node* node(const std::string& id) const;
    const Edge* edge(const std::string& id) const;
};

Graph graphOf(const manifest::Model& model,
              const manifest::Vocabularies& vocabularies,
              manifest::Day today,
              const TransferPolicy& policy = {});

/// The flows between the hub and each connected system, from its slots and identifiers; none where
/// a person wrote the flow (D18).
std::vector<manifest::Flow> derivedFlows(const manifest::Model& model);
/// Engagements of parties, systems and connectors; an empty `from` becomes the controller or
/// vendor.
std::vector<manifest::Engagement> allEngagements(const manifest::Model& model);

/// Where hops come from; used by graphOf.
struct HopSource {
    const manifest::Model& model;
    const manifest::Vocabularies& vocabularies;
    const std::vector<manifest::Engagement>& engagements;
};
std::vector<Hop> hopsOf(const manifest::Flow& flow, const HopSource& source);
/// From `exporter` to the party of the engagement, for data that came as `arrival`.
std::vector<Hop> hopsOf(const manifest::Engagement& engagement,
                        const std::string& exporter,
                        Arrival arrival,
                        const HopSource& source);
/// Who operates a node: a party or controller; empty if it is not said.
std::string operatorOf(const manifest::Model& model, const std::string& node);

}  // namespace concordat::flowmap
