#include "base/words.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"

struct word {
	struct hash_node by_digest; /* of the first of a digest */
	struct word *alike;         /* the next of the digest */
	struct link link;
	uint32_t count; /* how often it was taken */
	char text[];
};

static const char none[] = "";

bool words_init(struct words *w, uint64_t seed)
{
	list_init(&w->all);
	return hash_init(&w->by_digest, seed);
}

void words_fini(struct words *w)
{
	if (w->all.next)
		list_each(l, next, &w->all) free(container_of(l, struct word, link));
	hash_fini(&w->by_digest);
	*w = (struct words){ 0 };
}

static struct word *first_of(const struct words *w, uint64_t digest)
{
	return hash_get(&w->by_digest, digest, 0, struct word, by_digest);
}

const char *words_take(struct words *w, const char *text)
{
	uint64_t digest = bytes_digest(bytes_of_str(text));
	struct word *first = first_of(w, digest), *word = first;
	size_t size = strlen(text) + 1;

	if (!*text)
		return none;
	while (word && strcmp(word->text, text) != 0)
		word = word->alike;
	if (!word) {
		word = malloc(sizeof(*word) + size);
		if (!word)
			return NULL;
		*word = (struct word){ .alike = first ? first->alike : NULL };
		str_copy(word->text, size, text);
		list_append(&w->all, &word->link);
		if (first)
			first->alike = word;
		else
			hash_insert(&w->by_digest, &word->by_digest, digest, 0);
	}
	word->count++;
	return word->text;
}

static void take_out(struct words *w, struct word *word)
{
	uint64_t digest = bytes_digest(bytes_of_str(word->text));
	struct word *before = first_of(w, digest);

	if (before == word) {
		hash_remove(&w->by_digest, &word->by_digest);
		if (word->alike)
			hash_insert(&w->by_digest, &word->alike->by_digest, digest, 0);
		return;
	}
	while (before->alike != word)
		before = before->alike;
	before->alike = word->alike;
}

void words_give(struct words *w, const char *word)
{
	struct word *given;

	if (!word || word == none)
		return;
	given = (struct word *)(uintptr_t)(word - offsetof(struct word, text));
	assert(given->count > 0);
	if (--given->count > 0)
		return;
	take_out(w, given);
	list_remove(&given->link);
	free(given);
}
