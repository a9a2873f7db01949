/* DRBs of sessions at the CU-UP, and the packets that pass through it. */
#include "gnb/rrc_cucp.h"

#include <stdlib.h>

#include "radio/rrc/bearer.h"
#include "radio/rrc/security.h"

enum {
	PDCP_RUN_MS = 10, /* the timers of DRBs are in tens of milliseconds */
	DRB_SN_BITS = 18,
	DRB_REORDERING_MS = 100,
	DRB_DISCARD_MS = 750,
	/* Of a flow that the AMF has said nothing of. */
	FIVE_QI = 9,
	ARP_PRIORITY = 15,
};

static void pdcp_run_due(void *owner, struct timer *t)
{
	struct gnb *gnb = owner;
	uint64_t now_ns = env_now_ns(gnb->env);

	cuup_run(gnb->cu->cuup, now_ns);
	if (gnb->cu->bearers > 0)
		timer_set(&gnb->timers, t, now_ns + PDCP_RUN_MS * (uint64_t)NS_PER_MS, pdcp_run_due);
}

/* What the UE is to have. SDAP's header is there uplink, as 38.331 wants it of a default DRB, and downlink
 * where it says something. Guaranteed flows are of those who would rather lose than wait. */
static struct pdcp_config pdcp_of(const struct gnb_session *s)
{
	bool waits = true;

	for (const struct gnb_flow *f = s->first_flow; f; f = f->next)
		waits = waits && !f->is_gbr;
	return (struct pdcp_config){ .bearer = waits ? PDCP_AM_DRB : PDCP_UM_DRB,
		.rb_id = s->drb,
		.tx_sn_bits = DRB_SN_BITS,
		.rx_sn_bits = DRB_SN_BITS,
		.discard_ms = DRB_DISCARD_MS,
		.reordering_ms = DRB_REORDERING_MS,
		.tx_sdap = true,
		.rx_sdap = (s->flows & (s->flows - 1)) != 0 };
}

static void describe(const struct gnb_session *s, struct cucp_bearer *b)
{
	*b = (struct cucp_bearer){
		.drb = s->drb, .psi = s->psi, .is_default = true, .snssai = s->snssai, .pdcp = pdcp_of(s)
	};
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

/* The CU-UP's end of a bearer that is new. False: there is no room. */
static bool bearer_begin(struct gnb *gnb, struct gnb_session *s, struct cucp_bearer *b)
{
	struct gnb_cu *cu = gnb->cu;
	struct gnb_bearer *bearer = calloc(1, sizeof(*bearer));
	struct cuup_drb d = {
		.drb = s->drb, .pdcp = rrc_pdcp_mirror(&b->pdcp), .is_default = true, .flows = s->flows
	};

	if (!bearer)
		return false;
	s->bearer = bearer;
	*bearer = (struct gnb_bearer){ .flows = s->flows };
	bearer->up = cuup_session_begin(cu->cuup, pool_index(&gnb->sessions, s));
	if (cu->bearers++ == 0)
		pdcp_run_due(gnb, &cu->pdcp);
	if (bearer->up &&
		rrc_drb_security(s->ue->k_gnb, (enum nea_alg)s->ue->ea, (enum nia_alg)s->ue->ia, &d.keys))
		b->ul.teid = cuup_drb_begin(bearer->up, &d);
	explicit_bzero(&d.keys, sizeof(d.keys));
	return b->ul.teid != CUUP_TEID_NONE;
}

void gnb_cu_session_ended(struct gnb *gnb, struct gnb_session *s)
{
	if (!s->bearer)
		return;
	cuup_session_end(s->bearer->up);
	free(s->bearer);
	s->bearer = NULL;
	gnb->cu->bearers--;
}

bool gnb_cu_set_bearer(struct gnb *gnb, struct gnb_session *s, struct bytes nas)
{
	struct cucp_ue *at = gnb_cu_connection(s->ue);
	const struct gnb_config *c = &gnb->config;
	const struct addr *own = c->f1u_address.len > 0 ? &c->f1u_address : &c->n3_address;
	struct cucp_bearer b;

	if (!at)
		return false;
	describe(s, &b);
	b.ul.address_len = own->len;
	may_fail(bytes_copy(b.ul.address, sizeof(b.ul.address), bytes_of(own->ip, own->len)));
	if (!s->bearer && !bearer_begin(gnb, s, &b)) {
		gnb->stat[GNB_STAT_EXHAUSTED]++;
		gnb_cu_session_ended(gnb, s);
		return false;
	}
	if (!cucp_bearer_set(at, &b, nas))
		return false;
	if (s->bearer->flows != s->flows)
		cuup_flows_set(s->bearer->up, s->drb, s->flows);
	s->bearer->flows = s->flows;
	return true;
}

enum gnb_verdict gnb_cu_data_put(struct gnb *gnb, const struct gnb_rrc_data *d, struct gnb_packet *p)
{
	const struct gnb_session *s = d->ue->bearers[d->drb];

	if (s && s->bearer &&
		cuup_packet_send(
			s->bearer->up, d->qfi, bytes_of(p->data, p->len), d->rqi, env_now_ns(gnb->env)))
		return GNB_TAKEN;
	gnb->stat[GNB_STAT_DOWNLINK_DROPPED]++;
	return GNB_DROP;
}

static void packet(void *arg, uint64_t tag, uint8_t qfi, struct bytes packet)
{
	struct gnb *gnb = arg;
	struct gnb_session *s = pool_at(&gnb->sessions, (uint32_t)tag);

	if (s)
		gnb_session_receive(gnb, s, qfi, packet);
}

static void f1u_send(void *arg, uint64_t tag, uint8_t drb, uint32_t teid, struct bytes pdu)
{
	struct gnb *gnb = arg;
	const struct gnb_session *s = pool_at(&gnb->sessions, (uint32_t)tag);
	struct gtpu_header h = { .type = GTPU_G_PDU, .teid = teid };
	uint8_t octets[GTPU_HEADER_MAX + SDU_LEN_MAX + SDU_HEAD + SDU_TAIL];
	size_t size = gtpu_header_size(&h);
	struct writer w = writer_of(octets + size, sizeof(octets) - size);

	writer_put(&w, pdu);
	if (s && s->bearer && s->bearer->du.len > 0 && !w.failed &&
		gtpu_header_encode(&h, pdu.len, octets) == size)
		may_fail(outbox_send_to(gnb->env->outbox, GNB_PORT_F1U, &s->bearer->du,
			bytes_of(octets, size + pdu.len))); /* as if lost on the way */
}

struct cuup_upper gnb_cu_data(struct gnb *gnb)
{
	return (struct cuup_upper){ gnb, packet, f1u_send };
}
