// SPDX-License-Identifier: Apache-2.0
#include "hub/flowmap/graph.h"

#include <algorithm>
#include <deque>
#include <map>
#include <set>

namespace concordat::flowmap {

using manifest::Engagement;
using manifest::Flow;
using manifest::Model;
using manifest::System;

namespace {

void addOnceTo(std::vector<std::string>& all, const std::string& one) {
    if (std::find(all.begin(), all.end(), one) == all.end()) all.push_back(one);
}

class Drawing {
 public:
    Drawing(const Model& model,
            const manifest::Vocabularies& vocabularies,
            manifest::Day today,
            const TransferPolicy& policy)
        : model_(model), vocabularies_(vocabularies), today_(today), policy_(policy) {
        graph_.engagements = allEngagements(model);
        graph_.derived = derivedFlows(model);
    }

    Graph draw() {
        for (const System& system : model_.systems) nodeOf(system.id);
        nodeOf("hub");
        for (const System& system : model_.systems) addFlows(system.flows);
        if (model_.hub) addFlows(model_.hub->flows);
        addFlows(graph_.derived);
        addChains();
        std::sort(graph_.edges.begin(), graph_.edges.end(),
                  [](const Edge& one, const Edge& other) { return one.id < other.id; });
        addLanes();
        addReach();
        return std::move(graph_);
    }

 private:
    void addFlows(const std::vector<Flow>& flows) {
        for (const Flow& flow : flows) addFlow(flow);
    }

    HopSource source() const { return {model_, vocabularies_, graph_.engagements}; }

    std::size_t nodeOf(const std::string& id) {
        const auto found = index_.find(id);
        if (found != index_.end()) return found->second;
        index_[id] = graph_.nodes.size();
        graph_.nodes.push_back(makeNode(id));
        return graph_.nodes.size() - 1;
    }

    Node makeNode(const std::string& id) const {
        Node node;
        node.id = id;
        node.title = id;
        if (id == "people") {
            node.kind = NodeKind::People;
        } else if (const System* system = model_.system(id)) {
            node.kind = id == "hub" ? NodeKind::Hub : NodeKind::System;
            node.at = system->at;
            node.connected = !system->connector.empty();
            if (!system->title.empty()) node.title = system->title;
        } else if (id == "hub") {
            node.kind = NodeKind::Hub;
        } else if (const manifest::Controller* ours = model_.controller(id)) {
            node.kind = NodeKind::Controller;
            node.at = ours->at;
            node.title = ours->name;
        } else {
            node.kind = NodeKind::Party;
        }
        node.entity = id == "people" ? "" : operatorOf(model_, id);
        addParty(node);
        return node;
    }

    void addParty(Node& node) const {
        const manifest::Party* party = model_.party(node.entity);
        if (party == nullptr) return;
        if (node.kind == NodeKind::Party) {
            node.at = party->at;
            if (party->legalName.isKnown()) node.title = party->legalName.value;
        }
        if (!party->controlledFrom || !party->controlledFrom->country.isKnown()) return;
        const std::string& country = party->controlledFrom->country.value;
        const manifest::Country* row = vocabularies_.country(country);
        if (row == nullptr || !row->inEea) node.controlledFrom = country;
    }

    void judgeHops(Edge& edge, std::vector<Hop> hops) const {
        for (Hop& hop : hops) {
            Judgement judged = judge(hop, vocabularies_, today_, policy_);
            edge.own = edge.hops.empty() ? judged.value : worst(edge.own, judged.value);
            edge.hops.push_back({std::move(hop), std::move(judged)});
        }
        edge.reach = edge.own;
    }

    void addFlow(const Flow& flow) {
        Edge edge;
        edge.id = "flow/" + flow.id;
        edge.from = nodeOf(flow.from);
        edge.to = nodeOf(flow.to);
        edge.flow = &flow;
        edge.categories = flow.categories;
        edge.subjects = flow.subjects;
        for (const manifest::Term& term : flow.terms) addOnceTo(edge.purposes, term.purpose);
        edge.withdrawal = flow.withdrawal.path;
        const Node& to = graph_.nodes[edge.to];
        if (edge.withdrawal.isAbsent() && to.connected)
            edge.withdrawal = {manifest::WithdrawalPath::Hub, manifest::Saying::Known, "", flow.at};
        edge.at = flow.at;
        judgeHops(edge, hopsOf(flow, source()));
        keep(std::move(edge));
    }

    void keep(Edge edge) {
        arrived_[edge.to].push_back(edge.own);
        for (const std::string& one : edge.categories) addOnceTo(categories_[edge.to], one);
        for (const std::string& one : edge.subjects) addOnceTo(subjects_[edge.to], one);
        graph_.edges.push_back(std::move(edge));
    }

    Arrival arrivalAt(std::size_t node) const {
        const auto found = arrived_.find(node);
        if (found == arrived_.end()) return Arrival::BoundByClauses;
        const TransferClass came = *std::max_element(found->second.begin(), found->second.end());
        if (came == TransferClass::Adequate) return Arrival::UnderAdequateLaw;
        return came == TransferClass::OutsideScope ? Arrival::OutsideScope
                                                   : Arrival::BoundByClauses;
    }

    void addChains() {
        std::deque<std::size_t> open;
        for (std::size_t node = 0; node < graph_.nodes.size(); ++node)
            if (arrived_.count(node) > 0) open.push_back(node);
        std::set<std::pair<std::size_t, std::string>> drawn;
        while (!open.empty()) {
            const std::size_t from = open.front();
            open.pop_front();
            for (std::size_t i = 0; i < graph_.engagements.size(); ++i)
                if (belongsTo(graph_.engagements[i], from) &&
                    drawn.insert({from, graph_.engagements[i].party}).second)
                    open.push_back(addChain(i, from));
        }
    }

    bool belongsTo(const Engagement& engagement, std::size_t node) const {
        const Node& from = graph_.nodes[node];
        if (from.entity.empty() || engagement.from != from.entity) return false;
        if (model_.controller(from.entity) != nullptr) return false;
        const bool system = from.kind == NodeKind::System || from.kind == NodeKind::Hub;
        return !system || engagement.systems.empty() ||
               std::find(engagement.systems.begin(), engagement.systems.end(), from.id) !=
                   engagement.systems.end();
    }

    std::size_t addChain(std::size_t engagement, std::size_t from) {
        const Engagement& held = graph_.engagements[engagement];
        Edge edge;
        edge.id = "engagement/" + graph_.nodes[from].id + "/" + held.party;
        edge.from = from;
        edge.to = nodeOf(held.party);
        edge.at = held.at;
        edge.engagement = &held;
        edge.purposes = held.purposes;
        edge.categories = held.categories.empty() ? categories_[from] : held.categories;
        edge.subjects = held.subjects.empty() ? subjects_[from] : held.subjects;
        std::vector<Hop> hops = hopsOf(held, graph_.nodes[from].entity, arrivalAt(from), source());
        for (Hop& hop : hops) {
            hop.categories = edge.categories;
            hop.subjects = edge.subjects;
        }
        judgeHops(edge, std::move(hops));
        const std::size_t to = edge.to;
        keep(std::move(edge));
        return to;
    }

    void addLanes() {
        for (const Edge& edge : graph_.edges) {
            std::optional<TransferClass>& lane = graph_.nodes[edge.to].lane;
            if (!edge.hops.empty()) lane = lane ? worst(*lane, edge.own) : edge.own;
        }
    }

    /// What leaves a node further on, by category; the hub passes on only its own flows.
    void addReach() {
        std::map<std::pair<std::size_t, std::string>, std::pair<TransferClass, std::string>> after;
        bool changed = true;
        while (changed) {
            changed = false;
            for (auto edge = graph_.edges.rbegin(); edge != graph_.edges.rend(); ++edge) {
                extend(*edge, after);
                for (const std::string& category : edge->categories) {
                    auto& known = after[{edge->from, category}];
                    if (known.first >= edge->reach) continue;
                    known = {edge->reach,
                             edge->reachNode.empty() ? graph_.nodes[edge->to].id : edge->reachNode};
                    changed = true;
                }
            }
        }
    }

    template <typename After>
    void extend(Edge& edge, const After& after) const {
        if (graph_.nodes[edge.to].kind == NodeKind::Hub) return;
        for (const std::string& category : edge.categories) {
            const auto found = after.find({edge.to, category});
            if (found == after.end() || found->second.first <= edge.reach) continue;
            edge.reach = found->second.first;
            edge.reachNode = found->second.second;
        }
    }

    const Model& model_;
    const manifest::Vocabularies& vocabularies_;
    manifest::Day today_;
    TransferPolicy policy_;
    Graph graph_;
    std::map<std::string, std::size_t> index_;
    std::map<std::size_t, std::vector<TransferClass>> arrived_;
    std::map<std::size_t, std::vector<std::string>> categories_;
    std::map<std::size_t, std::vector<std::string>> subjects_;
};

template <typename T>
const T* withId(const std::vector<T>& all, const std::string& id) {
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const T& one) { return one.id == id; });
    return found == all.end() ? nullptr : &*found;
}

}  // namespace

const Node* Graph::node(const std::string& id) const { return withId(nodes, id); }

const Edge* Graph::edge(const std::string& id) const { return withId(edges, id); }

Graph graphOf(const Model& model,
              const manifest::Vocabularies& vocabularies,
              manifest::Day today,
              const TransferPolicy& policy) {
    return Drawing(model, vocabularies, today, policy).draw();
}

}  // namespace concordat::flowmap
