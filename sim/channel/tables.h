/* Profiles of taps, made from tables/<name>.csv by tools/phy_tables.py at build time. */
#pragma once

#include "sim/channel/internal.h"

extern const struct channel_tap channel_tdl_a[23];
extern const struct channel_tap channel_tdl_b[23];
extern const struct channel_tap channel_tdl_c[24];
extern const struct channel_tap channel_tdl_d[14];
extern const struct channel_tap channel_tdl_e[15];
extern const struct channel_tap channel_tdla30[12];
extern const struct channel_tap channel_tdlb100[12];
extern const struct channel_tap channel_tdlc300[12];
extern const struct channel_tap channel_cdl_a[23];
extern const struct channel_cluster channel_cdl_a_clusters[23];
extern const struct channel_tap channel_cdl_b[23];
extern const struct channel_cluster channel_cdl_b_clusters[23];
extern const struct channel_tap channel_cdl_c[24];
extern const struct channel_cluster channel_cdl_c_clusters[24];
extern const struct channel_tap channel_cdl_d[14];
extern const struct channel_cluster channel_cdl_d_clusters[14];
extern const struct channel_tap channel_cdl_e[15];
extern const struct channel_cluster channel_cdl_e_clusters[15];
