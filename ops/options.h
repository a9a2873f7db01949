/*
 * The arguments of a command: options are taken out of the list one by one, as text, numbers and words; what
 * is left over at the end is refused. Messages name command and option.
 */
#pragma once

#include "ops/network.h"

struct options {
	int argc;
	char **argv;      /* argv[0] is the command's name */
	const char *file; /* of -c, once taken */
};

/* Takes "--name VALUE" out of the arguments; NULL when it is not there. */
const char *options_text(struct options *args, const char *name);
/* Takes "--name" out of them. */
bool options_flag(struct options *args, const char *name);

/* False with the message `freehold COMMAND: OPTION: expected EXPECTED, got "GOT"`. */
bool options_refuse(const struct options *args, const char *option, const char *expected, const char *got);

/* "--name VALUE" as a number within these, as a frequency or rate (to the next Hz), as one of some words;
 * *out stays where it is not there. False with a message for anything else. */
bool options_number(struct options *args, const char *name, double min, double max, double *out);
bool options_hz(struct options *args, const char *name, uint64_t max_hz, uint64_t *out);
bool options_word(
	struct options *args, const char *name, const char *const *words, unsigned count, unsigned *out);

/* The one argument that is no option, once those are taken; NULL with the message that `what` was expected.
 */
const char *options_word_only(struct options *args, const char *what);

/* Without -c: ./network.yaml or, where there is none, that of an installation. */
const char *options_network_default(void);
/* The file that options_network will read: of -c, or the default. */
const char *options_network_file(struct options *args);

/* Reads that file. False with a message on stderr, also when arguments are left over. */
bool options_network(struct options *args, struct network *n);

/* The same, with one of its parts: the one of the name that the arguments begin with, else the only one. NULL
 * with a message on stderr that lists the names. */
enum network_part { NETWORK_UPF, NETWORK_GNB, NETWORK_CUUP, NETWORK_DU, NETWORK_UE };
const void *options_network_part(struct options *args, struct network *n, enum network_part part);
/* The same, but without a name all of them: *count from the first on. */
const void *options_network_parts(
	struct options *args, struct network *n, enum network_part part, size_t *count);

/* The radio of the file goes between processes. False with a message that says what may be. */
MUST_USE bool options_air_of_processes(const struct options *args, const struct network *n);

/* Prints help when --help was asked for; true: the command is done. */
bool options_help(struct options *args, const char *text);

/* Zeroed memory for what a command keeps; NULL with a message on stderr. */
MUST_USE void *options_memory(size_t size);
