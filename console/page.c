#include "console/page.h"

/* Every view has a URL, and all are one document; those that end with a slash have something behind it. */
static const char *const views[] = { "/", "/account", "/alarms", "/audit", "/configuration", "/events",
	"/figures", "/maintenance", "/first", "/login", "/network", "/profiles", "/subscribers",
	"/subscribers/", "/users" };

static const struct page_file *file_of(struct bytes path)
{
	for (size_t i = 0; i < page_file_count; i++)
		if (bytes_equal(path, bytes_of_str(page_files[i].path)))
			return &page_files[i];
	return NULL;
}

static bool is_view(struct bytes path)
{
	for (size_t i = 0; i < ARRAY_LEN(views); i++) {
		size_t len = strlen(views[i]);
		bool below = len > 1 && views[i][len - 1] == '/';

		if (bytes_equal(path, bytes_of_str(views[i])) ||
			(below && path.len > len && !memcmp(path.data, views[i], len) &&
				!memchr(path.data + len, '/', path.len - len)))
			return true;
	}
	return false;
}

const struct page_file *page_find(struct bytes path)
{
	return is_view(path) ? file_of(bytes_of_str("/index.html")) : file_of(path);
}
