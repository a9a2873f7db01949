/*
 * The radio as the NAS of a UE uses it: what RRC offers (38.331) above whatever carries it. One of two files
 * stands below (rrc_ops.h): rrc_sim.c, the simulated link, or rrc_air.c, RRC and all below it over samples. A
 * verb goes down; what comes up is an event of struct ue_rrc_user, which the host sets when it is made.
 */
#pragma once

#include "base/timers.h"
#include "radio/rrc/security.h"
#include "ue/reconfiguration.h"
#include "ue/ue.h"

enum { UE_RRC_OVERHEAD_MAX = 96 }; /* octets besides a NAS PDU or a user packet */

/*
 * AS security: K_gNB in use, with its chaining count; the last NH made, with its own (33.501 6.9.2.1.1); and
 * the K_AMF that both are of, which the NAS may have left (6.9.4.4).
 */
struct ue_as {
	bool active;
	uint8_t ia;
	uint16_t c_rnti;
	struct rrc_key_chain keys;
};

struct ue_move;

/* The UE's end of the radio. Above the radio only `connected` and barred_until_ns are looked at. */
struct ue_radio {
	struct timer keepalive;
	struct timer silence; /* runs until a gNB is heard on a new connection */
	struct addr gnb;
	uint16_t connection; /* its number: late messages of earlier ones are recognised */
	uint8_t keepalives_lost;
	bool connected;
	struct ue_as as;
	struct ue_move *move;     /* to another cell, or back */
	uint64_t barred_until_ns; /* T302, 38.331 5.3.14.4: no connection is asked for before */
};

struct ue_rrc_warning {
	uint16_t id, serial;
	uint8_t dcs;
	struct bytes contents; /* none: the primary notification alone */
};

struct ue_rrc_user {
	/* 33.501 6.7.3.2: the present K_AMF, and the K_gNB that it gives. */
	bool (*k_gnb)(struct ue *ue, uint8_t k_amf[KDF_KEY_LEN], uint8_t k_gnb[KDF_KEY_LEN]);
	/* The NAS has null integrity: only then may the radio have it too (33.501 10.2.2.2). */
	bool (*is_unproved)(const struct ue *ue);
	/* The UE has these bearers and no other; tai: as broadcast in the cell where it is now, NULL: not
	 * known, or the cell is the same. */
	void (*handed_over)(
		struct ue *ue, const struct ue_bearer *bearers, size_t count, const struct tai *tai);
	/* It goes on in another cell, with what it had. */
	void (*moved)(struct ue *ue, const struct tai *tai);
	void (*nas_received)(struct ue *ue, struct bytes nas);
	/* 5.3.2.3: somebody of this host, or nobody, has the identity. */
	void (*paged)(struct ue_host *host, const struct addr *gnb, const struct s_tmsi *s_tmsi);
	/* 5.2.2.4.9: a public warning is broadcast, perhaps again. */
	void (*warned)(struct ue_host *host, const struct ue_rrc_warning *w);
	/* A data radio bearer of a session is set up or changed; false: there is no such session. */
	bool (*bearer_set)(struct ue *ue, const struct ue_bearer *b);
	void (*bearer_released)(struct ue *ue, uint8_t drb);
	/* Where packets come by themselves: one of a session, and before it that a rule is to be derived from
	 * it. */
	void (*packet)(struct ue *ue, uint8_t psi, struct bytes packet);
	void (*reflective_qos)(struct ue *ue, uint8_t psi, uint8_t qfi, struct bytes packet);
	/* An idle UE camps in a cell where it was not. */
	void (*cell_entered)(struct ue *ue);
	/* By the network in order (5.3.8), or because it was rejected or the radio link failed. */
	void (*connection_ended)(struct ue *ue, bool failed);
};

/* 5.3.3: a connection, with the NAS PDU that wants it. The gNB finds the AMF by the 5G-S-TMSI. */
struct ue_rrc_request {
	bool emergency; /* establishment cause emergency, else */
	bool paged;     /* mt-Access, else */
	bool user_data; /* mo-Data, else mo-Signalling */
	bool has_s_tmsi;
	struct s_tmsi s_tmsi;
	struct bytes nas;
};

bool ue_rrc_connect(struct ue *ue, const struct ue_rrc_request *r);
bool ue_rrc_send_nas(struct ue *ue, struct bytes nas);
/* The UE leaves by itself (24.501 5.3.1.3); the gNB is informed when that is asked for. No event. */
void ue_rrc_leave(struct ue *ue, bool tell);

/* A user packet of a data radio bearer, and its QoS flow (SDAP, 37.324). */
struct ue_rrc_data {
	struct ue *ue;
	uint8_t psi, drb, qfi; /* psi: uplink */
	bool rqi;              /* downlink: a rule is to be derived from it (23.501 5.7.5) */
};

/* Takes the radio's headers off a packet, in place; false: it is none of a connection there is. */
bool ue_rrc_data_take(struct ue_host *host, struct ue_packet *p, struct ue_rrc_data *out);
/* Puts them on: at most UE_HEADROOM octets before the packet are written to. True: it goes by UE_PORT_AIR;
 * else it is on its way, or lost. */
bool ue_rrc_data_put(const struct ue_rrc_data *d, struct ue_packet *p);

/* Everything else that comes by the ports of the air. */
void ue_rrc_on_msg(struct ue_host *host, const struct msg *m);
