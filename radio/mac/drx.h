/*
 * Discontinuous reception (38.321 5.7) of one UE with one cell, the same at the UE and, as what the UE must
 * be doing, at the gNB: when PDCCH for the C-RNTI is looked for. Times are those at which slots begin, which
 * only go on.
 */
#pragma once

#include "base/bytes.h"

enum { MAC_DRX_PROCESSES = 16 };

/* DRX-Config of 38.331 6.3.2. */
struct mac_drx_config {
	bool there;
	uint32_t on_us, slot_offset_us; /* drx-onDurationTimer, drx-SlotOffset */
	uint32_t inactivity_ms;
	uint32_t cycle_ms, offset_ms; /* the long cycle and drx-StartOffset */
	uint32_t short_ms;            /* 0: there is no short cycle */
	uint8_t short_cycles;         /* drx-ShortCycleTimer */
	uint8_t rtt_dl_symbols, rtt_ul_symbols;
	uint16_t again_dl_slots, again_ul_slots; /* drx-RetransmissionTimerDL and UL */
};

/* drx-RetransmissionTimer of a process, running from one time to another. */
struct mac_drx_again {
	uint64_t from_ns, until_ns;
};

struct mac_drx {
	struct mac_drx_config config;
	uint64_t slot_ns;
	uint64_t on_until_ns,
		inactive_ns;     /* the ends of drx-onDurationTimer and drx-InactivityTimer; 0: not running */
	uint64_t short_until_ns; /* of drx-ShortCycleTimer; 0: the long cycle is used */
	struct mac_drx_again dl[MAC_DRX_PROCESSES], ul[MAC_DRX_PROCESSES];
};

MUST_USE bool mac_drx_same(const struct mac_drx_config *a, const struct mac_drx_config *b);

/* What is configured; what is running stops. slot_ns: of the cell. */
void mac_drx_init(struct mac_drx *d, const struct mac_drx_config *c, uint64_t slot_ns);
/* A slot begins; subframe: (SFN 10) + subframe number. */
void mac_drx_slot(struct mac_drx *d, unsigned subframe, unsigned slot_of_subframe, uint64_t now_ns);
MUST_USE bool mac_drx_is_active(const struct mac_drx *d, uint64_t now_ns);

/* PDCCH indicates a new transmission, either way. */
void mac_drx_new(struct mac_drx *d, uint64_t now_ns);
/* HARQ feedback of a process ends then; decoded: nothing will come again. */
void mac_drx_answered(struct mac_drx *d, uint8_t process, bool decoded, uint64_t end_ns);
/* A PUSCH of a process ends then. */
void mac_drx_sent(struct mac_drx *d, uint8_t process, uint64_t end_ns);
/* DRX Command, Long DRX Command. */
void mac_drx_command(struct mac_drx *d, bool long_cycle, uint64_t now_ns);
/* The gNB has not heard that the UE hears: it is not relied on to be awake but in its on-durations. */
void mac_drx_unsure(struct mac_drx *d);
