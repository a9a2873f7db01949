/*
 * UPF, TS 23.501 6.2.3: the SMFs command it over N4 (TS 29.244), it moves packets between the gNBs' tunnels
 * on N3 (TS 29.281) and the data network on N6. PDU sessions of IPv4, IPv6 and both. All three interfaces
 * work through messages; a process gives N3 and N6 to the workers (core/upf/data.h) in bursts instead, a
 * thread each.
 */
#pragma once

#include "base/config.h"
#include "base/env.h"
#include "base/prefix.h"
#include "base/stats.h"
#include "wire/id.h"

/* The Ethernet LANs of N6 have one each, from UPF_PORT_LAN on. */
enum upf_port { UPF_PORT_N4 = 11, UPF_PORT_N3 = 12, UPF_PORT_N6 = 13, UPF_PORT_LAN = 0x40 };

enum upf_limit {
	UPF_SMFS_MAX = 16,
	UPF_WORKERS_MAX = 16,
	UPF_GNB_PREFIXES_MAX = 64,
	UPF_POOLS_MAX = 64, /* of each family */
	UPF_PROTECTED_MAX = 128,
	UPF_DNNS_MAX = 16,
	UPF_LANS_MAX = 8,            /* data networks of Ethernet */
	UPF_LAN_SESSIONS_MAX = 1024, /* of one of them: a broadcast goes to all */
	UPF_SESSION_MACS_MAX = 64,   /* addresses seen behind a UE, each in each VLAN */
	UPF_MACS_MAX = 65536,        /* of all UEs, and of N6 */
	UPF_MAC_NOTES = 256,         /* new ones, noted for the control plane at a time */
	UPF_MAC_S = 300,             /* an address not seen so long is forgotten; the SMF may say otherwise */
	UPF_ETHERNET_FILTERS_MAX = 32, /* of a session */
	UPF_PDR_ETHERNET_FILTERS_MAX = 16,
	UPF_ROWS_MAX = UPF_DNNS_MAX * SNSSAI_MAX + 1, /* of what is counted by data network and slice */
	UPF_SESSIONS_MAX = 1 << 24,
	UPF_PDRS_MAX = 32,
	UPF_FARS_MAX = 32,
	UPF_QERS_MAX = 32,
	UPF_URRS_MAX = 32,    /* of a session */
	UPF_FILTERS_MAX = 64, /* SDF filters of a session */
	UPF_BARS_MAX = 4,
	UPF_CSIDS_MAX = 64,      /* sets of sessions of an SMF */
	UPF_LINKED_URRS_MAX = 4, /* of a URR */
	UPF_STOP_S = 30,         /* without a packet traffic has stopped, where the SMF says nothing else */
	UPF_PDR_QERS_MAX = 4,
	UPF_PDR_URRS_MAX = 4,
	UPF_ROUTES_MAX = 16,             /* framed routes of a session, and a prefix to delegate */
	UPF_FILTER_MACS_MAX = 4,         /* addresses of either side of an Ethernet filter */
	UPF_FILTER_RANGES_MAX = 3,       /* ports of one side of a filter */
	UPF_ERROR_INDICATIONS_MAX = 100, /* sent a second */
	UPF_ECHOES_MAX = 200,            /* answered a second */
	/* After the start SMFs restore the sessions of before (23.527 4.3): what is not known yet is dropped,
	   not denied. */
	UPF_RESTORE_GRACE_S = 30,
	UPF_REPORTS_PENDING_MAX = 65536, /* session reports without a response */
	/* Where the configuration has 0. */
	UPF_SESSIONS = 1 << 20,
	/* A token bucket holds what its rate lets through in this time: so much a second may be above it.
	   Beyond it a packet waits: so long at most at the rate, or behind so many octets where that is more.
	 */
	UPF_BUCKET_MS = 16,
	UPF_BACKLOG_MS = 200,
	UPF_BACKLOG_OCTETS_MIN = 18000,
	UPF_BACKLOG_MEMORY = 128 << 20, /* octets that all backlogs may take */
	/* From one worker to another: packets on their way, and how long they may be at most. */
	UPF_HANDOVERS = 512,
	UPF_HANDOVERS_LONG = 128, /* where packet_max is more than usual */
	UPF_PACKET_OCTETS = 2048,
	UPF_PACKET_OCTETS_MAX = 65535,
	/* Downlink packets that wait: of a session, of all sessions of a worker, and for how long; where the
	   configuration has 0. */
	UPF_BUFFERED_SESSION = 256,
	UPF_BUFFERED = 8192,
	UPF_BUFFERED_S = 10,
	UPF_BUFFERED_PACKETS_MAX = 65000, /* that may be configured */
	UPF_BUFFERED_S_MAX = 3600,
	UPF_DELAY_MS = 50, /* 29.244 8.2.28: the unit of the Downlink Data Notification Delay */
	/* Sessions noted for the control plane at a time, and for a worker; more are found by looking at all.
	 */
	UPF_NOTES = 4096,
	UPF_LOOKS = 1024,
};

struct upf_config {
	struct addr n4_address; /* IPv4: Node ID and F-SEID */
	struct addr n3_address; /* IPv4: of every F-TEID */
	uint8_t smf_count, gnb_count, pool_count, pool6_count, protected_count, protected6_count, dnn_count;
	struct addr smfs[UPF_SMFS_MAX];              /* who may command; port 0 is 8805 */
	struct prefix4 gnbs[UPF_GNB_PREFIXES_MAX];   /* whence N3 packets may come; none: anywhere */
	struct prefix4 pools[UPF_POOLS_MAX];         /* UE addresses; none: any */
	struct prefix pools6[UPF_POOLS_MAX];         /* of IPv6, likewise */
	uint64_t pools_gone, pools6_gone;            /* bit n: the nth is not the configuration's any more */
	struct ip protected6[UPF_PROTECTED_MAX];     /* as below, of IPv6 */
	struct prefix4 protected[UPF_PROTECTED_MAX]; /* what UEs must never reach, besides N3 and N4 here */
	char dnns[UPF_DNNS_MAX][DNN_STR_SIZE];       /* network instances of N6; none: any */
	uint8_t lan_count;
	char lans[UPF_LANS_MAX][DNN_STR_SIZE]; /* data networks of Ethernet, whose N6 is a port of a LAN */
	uint8_t slice_count;
	struct snssai slices[SNSSAI_MAX]; /* and data networks, by which is counted */
	bool smf_teids;                   /* it does not offer FTUP: its SMFs choose the TEIDs */
	uint8_t workers;                  /* data threads; 0: one */
	uint32_t packet_max;   /* octets of one that goes from worker to worker, GTP-U header and all; 2048 at
				  least */
	uint32_t sessions_max; /* 0: UPF_SESSIONS */
	/* 0: as in the limits above; a BAR of the SMF's may ask for another count of a session. */
	uint16_t buffered_max, buffered_session_max, buffered_s;
	uint32_t pfcp_t1_ms, pfcp_heartbeat_ms;
	uint8_t pfcp_n1;
};

/* Its keys in network.yaml. */
extern const struct config_section upf_config_section;

struct upf;

/* Its sessions live with it; the SMFs bring them back after a restart (23.527 4.3). NULL when memory is
 * refused or the configuration is not usable. */
struct upf *upf_new(const struct upf_config *config, struct env *env);
void upf_free(struct upf *upf);
/* Takes pools, data networks and slices that are new; sessions of those that are no more are the SMF's to
 * end. */
void upf_take_config(struct upf *upf, const struct upf_config *config);
/* It asks its SMFs to release it, with its sessions; it may be stopped when none is associated. */
void upf_leave(struct upf *upf);
struct room upf_room(struct upf *upf);
/* Looks at what the workers have noted: in the control plane's thread, when a worker signals it (data.h). */
void upf_collect_notes(struct upf *upf);
/* Which workers have rules that changed since the last call (bit n: worker n), and are to be woken. */
uint32_t upf_changed(struct upf *upf);
/* N3 and N6 are the workers' alone (data.h), each in a thread of its own. */
void upf_set_threaded(struct upf *upf);

enum upf_stat {
	UPF_STAT_ASSOCIATIONS, /* set up */
	UPF_STAT_ESTABLISHMENTS,
	UPF_STAT_ESTABLISHED, /* sessions */
	UPF_STAT_MODIFIED,
	UPF_STAT_DELETED,       /* by the SMF, or with its association */
	UPF_STAT_REJECTED,      /* session requests refused */
	UPF_STAT_REPORTS,       /* session reports sent */
	UPF_STAT_REPORTS_TAKEN, /* by the SMF */
	UPF_STAT_REPORTS_LOST,  /* not answered, or no room for them */
	UPF_STAT_UL_PACKETS,    /* forwarded; these four are sums of what workers count by row */
	UPF_STAT_UL_OCTETS,
	UPF_STAT_DL_PACKETS,
	UPF_STAT_DL_OCTETS,
	UPF_STAT_FORWARDED,   /* from a gNB to another one, for a handover */
	UPF_STAT_END_MARKERS, /* likewise */
	UPF_STAT_HAIRPIN,     /* from UE to UE, counted in both directions */
	UPF_STAT_SHAPED,      /* waited for its rate */
	UPF_STAT_BUFFERED,    /* downlink that waits for a tunnel */
	UPF_STAT_ECHOES,
	UPF_STAT_ERROR_INDICATIONS_IN,
	UPF_STAT_ERROR_INDICATIONS_OUT,
	UPF_STAT_SIGNALLING,    /* other GTP-U messages, taken without effect */
	UPF_STAT_FLOODED,       /* copies of frames to all, or to an address not seen yet */
	UPF_STAT_MACS,          /* addresses learnt */
	UPF_STAT_HANDED_OVER,   /* to the worker that owns the session */
	UPF_STAT_NOTES_CROWDED, /* notes for the control plane that it found by looking at all sessions */
	/* Dropped: */
	UPF_STAT_DROPS,
	UPF_STAT_MALFORMED = UPF_STAT_DROPS, /* GTP-U or IP that is not well-formed */
	UPF_STAT_FOREIGN,                    /* on N3 from no gNB that is configured, or known by a tunnel */
	UPF_STAT_UNKNOWN_TEID,
	UPF_STAT_CONTAINER,  /* uplink without an uplink PDU session container of a QFI of the session */
	UPF_STAT_SPOOFED,    /* inner source that is not the UE's address */
	UPF_STAT_LINK_LOCAL, /* of the UE's own link (IPv6, DHCP), and no rule takes it to the SMF */
	UPF_STAT_PROTECTED,  /* for the network's own addresses, or no unicast address */
	UPF_STAT_NO_SESSION, /* for a UE address without a session */
	UPF_STAT_NO_PDR,
	UPF_STAT_GATED,
	UPF_STAT_RATE, /* above a maximum bit rate, without room to wait */
	UPF_STAT_QUOTA,
	UPF_STAT_DISCARDED,     /* by a FAR that drops */
	UPF_STAT_NOT_BUFFERED,  /* for a UE without a tunnel: not kept */
	UPF_STAT_BUFFER_FULL,   /* the oldest that waited, for a newer one */
	UPF_STAT_BUFFER_STALE,  /* waited too long, or its session is gone, or the SMF wants it dropped */
	UPF_STAT_NO_TUNNEL,     /* payload too long for a tunnel header */
	UPF_STAT_MACS_OUT,      /* Ethernet: of one address too many behind the UE */
	UPF_STAT_LAN,           /* Ethernet: for where it comes from, or from no single address */
	UPF_STAT_CONGESTION,    /* marked so on N3, and its sender does not understand it (RFC 6040 4.2) */
	UPF_STAT_HANDOVER_FULL, /* no room on the way to the session's worker, or too long */
	UPF_STAT_COUNT
};

/* enum upf_stat, the sums over all workers; valid until the next call. The control plane's thread alone may
 * ask. */
extern const struct stat_group upf_stat_group, upf_gauge_group, upf_drop_group, upf_row_group, upf_qfi_group,
	upf_cause_group;
void upf_stats(struct upf *upf, struct stats *out);
/* All figures, those of its N4 too; likewise. */
void upf_figures(struct upf *upf, struct stats_list *l);

/* Present numbers, for operators. */
struct upf_numbers {
	uint32_t sessions, sessions_max, smfs_associated;
	uint64_t session_octets; /* memory of all sessions and their rules */
};

struct upf_numbers upf_numbers(const struct upf *upf);
