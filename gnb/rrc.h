/*
 * The radio as NGAP and GTP-U use it: what RRC offers (38.331) above whatever carries it. One of two files
 * stands below (rrc_ops.h): rrc_sim.c, the simulated link, or rrc_cucp.c, the CU-CP over F1 and E1. A verb
 * goes down; what comes up is an event of struct gnb_rrc_user, which the room sets when it is made.
 */
#pragma once

#include "base/hash.h"
#include "gnb/gnb.h"
#include "wire/ngap/ngap.h"

struct cucp_ue;
struct gnb_ue;
struct gnb_session;

/* Where a UE is on the radio. Above the radio only cell and on_air are looked at. */
struct gnb_radio {
	struct hash_node by_link; /* of the simulated link, while linked */
	struct addr peer;         /* there */
	uint32_t index;
	struct cucp_ue *connection; /* at the CU-CP */
	uint8_t cell;               /* place in the configuration's list */
	bool on_air;                /* the UE can be reached */
	bool linked;                /* it has a connection; also one that was sent away and may return */
};

/* RRCSetupRequest to RRCSetupComplete (38.331 5.3.3). */
struct gnb_rrc_request {
	struct gnb_radio at;
	struct gnb_ue *earlier; /* the context of an earlier connection of this UE; NULL: none */
	enum ngap_rrc_establishment_cause cause;
	bool has_s_tmsi;
	struct s_tmsi s_tmsi;
	struct bytes nas;
};

/* RRCReconfigurationComplete at the target of a handover (5.3.5.3). */
struct gnb_rrc_arrival {
	struct gnb_radio at;
	uint16_t c_rnti;
	uint32_t mac; /* MAC-I, by the key of this cell */
};

/* RRCReestablishmentRequest (5.3.7.4). */
struct gnb_rrc_return {
	struct gnb_radio at;
	uint16_t c_rnti, pci, short_mac;
};

struct gnb_rrc_user {
	/* RRCSetupRequest, where it comes by itself; false: reject it, with *wait_s. */
	bool (*connection_permitted)(struct gnb *gnb, uint8_t *wait_s);
	void (*connection_requested)(struct gnb *gnb, const struct gnb_rrc_request *r);
	void (*nas_received)(struct gnb *gnb, struct gnb_ue *ue, struct bytes nas);
	void (*security_completed)(struct gnb *gnb, struct gnb_ue *ue);
	/* UE-CapabilityRAT-ContainerList (38.331 6.3.3). */
	void (*capability_received)(struct gnb *gnb, struct gnb_ue *ue, struct bytes containers);
	void (*bearer_answered)(struct gnb *gnb, struct gnb_ue *ue, uint8_t drb, bool accepted);
	/* False: nobody is expected by that name, or with that key. */
	bool (*arrived)(struct gnb *gnb, const struct gnb_rrc_arrival *a);
	/* ue: as it was known on the link. False: it is not taken back (5.3.7.8). */
	bool (*reestablishment_requested)(struct gnb *gnb, struct gnb_ue *ue, const struct gnb_rrc_return *r);
	/* Of a UE that is not known on the link; false: nor of a neighbour. */
	bool (*reestablishment_of_another)(struct gnb *gnb, const struct gnb_rrc_return *r);
	/* The same where its identity is proved already: it is in this cell from now on, and has the next
	 * key. */
	bool (*returned)(struct gnb *gnb, struct gnb_ue *ue, uint8_t cell, uint32_t ssb_arfcn);
	/* Its serving cell as it hears it (38.331 5.5.5). */
	void (*measured)(struct gnb *gnb, struct gnb_ue *ue, int16_t rsrp_dbm);
	/* The UE left without a word (radio link failure): it is not on the air any more. */
	void (*connection_lost)(struct gnb *gnb, struct gnb_ue *ue);
};

/* The UE takes the connection it asked for; false: it cannot. Else it is rejected (5.3.3.6), and may ask
 * again after wait_s (1 to 16; 0: when it wants). */
bool gnb_rrc_accept(struct gnb *gnb, struct gnb_ue *ue, const struct gnb_radio *at);
void gnb_rrc_reject(struct gnb *gnb, const struct gnb_radio *at, uint8_t wait_s);

/* 5.3.2: to all that may hear it in a cell. */
void gnb_rrc_page(struct gnb *gnb, uint8_t cell, const struct s_tmsi *s_tmsi);

/* A public warning, to all that may hear it in a cell (38.331 5.2.2.4.7 to 5.2.2.4.9). */
struct gnb_rrc_warning {
	uint16_t id, serial;
	uint8_t dcs;
	struct bytes contents;    /* none: the primary notification alone */
	uint16_t type;            /* of that */
	bool again;               /* a repetition of what goes on */
	uint32_t period_s, times; /* how often it will be; times 0: until it ends */
};
void gnb_rrc_warn(struct gnb *gnb, uint8_t cell, const struct gnb_rrc_warning *warning);
/* Before it was broadcast as often as was said. */
void gnb_rrc_warn_end(struct gnb *gnb, uint8_t cell, uint16_t id, uint16_t serial);

/* Verbs of a connection; false: the UE cannot be reached. */
bool gnb_rrc_send_nas(struct gnb *gnb, struct gnb_ue *ue, struct bytes nas); /* 5.7.1 */
bool gnb_rrc_activate_security(struct gnb *gnb, struct gnb_ue *ue);          /* 5.3.4 */
bool gnb_rrc_enquire_capability(struct gnb *gnb, struct gnb_ue *ue);         /* 5.6.1 */
/* What the UE has is known already: UE-CapabilityRAT-ContainerList. */
void gnb_rrc_capability_known(struct gnb *gnb, struct gnb_ue *ue, struct bytes containers);
bool gnb_rrc_set_bearer(
	struct gnb *gnb, struct gnb_session *s, struct bytes nas); /* 5.3.5.6.5; nas or none */
bool gnb_rrc_release_bearer(struct gnb *gnb, struct gnb_ue *ue, uint8_t drb, struct bytes nas);
/* A session goes, whatever became of its bearer. */
void gnb_rrc_session_ended(struct gnb *gnb, struct gnb_session *s);

/* The one UE that is at this address, and has this index there (NULL: any); NULL: none, or several. */
struct gnb_ue *gnb_rrc_find(struct gnb *gnb, const struct addr *peer, const uint32_t *index);

/*
 * 5.3.5.5: the UE is sent to another cell, with the RRCReconfiguration that was made there. From then on it
 * cannot be reached here; it may come back by re-establishment.
 */
bool gnb_rrc_hand_over(struct gnb *gnb, struct gnb_ue *ue, struct bytes reconfiguration);
/* 5.3.7: it comes back, by a key of the chaining count ue->ncc. */
bool gnb_rrc_reestablish(struct gnb *gnb, struct gnb_ue *ue, const struct gnb_radio *at);

/*
 * The end of a connection: released (5.3.8), failed on our side (the UE sees the radio link fail), or
 * forgotten without a word; or the UE is away at another gNB, and may come back by re-establishment. Nothing
 * happens where there is none.
 */
enum gnb_rrc_end { GNB_RRC_RELEASED, GNB_RRC_FAILED, GNB_RRC_FORGOTTEN, GNB_RRC_AWAY };
void gnb_rrc_end(struct gnb *gnb, struct gnb_ue *ue, enum gnb_rrc_end how);

/* A user packet of a data radio bearer, and its QoS flow (SDAP, 37.324). */
struct gnb_rrc_data {
	struct gnb_ue *ue;
	uint8_t drb, qfi;
	bool rqi; /* downlink: a rule may be derived from it */
};

/*
 * Takes the radio's headers off a packet, in place. GNB_DROP: malformed; GNB_CONTROL: it is no user packet
 * of a connection there is, and untouched.
 */
enum gnb_verdict gnb_rrc_data_take(struct gnb *gnb, struct gnb_packet *p, struct gnb_rrc_data *out);

/* Puts them on; at most GNB_HEADROOM octets before the packet are written to. GNB_SEND: it goes to p->peer by
 * the air of p->cell. */
enum gnb_verdict gnb_rrc_data_put(struct gnb *gnb, const struct gnb_rrc_data *d, struct gnb_packet *p);

/* Everything else that comes by the ports of the air, of F1 and of E1. */
void gnb_rrc_on_msg(struct gnb *gnb, const struct msg *m);
