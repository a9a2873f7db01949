/* HARQ processes at the gNB, alike in both directions. */
#include "gnb/du/mac/mac.h"

uint8_t du_harq_free(const struct du_harq *h)
{
	uint8_t i = 0;

	while (i < DU_HARQ_PROCESSES && h[i].busy)
		i++;
	return i;
}

uint8_t *du_harq_room(struct du_harq *h)
{
	if (!h->pdu)
		h->pdu = pool_alloc(h->blocks);
	return h->pdu;
}

void du_harq_room_back(struct du_harq *h)
{
	if (h->pdu)
		pool_free(h->blocks, h->pdu);
	h->pdu = NULL;
}

bool du_harq_begin(struct du_harq *h, size_t octets)
{
	h->busy = true;
	h->ndi = !h->ndi;
	h->transmissions = 1;
	h->rv_step = 0;
	h->octets = octets;
	return h->ndi;
}

uint8_t du_harq_rv(const struct du_harq *h)
{
	static const uint8_t order[] = { 0, 2, 3, 1 };

	return order[h->rv_step % ARRAY_LEN(order)];
}

enum du_harq_next du_harq_answered(struct du_harq *h, enum du_harq_answer answer, uint8_t most)
{
	if (answer == DU_HARQ_ACK || h->transmissions >= most) {
		h->busy = false;
		du_harq_room_back(h);
		return answer == DU_HARQ_ACK ? DU_HARQ_DONE : DU_HARQ_GIVEN_UP;
	}
	h->transmissions++;
	/* Who has not heard the first has nothing to combine with: the same again, which can be decoded
	 * alone. */
	if (answer == DU_HARQ_NACK || h->rv_step > 0)
		h->rv_step++;
	return DU_HARQ_AGAIN;
}
