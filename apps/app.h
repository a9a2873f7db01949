/* The commands of the binary, one file each. main() of freehold.c picks one; each returns the exit status. */
#pragma once

#include "ops/network.h"

struct app_args {
	int argc;
	char **argv;      /* argv[0] is the command's name */
	const char *file; /* of -c, once taken */
};

int app_core(struct app_args *args);
int app_upf(struct app_args *args);
int app_gnb(struct app_args *args);
int app_ue(struct app_args *args);
int app_up(struct app_args *args);
int app_demo(struct app_args *args);
int app_subscriber(struct app_args *args);
int app_status(struct app_args *args);
int app_load(struct app_args *args);
int app_scan(struct app_args *args);
int app_waveform(struct app_args *args);
int app_link(struct app_args *args);

/* Takes "--name VALUE" out of the arguments; NULL when it is not there. */
const char *app_option(struct app_args *args, const char *name);
/* Takes "--name" out of them. */
bool app_flag(struct app_args *args, const char *name);

/* False with the message `freehold COMMAND: OPTION: expected EXPECTED, got "GOT"`. */
bool app_refuse(const struct app_args *args, const char *option, const char *expected, const char *got);

/* "--name VALUE" as a number within these, as a frequency or rate (to the next Hz), as one of some words;
 * *out stays where it is not there. False with a message for anything else. */
bool app_number(struct app_args *args, const char *name, double min, double max, double *out);
bool app_hz(struct app_args *args, const char *name, uint64_t max_hz, uint64_t *out);
bool app_word(
	struct app_args *args, const char *name, const char *const *words, unsigned count, unsigned *out);

/* The file that app_network will read. */
const char *app_file(struct app_args *args);

/* Reads the file of -c (default ./network.yaml). False with a message on stderr, also when arguments are left
 * over. */
bool app_network(struct app_args *args, struct network *n);

/* Prints help when --help was asked for; true: the command is done. */
bool app_help(struct app_args *args, const char *text);
