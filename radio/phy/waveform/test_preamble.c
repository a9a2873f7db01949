#include "radio/phy/waveform/test_preamble.h"

#include <stdlib.h>

#include "radio/phy/waveform/tables.h"

struct phy_test_preambles {
	size_t n, length; /* samples of a subframe, of the preamble */
	unsigned subframe;
	struct phy_cf *preamble;
};

const struct phy_test_preamble *phy_test_preamble_find(const char *name, unsigned scs_khz)
{
	static const char *const formats[PHY_PRACH_FORMATS] = { [PHY_PRACH_0] = "0",
		[PHY_PRACH_1] = "1",
		[PHY_PRACH_A1] = "A1",
		[PHY_PRACH_A2] = "A2",
		[PHY_PRACH_A3] = "A3",
		[PHY_PRACH_B4] = "B4",
		[PHY_PRACH_C0] = "C0",
		[PHY_PRACH_C2] = "C2" };

	for (size_t i = 0; i < phy_prach_test_preambles_n; i++) {
		const struct phy_test_preamble *t = &phy_prach_test_preambles[i];
		const char *form = formats[t->format];
		size_t n = strlen(form);
		const char *suffix = t->set == PHY_PRACH_TYPE_A          ? "-A"
				     : t->set == PHY_PRACH_TYPE_B        ? "-B"
				     : t->l_ra == 571 || t->l_ra == 1151 ? "-L"
									 : "";

		if (strncmp(name, form, n) == 0 && strcmp(name + n, suffix) == 0 &&
			(t->spacing == 1 || t->spacing * 5u == scs_khz * 4u))
			return t;
	}
	return NULL;
}

bool phy_test_preamble_plan(struct phy_prach *p, const struct phy_test_preamble *t)
{
	struct phy_prach_config c = { .format = t->format,
		.l_ra = t->l_ra,
		.mu = t->spacing == 24,
		.root_index = t->root,
		.set = t->set };

	for (c.zone = 0; c.zone < 16; c.zone++) {
		if (phy_prach_init(p, &c) == PHY_PRACH_OK && p->n_cs == t->n_cs)
			return true;
	}
	return false;
}

static bool make(
	struct phy_test_preambles *p, const struct phy_test_preamble *t, const struct phy_waveform_config *c)
{
	struct phy_prach_place place = { c->mu, c->prbs, 0, c->fft_size, 0, 0 };
	struct phy_prach_signal *signal;
	struct phy_prach plan;
	struct kern kern;
	bool ok;

	if (!phy_test_preamble_plan(&plan, t))
		return false;
	place.extra_tc = phy_prach_extra_tc(&plan, 0);
	signal = phy_prach_signal_new(&plan, c->mu, c->fft_size);
	p->length = phy_prach_samples(&plan, &place);
	p->preamble = calloc(p->length, sizeof(*p->preamble));
	kern_init(&kern, KERN_LEVELS - 1);
	ok = signal && p->preamble && phy_prach_send(signal, &kern, t->preamble, &place, p->preamble);
	phy_prach_signal_free(signal);
	if (ok)
		kern.cf_scale(&p->preamble->re, &p->preamble->re, p->length, c->amplitude, 0);
	return ok;
}

struct phy_test_preambles *phy_test_preambles_new(
	const struct phy_test_preamble *t, const struct phy_waveform_config *c)
{
	struct phy_test_preambles *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->n = (size_t)c->fft_size * 15 << c->mu;
	if (make(p, t, c))
		return p;
	phy_test_preambles_free(p);
	return NULL;
}

void phy_test_preambles_free(struct phy_test_preambles *p)
{
	if (!p)
		return;
	free(p->preamble);
	free(p);
}

void phy_test_preambles_run(struct phy_test_preambles *p, struct phy_cf *out)
{
	size_t from = p->subframe * p->n, n = from < p->length ? p->length - from : 0;

	n = n < p->n ? n : p->n;
	memset(out, 0, p->n * sizeof(*out));
	for (size_t i = 0; i < n; i++)
		out[i] = p->preamble[from + i];
	p->subframe = (p->subframe + 1) % 10;
}
