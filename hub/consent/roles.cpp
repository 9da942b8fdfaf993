// SPDX-License-Identifier: Apache-2.0
// Mailboxes of a function, not of a person: names in English, French, Italian and German, written
// without separators.
#include <algorithm>
#include <iterator>
#include <string_view>
#include <vector>

#include "hub/consent/identity.h"

namespace concordat::consent {
namespace {

// clang-format off
constexpr std::string_view kRoles[] = {
    // en, and the names of RFC 2142
    "abuse", "accounting", "accounts", "admin", "administration", "administrator", "all", "billing",
    "booking", "bookings", "careers", "contact", "contacts", "contactus", "customercare",
    "customerservice", "donotreply", "dpo", "enquiries", "events", "everyone", "feedback",
    "finance", "frontdesk", "hello", "help", "helpdesk", "hi", "hostmaster", "hr", "hrdepartment",
    "info", "information", "inquiries", "invoice", "invoices", "invoicing", "it", "itsupport",
    "jobs", "legal", "mail", "mailbox", "mailerdaemon", "management", "marketing", "media", "news",
    "newsletter", "noc", "noreply", "office", "operations", "order", "orders", "partners",
    "payroll", "postmaster", "press", "privacy", "procurement", "purchasing", "reception",
    "recruiting", "recruitment", "reply", "reservations", "root", "sales", "secretary", "security",
    "service", "services", "shop", "staff", "subscribe", "support", "team", "tech", "technical",
    "unsubscribe", "usenet", "webmaster", "website", "welcome", "www",
    // fr
    "accueil", "achat", "achats", "administratif", "agence", "atelier", "bonjour", "boutique",
    "bureau", "cabinet", "client", "clientele", "clients", "commande", "commandes", "commercial",
    "commerciale", "communication", "compta", "comptabilite", "comptabilité", "comptable",
    "contactez", "contacteznous", "courrier", "devis", "direction", "emploi", "export",
    "facturation", "facture", "factures", "formation", "fournisseurs", "gestion", "informatique",
    "infos", "juridique", "logistique", "magasin", "mairie", "nepasrepondre", "paie", "personnel",
    "presse", "qualite", "qualité", "recrutement", "relationclient", "relationsclients",
    "reservation", "ressourceshumaines", "rgpd", "rh", "réservation", "réservations", "sav",
    "secretariat", "secrétariat", "serviceclient", "serviceclients", "servicecommercial",
    "servicecompta", "standard", "technique", "vente", "ventes",
    // it
    "acquisti", "amministrazione", "assistenza", "assistenzaclienti", "clienti", "commerciali",
    "comunicazione", "contabilita", "contabilità", "contatti", "contatto", "direzione",
    "fatturazione", "fatture", "fornitori", "informazioni", "lavoro", "magazzino", "negozio",
    "nonrispondere", "ordine", "ordini", "ospiti", "pec", "personale", "prenotazioni", "produzione",
    "protocollo", "qualita", "qualità", "risorseumane", "segreteria", "selezione",
    "servizioclienti", "spedizioni", "stampa", "tecnico", "ufficio", "ufficioacquisti",
    "ufficiocommerciale", "ufficiostampa", "ufficiotecnico", "vendite",
    // de
    "anfrage", "anfragen", "antwort", "auftrag", "bestellung", "bestellungen", "bewerbung",
    "bewerbungen", "buchhaltung", "buero", "büro", "datenschutz", "einkauf", "empfang", "finanzen",
    "geschaeftsfuehrung", "geschäftsführung", "gf", "hallo", "hilfe", "karriere", "keineantwort",
    "kontakt", "kundendienst", "kundenservice", "leitung", "mitarbeiter", "nichtantworten",
    "personalabteilung", "post", "poststelle", "rechnung", "rechnungen", "reservierung",
    "sekretariat", "technik", "termin", "termine", "verkauf", "vertrieb", "verwaltung", "werkstatt",
    "zentrale",
};
// clang-format on

}  // namespace

bool isRoleMailbox(const std::string& normalisedEmail) {
    std::string name;
    for (const char c : normalisedEmail) {
        if (c == '@' || c == '+') break;
        if (c != '.' && c != '-' && c != '_') name += c;
    }
    // info2@ is as little a person as info@.
    while (!name.empty() && name.back() >= '0' && name.back() <= '9') name.pop_back();
    static const auto kSorted = [] {
        std::vector<std::string_view> roles(std::begin(kRoles), std::end(kRoles));
        std::sort(roles.begin(), roles.end());
        return roles;
    }();
    return std::binary_search(kSorted.begin(), kSorted.end(), name);
}

}  // namespace concordat::consent
