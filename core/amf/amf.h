/*
 * AMF, TS 23.501 6.2.1: the N2 interface to the gNBs (TS 38.413), the N1 interface to the UEs
 * (TS 24.501 5GMM), registration, security, and the way of session messages to the SMF.
 */
#pragma once

#include "base/config.h"
#include "base/table.h"
#include "core/nf/nf.h"
#include "core/nf/whose.h"
#include "crypto/nea.h"
#include "crypto/nia.h"
#include "crypto/seal.h"

enum amf_limit {
	AMF_OTHERS_MAX = 7,  /* further AMFs over one store */
	AMF_GNBS_MAX = 1024, /* associated; and as many whose association is missing */
	AMF_UES_MAX = 1 << 24,
	AMF_CONNECTIONS_PER_UE = 2, /* UE-associated N2 connections: one may come while the last one ends, or
				       while a handover lasts */
	AMF_SESSIONS_PER_UE = 2,    /* on average */
	AMF_CONNECTIONS_PER_GNB_MAX =
		1 << 15,               /* of a UE each: half of the procedures, so that no gNB has them all */
	AMF_ASSOCS_PER_HOST_MAX = 256, /* and of a /24 or /64: twice as many */
	/* Where the configuration has 0. */
	AMF_NG_SETUP_S = 10,
	AMF_T3513_MS = 2000,
	AMF_T3555_MS = 6000, /* 24.501 table 10.2.2 */
	AMF_EMERGENCY_NUMBERS_MAX = 8,
	AMF_EMERGENCY_DIGITS_MAX = 8,
	AMF_EMERGENCY_AMBR_BPS = 10000000, /* UE-AMBR of whoever is registered for emergencies alone */
	AMF_GNB_PREFIXES_MAX = 16,         /* of gnbs */
	AMF_LADNS_MAX = 8,                 /* local area data networks */
	AMF_TACS_MAX = 16,                 /* of a TAI list of NAS, 24.501 9.11.3.9 */
	AMF_PAGING_ATTEMPTS = 4,
	AMF_PAGING_PRIORITIES_MAX = 32, /* configured */
	AMF_PAGING_PRIORITY_LAST = 8,   /* 38.413 9.3.1.78 */
	AMF_OVERLOAD_AGE_MS = 150,
	AMF_OVERLOAD_CPU_PERCENT = 95,
	AMF_OVERLOAD_BACKLOG_MS = 900,
	AMF_PROCEDURES_MAX = 65536,   /* of each kind, under way */
	AMF_TRANSFERS_PER_UE_MAX = 8, /* N1N2 transfers that wait for another procedure to end */
	AMF_TAIS_PER_GNB_MAX = 256,
	AMF_NAS_MAX = 9216,           /* octets of a NAS message (38.331: a PDCP SDU has 9000) */
	AMF_DL_TRANSPORT_OCTETS = 64, /* of a DL NAS TRANSPORT around its payload, and its protection */
	AMF_RETRIES_MAX = 4,   /* repetitions of T3550, T3560, T3522 (24.501 10.2: abort at the 5th expiry) */
	AMF_COUNT_BLOCK = 64,  /* downlink NAS COUNTs reserved in the store at a time */
	AMF_UNKNOWN_UE_S = 60, /* a connection whose UE never became registered */
	AMF_RELEASE_GUARD_S = 10,     /* without UE CONTEXT RELEASE COMPLETE */
	AMF_RETENTION_S = 60,         /* of the connections of a gNB whose association is missing */
	AMF_CONTEXT_SETUP_S = 10,     /* without an answer to INITIAL CONTEXT SETUP REQUEST */
	AMF_REKEYING_AGAIN_MS = 1000, /* after a gNB that was handing the UE over refused the key */
	AMF_REKEYING_REFUSALS_MAX = 10,
	/* Handover: for the SMFs; for the target's answer; for the UE's arrival there; and then until the
	 * source is told to forget it, which forwards what it has (23.502 4.9.1.3.3 step 14a). */
	AMF_HANDOVER_SMF_MS = 2000,
	AMF_HANDOVER_ALLOCATION_MS = 5000,
	AMF_HANDOVER_ARRIVAL_MS = 10000,
	AMF_FORWARDING_MS = 1000,
	AMF_HOME_CONTAINER_MAX = 128, /* octets of a transparent container of the home network */
	AMF_UNDELIVERED_MAX = 4,      /* NAS messages that the source gives back */
	AMF_ACTIVATION_WAIT_MS =
		2000,            /* for the SMFs, before the UE gets its accept without their sessions */
	AMF_TRANSFER_WAIT_S = 8, /* of an N1N2 transfer: below what its consumer waits (SBI_TIMEOUT_MS) */
	AMF_MOBILE_REACHABLE_S = 180, /* more than T3512, and then the implicit de-registration timer: */
	AMF_IMPLICIT_DEREGISTRATION_S = 60, /* 24.501 5.3.7, together 4 minutes more than T3512 */
	AMF_UES = 1 << 20,                  /* where the configuration has 0 */
	AMF_AREA_TACS_MAX = 16,             /* of an area of interest, 38.413 maxnoofTAIforAreaOfInterest */
	AMF_EMERGENCY_UNPROVED_MAX = 1024,  /* UEs that go by their equipment (emergency.h) */
	AMF_WARNINGS_MAX = 64,              /* public warnings at a time */
	AMF_WARNING_GUARD_S = 10,           /* without an answer to one */
	AMF_WARNING_CANCEL_S = 3600,        /* so long gNBs that come hear that one was cancelled */
	AMF_UPDATE_GUARD_S = 10,            /* without an answer to AMF CONFIGURATION UPDATE */
	AMF_RESYNCS_MAX = 2,                /* consecutive synchronisation failures, 24.501 5.4.1.3.7 f */
};

/* How urgent packets of a 5QI, or of a Paging Policy Indicator, are: as an ARP priority level. */
struct amf_paging_priority {
	bool of_five_qi;
	uint8_t value, priority;
};

struct amf_time_zone {
	uint16_t known;   /* else no time is sent */
	int16_t quarters; /* of an hour east of Greenwich, without daylight saving */
};

/* Who gets emergency services; the behaviours of 23.401 4.3.12.1, which 23.501 5.16.4.1 takes over. */
enum amf_emergency {
	AMF_EMERGENCY_NO,
	AMF_EMERGENCY_VALID,         /* UEs that are registered */
	AMF_EMERGENCY_AUTHENTICATED, /* and those that authenticate, wherever they may not be served otherwise
				      */
	AMF_EMERGENCY_ALL,           /* and those that do not: without a SUPI, or with one that fails */
};

struct amf_emergency_number {
	char digits[AMF_EMERGENCY_DIGITS_MAX + 1];
};

/* A local area data network, 23.501 5.6.5. */
struct amf_ladn {
	char dnn[DNN_STR_SIZE];
	uint8_t tac_count;
	uint32_t tacs[AMF_TACS_MAX];
};

struct amf_config {
	char name[64];
	struct guami guami;
	uint8_t relative_capacity;
	uint8_t tac_count;
	uint32_t tacs[AMF_TACS_MAX]; /* served tracking areas */
	uint8_t slice_count;
	struct snssai slices[SNSSAI_MAX];
	uint8_t ciphering_order[NEA_ALG_COUNT], ciphering_count; /* 5G-EA numbers, the most wanted first */
	uint8_t integrity_order[NIA_ALG_COUNT], integrity_count; /* 5G-IA numbers */
	uint8_t cause_unknown;        /* 5GMM: an unknown subscriber of our own PLMN; 0: #7 */
	uint8_t cause_forbidden_area; /* 5GMM: a UE in an area that its subscription forbids; 0: #15 */
	uint8_t cause_fault;          /* 5GMM: what may be a fault of ours, or of provisioning; 0: #22 */
	bool ims_voice;               /* IMS voice over PS session is supported (24.501 9.11.3.5) */
	char full_name[64], short_name[64]; /* of the network, UTF-8; empty: not sent */
	struct amf_time_zone time_zone;
	uint8_t daylight_saving_h;    /* 0 to 2 */
	uint32_t ng_setup_s;          /* for an association to be set up; after a refusal as long again */
	uint32_t overload_age_ms;     /* a message that waited longer shows overload */
	uint8_t overload_cpu_percent; /* of one that works so much of the time, half of that does, */
	uint32_t overload_backlog_ms; /* and those under way, when it would take so long to serve them */
	uint32_t ues_max;             /* contexts; 0: AMF_UES */
	uint32_t t3512_s;
	uint32_t t3513_ms; /* until a UE is paged again; 0: AMF_T3513_MS */
	uint8_t paging_priority_count;
	struct amf_paging_priority paging_priorities[AMF_PAGING_PRIORITIES_MAX];
	uint8_t paging_attempts;               /* at most, the first where it was; 0: AMF_PAGING_ATTEMPTS */
	uint32_t t3550_ms, t3560_ms, t3522_ms; /* 24.501 table 10.2.2: 6 s each */
	uint16_t reauthenticate_h;             /* UEs whose keys are older authenticate again; 0: none does */
	uint8_t emergency;                     /* enum amf_emergency */
	char emergency_dnn[DNN_STR_SIZE];      /* empty: there is none */
	struct snssai emergency_slice;         /* sst 0: the first of slices */
	uint8_t emergency_number_count;
	struct amf_emergency_number emergency_numbers[AMF_EMERGENCY_NUMBERS_MAX];
	uint8_t ladn_count;
	struct amf_ladn ladns[AMF_LADNS_MAX];
	uint8_t gnb_prefix_count;
	struct prefix4 gnb_prefixes[AMF_GNB_PREFIXES_MAX]; /* who may associate on N2; none: everybody */
	uint8_t seal_key[SEAL_KEY_LEN];                    /* of K_AMF in the store */
	/* Its place among the AMFs of one core, which core/core.c knows. */
	uint8_t number;   /* 0: the first, which also takes the stored UEs of no AMF that there is */
	uint16_t n2_port; /* msg.port of its N2 */
	uint8_t other_count;
	struct guami others[AMF_OTHERS_MAX]; /* whose stored UEs are theirs */
};

/* Its keys in network.yaml. */
extern const struct config_section amf_config_section;

/* The AMF's own interfaces (msg.port), where it is the only one. */
enum amf_port { AMF_PORT_N2 = 1 };

struct amf;

/*
 * Restores the UE contexts of the store. When counts_lost is set (after a power failure without sync) the
 * security contexts are dropped, so that every UE authenticates again. NULL when memory is refused.
 */
struct amf *amf_new(const struct amf_config *config, bool counts_lost, struct env *env, struct sbi_bus *bus);
void amf_free(struct amf *amf);
struct nf *amf_nf(struct amf *amf);

/* A message, or the beginning or end of an association, on N2. */
void amf_on_n2(struct amf *amf, const struct msg *m);

/* Stores the contexts that changed, at the end of each message and deadline (base/turn.h). */
void amf_store(struct amf *amf);
void amf_on_committed(struct amf *amf, uint64_t epoch);
uint64_t amf_store_next_ns(const struct amf *amf);

/* Load control puts UEs off. */
bool amf_is_overloaded(const struct amf *amf);

/* Who watches N1 and N2, for traces; whose: core/nf/whose.h. */
struct amf_tap {
	/* A PDU of N2, without keys: its number. Whose one is that came is reported by `concerns`. */
	uint64_t (*n2)(void *arg, bool in, uint64_t whose, const struct addr *gnb, struct bytes pdu);
	/* A NAS message as it is on N2, and in plain. Uplink, whose it is is reported likewise. */
	void (*n1)(void *arg, bool uplink, uint64_t whose, struct bytes pdu, struct bytes plain);
	/* What came since the last PDU of N2, with that one. */
	void (*concerns)(void *arg, uint64_t whose);
	/* Who it is that was unknown. */
	void (*known)(void *arg, uint64_t whose, const struct supi *supi);
	void *arg;
};

/* tap is copied. */
void amf_set_tap(struct amf *amf, const struct amf_tap *tap);

enum amf_stat {
	AMF_STAT_NGAP_RECEIVED,
	AMF_STAT_NGAP_REFUSED,    /* not decodable, or refused by criticality */
	AMF_STAT_NGAP_UNEXPECTED, /* messages for which the AMF has no handler or no context */
	AMF_STAT_NG_SETUPS,
	AMF_STAT_NG_SETUP_FAILURES,
	AMF_STAT_NAS_RECEIVED,
	AMF_STAT_NAS_REFUSED,    /* syntax */
	AMF_STAT_NAS_INTEGRITY,  /* wrong MAC, replay, or not protected where it must be */
	AMF_STAT_NAS_UNEXPECTED, /* not compatible with the state */
	AMF_STAT_REGISTRATIONS,
	AMF_STAT_REGISTRATION_REJECTS,
	AMF_STAT_AUTH_REQ,
	AMF_STAT_AUTH_REJECT,
	AMF_STAT_SECURITY_MODE_REJECTS, /* by UEs */
	AMF_STAT_CONF_UPDATE,
	AMF_STAT_CONF_UPDATES_COMPLETED, /* of those that ask for it */
	AMF_STAT_PAGINGS,                /* UEs that were paged */
	AMF_STAT_PAGINGS_ANSWERED,
	AMF_STAT_PAGINGS_FAILED,
	AMF_STAT_HANDOVERS, /* N2 handovers asked for */
	AMF_STAT_HANDOVERS_DONE,
	AMF_STAT_HANDOVERS_FAILED,          /* refused, or given up on the way */
	AMF_STAT_HANDOVERS_CANCELLED,       /* by the source */
	AMF_STAT_MODIFY_INDICATIONS,        /* of gNBs with other tunnels */
	AMF_STAT_MODIFY_INDICATIONS_FAILED, /* sessions of these, of which that came to nothing */
	AMF_STAT_PATH_SWITCHES,
	AMF_STAT_PATH_SWITCHES_DONE,
	AMF_STAT_PATH_SWITCHES_FAILED,
	AMF_STAT_CAPABILITIES_DIFFER, /* security capabilities in a path switch, 33.501 6.7.3.1 */
	AMF_STAT_DEREGISTRATIONS,
	AMF_STAT_SESSIONS,              /* PDU sessions handed to an SMF */
	AMF_STAT_EXHAUSTED,             /* a pool at its limit */
	AMF_STAT_OVERLOADS,             /* times that load control began */
	AMF_STAT_PUT_OFF,               /* UEs that it refused */
	AMF_STAT_YIELDED,               /* UEs without proof that gave way to another gNB's */
	AMF_STAT_TRANSFERS_WAITED,      /* N1N2 transfers that another procedure held up */
	AMF_STAT_N2_INFO_REFUSED,       /* N2 information of a type that no served NGAP message carries */
	AMF_STAT_UNPROVED,              /* registered for emergency services, without authentication */
	AMF_STAT_REAUTHENTICATIONS,     /* of UEs that are registered */
	AMF_STAT_STEERINGS,             /* preferred PLMNs sent to UEs */
	AMF_STAT_PARAMETERS_UPDATES,    /* sent to UEs */
	AMF_STAT_CONTEXT_MODIFICATIONS, /* UE contexts of gNBs, 38.413 8.3.4 */
	AMF_STAT_CONTEXT_MODIFICATIONS_FAILED,
	AMF_STAT_RELAYS,      /* messages brought from one gNB to another */
	AMF_STAT_RELAYS_LOST, /* those whose target is not set up here */
	AMF_STAT_UPDATES,     /* AMF CONFIGURATION UPDATEs */
	AMF_STAT_UPDATES_FAILED,
	AMF_STAT_LOCATION_REPORTS,
	AMF_STAT_LOCATION_FAILURES,
	AMF_STAT_RAN_TRACES, /* TRACE STARTs */
	AMF_STAT_RAN_TRACE_FAILURES,
	AMF_STAT_CELL_TRACES,     /* UEs that gNBs trace with their cell */
	AMF_STAT_WARNINGS,        /* public warnings that operators began */
	AMF_STAT_WARNINGS_FAILED, /* that a gNB does not broadcast, or does no more */
	AMF_STAT_NOT_RESTORED,    /* stored UE contexts that could not be read */
	AMF_STAT_COUNT
};

/* Takes the values of live keys (config.c) of c. */
void amf_take_config(struct amf *amf, const struct amf_config *c);

/* The UE's subscription has this now (29.503 5.2.2.3 stands for what would notify of it). */
void amf_subscription_changed(
	struct amf *amf, const struct supi *supi, const struct access_and_mobility_subscription_data *data);

/* By slice: those of the configuration, and all others in a row of their own. */
enum amf_slice_stat {
	AMF_SLICE_REGISTERED,
	AMF_SLICE_INIT_REQ,
	AMF_SLICE_MOB_REQ,
	AMF_SLICE_PERIOD_REQ,
	AMF_SLICE_INIT_SUCC,
	AMF_SLICE_MOB_SUCC,
	AMF_SLICE_PERIOD_SUCC,
	AMF_SLICE_STAT_COUNT
};

/* By 5GMM cause. */
enum amf_cause_stat {
	AMF_CAUSE_INIT_FAIL,
	AMF_CAUSE_MOB_FAIL,
	AMF_CAUSE_PERIOD_FAIL,
	AMF_CAUSE_AUTH_FAIL,
	AMF_CAUSE_STAT_COUNT
};

/* By NGAP cause. */
enum amf_ngap_cause_stat {
	AMF_NGAP_CAUSE_HANDOVER_FAIL,
	AMF_NGAP_CAUSE_PATH_SWITCH_FAIL,
	AMF_NGAP_CAUSE_STAT_COUNT
};

extern const struct stat_group amf_stat_group, amf_gauge_group, amf_slice_group, amf_cause_group,
	amf_ngap_cause_group, amf_time_group;
/* enum amf_stat */
void amf_stats(const struct amf *amf, struct stats *out);
/* All figures; valid until the next call. */
void amf_figures(struct amf *amf, struct stats_list *l);

/* Tables for operators (base/table.h): writes the first row at *at or behind it and moves *at on; false:
 * there is none.
 */
extern const struct table amf_ue_table, amf_gnb_table;
/* The name of the gNB that a UE is connected to; NULL: it is not here, or idle. */
const char *amf_gnb_of(struct amf *amf, const struct supi *supi);
bool amf_ue_row(const struct amf *amf, uint32_t *at, struct writer *w);
bool amf_gnb_row(const struct amf *amf, uint32_t *at, struct writer *w);

/* Present numbers, for operators. */
/*
 * The operator wants the UE off (24.501 5.5.2.3), or to register again; one that is idle is paged first, and
 * de-registered without a word if it does not answer. False: it is not registered here.
 */
bool amf_deregister(struct amf *amf, const struct supi *supi, bool again);
/* The UE is to authenticate again, and gets new keys; an idle one is paged first. False: it is not registered
 * here. */
bool amf_reauthenticate(struct amf *amf, const struct supi *supi);

/* Where a UE is, for operators (38.413 8.12). */
enum amf_locate_how { AMF_LOCATE_LAST, AMF_LOCATE_NOW, AMF_LOCATE_FOLLOW, AMF_LOCATE_STOP };

struct amf_locate {
	enum amf_locate_how how;
	bool page; /* now: an idle UE, too */
	uint8_t area_count;
	uint32_t
		area[AMF_AREA_TACS_MAX]; /* follow: reported as well when the UE comes into it or leaves it */
};

struct amf_location {
	bool connected, known;
	bool awaited, followed; /* a report; those of the next cells */
	uint32_t tac;
	uint64_t nci, age_s;
};

/* What is known at once; reports are events, and known after that. False: the UE is not registered here. */
bool amf_locate(
	struct amf *amf, const struct supi *supi, const struct amf_locate *l, struct amf_location *out);

/* What gNBs are to record of a UE (38.413 9.3.1.14). */
struct amf_ran_trace {
	uint8_t depth, interfaces; /* enum ngap_trace_depth; bits */
	struct addr collector;
};

/* NULL: no more. False: the UE is not registered here. */
bool amf_ran_trace(struct amf *amf, const struct supi *supi, const struct amf_ran_trace *t);

/* Public warnings (23.041). */
struct amf_warning_order {
	uint16_t id, serial;
	uint16_t repetition_s, broadcasts; /* at least 1; 0: until it is cancelled */
	uint8_t area_count;
	uint32_t area[AMF_AREA_TACS_MAX]; /* none: everywhere */
	const char *text;                 /* UTF-8 */
};

/* NULL: gNBs are asked for it; else why not. */
const char *amf_warn(struct amf *amf, const struct amf_warning_order *o);
/* False: there is none. */
bool amf_warning_cancel(struct amf *amf, uint16_t id, uint16_t serial);
extern const struct table amf_warning_table;
bool amf_warning_row(const struct amf *amf, uint32_t *at, struct writer *w);

/* The AMF ends in order: its gNBs are told (38.413 8.7.6). */
void amf_close(struct amf *amf);

struct amf_numbers {
	uint32_t gnbs, connections, ues, registered, sessions;
};

/* UEs that are allowed the slice (as text), have a connection by gNBs of that name, or by such as are of none
 * of these prefixes (none: of no gNB). */
uint64_t amf_ues_of_slice(const struct amf *amf, struct bytes slice);
uint64_t amf_ues_at_gnb(const struct amf *amf, struct bytes name);
uint64_t amf_ues_not_of(const struct amf *amf, const struct prefix4 *prefixes, uint8_t count);
/* Of gNBs that have none of the tracking areas. */
uint64_t amf_ues_outside(const struct amf *amf, const uint32_t *tacs, uint8_t count);

struct amf_numbers amf_numbers(const struct amf *amf);
