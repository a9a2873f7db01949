/* A subscriber as the line that adds it. */
#include <inttypes.h>

#include "base/text.h"
#include "core/subscriber_ip.h"
#include "core/subscriber_line.h"
#include "core/subscriber_mobility.h"
#include "crypto/aka_function.h"

/* The values of the first DNN are the line's; another one has its own where they differ. */
static void print_dnn(const struct subscriber *s, const struct subscriber_dnn *first,
	const struct subscriber_slice *slice, const struct subscriber_dnn *d, struct writer *w)
{
	struct snssai snssai = subscriber_snssai(slice);
	char text[SNSSAI_STR_SIZE];

	text_put(w, " dnn=%s@%s", d->dnn, snssai_str(&snssai, text));
	if (d->five_qi != first->five_qi)
		text_put(w, ":five_qi=%u", d->five_qi);
	if (d->arp_priority_level != first->arp_priority_level)
		text_put(w, ":arp=%u", d->arp_priority_level);
	if (d->ambr_uplink_bps != s->ambr_uplink_bps)
		text_put(w, ":ambr_uplink=%" PRIu64 "bps", d->ambr_uplink_bps);
	if (d->ambr_downlink_bps != s->ambr_downlink_bps)
		text_put(w, ":ambr_downlink=%" PRIu64 "bps", d->ambr_downlink_bps);
	subscriber_print_ip(d, w);
}

void subscriber_line_print(const struct subscriber_line *l, struct writer *w)
{
	const struct subscriber *s = &l->subscriber;
	const struct subscriber_dnn *first = &s->slices[0].dnns[0];
	char msisdn[MSISDN_SIZE];

	text_put(w, "imsi=%s", s->imsi);
	if (l->k_len) {
		text_put(w, " k=");
		text_hex(w, bytes_of(l->k, l->k_len));
		text_put(w, " opc=");
		text_hex(w, bytes_of(l->opc, l->opc_len));
	}
	text_put(w, " algorithm=%s", aka_alg_name(s->algorithm));
	if (s->authentication != SUBSCRIBER_5G_AKA)
		text_put(w, " authentication=%s", subscriber_authentication_names[s->authentication]);
	text_put(w, " amf=");
	text_hex(w, BYTES(s->amf));
	text_put(w, " sqn=%" PRIu64 " ambr_uplink=%" PRIu64 "bps ambr_downlink=%" PRIu64 "bps", l->sqn,
		s->ambr_uplink_bps, s->ambr_downlink_bps);
	for (uint8_t i = 0; i < s->slice_count; i++)
		for (uint8_t d = 0; d < s->slices[i].dnn_count; d++)
			print_dnn(s, first, &s->slices[i], &s->slices[i].dnns[d], w);
	if (s->slice_count > 0)
		text_put(w, " five_qi=%u arp=%u", first->five_qi, first->arp_priority_level);
	if (s->profile[0])
		text_put(w, " profile=%s", s->profile);
	if (s->msisdn)
		text_put(w, " msisdn=%s", msisdn_str(s->msisdn, msisdn));
	subscriber_print_mobility(&s->mobility, w);
}
