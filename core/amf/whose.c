/* Whom messages of N1 and N2 concern, for traces (core/nf/whose.h). */
#include "core/amf/internal.h"

uint64_t amf_ue_whose(const struct amf_ue *ue)
{
	return ue->serving ? ue->serving->whose : ue->supi.imsi[0] ? supi_key(&ue->supi) : 0;
}

void amf_whose_begin(struct amf *amf, struct amf_connection *c)
{
	if (amf->seen)
		amf->whose = c->whose = WHOSE_UNKNOWN | amf->seen;
}

void amf_whose_known(struct amf *amf, struct amf_connection *c, const struct supi *supi)
{
	if (c->whose & WHOSE_UNKNOWN && amf->tap.known)
		amf->tap.known(amf->tap.arg, c->whose, supi);
}

void amf_whose_is(struct amf *amf, struct amf_connection *c, const struct supi *supi)
{
	amf_whose_known(amf, c, supi);
	c->whose = supi_key(supi);
	if (amf->seen)
		amf->whose = c->whose;
}

void amf_seen_n2(struct amf *amf, bool in, uint64_t whose, const struct amf_gnb *gnb, struct bytes pdu)
{
	uint64_t number = amf->tap.n2 ? amf->tap.n2(amf->tap.arg, in, whose, &gnb->peer, pdu) : 0;

	if (in) {
		amf->seen = number;
		amf->whose = 0;
	}
}

void amf_seen_n1(struct amf *amf, bool uplink, uint64_t whose, struct bytes pdu, struct bytes plain)
{
	if (amf->tap.n1)
		amf->tap.n1(amf->tap.arg, uplink, whose, pdu, plain);
}

void amf_seen_all(struct amf *amf)
{
	if (amf->seen)
		amf->tap.concerns(amf->tap.arg, amf->whose);
	amf->seen = 0;
	amf->whose = 0;
}
