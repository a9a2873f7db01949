/* The bands of NR: where they are, what channels and SS/PBCH blocks they may have (38.104 5.2 to 5.4). */
#pragma once

#include "radio/phy/mapping/coreset0.h"
#include "radio/phy/channels/ssb.h"

/*
 * Channels of 3 MHz have SS/PBCH blocks on a raster of their own, punctured: what is called narrow here. The
 * channels of n100 with 12 and 20 resource blocks (Table 5.4.3.1-3) are not offered.
 */
enum { PHY_NARROW_MHZ = 3 };

enum phy_duplex { PHY_DUPLEX_FDD, PHY_DUPLEX_TDD, PHY_DUPLEX_SDL, PHY_DUPLEX_SUL };

/* A band with one of its channel rasters. */
struct phy_band_raster {
	enum phy_duplex duplex;
	uint16_t band;
	uint16_t raster_khz;
	uint32_t dl_first, dl_step, dl_last; /* NR-ARFCN; step 0: dl_first alone; all 0: no downlink */
	uint32_t dl_low_khz, dl_high_khz, ul_low_khz, ul_high_khz;
};

/* The first row of a band, which has all but the raster; NULL if there is no such band. */
const struct phy_band_raster *phy_band_find(unsigned band);

/* The next band after this number (0: the first) whose downlink holds a frequency; 0 if there is none. In the
 * order of the table, which is nearly that of numbers. */
unsigned phy_band_holding(uint64_t hz, unsigned after);

/*
 * What the tables of CORESET 0 go by. n79 and n104 have a minimum channel bandwidth of 40 MHz, or count so
 * (38.101-1 Table 5.2-1 note 17).
 */
enum phy_band_class phy_band_class_of(unsigned band, bool narrow);

static inline bool phy_band_fr2(unsigned band)
{
	return band > 256 && band < 512; /* 38.104 5.2 */
}

/* N_RB of a channel bandwidth and spacing 15 kHz * 2^mu (5.3.2); 0 where there is none. */
unsigned phy_max_rb_of(bool fr2, unsigned bandwidth_mhz, unsigned mu);

/* The next wider bandwidth that the tables have at a spacing; 0 after the last. */
unsigned phy_bandwidth_after(bool fr2, unsigned bandwidth_mhz, unsigned mu);

/* The global frequency raster (5.4.2.1): 0 for what is none. near: the next entry. */
uint64_t phy_arfcn_hz(unsigned arfcn);
unsigned phy_arfcn_near(uint64_t hz);

/*
 * The next channel raster entry of a band at or above an ARFCN (5.4.2.3), 0 if there is none. A band with
 * rasters of 15 and 30 kHz, or 60 and 120, has the wider one for channels and SS/PBCH blocks of that spacing
 * and above.
 */
unsigned phy_band_arfcn_from(unsigned band, unsigned scs_khz, unsigned ssb_scs_khz, unsigned arfcn);

/* The entry of the global synchronisation raster (GSCN) next to a frequency; 0 below and above all. */
unsigned phy_gscn_near(double frequency_hz, bool narrow);

/* Whether it is one of 3 MHz channels. */
bool phy_gscn_is_narrow(unsigned gscn);

/* Its frequency SS_REF; 0 for what is no GSCN. */
double phy_gscn_hz(unsigned gscn);

/* The pattern of SS/PBCH blocks of this spacing in a band (5.4.3.3); false if it has none. */
bool phy_band_ssb_case(unsigned band, unsigned ssb_scs_khz, enum phy_ssb_case *c);

/* The next synchronisation raster entry of a band at or above a GSCN; 0 if there is none. */
unsigned phy_band_gscn_from(unsigned band, unsigned ssb_scs_khz, bool narrow, unsigned gscn);

/* Whether a band has channels of 3 MHz. */
bool phy_band_is_narrow(unsigned band);
