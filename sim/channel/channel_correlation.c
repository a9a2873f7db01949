/* What antennas of a uniform line have in common: TS 38.104 G.2.3.1, TS 38.101-4 B.2.3.1. */
#include "sim/channel/internal.h"

#include <math.h>

/* alpha at the gNB, beta at the UE. */
struct level {
	double alpha, beta;
	bool exists;
};

static const struct level levels[2][CHANNEL_CORRELATIONS] = {
	/* 38.101-4 Table B.2.3.1.2-1 */
	{ [CHANNEL_LOW] = { 0, 0, true },
		[CHANNEL_MEDIUM] = { 0.3, 0.9, true },
		[CHANNEL_MEDIUM_A] = { 0.3, 0.3874, true },
		[CHANNEL_HIGH] = { 0.9, 0.9, true } },
	/* 38.104 Table G.2.3.1.2-1 */
	{ [CHANNEL_LOW] = { 0, 0, true },
		[CHANNEL_MEDIUM] = { 0.9, 0.3, true },
		[CHANNEL_HIGH] = { 0.9, 0.9, true } },
};

bool channel_correlation_of(const struct channel_config *c, double *tx, double *rx)
{
	const struct level *l = &levels[c->uplink][c->correlation];

	*tx = c->uplink ? l->beta : l->alpha;
	*rx = c->uplink ? l->alpha : l->beta;
	return l->exists;
}

/*
 * Cholesky's root of the matrix of rho^((i - j)^2 / (n - 1)^2), which for 2, 4 and 8 antennas is that of
 * Table G.2.3.1.1-1: of rho, of rho^(1/9), rho^(4/9), rho, and of rho^(1/49) to rho.
 */
void channel_correlation_root(double root[CHANNEL_ANTENNAS_MAX][CHANNEL_ANTENNAS_MAX], unsigned n, double rho)
{
	for (unsigned i = 0; i < n; i++) {
		for (unsigned j = 0; j <= i; j++) {
			double d = n > 1 ? (double)(i - j) / (n - 1) : 0;
			double sum = i == j ? 1 : rho > 0 ? pow(rho, d * d) : 0;

			for (unsigned k = 0; k < j; k++)
				sum -= root[i][k] * root[j][k];
			root[i][j] = i == j ? sqrt(sum) : sum / root[j][j];
			root[j][i] = i == j ? root[i][j] : 0;
		}
	}
}
