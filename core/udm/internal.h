/* What the files of the UDM share. */
#pragma once

#include "base/arena.h"
#include "base/hash.h"
#include "base/pool.h"
#include "core/nf/event.h"
#include "core/udm/udm.h"
#include "crypto/kdf.h"

/* A generate-auth-data request while the UDR is asked. */
struct udm_auth {
	uint64_t request_id;
	uint32_t generation;
	bool has_resync;
	struct resynchronization_info resync;
	char serving_network_name[SNN_STR_SIZE];
	struct supi supi;
	struct authentication_vector vector;
	uint8_t xres[AKA_RES_MAX]; /* of the vector */
};

/* An AMF's registration or its modification while the UDR is asked. */
struct udm_uecm {
	struct hash_node by_supi; /* of the one whose turn it is */
	struct udm_uecm *waiting; /* the next of the same SUPI */
	struct arena arena;       /* of body */
	const void *body;         /* the request's */
	enum sbi_op_id op;
	uint64_t request_id;
	uint32_t generation;
	struct supi supi;
	bool moved; /* another AMF was registered: */
	char old_instance_id[UUID_STR_SIZE];
	char old_callback_uri[SBI_URI_SIZE];
};

/* What the AUSF has made for one try. */
struct udm_protection {
	uint8_t counter[2], mac[KDF_MAC_LEN], xmac[KDF_MAC_LEN]; /* xmac: the UE is to answer */
};

/* What a UE is to be told until it has acknowledged it; it has at most one of each kind. */
struct udm_update {
	struct hash_node by_supi;
	struct timer timer; /* of the try under way, or of the next one */
	struct supi supi;
	enum udm_update_kind kind;
	struct udm_order order;
	uint32_t generation; /* of the try */
	uint8_t tried;
	bool sent;           /* the AMF has it: an acknowledgement may come */
	uint64_t request_id; /* of the AMF that waits for am-data with it; 0: none */
	struct plmn plmn;    /* that it asked for */
	struct udm_protection protection;
};

/* What is particular to a kind: parameters_update.c, steering_of_roaming.c. */
struct udm_update_def {
	const char *path; /* of the change in am-data */
	enum store_table table;
	const struct record_def *record; /* of a struct udm_order */
	enum event_kind done, not_done;
	enum udm_stat sent, acknowledged, not_proved;
	/* Asks the AUSF. */
	void (*protect)(struct udm *udm, struct udm_update *u);
	/* The change's value as JSON. False: no room. */
	bool (*value)(const struct udm_update *u, struct writer *w);
};
extern const struct udm_update_def udm_parameters_update, udm_steering_of_roaming;

struct udm {
	struct nf nf;
	struct udm_config config;
	struct suci_key *hn_keys[UDM_HN_KEYS_MAX];
	struct pool auths, uecms, updates;
	struct hash uecm_by_supi, update_by_supi;
	const struct udm_update_def *const *update_defs; /* by kind */
	uint32_t generation;
	uint64_t stat[UDM_STAT_COUNT];
};

/* ueau.c: generate-auth-data and auth-events */
uint64_t udm_sqn_next(const struct udm_sqn_scheme *scheme, uint64_t utc_ms, uint64_t sqn);
void udm_generate_auth_data(struct udm *udm, const struct sbi_request *r);
void udm_on_auth_subscription(struct udm *udm, const struct sbi_answer *a);
void udm_on_sqn_patched(struct udm *udm, const struct sbi_answer *a);

/* uecm.c: serving AMFs */
void udm_amf_registration(struct udm *udm, const struct sbi_request *r);
void udm_amf_modification(struct udm *udm, const struct sbi_request *r);
void udm_on_amf_context(struct udm *udm, const struct sbi_answer *a);
void udm_on_amf_context_changed(struct udm *udm, const struct sbi_answer *a);

/* update.c */
/* False: the store cannot be read. */
MUST_USE bool udm_updates_restore(struct udm *udm);
struct udm_update *udm_update_of(const struct udm *udm, const struct supi *supi, enum udm_update_kind kind);
/* Of the try under way; NULL: it is another one, or none. */
struct udm_update *udm_update_of_token(const struct udm *udm, const struct sbi_token *t);
struct sbi_token udm_update_token(const struct udm *udm, const struct udm_update *u);
/* A try; nothing is under way. */
void udm_update_begin(struct udm *udm, struct udm_update *u);
void udm_update_rest(struct udm *udm, struct udm_update *u);
/* The UE registers: soon is the time to tell it what it has not acknowledged. */
void udm_update_due(struct udm *udm, struct udm_update *u);
/* The AUSF's answer; NULL: it cannot. */
void udm_update_protected(struct udm *udm, const struct sbi_answer *a, const struct udm_protection *p);
/* False: it was not asked for an update. */
bool udm_update_on_amf_context(struct udm *udm, const struct sbi_answer *a);
void udm_on_sdm_notified(struct udm *udm, const struct sbi_answer *a);
void udm_sdm_ack(struct udm *udm, const struct sbi_request *r);

/* parameters_update.c, steering_of_roaming.c */
void udm_on_upu_protected(struct udm *udm, const struct sbi_answer *a);
void udm_on_sor_protected(struct udm *udm, const struct sbi_answer *a);
/* An AMF asks for am-data. False: it is to have it without a list. */
bool udm_steering_at_registration(struct udm *udm, const struct sbi_request *r);
/* The UDR's answer. */
void udm_steering_on_am_data(struct udm *udm, const struct sbi_answer *a);

/* sidf.c: the SUPI of "imsi-..." or "suci-..."; SBI_OK or why not. */
enum sbi_cause sidf_supi(const struct udm *udm, const char *supi_or_suci, struct supi *out);

/* arpf.c: opens the subscriber's keys. The caller wipes *key. */
struct aka_key;
bool arpf_open(const struct udm *udm, const struct supi *supi, const struct authentication_subscription *s,
	struct aka_key *key);
