/* Options of commands: what is taken out of the arguments and turned into numbers and words, refused by name.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "apps/app.h"

bool app_refuse(const struct app_args *args, const char *option, const char *expected, const char *got)
{
	fprintf(stderr, "freehold %s: %s: expected %s, got \"%s\"\n", args->argv[0], option, expected, got);
	return false;
}

bool app_number(struct app_args *args, const char *name, double min, double max, double *out)
{
	const char *text = app_option(args, name);
	char *end, expected[80];
	double v;

	if (!text)
		return true;
	v = strtod(text, &end);
	if (end != text && *end == '\0' && v >= min && v <= max) {
		*out = v;
		return true;
	}
	snprintf(expected, sizeof(expected), "a number from %.10g to %.10g", min, max);
	return app_refuse(args, name, expected, text);
}

bool app_hz(struct app_args *args, const char *name, uint64_t max_hz, uint64_t *out)
{
	double v = (double)*out;

	if (!app_number(args, name, 0, (double)max_hz, &v))
		return false;
	*out = (uint64_t)llround(v);
	return true;
}

bool app_word(
	struct app_args *args, const char *name, const char *const *words, unsigned count, unsigned *out)
{
	const char *text = app_option(args, name);
	char expected[160] = "";

	if (!text)
		return true;
	for (unsigned i = 0; i < count; i++) {
		size_t len = strlen(expected);

		if (!strcmp(words[i], text)) {
			*out = i;
			return true;
		}
		snprintf(expected + len, sizeof(expected) - len, "%s%s",
			i == 0          ? ""
			: i + 1 < count ? ", "
					: " or ",
			words[i]);
	}
	return app_refuse(args, name, expected, text);
}
