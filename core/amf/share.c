/*
 * Shares of the gNBs in what UEs take that have not proved who they are: however many gNBs flood the AMF,
 * another one finds room. Where there is none left, the gNB that has most of such UEs gives up its oldest.
 */
#include "core/amf/internal.h"

static const enum amf_procedure_kind kinds[] = { AMF_REGISTRATION, AMF_IDENTIFICATION, AMF_AUTHENTICATION,
	AMF_SECURITY_MODE };

static bool is_full(const struct pool *p)
{
	return p->used >= p->max;
}

/* Of what a first NAS message needs, something is used up. */
static bool is_short(const struct amf *amf)
{
	bool shortage = is_full(&amf->connections) || is_full(&amf->ues);

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		shortage |= is_full(&amf->procedures[kinds[i]]);
	return shortage;
}

static struct amf_gnb *fullest(struct amf *amf)
{
	struct amf_gnb *most = NULL;

	for (uint32_t i = 0;; i++) {
		struct amf_gnb *gnb = pool_next(&amf->gnbs, &i);

		if (!gnb)
			break;
		if (!gnb->absent && (!most || gnb->unproved_count > most->unproved_count))
			most = gnb;
	}
	return most;
}

/* It is gone at once: who floods does not confirm. */
static bool oldest_yields(struct amf *amf, struct amf_gnb *gnb)
{
	struct link *l = list_first(&gnb->unproved);
	struct amf_connection *c;

	if (!l)
		return false;
	c = container_of(l, struct amf_connection, unproved);
	amf->stat[AMF_STAT_YIELDED]++;
	if (c->ue) /* else it was released, and that was not confirmed */
		amf_connection_release(
			amf, c, ngap_cause_of_misc(NGAP_CAUSE_MISC_CONTROL_PROCESSING_OVERLOAD));
	amf_connection_free(amf, c);
	return true;
}

void amf_share_make_room(struct amf *amf, struct amf_gnb *gnb)
{
	struct amf_gnb *most;

	if (gnb->connection_count >= AMF_CONNECTIONS_PER_GNB_MAX) {
		oldest_yields(amf, gnb);
		return;
	}
	while (is_short(amf)) {
		most = fullest(amf);
		if (!most || !oldest_yields(amf, most->unproved_count > gnb->unproved_count ? most : gnb))
			return;
	}
}

bool amf_share_is_left(const struct amf *amf, const struct amf_gnb *gnb, uint32_t all)
{
	uint32_t gnbs = amf->gnbs_asking + (gnb->unproved_count == 0);

	return gnb->unproved_count <= all / gnbs;
}
