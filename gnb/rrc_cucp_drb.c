/* What a session's DRB is to be, in the words of F1 and E1. */
#include "gnb/rrc_cucp.h"

enum {
	DRB_SN_BITS = 18,
	DRB_REORDERING_MS = 100,
	DRB_DISCARD_MS = 750, /* of those who would rather lose than wait */
	/* Of a flow that the AMF has said nothing of. */
	FIVE_QI = 9,
	ARP_PRIORITY = 15,
};

/* What the UE is to have. SDAP's headers are there both ways: flows may come later, and neither they nor the
 * mode can be changed then (38.331 6.3.2). Guaranteed flows are of those who would rather lose than wait; of
 * others what is kept goes when the DU reports that the UE has it. */
struct pdcp_config gnb_cu_pdcp(const struct gnb_session *s)
{
	bool waits = true;

	for (const struct gnb_flow *f = s->first_flow; f; f = f->next)
		waits = waits && !f->is_gbr;
	return (struct pdcp_config){ .bearer = waits ? PDCP_AM_DRB : PDCP_UM_DRB,
		.rb_id = s->drb,
		.tx_sn_bits = DRB_SN_BITS,
		.rx_sn_bits = DRB_SN_BITS,
		.discard_ms = waits ? PDCP_INFINITY : DRB_DISCARD_MS,
		.reordering_ms = DRB_REORDERING_MS,
		.tx_sdap = true,
		.rx_sdap = true };
}

void gnb_cu_describe(const struct gnb_session *s, struct cucp_bearer *b)
{
	*b = (struct cucp_bearer){ .drb = s->drb,
		.psi = s->psi,
		.is_default = true,
		.snssai = s->snssai,
		.pdcp = s->bearer->pdcp,
		.ul = s->bearer->ul };
	for (uint8_t qfi = 0; qfi <= GNB_QFI_MAX; qfi++) {
		const struct gnb_flow *f = s->first_flow;
		struct cucp_flow *out = &b->flows[b->flow_count];

		if (!(s->flows >> qfi & 1) || b->flow_count == CUCP_FLOWS_MAX)
			continue;
		while (f && f->qfi != qfi)
			f = f->next;
		*out = f ? (struct cucp_flow){ qfi, f->five_qi, f->arp_priority }
			 : (struct cucp_flow){ qfi, FIVE_QI, ARP_PRIORITY };
		b->flow_count++;
	}
}

struct gnb_up_session gnb_cu_wanted(const struct gnb_session *s)
{
	struct gnb_up_session w = { .flows = s->flows,
		.upf = { .address_len = s->upf.len, .teid = s->ul_teid },
		.du = s->bearer->du };

	may_fail(bytes_copy(w.upf.address, sizeof(w.upf.address), bytes_of(s->upf.ip, s->upf.len)));
	return w;
}

bool gnb_cu_tunnel_equal(const struct cucp_tunnel *a, const struct cucp_tunnel *b)
{
	return a->teid == b->teid &&
	       bytes_equal(bytes_of(a->address, a->address_len), bytes_of(b->address, b->address_len));
}
