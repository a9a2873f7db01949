/* The commands of the air: what needs samples or a channel, and no network. Each returns the exit status. */
#pragma once

#include "ops/options.h"

int air_scan(struct options *args);
int air_waveform(struct options *args);
int air_link(struct options *args);
