/*
 * Nnssf_NSSelection, 29.531 5.2.2.2, 23.501 5.15.5.2.1.
 *
 *   AMF  -> NSSF  GET network-slice-information    requested and subscribed slices, the TAI
 *   NSSF -> AMF   200                              allowed, configured, rejected in the PLMN or the
 *                                                  registration area
 */
#include "core/nssf/nssf.h"

#include <stdlib.h>

struct nssf {
	struct nf nf;
	struct nssf_config config;
	uint64_t stat[NSSF_STAT_COUNT];
};

static bool nssai_has(const struct nssai *list, const struct snssai *s)
{
	for (uint8_t i = 0; i < list->count; i++)
		if (snssai_equal(&list->items[i], s))
			return true;
	return false;
}

static void nssai_add(struct nssai *list, const struct snssai *s)
{
	if (list->count < SNSSAI_MAX && !nssai_has(list, s))
		list->items[list->count++] = *s;
}

static const struct nssf_slice *nssf_slice_find(const struct nssf *nssf, const struct snssai *s)
{
	for (uint8_t i = 0; i < nssf->config.slice_count; i++)
		if (snssai_equal(&nssf->config.slices[i].snssai, s))
			return &nssf->config.slices[i];
	return NULL;
}

static bool nssf_offered_in(const struct nssf_slice *slice, const struct tai *tai)
{
	for (uint8_t i = 0; i < slice->tac_count; i++)
		if (slice->tacs[i] == tai->tac)
			return true;
	return slice->tac_count == 0;
}

/* What the answer is made of. */
struct nssf_judgement {
	struct nssai allowed, configured, rejected_in_plmn, rejected_in_ta;
};

static bool nssf_is_subscribed(const struct subscribed_snssai_list *list, const struct snssai *s)
{
	for (uint32_t i = 0; i < list->count; i++)
		if (snssai_equal(&list->items[i].subscribed_snssai, s))
			return true;
	return false;
}

/* Requested slices: allowed, or rejected in the PLMN or in the current registration area (24.501 9.11.3.46).
 */
static void nssf_judge(const struct nssf *nssf, const struct nnssf_ns_selection_req *req,
	const struct snssai *s, struct nssf_judgement *j)
{
	const struct nssf_slice *slice = nssf_slice_find(nssf, s);

	if (!slice || !nssf_is_subscribed(&req->slice_info.subscribed_nssai, s))
		nssai_add(&j->rejected_in_plmn, s);
	else if (!nssf_offered_in(slice, &req->tai))
		nssai_add(&j->rejected_in_ta, s);
	else
		nssai_add(&j->allowed, s);
}

/* The subscribed slices that are configured here, the default ones first. */
static void nssf_configured(
	const struct nssf *nssf, const struct subscribed_snssai_list *subscribed, struct nssai *configured)
{
	for (int defaults = 1; defaults >= 0; defaults--)
		for (uint32_t i = 0; i < subscribed->count; i++) {
			const struct subscribed_snssai *s = &subscribed->items[i];

			if (s->default_indication == defaults && nssf_slice_find(nssf, &s->subscribed_snssai))
				nssai_add(configured, &s->subscribed_snssai);
		}
}

/* None requested, or none of them allowed: the default subscribed slices offered here. */
static void nssf_allow_defaults(
	const struct nssf *nssf, const struct nnssf_ns_selection_req *req, struct nssai *allowed)
{
	const struct subscribed_snssai_list *subscribed = &req->slice_info.subscribed_nssai;

	for (uint32_t i = 0; i < subscribed->count; i++) {
		const struct snssai *s = &subscribed->items[i].subscribed_snssai;
		const struct nssf_slice *slice = nssf_slice_find(nssf, s);

		if (subscribed->items[i].default_indication && slice && nssf_offered_in(slice, &req->tai))
			nssai_add(allowed, s);
	}
}

static void nssf_answer(struct nssf *nssf, uint64_t id, const struct nssf_judgement *j)
{
	struct allowed_snssai allowed[SNSSAI_MAX] = { 0 };
	struct configured_snssai configured[SNSSAI_MAX] = { 0 };
	struct allowed_nssai list = { { j->allowed.count, allowed }, ACCESS_TYPE_THREE_GPP_ACCESS };
	struct nnssf_ns_selection_rsp rsp = { .data = {
						      .allowed_nssai_list = { j->allowed.count > 0, &list },
						      .configured_nssai = { j->configured.count, configured },
						      .rejected_nssai_in_plmn = { j->rejected_in_plmn.count,
							      j->rejected_in_plmn.items },
						      .rejected_nssai_in_ta = { j->rejected_in_ta.count,
							      j->rejected_in_ta.items },
					      } };

	for (uint8_t i = 0; i < j->allowed.count; i++)
		allowed[i].allowed_snssai = j->allowed.items[i];
	for (uint8_t i = 0; i < j->configured.count; i++)
		configured[i].configured_snssai = j->configured.items[i];
	sbi_answer(nssf->nf.bus, id, SBI_OK, &rsp);
}

static void nssf_ns_selection(struct nssf *nssf, const struct sbi_request *r)
{
	const struct nnssf_ns_selection_req *req = r->body;
	const struct snssai_list *requested = &req->slice_info.requested_nssai;
	struct nssf_judgement j = { 0 };

	for (uint32_t i = 0; i < requested->count; i++)
		nssf_judge(nssf, req, &requested->items[i], &j);
	if (j.allowed.count == 0)
		nssf_allow_defaults(nssf, req, &j.allowed);
	nssf_configured(nssf, &req->slice_info.subscribed_nssai, &j.configured);
	nssf->stat[NSSF_STAT_SELECTIONS]++;
	nssf->stat[NSSF_STAT_NONE_ALLOWED] += j.allowed.count == 0;
	nssf_answer(nssf, r->id, &j);
}

static void nssf_on_request(void *self, const struct sbi_request *r)
{
	struct nssf *nssf = self;

	if (r->op == SBI_NSSF_NS_SELECTION)
		nssf_ns_selection(nssf, r);
	else
		sbi_answer(nssf->nf.bus, r->id, SBI_INVALID_MSG_FORMAT, NULL);
}

static void nssf_on_answer(void *self, const struct sbi_answer *a)
{
	nf_on_answer(self, a);
}

struct nssf *nssf_new(const struct nssf_config *config, struct env *env, struct sbi_bus *bus)
{
	static const struct sbi_nf_ops ops = { nssf_on_request, nssf_on_answer };
	struct nssf *nssf = calloc(1, sizeof(*nssf));

	if (!nssf)
		return NULL;
	nssf->config = *config;
	nf_init(&nssf->nf, NF_NSSF, NULL, &config->plmn, env, bus, &ops);
	return nssf;
}

void nssf_take_config(struct nssf *nssf, const struct nssf_config *config)
{
	nssf->config = *config;
}

void nssf_free(struct nssf *nssf)
{
	if (!nssf)
		return;
	free(nssf);
}

struct nf *nssf_nf(struct nssf *nssf)
{
	return &nssf->nf;
}

static const struct stat_def stat_defs[NSSF_STAT_COUNT] = {
	[NSSF_STAT_SELECTIONS] = { "selections", "slice selections answered" },
	[NSSF_STAT_NONE_ALLOWED] = { "none_allowed", "slice selections that allowed no slice" },
};
const struct stat_group nssf_stat_group = { "nssf", stat_defs, NSSF_STAT_COUNT };

void nssf_stats(const struct nssf *nssf, struct stats *out)
{
	*out = (struct stats){ &nssf_stat_group, nssf->stat };
}
