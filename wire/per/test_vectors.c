#include "wire/per/test_vectors.h"

size_t vectors_each(const char *file, void (*each)(const struct vector *v, const void *arg), const void *arg)
{
	static char line[2 * VECTOR_MAX + 256], hex[2 * VECTOR_MAX + 1];
	static uint8_t octets[VECTOR_MAX];
	char path[512], mark[8];
	size_t n = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", VECTORS, file);
	f = fopen(path, "r");
	if (!f)
		fail_msg("no %s", path);
	while (f && fgets(line, sizeof(line), f)) {
		struct vector v = { .deviates = false };

		mark[0] = '\0';
		if (line[0] == '#' || sscanf(line, "%65536s %95s %7s", hex, v.source, mark) < 2)
			continue;
		v.octets = test_hex(hex, octets, sizeof(octets));
		v.deviates = mark[0] == '*';
		each(&v, arg);
		n++;
	}
	if (f)
		fclose(f);
	return n;
}

uint8_t *vector_exact(struct bytes b)
{
	uint8_t *copy = malloc(b.len ? b.len : 1);

	assert_non_null(copy);
	memcpy(copy, b.data, b.len);
	return copy;
}

bool vector_hold(const struct vector_codec *codec, struct bytes in, bool print)
{
	static uint8_t memory[2][VECTOR_ARENA], first[VECTOR_MAX * 2], second[VECTOR_MAX * 2],
		text[VECTOR_PRINTED];
	struct writer w = writer_of(first, sizeof(first)), again = writer_of(second, sizeof(second));
	struct writer printed = writer_of(text, sizeof(text));
	struct arena a, b;
	struct per_diag diag;
	void *value = NULL;
	struct printer p;
	bool accepted;

	arena_init(&a, memory[0], sizeof(memory[0]), VECTOR_ARENA);
	arena_init(&b, memory[1], sizeof(memory[1]), VECTOR_ARENA);
	accepted = codec->decode(in, &a, &value, &diag);
	printer_init(&p, &printed, PRINT_FULL, NULL);
	if (print && value)
		codec->print(value, &p);
	if (accepted) {
		assert_true(codec->encode(value, &w));
		assert_true(codec->decode(writer_bytes(&w), &b, &value, &diag));
		assert_true(codec->encode(value, &again));
		assert_int_equal(w.len, again.len);
		assert_memory_equal(first, second, w.len);
	}
	arena_fini(&a);
	arena_fini(&b);
	return accepted;
}

void vector_mutate(const struct vector_codec *codec, struct bytes original, bool print)
{
	uint8_t *copy;

	for (size_t n = 0; n < original.len; n++) {
		copy = vector_exact(bytes_of(original.data, n));
		vector_hold(codec, bytes_of(copy, n), print);
		free(copy);
	}
	copy = vector_exact(original);
	for (size_t bit = 0; bit < 8 * original.len; bit++) {
		copy[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
		vector_hold(codec, bytes_of(copy, original.len), print);
		copy[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
	}
	free(copy);
}
