/*
 * UDM, TS 29.503: authentication data (ARPF, SIDF), subscription data, serving-function registrations.
 * The permanent keys lie sealed in the UDR and are opened only here.
 */
#pragma once

#include "base/config.h"
#include "core/nf/nf.h"
#include "core/udr/subscriber.h"
#include "crypto/aka.h"
#include "crypto/seal.h"
#include "crypto/suci.h"
#include "wire/nas/nas.h"

enum udm_limit {
	UDM_HN_KEYS_MAX = 16,
	UDM_SQN_IND_BITS = 8,
	UDM_AUTH_PENDING_MAX = 65536, /* generate-auth-data requests at the UDR */
	UDM_UECM_PENDING_MAX = 32768, /* registrations of AMFs and their modifications at the UDR */
	UDM_UPDATES_MAX = 65536,      /* that UEs are to be told */
};

/* A home network key pair, 33.501 6.12.2. */
struct udm_hn_key {
	uint8_t id; /* Home Network Public Key Identifier, 0 to 254 */
	enum suci_scheme scheme;
	uint8_t private_key[SUCI_PRIVATE_LEN];
};

/* How sequence numbers follow one another, 33.102 Annex C. */
struct udm_sqn_scheme {
	uint8_t ind_bits; /* of SQN; a USIM may take as many for its IND, or fewer. 0: UDM_SQN_IND_BITS */
	uint32_t time_unit_ms; /* of the part that follows the clock; 0: none does */
};

struct udm_config {
	struct plmn plmn;
	struct udm_sqn_scheme sqn;
	bool null_scheme; /* accept SUCIs of the null scheme */
	uint8_t hn_key_count;
	struct udm_hn_key hn_keys[UDM_HN_KEYS_MAX];
	uint8_t seal_key[SEAL_KEY_LEN];
};

/* Its keys in network.yaml. */
extern const struct config_section udm_config_section;

struct udm;

/* NULL when memory is refused or a home network key is not one. The config's keys are copied: wipe them. */
MUST_USE struct udm *udm_new(const struct udm_config *config, struct env *env, struct sbi_bus *bus);
void udm_free(struct udm *udm);
struct nf *udm_nf(struct udm *udm);

/* Seals the permanent key K and OPc (or TOPc) into s, whose imsi and algorithm are set. */
MUST_USE bool udm_seal_keys(struct udm *udm, struct subscriber *s, struct bytes k, struct bytes opc);

/* Opens them, for the operator alone; the caller wipes k and opc. False when they were not sealed here. */
MUST_USE bool udm_open_keys(const struct udm *udm, const struct subscriber *s, uint8_t k[AKA_K_MAX],
	uint8_t *k_len, uint8_t opc[AKA_OPC_MAX], uint8_t *opc_len);

/* Who gives "imsi-..." or "suci-..." as its identity, for the operator's eyes: also where the network would
 * not take it. False: it does not open. */
bool udm_reveal(const struct udm *udm, const char *supi_or_suci, struct supi *out);

/* The public key of the i-th configured home network key. */
struct bytes udm_hn_public_key(const struct udm *udm, uint8_t i);

/* The subscription is withdrawn: asks the serving AMF (if there is one) to de-register the UE
 * (23.502 4.2.2.3.3). */
void udm_withdraw(struct udm *udm, const struct supi *supi, const char *amf_instance_id,
	const char *dereg_callback_uri);

/* UE parameters that an operator has updated (23.502 4.20). */
struct udm_parameters {
	uint8_t default_nssai_count; /* default configured NSSAI; 0: as it is */
	struct snssai default_nssai[SNSSAI_MAX];
	char routing_indicator[5]; /* for SUCIs; empty: as it is */
	bool re_register;          /* the UE registers once it has gone idle */
};

enum udm_update_kind { UDM_PARAMETERS, UDM_STEERING, UDM_UPDATE_KINDS };

/* What an operator has a UE told, by its kind. */
struct udm_order {
	uint64_t provisioned_ms; /* UTC; set by udm_update_order */
	union {
		struct udm_parameters parameters;
		struct nas_steering
			steering; /* preferred PLMNs (23.122 annex C); none: it keeps those it has */
	};
};

/* Has the UE told, now and until it has acknowledged it, in place of what of that kind it was to be told.
 * False: too many are pending, or the store refuses. */
MUST_USE bool udm_update_order(
	struct udm *udm, const struct supi *supi, enum udm_update_kind kind, const struct udm_order *order);
/* False: nothing is pending, or the store refuses. */
MUST_USE bool udm_update_cancel(struct udm *udm, const struct supi *supi, enum udm_update_kind kind);
/* What the UE has not acknowledged; NULL: nothing. */
const struct udm_order *udm_update_pending(
	const struct udm *udm, const struct supi *supi, enum udm_update_kind kind);

enum udm_stat {
	UDM_STAT_AUTH_DATA,      /* vectors made */
	UDM_STAT_RESYNC,         /* re-synchronisations accepted */
	UDM_STAT_RESYNC_REFUSED, /* AUTS with a wrong MAC-S */
	UDM_STAT_SUCI_REFUSED,   /* unknown key, bad point, wrong tag */
	UDM_STAT_UNKNOWN_SUBSCRIBER,
	UDM_STAT_AMF_CHANGED,    /* UEs that another AMF registered */
	UDM_STAT_INVALID_GUAMI,  /* modifications by an AMF that is not the registered one */
	UDM_STAT_STEERINGS_SENT, /* lists of preferred PLMNs, to AMFs */
	UDM_STAT_STEERINGS_ACKNOWLEDGED,
	UDM_STAT_STEERINGS_NOT_PROVED, /* acknowledgements with another MAC */
	UDM_STAT_UPDATES_SENT,         /* of UE parameters, to AMFs */
	UDM_STAT_UPDATES_ACKNOWLEDGED,
	UDM_STAT_UPDATES_NOT_PROVED,
	UDM_STAT_COUNT
};

extern const struct stat_group udm_stat_group;
void udm_stats(const struct udm *udm, struct stats *out);
