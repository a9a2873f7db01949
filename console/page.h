/* The page: files embedded at build time (tools/embed.py), and the paths that are views of it. Inside
 * console/. */
#pragma once

#include "base/bytes.h"

struct page_file {
	const char *path, *type, *etag;
	struct bytes content;
};

/* Made of console/page/. */
extern const struct page_file page_files[];
extern const size_t page_file_count;

/* What stands at a path; of views the one document. NULL: nothing. */
const struct page_file *page_find(struct bytes path);
