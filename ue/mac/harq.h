/*
 * The UE's HARQ entities of one cell (TS 38.321 5.3.1, 5.3.2, 5.4.2): which assignment brings something new,
 * which grant wants something new, and the MAC PDUs that may be asked for again. Soft buffers are the
 * physical layer's.
 */
#pragma once

#include "base/bytes.h"

enum { UE_HARQ_PROCESSES = 16 };

enum ue_harq_rnti { UE_HARQ_C_RNTI, UE_HARQ_TEMPORARY_C_RNTI, UE_HARQ_RAR /* a grant within a response */ };

/* Of a transport block. octets 0: the DCI's MCS has no rate, and both are those of the block's last DCI that
 * had one (38.214 5.1.3.2, 6.1.4.2). */
struct ue_harq_size {
	size_t octets;
	uint16_t rate_x2048;
};

enum ue_harq_downlink {
	UE_HARQ_DECODE,  /* a new transport block */
	UE_HARQ_COMBINE, /* with the soft buffer of the process */
	UE_HARQ_HAVE_IT, /* decoded before: only the acknowledgement was lost */
	UE_HARQ_UNKNOWN, /* no DCI that was heard has told the block's size: nothing has changed */
};

enum ue_harq_uplink {
	UE_HARQ_BUILD,  /* a new MAC PDU is wanted: ue_harq_stored() takes it */
	UE_HARQ_REPEAT, /* ue_harq_pdu() once more */
	UE_HARQ_IGNORE, /* there is nothing to repeat, or it has another size */
};

struct ue_harq_process {
	bool known, ndi, decoded; /* an NDI was heard */
	bool temporary;           /* for the Temporary C-RNTI */
	struct ue_harq_size size;
};

struct ue_harq_buffer {
	bool known, ndi;
	uint16_t rate_x2048;
	size_t octets; /* 0: empty */
	uint8_t *pdu;
};

struct ue_harq {
	struct ue_harq_process downlink[UE_HARQ_PROCESSES];
	struct ue_harq_buffer uplink[UE_HARQ_PROCESSES];
	uint8_t *memory;
	size_t octets_max;
};

/* octets_max: of the largest uplink transport block. False: no memory. */
MUST_USE bool ue_harq_init(struct ue_harq *h, size_t octets_max);
void ue_harq_fini(struct ue_harq *h);
/* 5.12: all buffers are flushed, and what comes next is new. */
void ue_harq_reset(struct ue_harq *h);

/* There is another Temporary C-RNTI, or none: what was sent to the one before is forgotten. */
void ue_harq_temporary_ends(struct ue_harq *h);
/* PDCCH assigns downlink to a process. *size becomes what holds for the block. */
MUST_USE enum ue_harq_downlink ue_harq_assignment(
	struct ue_harq *h, uint8_t process, enum ue_harq_rnti rnti, bool ndi, struct ue_harq_size *size);
/* The block was decoded; true: for the first time, so it goes up. */
MUST_USE bool ue_harq_decoded(struct ue_harq *h, uint8_t process);

/* PDCCH, or a response, grants uplink. *size becomes what holds for the block. */
MUST_USE enum ue_harq_uplink ue_harq_grant(
	struct ue_harq *h, uint8_t process, enum ue_harq_rnti rnti, bool ndi, struct ue_harq_size *size);
/* Where the MAC PDU of UE_HARQ_BUILD is written; `built` false: none was (the buffer is flushed). */
MUST_USE uint8_t *ue_harq_room(struct ue_harq *h, uint8_t process);
void ue_harq_stored(struct ue_harq *h, uint8_t process, size_t octets, bool built);
MUST_USE struct bytes ue_harq_pdu(const struct ue_harq *h, uint8_t process);
/* 5.1.6: the Msg3 buffer, process 0. */
void ue_harq_flush(struct ue_harq *h, uint8_t process);
