/* Texts kept once; malloc() is refused by --wrap. */
#include "base/test.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "base/words.h"

static bool refuse;
void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);

void *__wrap_malloc(size_t size)
{
	return refuse ? NULL : __real_malloc(size);
}

static void each_once(void **state)
{
	char text[] = "internet";
	struct words w;
	const char *one, *other;

	assert_true(words_init(&w, 7));
	one = words_take(&w, "internet");
	assert_ptr_equal(words_take(&w, text), one);
	assert_string_equal(one, "internet");
	other = words_take(&w, "ims");
	assert_ptr_not_equal(other, one);
	assert_int_equal(w.by_digest.count, 2);
	words_give(&w, one);
	assert_string_equal(one, "internet"); /* it was taken twice */
	words_give(&w, one);
	assert_int_equal(w.by_digest.count, 1);
	one = words_take(&w, "internet");
	assert_string_equal(one, "internet");
	assert_string_equal(other, "ims");
	words_fini(&w); /* frees what nobody has given back */
}

static void nothing_is_free(void **state)
{
	struct words w;

	assert_true(words_init(&w, 7));
	refuse = true;
	assert_null(words_take(&w, "internet"));
	assert_string_equal(words_take(&w, ""), "");
	words_give(&w, words_take(&w, ""));
	words_give(&w, NULL);
	refuse = false;
	assert_true(list_empty(&w.all));
	words_fini(&w);
}

/* Two texts of one digest. */
static const char *const alike[] = { "8yn0iYCKYHlIj4-BwPqk", "GReLUrM4wMqfg9yzV3KQ" };

static void of_one_digest(void **state)
{
	for (int gone = 0; gone < 2; gone++) {
		const char *has[2];
		struct words w;

		assert_true(words_init(&w, 7));
		assert_true(bytes_digest(bytes_of_str(alike[0])) == bytes_digest(bytes_of_str(alike[1])));
		for (int i = 0; i < 2; i++) {
			has[i] = words_take(&w, alike[i]);
			assert_string_equal(has[i], alike[i]);
		}
		assert_ptr_equal(words_take(&w, alike[1]), has[1]);
		words_give(&w, has[1]);
		words_give(&w, has[gone]);
		assert_ptr_equal(words_take(&w, alike[!gone]), has[!gone]);
		assert_string_equal(words_take(&w, alike[gone]), alike[gone]);
		words_fini(&w);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_once),
		cmocka_unit_test(nothing_is_free),
		cmocka_unit_test(of_one_digest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
