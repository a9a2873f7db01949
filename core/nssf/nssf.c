#include "core/nssf/nssf.h"

#include <stdlib.h>

struct nssf {
	struct nf nf;
	struct nssf_config config;
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

/* Requested slices: allowed, or rejected in the PLMN or in the current registration area (24.501 9.11.3.46).
 */
static void nssf_judge(const struct nssf *nssf, const struct nnssf_ns_selection_req *req,
	const struct snssai *s, struct nnssf_ns_selection_rsp *rsp)
{
	const struct nssf_slice *slice = nssf_slice_find(nssf, s);
	bool subscribed =
		nssai_has(&req->subscribed_nssai, s) || nssai_has(&req->default_subscribed_nssai, s);

	if (!slice || !subscribed)
		nssai_add(&rsp->rejected_nssai_in_plmn, s);
	else if (!nssf_offered_in(slice, &req->tai))
		nssai_add(&rsp->rejected_nssai_in_ta, s);
	else
		nssai_add(&rsp->allowed_nssai, s);
}

static void nssf_configured(const struct nssf *nssf, const struct nssai *subscribed, struct nssai *configured)
{
	for (uint8_t i = 0; i < subscribed->count; i++)
		if (nssf_slice_find(nssf, &subscribed->items[i]))
			nssai_add(configured, &subscribed->items[i]);
}

/* None requested, or none of them allowed: the default subscribed slices offered here. */
static void nssf_allow_defaults(
	const struct nssf *nssf, const struct nnssf_ns_selection_req *req, struct nssai *allowed)
{
	for (uint8_t i = 0; i < req->default_subscribed_nssai.count; i++) {
		const struct snssai *s = &req->default_subscribed_nssai.items[i];
		const struct nssf_slice *slice = nssf_slice_find(nssf, s);

		if (slice && nssf_offered_in(slice, &req->tai))
			nssai_add(allowed, s);
	}
}

static void nssf_ns_selection(struct nssf *nssf, const struct sbi_request *r)
{
	const struct nnssf_ns_selection_req *req = r->body;
	const struct nssai *defaults = &req->default_subscribed_nssai;
	struct nnssf_ns_selection_rsp rsp = { 0 };

	for (uint8_t i = 0; i < req->requested_nssai.count; i++)
		nssf_judge(nssf, req, &req->requested_nssai.items[i], &rsp);
	if (rsp.allowed_nssai.count == 0)
		nssf_allow_defaults(nssf, req, &rsp.allowed_nssai);
	nssf_configured(nssf, defaults, &rsp.configured_nssai);
	nssf_configured(nssf, &req->subscribed_nssai, &rsp.configured_nssai);
	sbi_answer(nssf->nf.bus, r->id, SBI_OK, &rsp);
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
	nf_init(&nssf->nf, NF_NSSF, &config->plmn, env, bus, &ops);
	return nssf;
}

void nssf_free(struct nssf *nssf)
{
	if (!nssf)
		return;
	nf_fini(&nssf->nf);
	free(nssf);
}

struct nf *nssf_nf(struct nssf *nssf)
{
	return &nssf->nf;
}
