#include "wire/tlv/test_vectors.h"

unsigned vectors_each(const char *path, void (*use)(struct bytes octets, const char *source))
{
	static char line[VECTOR_LINE_MAX];
	FILE *f = fopen(path, "r");
	unsigned n = 0;

	if (!f)
		fail_msg("no %s", path);
	while (f && fgets(line, sizeof(line), f)) {
		char *blank = strchr(line, ' ');
		uint8_t buf[VECTOR_OCTETS_MAX];

		if (line[0] == '#' || !blank)
			continue;
		*blank = '\0';
		use(test_hex(line, buf, sizeof(buf)), blank + 1);
		n++;
	}
	if (f)
		fclose(f);
	return n;
}

struct bytes exact_copy(struct bytes b)
{
	uint8_t *copy = malloc(b.len ? b.len : 1);

	if (!copy)
		abort();
	if (b.len)
		memcpy(copy, b.data, b.len);
	return bytes_of(copy, b.len);
}

void exact_free(struct bytes b)
{
	free((void *)(uintptr_t)b.data);
}

void vectors_damage(struct bytes octets, void (*use)(struct bytes octets))
{
	for (size_t len = 0; len < octets.len; len++) {
		struct bytes copy = exact_copy(bytes_of(octets.data, len));

		use(copy);
		exact_free(copy);
	}
	for (size_t bit = 0; bit < 8 * octets.len; bit++) {
		struct bytes copy = exact_copy(octets);

		((uint8_t *)(uintptr_t)copy.data)[bit / 8] ^= (uint8_t)(1 << bit % 8);
		use(copy);
		exact_free(copy);
	}
}
