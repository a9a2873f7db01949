/* The NG-RAN nodes: one association each. */
#include "core/amf/internal.h"

struct amf_gnb *amf_gnb_find(struct amf *amf, uint64_t assoc)
{
	return hash_get(&amf->gnb_by_assoc, assoc, 0, struct amf_gnb, by_assoc);
}

static bool gnb_is_configured(const struct amf *amf, const struct addr *peer)
{
	for (uint8_t i = 0; i < amf->config.gnb_prefix_count; i++)
		if (prefix4_has(&amf->config.gnb_prefixes[i], addr_v4(peer)))
			return true;
	return amf->config.gnb_prefix_count == 0;
}

static void gnb_close(struct amf *amf, uint64_t assoc)
{
	struct msg m = { .kind = MSG_DOWN, .port = amf->config.n2_port, .assoc = assoc };

	may_fail(outbox_put(amf->nf.env->outbox, &m)); /* counted; the association ends later or not at all */
}

void amf_gnb_up(struct amf *amf, const struct msg *m)
{
	char text[ADDR_STR_SIZE];
	struct amf_gnb *gnb;

	addr_str(&m->peer, text);
	if (!gnb_is_configured(amf, &m->peer)) {
		log_warn(amf->nf.env->log,
			"N2 association from %s refused: not in amf.gnbs of the configuration", text);
		gnb_close(amf, m->assoc);
		return;
	}
	gnb = amf->gnb_by_assoc.count < AMF_GNBS_MAX ? pool_alloc(&amf->gnbs) : NULL;
	if (!gnb) {
		amf->stat[AMF_STAT_EXHAUSTED]++;
		log_error(amf->nf.env->log, "N2 association from %s refused: %d gNBs are connected", text,
			AMF_GNBS_MAX);
		gnb_close(amf, m->assoc);
		return;
	}
	gnb->assoc = m->assoc;
	gnb->peer = m->peer;
	gnb->streams = m->out_streams;
	list_init(&gnb->connections);
	str_copy(gnb->name, sizeof(gnb->name), text);
	hash_insert(&amf->gnb_by_assoc, &gnb->by_assoc, gnb->assoc, 0);
	log_info(amf->nf.env->log, "N2 association with %s is up", text);
}

void amf_gnb_down(struct amf *amf, uint64_t assoc)
{
	struct amf_gnb *gnb = amf_gnb_find(amf, assoc);

	if (!gnb)
		return;
	amf_gnb_leaves(amf, gnb);
}
