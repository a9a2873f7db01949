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
