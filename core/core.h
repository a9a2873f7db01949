/*
 * The assembly of the core's functions: the one place that knows them all. They meet through the bus of
 * service operations; outwards the core is one room with N2, N4 and a control port. The process (apps/) and
 * the simulator (sim/) run this same assembly.
 */
#pragma once

#include "core/amf/amf.h"
#include "core/nssf/nssf.h"
#include "core/pcf/pcf.h"
#include "core/smf/smf.h"
#include "core/trace.h"
#include "core/udm/udm.h"
#include "core/udr/udr.h"

enum { CORE_AMFS_MAX = AMF_OTHERS_MAX + 1 };

struct core_config {
	struct plmn plmn;
	uint8_t amf_count; /* at least 1 */
	struct amf_config amfs[CORE_AMFS_MAX];
	struct smf_config smf;
	struct udm_config udm;
	struct nssf_config nssf;
	struct pcf_config pcf;
	uint32_t events_max;     /* of subscribers, kept in the store; 0: none */
	uint32_t trace_ring_mib; /* of signalling, in memory, for traces; 0: none */
	uint8_t trace_user_count;
	uint32_t trace_users[CORE_TRACE_USERS_MAX]; /* uids that may trace, beside root */
	bool sbi_wire; /* for tests: the functions meet as HTTP messages, proto/sbi.h */
};

/* msg.port of the core room. */
enum core_port {
	CORE_PORT_N2 = AMF_PORT_N2, /* of the first AMF */
	CORE_PORT_N4 = SMF_PORT_N4,
	CORE_PORT_N4U = SMF_PORT_N4U,
	CORE_PORT_CONTROL = CORE_PORT_N4 + 1,
	CORE_PORT_N2_MORE, /* of the second; of each further one the next */
};

/* N2 of the i-th AMF. */
static inline uint16_t core_port_n2(uint8_t i)
{
	return i == 0 ? (uint16_t)CORE_PORT_N2 : (uint16_t)(CORE_PORT_N2_MORE + i - 1);
}

enum core_limit {
	CORE_CONTROL_MESSAGE_MAX = 65536, /* octets of a request or an answer on the control port */
	CORE_CONTROL_CLIENTS_MAX = 16,    /* with changes under way */
	CORE_CONTROL_PAGE = 200,          /* subscribers of one answer */
	CORE_PLAN_LINES_MAX = 256,        /* lines of one "subscriber plan", whose answer is a message too */
	CORE_EVENTS_MAX = 10000000,
};

struct core;

/* The key in STORE_META of what the control command "checkpoint" was given: the process makes a checkpoint
 * soon after, as after every change of subscribers, and the one that has the token has all before it. */
#define CORE_CHECKPOINT_KEY "checkpoint_token"
enum { CORE_CHECKPOINT_TOKEN_MAX = 32 };

/* What a sealing key is to a store. */
enum core_seal {
	CORE_SEAL_NONE,    /* nothing is sealed in it */
	CORE_SEAL_FITS,    /* its secrets open with the key */
	CORE_SEAL_DIFFERS, /* they do not: every UE would be refused */
};

/* Ask before core_new, and do not start a core whose key differs. */
enum core_seal core_seal_check(struct env *env, const uint8_t seal_key[SEAL_KEY_LEN]);

/*
 * Starts all functions over env's store, restoring what it holds. counts_lost: the store may be older than
 * what was sent (power failure without sync), so every UE must authenticate again. The secrets in config
 * are copied: wipe them. NULL when memory is refused or the configuration has a key that is none.
 */
MUST_USE struct core *core_new(const struct core_config *config, bool counts_lost, struct env *env);
void core_free(struct core *core);

struct room core_room(struct core *core);

/* Alarms that stand. */
uint32_t core_alarms_active(const struct core *core);

/* The i-th of the tables that the control port gives; NULL beyond the last. */
const struct table *core_table(size_t i);

/* Wipes the keys in a configuration that core_new has taken. */
void core_wipe_secrets(struct core_config *config);

/* The functions, for what only operators ask of them. */
struct amf *core_amf(struct core *core);               /* the first */
struct amf *core_amf_at(struct core *core, uint8_t i); /* NULL beyond the last */
/* Of all AMFs together. */
struct amf_numbers core_amf_numbers(const struct core *core);
/* Octets of a NAS message sent or received, in plain, for traces of test networks only. NULL: nobody looks.
 */
typedef void core_nas_tap_fn(void *arg, bool uplink, struct bytes plain);
void core_set_nas_tap(struct core *core, core_nas_tap_fn *fn, void *arg);
struct smf *core_smf(struct core *core);

/* Provisioning. Keys are sealed here; k and opc stay the caller's, who wipes them. */
MUST_USE bool core_subscriber_add(
	struct core *core, struct subscriber *s, struct bytes k, struct bytes opc, uint64_t sqn);
/* Replaces the subscription old by s, as core_subscriber_add does; sessions and UE follow: other AMBRs and
 * QoS by modification (23.502 4.3.3, 38.413 8.3.4), another address or a DNN that is not subscribed any more
 * by release. */
MUST_USE bool core_subscriber_change(struct core *core, const struct subscriber *old, struct subscriber *s,
	struct bytes k, struct bytes opc, uint64_t sqn);
/* Opens the keys, for the operator; the caller wipes k and opc. */
MUST_USE bool core_subscriber_keys(const struct core *core, const struct subscriber *s, uint8_t k[AKA_K_MAX],
	uint8_t *k_len, uint8_t opc[AKA_OPC_MAX], uint8_t *opc_len);
uint64_t core_subscriber_sqn(struct core *core, const struct supi *supi);
/* Whose static address, or (of IPv6) /64, it is; false: nobody's. */
bool core_static_owner(struct core *core, struct ip ip, struct supi *owner);
/* See smf_relocate_session(). */
enum smf_relocated core_session_relocate(struct core *core, const struct supi *supi, uint8_t pdu_session_id);
bool core_route_owner(struct core *core, const struct prefix *route, struct supi *owner);
MUST_USE bool core_subscriber_get(
	struct core *core, const struct supi *supi, struct subscriber *out, uint64_t *sqn);
/* The UE, if it is registered, is de-registered. */
MUST_USE bool core_subscriber_remove(struct core *core, const struct supi *supi);
/* Releases a PDU session, telling UE and gNB; cause is a 5GSM cause. False: there is none to release. */
/* The operator wants the UE off, or to register again; false: it is not registered. */
MUST_USE bool core_deregister(struct core *core, const struct supi *supi, bool again);
/* The UE is to authenticate again; false: it is not registered. */
MUST_USE bool core_reauthenticate(struct core *core, const struct supi *supi);
/* core/udm/udm.h: what the UE is to be told until it has acknowledged it. False: no room. */
MUST_USE bool core_update(
	struct core *core, const struct supi *supi, enum udm_update_kind kind, const struct udm_order *order);
/* core/amf/amf.h. False: it is not registered. */
MUST_USE bool core_locate(
	struct core *core, const struct supi *supi, const struct amf_locate *l, struct amf_location *out);
MUST_USE bool core_ran_trace(struct core *core, const struct supi *supi, const struct amf_ran_trace *t);
/* NULL, or why not; false: there is none. */
MUST_USE const char *core_warn(struct core *core, const struct amf_warning_order *o);
MUST_USE bool core_warning_cancel(struct core *core, uint16_t id, uint16_t serial);
/* The core ends in order: gNBs are told. What is put to the outbox has to leave. */
void core_close(struct core *core);
MUST_USE bool core_session_release(
	struct core *core, const struct supi *supi, uint8_t pdu_session_id, uint8_t cause);
/* A flow of the subscriber is added, or removed: words "key=value" (core/pcf/pcf.h), a line each. False: not
 * possible. */
MUST_USE bool core_flow(struct core *core, bool add, const struct supi *supi, struct bytes words);
/* An application session (core/af/af.h): name empty: a new one, whose name it gets; else that one is changed,
 * or ends. */
enum sbi_cause core_application(struct core *core, const struct supi *supi, char name[APP_SESSION_ID_SIZE],
	bool ends, struct bytes words);
/* udr_subscriber_each() */
MUST_USE bool core_subscriber_each(struct core *core, const struct supi *after, udr_each_fn *fn, void *arg);

/* Subscribers were changed at the control port, and it is kept, since this was last asked. */
bool core_take_provisioned(struct core *core);

/* The public key of the i-th home network key of the configuration. */
struct bytes core_hn_public_key(const struct core *core, uint8_t i);

/* Takes what can be changed while it runs (the live keys of the AMFs). */
void core_take_config(struct core *core, const struct core_config *config);

extern const struct stat_group core_alarm_stat_group, core_event_stat_group, core_trace_stat_group;
/* The figures of all functions; valid until the next call. */
void core_figures(struct core *core, struct stats_list *l);
