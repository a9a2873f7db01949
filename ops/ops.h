/* The commands of operating a network. Each returns the exit status. */
#pragma once

#include "ops/options.h"

int ops_up(struct options *args);
int ops_subscriber(struct options *args);
int ops_flow(struct options *args);
int ops_application(struct options *args);
int ops_sandbox(struct options *args);
int ops_table(struct options *args); /* ues, sessions, gnbs, upfs, events */
int ops_alarms(struct options *args);
int ops_why(struct options *args);
int ops_trace(struct options *args);
int ops_deregister(struct options *args);
int ops_reauthenticate(struct options *args);
int ops_relocate(struct options *args);
int ops_drain(struct options *args); /* and undrain */
int ops_locate(struct options *args);
int ops_upgrade(struct options *args);
int ops_update(struct options *args);
int ops_steer(struct options *args);
int ops_warning(struct options *args);
int ops_ran_trace(struct options *args);
int ops_handover(struct options *args);
int ops_log(struct options *args);
int ops_profile(struct options *args);
int ops_status(struct options *args);
int ops_check(struct options *args);
