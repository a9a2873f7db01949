/*
 * Ethernet PDU sessions: 23.501 5.6.10.2 and 5.8.2.5.3, 29.244 5.13. The sessions of a data network and its
 * N6 are ports of one LAN. Addresses are learnt of source addresses, for each VLAN alone; a frame for all, or
 * for an address not seen yet, goes to all ports but the one it comes from. Workers look addresses up and
 * note new ones; the control plane alone changes the table.
 */
#pragma once

#include "base/list.h"
#include "core/upf/data.h"
#include "core/upf/epoch.h"
#include "core/upf/rules.h"
#include "core/upf/table.h"
#include "wire/pfcp/pfcp.h"

/* The sessions of a LAN: worker and uplink TEID of each; 0: none. Written in place by the control plane. */
struct upf_lan {
	uint32_t high; /* none from here on */
	uint64_t members[UPF_LAN_SESSIONS_MAX];
};

/* A session as a port of its LAN. */
struct upf_lan_port {
	struct link macs; /* struct upf_mac, behind the UE; this and the next are the control plane's */
	uint8_t mac_count;
	bool macs_full; /* read by the worker: no more addresses are learnt */
};

enum upf_mac_state { UPF_MAC_NEW, UPF_MAC_REPORTED, UPF_MAC_GONE };

/* Where an address is. */
struct upf_mac {
	struct upf_retired retired;
	struct upf_key key;
	uint32_t teid; /* of the session's uplink; 0: on N6 */
	uint8_t worker;
	uint32_t last_s; /* written by workers: when it was seen, monotonic + 1 */
	/* The control plane's own. */
	uint8_t state; /* enum upf_mac_state */
	struct link by_session;
	struct upf_session *session; /* NULL: on N6 */
};

/* Seen by a worker, and not where the table has it. */
struct upf_mac_note {
	struct upf_key key;
	uint64_t seid; /* 0: on N6 */
};

/* What a usage report points to. */
struct upf_mac_report {
	uint64_t detected[UPF_SESSION_MACS_MAX], removed[UPF_SESSION_MACS_MAX];
	struct pfcp_mac_addresses detected_list, removed_list;
};

static inline struct upf_key upf_key_mac(uint8_t lan, uint16_t vid, uint64_t mac)
{
	return (struct upf_key){ .ip = { (uint64_t)lan << 16 | vid, mac } };
}

/* lan.c: the data path. The packet's session is that of the tunnel; h as of uplink() in data.c. */
void upf_lan_uplink(struct upf_worker *w, struct upf_packet *p, const struct upf_rules *r, uint32_t teid,
	const struct gtpu_header *h);
void upf_lan_from_n6(struct upf_worker *w, struct upf_packet *p);
/* A frame for the session of p->to, which is this worker's. */
void upf_lan_downlink(struct upf_worker *w, struct upf_packet *p);

/* ethernet_frame.c: reads the headers of a frame, with those of the IP packet in it. False: it is none. */
bool upf_frame_read(const uint8_t *data, uint32_t len, struct upf_frame *frame, struct upf_flow *flow);
static inline bool upf_mac_is_group(uint64_t mac)
{
	return mac >> 40 & 1;
}
/* Of the outer tag; 0: none (802.1Q 9.6: a tag of priority alone). */
static inline uint16_t upf_frame_vid(const struct upf_frame *f)
{
	return (f->has_s_tag ? f->s_tag : f->has_c_tag ? f->c_tag : 0) & 0xfff;
}

/* lan_learn.c and lan_port.c: the control plane's side */
struct upf;
struct upf_draft;
struct upf_session;
void upf_mac_free(struct upf *upf, struct upf_mac *m); /* not in the table any more */
bool upf_lan_init(struct upf *upf);
void upf_lan_fini(struct upf *upf);
/* Makes room for the session, which is to have the draft's rules; false: there is none. */
bool upf_lan_reserve(const struct upf *upf, struct upf_session *s, const struct upf_draft *d);
/* The rules are published, in place of others with the uplink TEID old (0: none). */
void upf_lan_join(struct upf *upf, struct upf_session *s, uint32_t old, const struct upf_rules *r);
void upf_lan_leave(struct upf *upf, struct upf_session *s, const struct upf_rules *r);
/* Takes what the workers have noted. */
void upf_lan_collect(struct upf *upf);
/* What came and went since the last report; false: nothing, or nobody asks for it. */
bool upf_lan_report(
	struct upf *upf, struct upf_session *s, struct upf_mac_report *at, struct pfcp_usage_report *out);
