/*
 * What all network functions share: identity, registration and heart-beat at the NRF, timers. Each
 * function's struct begins with a `struct nf`, so core/core.c drives them alike.
 */
#pragma once

#include "base/timers.h"
#include "core/nf/alarm.h"
#include "core/nf/event.h"
#include "proto/sbi.h"

enum nf_limit { NF_HEARTBEAT_S = 30, NF_REGISTER_RETRY_S = 5, FQDN_STR_SIZE = 128 };

struct nf {
	struct env *env;
	struct sbi_bus *bus;
	struct sbi_nf *self;  /* on it */
	struct timers timers; /* owner: the function's own struct */
	struct timer heartbeat;
	char nf_instance_id[UUID_STR_SIZE];
	char fqdn[FQDN_STR_SIZE];
	struct plmn plmn;
	struct nf_profile profile; /* views of the above, and of what the function adds */
	bool registered;
	const struct event_sink *events; /* NULL: nobody keeps them */
	const struct alarm_sink *alarms; /* likewise */
};

/* self's first member is nf; ops receive self. The instance id is kept in the store across restarts, by the
 * type and, of one that is not the only or first of its type, by a name of at most 63 octets (otherwise
 * NULL). nf->self is NULL when the bus takes no more. */
void nf_init(struct nf *nf, enum nf_type type, const char *name, const struct plmn *plmn, struct env *env,
	struct sbi_bus *bus, const struct sbi_nf_ops *ops);

/* Registers at the NRF, and from then on beats. Callers complete nf->profile before. */
void nf_start(struct nf *nf);

/* De-registers the instance at the NRF. */
void nf_stop(struct nf *nf);

/* Takes the answers to the skeleton's own calls; false: the answer is the function's. */
bool nf_on_answer(struct nf *nf, const struct sbi_answer *a);

/* Calls whoever serves the operation: its type's configured or only instance. */
void nf_call(struct nf *nf, enum sbi_op_id op, const void *req, struct sbi_token token);

/* Something happened to a subscriber. */
static inline void nf_event(const struct nf *nf, const struct event *e)
{
	if (nf->events)
		nf->events->take(nf->events->arg, e);
}

/* Something stands in the way, or does so no more; object names what it is about, always alike. */
static inline void nf_alarm(
	const struct nf *nf, enum alarm_kind kind, const char *object, const char *detail, bool stands)
{
	if (nf->alarms)
		nf->alarms->take(nf->alarms->arg, kind, object, detail, stands);
}

/* A key of store tables for a subscriber: 8 octets in buf. */
struct bytes nf_supi_store_key(const struct supi *supi, uint8_t buf[8]);
/* Likewise of what is kept for each PDU session; 0: of the subscriber, beside those. */
struct bytes nf_session_store_key(const struct supi *supi, uint8_t pdu_session_id, uint8_t buf[9]);
