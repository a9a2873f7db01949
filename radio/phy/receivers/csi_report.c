#include "radio/phy/receivers/csi_report.h"

#include "radio/phy/receivers/tables.h"
#include "radio/phy/signals/complex.h"

enum {
	PORTS = PHY_CSI_PORTS_MAX,
	LAYERS = PHY_CSI_LAYERS_MAX,
	PLACES = 48 /* over the band, which tell it well enough */
};

/* More layers must carry more by so much: where they do not, fewer are surer. */
static const float WORTH = 1.02f;

typedef struct phy_cf matrix[PORTS][PORTS];

static const float *const tables[PHY_CQI_TABLES] = { phy_cqi_table1, phy_cqi_table2, phy_cqi_table3,
	phy_cqi_table4 };

float phy_cqi_efficiency(enum phy_cqi_table table, unsigned cqi)
{
	return (unsigned)table < PHY_CQI_TABLES && cqi < PHY_CQI_ROWS ? tables[table][cqi] : 0;
}

/* What the antennas have together of two ports at a place: H^H H over the noise. */
static void gram(matrix g, const struct phy_csi_channel *c, size_t at)
{
	for (unsigned i = 0; i < c->ports; i++) {
		for (unsigned j = 0; j < c->ports; j++) {
			struct phy_cf sum = { 0, 0 };

			for (unsigned a = 0; a < c->antennas; a++)
				phy_cf_add(&sum,
					phy_cf_mul_conj(c->h[a][j * c->n + at], c->h[a][i * c->n + at]));
			g[i][j] = (struct phy_cf){ sum.re / c->noise, sum.im / c->noise };
		}
	}
}

/* I + W^H G W: what the layers see of each other. */
static void seen(matrix m, const matrix g, struct phy_cf w[PORTS][LAYERS], unsigned ports, unsigned layers)
{
	struct phy_cf gw[PORTS][LAYERS];

	for (unsigned i = 0; i < ports; i++) {
		for (unsigned l = 0; l < layers; l++) {
			gw[i][l] = (struct phy_cf){ 0, 0 };
			for (unsigned j = 0; j < ports; j++)
				phy_cf_add(&gw[i][l], phy_cf_mul(g[i][j], w[j][l]));
		}
	}
	for (unsigned k = 0; k < layers; k++) {
		for (unsigned l = 0; l < layers; l++) {
			m[k][l] = (struct phy_cf){ k == l, 0 };
			for (unsigned i = 0; i < ports; i++)
				phy_cf_add(&m[k][l], phy_cf_mul_conj(gw[i][l], w[i][k]));
		}
	}
}

/*
 * The SINR of layer l behind MMSE is 1 / (m^-1)[l][l] - 1, and that is what elimination leaves of m[l][l]
 * once all other layers are out, less 1.
 */
static float sinr(const matrix m, unsigned layers, unsigned l)
{
	struct phy_cf a[LAYERS][LAYERS];
	unsigned order[LAYERS], n = 0;

	for (unsigned k = 0; k < layers; k++)
		if (k != l)
			order[n++] = k;
	order[n] = l;
	for (unsigned i = 0; i < layers; i++)
		for (unsigned j = 0; j < layers; j++)
			a[i][j] = m[order[i]][order[j]];
	for (unsigned p = 0; p + 1 < layers; p++) { /* the diagonal is real and at least 1 */
		for (unsigned i = p + 1; i < layers; i++) {
			struct phy_cf f = { a[i][p].re / a[p][p].re, a[i][p].im / a[p][p].re };

			for (unsigned j = p + 1; j < layers; j++) {
				struct phy_cf v = phy_cf_mul(f, a[p][j]);

				a[i][j].re -= v.re;
				a[i][j].im -= v.im;
			}
		}
	}
	return fmaxf(a[layers - 1][layers - 1].re - 1, 0);
}

/* What a precoder carries: the sum over layers of their means. */
static float carried(const struct phy_csi_channel *c, const matrix *g, size_t places,
	struct phy_cf w[PORTS][LAYERS], unsigned layers)
{
	float gap = powf(10, c->gap_db / 10), most = log2f(1 + 1e9f), sum = 0;
	unsigned bits = c->table == PHY_CQI_1024QAM ? 10 : c->table == PHY_CQI_256QAM ? 8 : 6;
	matrix m;

	for (size_t at = 0; at < places; at++) {
		seen(m, g[at], w, c->ports, layers);
		for (unsigned l = 0; l < layers; l++)
			sum += fminf(fminf(log2f(1 + sinr(m, layers, l) / gap), most), (float)bits);
	}
	return sum / (float)places;
}

static uint8_t cqi_of(const struct phy_csi_channel *c, float a_layer)
{
	uint8_t cqi = 0;

	for (unsigned i = 1; i < PHY_CQI_ROWS; i++)
		if (phy_cqi_efficiency(c->table, i) <= a_layer)
			cqi = (uint8_t)i;
	return cqi;
}

/* May the i-th precoder of a rank be reported? */
static bool is_allowed(const struct phy_csi_channel *c, unsigned rank, size_t i)
{
	return c->ports != 2 || c->subset == 0 || c->subset >> (i + (rank == 2 ? 4 : 0)) & 1;
}

static bool legal(const struct phy_csi_channel *c)
{
	return (c->ports == 1 || c->ports == 2 || c->ports == 4) && c->antennas >= 1 &&
	       c->antennas <= PHY_CSI_ANTENNAS_MAX && c->n >= 1 && c->noise > 0 && c->rank_max >= 1 &&
	       (unsigned)c->table < PHY_CQI_TABLES && c->gap_db >= -20 && c->gap_db <= 20;
}

bool phy_csi_report(struct phy_csi *out, const struct phy_csi_channel *c)
{
	matrix g[PLACES];
	struct phy_cf w[PORTS][LAYERS];
	size_t places = c->n < PLACES ? c->n : PLACES;

	*out = (struct phy_csi){ .rank = 1 };
	if (!legal(c))
		return false;
	for (size_t i = 0; i < places; i++)
		gram(g[i], c, i * c->n / places);
	for (unsigned rank = 1;
		rank <= LAYERS && rank <= c->rank_max && rank <= c->antennas && rank <= c->ports; rank++) {
		for (size_t i = 0; i < phy_type1_count(c->ports, rank); i++) {
			struct phy_pmi pmi = phy_type1_precoder(w, c->ports, rank, i);
			float sum = is_allowed(c, rank, i) ? carried(c, g, places, w, rank) : 0;

			if (sum > out->efficiency * (rank > out->rank ? WORTH : 1))
				*out = (struct phy_csi){ (uint8_t)rank, 0, pmi, sum };
		}
	}
	out->cqi = cqi_of(c, out->efficiency / out->rank);
	return true;
}
