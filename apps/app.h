/* The parts of a network as processes, a file each. Each returns the exit status. */
#pragma once

#include "ops/options.h"

int app_core(struct options *args);
int app_upf(struct options *args);
int app_gnb(struct options *args);
int app_cucp(struct options *args);
int app_cuup(struct options *args);
int app_du(struct options *args);
int app_air(struct options *args);
int app_console(struct options *args);
int app_ue(struct options *args);
int app_load(struct options *args);
int app_replay(struct options *args);
int app_backup(struct options *args);
int app_restore(struct options *args);
int app_text(struct options *args);
