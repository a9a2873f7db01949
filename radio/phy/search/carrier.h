/*
 * Where in frequency a found cell really is. By 38.211 5.4 each OFDM symbol begins again in phase, so that a
 * receiver sees symbols turned by its own frequency: how much they turn gives that frequency, modulo one over
 * their length, better than anything within a symbol - if one knows where it is nominally. That is what is
 * tried here.
 */
#pragma once

#include "radio/phy/search/cell_search.h"

enum { PHY_CARRIER_GUESSES = 4 };

struct phy_carrier {
	double nominal_hz;   /* of the SSB's subcarrier 120, from the recording's centre, as the network means
				it */
	double cfo_hz;       /* by how much the recording has it too high */
	double cfo_error_hz; /* how far that may be off: a standard deviation */
	unsigned others;     /* offsets that noise does not tell from it, by other guesses at the carrier */
	double other_cfo_hz[PHY_CARRIER_GUESSES];
	bool turning;   /* the turn between symbols is explained by turn_hz */
	double turn_hz; /* symbols are turned by exp(-j 2 pi turn_hz t), t their beginnings; known modulo one
			 * over a symbol's length only if not turning */
};

/*
 * centre_hz: the recording's centre, 0 if it is not known. Nominal frequencies are those of the
 * synchronisation raster (38.104 5.4.3.1) near it, else multiples of 15 kHz (60 kHz in FR2) from the
 * recording's centre. A guess at how symbols turn that is as good as chance may make it is not taken, but
 * told among the others.
 */
struct phy_carrier phy_carrier_fit(const struct phy_cell *cell, double centre_hz);
