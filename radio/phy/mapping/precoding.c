#include "radio/phy/mapping/precoding.h"

#include "radio/phy/mapping/tables.h"

static void take(struct phy_precoding *w, const struct phy_tpmi *t)
{
	*w = (struct phy_precoding){ .ports = t->ports, .layers = t->layers };
	for (unsigned p = 0; p < t->ports; p++) {
		for (unsigned l = 0; l < t->layers; l++)
			w->w[p][l] = (struct phy_cf){ t->w[p][l][0] * t->scale, t->w[p][l][1] * t->scale };
	}
}

bool phy_precoding_tpmi(
	struct phy_precoding *w, unsigned ports, unsigned layers, unsigned tpmi, bool transform_precoding)
{
	enum phy_tpmi_use other = transform_precoding ? PHY_TPMI_PLAIN : PHY_TPMI_TRANSFORM;

	if (ports == 1)
		return layers == 1 && tpmi == 0 && phy_precoding_identity(w, 1);
	for (size_t i = 0; i < phy_pusch_precoding_w_n; i++) {
		const struct phy_tpmi *t = &phy_pusch_precoding_w[i];

		if (t->ports != ports || t->layers != layers || t->tpmi != tpmi || t->use == other)
			continue;
		take(w, t);
		return true;
	}
	return false;
}

bool phy_precoding_identity(struct phy_precoding *w, unsigned layers)
{
	*w = (struct phy_precoding){ .ports = (uint8_t)layers, .layers = (uint8_t)layers, .identity = true };
	if (layers < 1 || layers > PHY_LAYERS_MAX)
		return false;
	for (unsigned l = 0; l < layers; l++)
		w->w[l][l].re = 1;
	return true;
}
