/* freehold waveform: what was asked for, the cell chosen, and the parts that write it. */
#pragma once

#include "radio/phy/search/sib1.h"
#include "radio/phy/waveform/reference_channel.h"
#include "radio/phy/waveform/test_preamble.h"
#include "sim/channel/channel.h"

struct waveform_options {
	const char *file;
	/* 0 or negative: to be chosen */
	unsigned band, bandwidth_mhz, scs_khz, arfcn, gscn, ssb_scs_khz;
	uint64_t freq_hz, rate_hz;
	unsigned pci, ssb_period_ms, sfn, frames;
	uint64_t ssb_index; /* a bit each */
	int coreset0, searchspace0;
	struct bytes sib1; /* empty: our own */
	uint8_t sib1_octets[PHY_SIB1_OCTETS_MAX];
	bool no_sib1;
	uint8_t mcc[3], mnc[3], mnc_digits;
	uint32_t tac;
	int test_mcs; /* -1: no test PDSCH */
	enum phy_mcs_table mcs_table;
	enum phy_test_model model;
	uint64_t preambles;        /* a bit each: these and nothing else */
	const struct phy_frc *frc; /* the uplink's, and nothing else */
	const char *test_preamble; /* the same */
	unsigned antennas;         /* behind the channel: a file each; 0: as many as send */
	bool measure;
	const char *svg; /* of what is measured; NULL for none */
	bool int16, no_phase, json, channel;
	uint64_t seed;
	double delay_spread_ns;
	struct channel_config air; /* what --snr and the like ask for */
};

/* The cell, with all that follows from it. */
struct waveform_cell {
	struct phy_waveform_config config;
	struct phy_waveform_place place;
	struct phy_sib1_schedule schedule;
	uint8_t sib1[PHY_SIB1_OCTETS_MAX];
	unsigned band, bandwidth_mhz, scs_khz, ssb_scs_khz, arfcn, gscn;
	bool narrow;    /* of 3 MHz */
	uint64_t dl_hz; /* the carrier's middle */
	uint64_t rate_hz;
	const struct phy_test_preamble *test_preamble;
};

struct waveform_written {
	uint64_t samples, clipped;
	double power_dbfs; /* mean, of all files */
	unsigned files;
};

/* False with a message on stderr that names the option and what would be legal. */
bool waveform_choose(const struct waveform_options *o, struct waveform_cell *c);

/*
 * The second half of it: where SS/PBCH block, CORESET 0 and SIB1 are in the chosen carrier. *go_on, without a
 * message: no entry of the synchronisation raster is a whole k_SSB from this carrier, another one may do.
 */
bool waveform_search(const struct waveform_options *o, struct waveform_cell *c, bool may_go_on, bool *go_on);

/* Prints the reason on stderr; false. */
bool waveform_refuse(const char *format, ...) __attribute__((format(printf, 1, 2)));

enum { WAVEFORM_LIST_SIZE = 256 };

/* Appends a number, after a comma unless it is the first. */
void waveform_list_add(char list[WAVEFORM_LIST_SIZE], unsigned value);

/* Streams the samples into the file; false with a message on stderr. */
bool waveform_write(
	const struct waveform_options *o, const struct waveform_cell *c, struct waveform_written *w);

/* The middle of the carrier's uplink. */
uint64_t waveform_uplink_hz(const struct waveform_cell *c);

/* What was written, for people or as a line of JSON. */
void waveform_report(
	const struct waveform_options *o, const struct waveform_cell *c, const struct waveform_written *w);

/* Measures a recording of it; the exit status. */
int waveform_measure(const struct waveform_options *o, const struct waveform_cell *c);
