/*
 * How urgent a paging is, by what the SMF says of it: ARP, 5QI and Paging Policy Indicator (23.501 5.4.3.2,
 * 5.7.2.2; 29.518 5.2.2.3.1).
 */
#include "core/amf/internal.h"
#include "core/amf/paging.h"

uint8_t amf_paging_priority(const struct amf_config *c, const struct n1_n2_message_transfer_req_data *wanted)
{
	uint8_t priority = wanted->arp ? wanted->arp->priority_level : 0;

	for (uint8_t i = 0; i < c->paging_priority_count; i++) {
		const struct amf_paging_priority *p = &c->paging_priorities[i];
		bool is = p->of_five_qi ? wanted->five_qi == p->value
					: wanted->has_ppi && wanted->ppi == p->value;

		if (is && (!priority || p->priority < priority))
			priority = p->priority;
	}
	return priority;
}
