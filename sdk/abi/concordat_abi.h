/* SPDX-License-Identifier: Apache-2.0 */
/* The contract between the hub and a connector: one symbol, four functions, messages. C99.
 *
 * Threads: [call] the hub calls one instance from one thread at a time. A host call is made on the thread
 * of the call it belongs to, and only while that call runs.
 * Ownership: everything handed over is borrowed for the call; who wants to keep it copies it. Nobody frees
 * what the other side allocated. No exception crosses. Structs only grow at their end: look at `size` first. */
#ifndef CONCORDAT_ABI_H
#define CONCORDAT_ABI_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CONCORDAT_ABI_VERSION 1u

/** How a call ended. The list is closed; the reason stands in the reply as {"error": "…"}. */
typedef enum concordat_status {
    CONCORDAT_OK = 0,
    CONCORDAT_NOT_IMPLEMENTED = 1, /**< the connector does not have this method */
    CONCORDAT_BAD_MESSAGE = 2,     /**< the message could not be understood */
    CONCORDAT_FAILED = 3,          /**< the call ended with an error; see the reply */
    CONCORDAT_CANCELLED = 4        /**< the hub ended the call early */
} concordat_status;

/** UTF-8 text or raw bytes, not terminated, borrowed for the call. */
typedef struct concordat_text {
    const char* data;
    uint64_t size;
} concordat_text;

/** A JSON object and the raw bodies it refers to by index ("attachment": 0). A body is at most 16 MiB. */
typedef struct concordat_message {
    uint32_t size; /**< sizeof(concordat_message) of the side that made it */
    uint32_t attachment_count;
    concordat_text json;
    const concordat_text* attachments;
} concordat_message;

/** Where an answer goes. `give` copies what it gets; call it exactly once, before you return. [call] */
typedef struct concordat_reply {
    uint32_t size;
    void* context;
    void (*give)(void* context, const concordat_message* message);
} concordat_reply;

/** What the hub offers: `http`, `files`, `log`, `now`, `random`, `progress` (see sdk/README.md). */
typedef struct concordat_host {
    uint32_t size;
    uint32_t abi_version;
    void* context; /**< owned by the hub, valid until destroy() */
    concordat_status (*call)(void* context,
                             concordat_text method,
                             const concordat_message* request,
                             const concordat_reply* reply);
} concordat_host;

/** One configured connector for one system; made by create(), ended by destroy(). Owned by the connector. */
typedef struct concordat_instance concordat_instance;

/** What the library exports, as a data symbol named `concordat_connector`. */
typedef struct concordat_connector_table {
    uint32_t size;
    uint32_t abi_version; /**< the CONCORDAT_ABI_VERSION it was built against */
    /** Says what the connector is. Needs no settings, makes no host call. */
    concordat_status (*describe)(const concordat_reply* reply);
    /** Makes an instance from validated settings; `host` lives until destroy(). Null and an error otherwise. */
    concordat_status (*create)(const concordat_host* host,
                               const concordat_message* settings,
                               concordat_instance** instance,
                               const concordat_reply* reply);
    /** Runs one method of the protocol. */
    concordat_status (*call)(concordat_instance* instance,
                             concordat_text method,
                             const concordat_message* request,
                             const concordat_reply* reply);
    /** Ends the instance. No host call is made any more. */
    void (*destroy)(concordat_instance* instance);
} concordat_connector_table;

/** The name of the exported data symbol. */
#define CONCORDAT_SYMBOL "concordat_connector"

#ifdef __cplusplus
}
#endif
#endif
