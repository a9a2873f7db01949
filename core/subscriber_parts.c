/* The slices and DNNs that a subscriber's line asks for, out of those of the network. */
#include <stdio.h>

#include "core/subscriber_parts.h"

/* The DNN's own value, else what the line gives for all, else what it was; a DNN that was not there has that
 * of the line, or the default. */
static uint64_t choose(uint64_t own, bool is_old, uint64_t old, uint64_t line)
{
	return own ? own : is_old ? old : line;
}

/* Those given, for the DNN or all, else what was. */
static void choose_types(const struct parts *p, struct subscriber_dnn *d, const struct subscriber_dnn *own,
	const struct subscriber_dnn *old)
{
	const struct subscriber_dnn *types = own->session_types                     ? own
					     : subscriber_parts_given(p, KEY_TYPES) ? &p->line
										    : old;

	d->session_types = types->session_types;
	d->default_session_type = types->default_session_type;
}

static void choose_ssc(const struct parts *p, struct subscriber_dnn *d, const struct subscriber_dnn *own,
	const struct subscriber_dnn *old)
{
	const struct subscriber_dnn *ssc = own->ssc_modes                       ? own
					   : subscriber_parts_given(p, KEY_SSC) ? &p->line
										: old;

	d->ssc_modes = ssc->ssc_modes;
	d->default_ssc_mode = ssc->default_ssc_mode;
}

/* Those of the line go to the DNN that has them (subscriber_servable.c). */
static void choose_routes(const struct parts *p, struct subscriber_dnn *d, const struct subscriber_dnn *own,
	const struct subscriber_dnn *old)
{
	static const struct subscriber_dnn none = { 0 };
	const struct subscriber_dnn *from = own->route_count                              ? own
					    : subscriber_parts_given(p, KEY_FRAMED_ROUTE) ? &none
											  : old;
	struct subscriber_dnn chosen = *from;

	d->route_count = chosen.route_count;
	for (uint8_t i = 0; i < chosen.route_count; i++)
		d->routes[i] = chosen.routes[i];
}

static void choose_values(const struct parts *p, struct subscriber_dnn *d, const struct subscriber_dnn *own,
	const struct subscriber_dnn *was)
{
	const struct subscriber *s = &p->out->subscriber;
	static const struct subscriber_dnn none = { 0 };
	const struct subscriber_dnn *old = was ? was : &none;

	d->five_qi = (uint8_t)choose(
		own->five_qi, was && !subscriber_parts_given(p, KEY_FIVE_QI), old->five_qi, p->line.five_qi);
	d->arp_priority_level =
		(uint8_t)choose(own->arp_priority_level, was && !subscriber_parts_given(p, KEY_ARP),
			old->arp_priority_level, p->line.arp_priority_level);
	d->ambr_uplink_bps = choose(own->ambr_uplink_bps, was && !subscriber_parts_given(p, KEY_AMBR_UPLINK),
		old->ambr_uplink_bps, s->ambr_uplink_bps);
	d->ambr_downlink_bps =
		choose(own->ambr_downlink_bps, was && !subscriber_parts_given(p, KEY_AMBR_DOWNLINK),
			old->ambr_downlink_bps, s->ambr_downlink_bps);
	d->static_ipv4 = (uint32_t)choose(
		own->static_ipv4, was && !subscriber_parts_given(p, KEY_IP), old->static_ipv4, 0);
	d->static_ipv6 =
		choose(own->static_ipv6, was && !subscriber_parts_given(p, KEY_PREFIX), old->static_ipv6, 0);
	choose_types(p, d, own, old);
	choose_ssc(p, d, own, old);
	choose_routes(p, d, own, old);
}

static void add_dnn(
	struct parts *p, struct subscriber_slice *slice, const char *name, const struct subscriber_dnn *own)
{
	struct snssai snssai = subscriber_snssai(slice);
	const struct subscriber_dnn *old = p->old ? subscriber_dnn_find(p->old, &snssai, name) : NULL;
	struct subscriber_dnn *d;

	for (uint8_t i = 0; i < slice->dnn_count; i++)
		if (dnn_equal(slice->dnns[i].dnn, name)) { /* asked for before: what is given now counts */
			const struct subscriber_dnn was = slice->dnns[i];

			choose_values(p, &slice->dnns[i], own, &was);
			return;
		}
	if (slice->dnn_count == DNN_PER_SLICE_MAX) {
		p->too_many = true;
		return;
	}
	d = &slice->dnns[slice->dnn_count];
	*d = old ? *old : (struct subscriber_dnn){ 0 };
	d->default_dnn = slice->dnn_count == 0;
	choose_values(p, d, own, old);
	str_copy(d->dnn, sizeof(d->dnn), name);
	slice->dnn_count++;
}

/* The network's own name of the DNN in the slice; NULL when the line does not ask for it, or it is not
 * served. */
static const char *network_dnn(const struct parts *p, struct wanted_dnn *wanted, const struct snssai *snssai)
{
	const struct smf_config *smf = &p->config->smf;

	for (uint8_t i = 0; i < smf->dnn_count; i++) {
		if (!snssai_equal(&smf->dnns[i].snssai, snssai) || smf->dnns[i].emergency ||
			!dnn_equal(smf->dnns[i].dnn, wanted->name) ||
			!(wanted->any_slice || snssai_equal(&wanted->slice, snssai)))
			continue;
		wanted->served = true;
		return smf->dnns[i].dnn;
	}
	return NULL;
}

/* The subscription in one of the network's slices. */
static void add_slice(struct parts *p, const struct snssai *snssai)
{
	static const struct subscriber_dnn none = { 0 };
	struct subscriber *s = &p->out->subscriber;
	struct subscriber_slice *slice = &s->slices[s->slice_count];

	*slice = (struct subscriber_slice){
		.sst = snssai->sst, .sd = snssai->sd, .default_slice = s->slice_count == 0
	};
	for (uint8_t i = 0; i < p->dnn_count; i++) {
		const char *name = network_dnn(p, &p->dnns[i], snssai);

		if (name)
			add_dnn(p, slice, name, &p->dnns[i].own);
	}
	for (uint8_t i = 0; p->dnn_count == 0 && i < p->config->smf.dnn_count; i++)
		if (snssai_equal(&p->config->smf.dnns[i].snssai, snssai) && !p->config->smf.dnns[i].emergency)
			add_dnn(p, slice, p->config->smf.dnns[i].dnn, &none);
	if (slice->dnn_count > 0)
		s->slice_count++;
}

static bool all_served(const struct parts *p, char error[SUBSCRIBER_LINE_ERROR])
{
	for (uint8_t i = 0; i < p->dnn_count; i++) {
		const struct wanted_dnn *d = &p->dnns[i];
		char slice[SNSSAI_STR_SIZE];

		if (d->served)
			continue;
		if (d->any_slice)
			snprintf(error, SUBSCRIBER_LINE_ERROR, "dnn: %.40s is in no slice of the network",
				d->name);
		else
			snprintf(error, SUBSCRIBER_LINE_ERROR, "dnn: %.40s is not in slice %s of the network",
				d->name, snssai_str(&d->slice, slice));
		return false;
	}
	return true;
}

/* A line that changes a subscription and gives no DNN leaves them, with the values that it does give. */
static void add_slices(struct parts *p)
{
	static const struct subscriber_dnn none = { 0 };
	struct subscriber *s = &p->out->subscriber;

	if (p->old && p->dnn_count == 0) {
		for (uint8_t i = 0; i < s->slice_count; i++)
			for (uint8_t d = 0; d < s->slices[i].dnn_count; d++)
				choose_values(p, &s->slices[i].dnns[d], &none, &p->old->slices[i].dnns[d]);
		return;
	}
	s->slice_count = 0;
	for (uint8_t i = 0; i < p->config->amfs[0].slice_count; i++)
		add_slice(p, &p->config->amfs[0].slices[i]);
}

bool subscriber_parts_keep_dnns(struct parts *p)
{
	if (p->dnns_kept)
		return true;
	p->dnns_kept = true;
	for (uint8_t i = 0; i < p->old->slice_count; i++)
		for (uint8_t d = 0; d < p->old->slices[i].dnn_count; d++) {
			if (p->dnn_count == ARRAY_LEN(p->dnns))
				return false;
			p->dnns[p->dnn_count] =
				(struct wanted_dnn){ .slice = subscriber_snssai(&p->old->slices[i]) };
			str_copy(p->dnns[p->dnn_count++].name, DNN_STR_SIZE, p->old->slices[i].dnns[d].dnn);
		}
	return true;
}

bool subscriber_parts_slices(struct parts *p, char error[SUBSCRIBER_LINE_ERROR])
{
	add_slices(p);
	if (!p->too_many)
		return all_served(p, error);
	snprintf(error, SUBSCRIBER_LINE_ERROR, "dnn: at most %d in a slice", DNN_PER_SLICE_MAX);
	return false;
}
