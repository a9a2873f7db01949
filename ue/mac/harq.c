#include "ue/mac/harq.h"

#include <stdlib.h>

bool ue_harq_init(struct ue_harq *h, size_t octets_max)
{
	*h = (struct ue_harq){ .octets_max = octets_max };
	h->memory = calloc(UE_HARQ_PROCESSES, octets_max);
	if (!h->memory)
		return false;
	for (uint8_t i = 0; i < UE_HARQ_PROCESSES; i++)
		h->uplink[i].pdu = h->memory + i * octets_max;
	return true;
}

void ue_harq_fini(struct ue_harq *h)
{
	if (h->memory)
		explicit_bzero(h->memory, UE_HARQ_PROCESSES * h->octets_max);
	free(h->memory);
	*h = (struct ue_harq){ .memory = NULL };
}

void ue_harq_reset(struct ue_harq *h)
{
	for (uint8_t i = 0; i < UE_HARQ_PROCESSES; i++) {
		h->downlink[i] = (struct ue_harq_process){ .known = false };
		h->uplink[i].known = false;
		h->uplink[i].octets = 0;
	}
}

void ue_harq_temporary_ends(struct ue_harq *h)
{
	for (uint8_t i = 0; i < UE_HARQ_PROCESSES; i++)
		if (h->downlink[i].temporary)
			h->downlink[i] = (struct ue_harq_process){ .known = false };
}

enum ue_harq_downlink ue_harq_assignment(
	struct ue_harq *h, uint8_t process, enum ue_harq_rnti rnti, bool ndi, struct ue_harq_size *size)
{
	struct ue_harq_process *p = &h->downlink[process % UE_HARQ_PROCESSES];
	bool temporary = rnti == UE_HARQ_TEMPORARY_C_RNTI;
	bool fresh = !p->known || p->ndi != ndi || p->temporary != temporary;

	if (size->octets == 0 && fresh)
		return UE_HARQ_UNKNOWN;
	if (size->octets == 0)
		*size = p->size;
	p->size = *size;
	/* 5.3.2.2: NDIs for the Temporary C-RNTI and for the C-RNTI say nothing of one another. */
	p->known = true;
	p->ndi = ndi;
	p->temporary = temporary;
	if (fresh)
		p->decoded = false;
	return fresh ? UE_HARQ_DECODE : p->decoded ? UE_HARQ_HAVE_IT : UE_HARQ_COMBINE;
}

bool ue_harq_decoded(struct ue_harq *h, uint8_t process)
{
	struct ue_harq_process *p = &h->downlink[process % UE_HARQ_PROCESSES];
	bool first = !p->decoded;

	p->decoded = true;
	return first;
}

enum ue_harq_uplink ue_harq_grant(
	struct ue_harq *h, uint8_t process, enum ue_harq_rnti rnti, bool ndi, struct ue_harq_size *size)
{
	struct ue_harq_buffer *b = &h->uplink[process % UE_HARQ_PROCESSES];
	bool toggled = rnti == UE_HARQ_C_RNTI && (!b->known || b->ndi != ndi);

	if (size->octets == 0 && !toggled)
		*size = (struct ue_harq_size){ b->octets, b->rate_x2048 };
	if (size->octets == 0 || size->octets > h->octets_max)
		return UE_HARQ_IGNORE;
	b->rate_x2048 = size->rate_x2048;
	/* Msg3 is built once: a later response of the procedure repeats it (5.4.2.1). */
	if (rnti == UE_HARQ_RAR)
		return b->octets == size->octets ? UE_HARQ_REPEAT : UE_HARQ_BUILD;
	if (rnti == UE_HARQ_C_RNTI) {
		b->known = true;
		b->ndi = ndi;
	}
	if (toggled || (rnti == UE_HARQ_C_RNTI && b->octets == 0))
		return UE_HARQ_BUILD;
	return b->octets == size->octets ? UE_HARQ_REPEAT : UE_HARQ_IGNORE;
}

uint8_t *ue_harq_room(struct ue_harq *h, uint8_t process)
{
	return h->uplink[process % UE_HARQ_PROCESSES].pdu;
}

void ue_harq_stored(struct ue_harq *h, uint8_t process, size_t octets, bool built)
{
	h->uplink[process % UE_HARQ_PROCESSES].octets = built && octets <= h->octets_max ? octets : 0;
}

struct bytes ue_harq_pdu(const struct ue_harq *h, uint8_t process)
{
	const struct ue_harq_buffer *b = &h->uplink[process % UE_HARQ_PROCESSES];

	return bytes_of(b->pdu, b->octets);
}

void ue_harq_flush(struct ue_harq *h, uint8_t process)
{
	h->uplink[process % UE_HARQ_PROCESSES].octets = 0;
}
