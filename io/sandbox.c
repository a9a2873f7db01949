#include "io/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "io/seccomp.h"

#ifndef LANDLOCK_ACCESS_FS_TRUNCATE /* ABI 3, Linux 6.2 */
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif

enum { SANDBOX_LAST_CAP_MAX = 63 };

#define SANDBOX_FILE_READ  (LANDLOCK_ACCESS_FS_READ_FILE)
#define SANDBOX_FILE_WRITE (LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE)
#define SANDBOX_DIR_MAKE   (LANDLOCK_ACCESS_FS_MAKE_REG)
#define SANDBOX_DIR_WRITE  (LANDLOCK_ACCESS_FS_REMOVE_FILE)

/* All rights of an ABI version: what is handled and not granted is forbidden. */
static uint64_t sandbox_landlock_rights(int abi)
{
	uint64_t rights = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;

	if (abi >= 2)
		rights |= LANDLOCK_ACCESS_FS_REFER;
	if (abi >= 3)
		rights |= LANDLOCK_ACCESS_FS_TRUNCATE;
	return rights;
}

static bool sandbox_landlock_path(int ruleset, const struct sandbox_path *p, uint64_t handled)
{
	struct landlock_path_beneath_attr rule = { .parent_fd = open(p->path, O_PATH | O_CLOEXEC) };
	struct stat st;
	bool ok;

	if (rule.parent_fd < 0)
		return errno == ENOENT; /* what is not there needs no right */
	if (fstat(rule.parent_fd, &st) != 0)
		st.st_mode = 0;
	rule.allowed_access = SANDBOX_FILE_READ | (p->access > SANDBOX_TO_READ ? SANDBOX_FILE_WRITE : 0);
	if (S_ISDIR(st.st_mode))
		rule.allowed_access |= LANDLOCK_ACCESS_FS_READ_DIR |
				       (p->access > SANDBOX_TO_READ ? SANDBOX_DIR_MAKE : 0) |
				       (p->access == SANDBOX_TO_WRITE ? SANDBOX_DIR_WRITE : 0);
	rule.allowed_access &= handled;
	ok = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
	close(rule.parent_fd);
	return ok;
}

static bool sandbox_landlock(const struct sandbox *s, struct sandbox_result *result)
{
	struct landlock_ruleset_attr attr;
	int ruleset;
	bool ok = true;

	result->landlock_abi =
		(int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	if (result->landlock_abi < 1) {
		result->landlock_abi = 0;
		return true; /* the kernel has none */
	}
	attr = (struct landlock_ruleset_attr){ .handled_access_fs =
						       sandbox_landlock_rights(result->landlock_abi) };
	ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);
	if (ruleset < 0)
		return false;
	for (size_t i = 0; i < s->path_count && ok; i++)
		ok = sandbox_landlock_path(ruleset, &s->paths[i], attr.handled_access_fs);
	ok = ok && syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
	close(ruleset);
	result->landlock = ok;
	return ok;
}

static bool sandbox_keeps_cap(const struct sandbox *s, int cap)
{
	for (size_t i = 0; i < s->cap_count; i++)
		if (s->caps[i] == cap)
			return true;
	return false;
}

/* The sets are cut to what is declared and held; the bounding set too, where that is allowed. */
static bool sandbox_caps(const struct sandbox *s)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2] = { 0 };

	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	for (int cap = 0; cap <= SANDBOX_LAST_CAP_MAX; cap++)
		if (!sandbox_keeps_cap(s, cap))
			prctl(PR_CAPBSET_DROP, cap, 0, 0, 0);
	if (syscall(SYS_capget, &header, data) != 0)
		return false;
	for (int i = 0; i < 2; i++) {
		uint32_t keep = 0;

		for (int cap = 0; cap < 32; cap++)
			if (sandbox_keeps_cap(s, i * 32 + cap))
				keep |= 1u << cap;
		data[i].permitted &= keep;
		data[i].effective = data[i].permitted;
		data[i].inheritable = s->may & SANDBOX_PROGRAMS ? data[i].permitted : 0;
	}
	if (syscall(SYS_capset, &header, data) != 0)
		return false;
	/* With no_new_privs a program gets none from its file: those that are kept go with it. */
	for (size_t i = 0; s->may & SANDBOX_PROGRAMS && i < s->cap_count; i++)
		prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, s->caps[i], 0, 0);
	return true;
}

/* What ps, ss and pidof show: parts are started as /proc/self/exe, which would name them "exe". */
static void sandbox_name(const struct sandbox *s)
{
	char text[16]; /* prctl(2): with the end */

	snprintf(text, sizeof(text), "freehold-%s", s->name);
	if (s->name)
		prctl(PR_SET_NAME, text);
}

bool sandbox_enter(const struct sandbox *s, struct sandbox_result *result)
{
	*result = (struct sandbox_result){ 0 };
	if (s->path_count > SANDBOX_PATHS_MAX || s->cap_count > SANDBOX_CAPS_MAX) {
		errno = E2BIG;
		return false;
	}
	sandbox_name(s);
	/* Nobody else of the same user reads the keys in its memory, and no core dump holds them. */
	if (!(s->may & SANDBOX_PROGRAMS) && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		return false;
	result->no_new_privs = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
	if (!result->no_new_privs || (!s->all_paths && !sandbox_landlock(s, result)))
		return false;
	result->caps = sandbox_caps(s);
	if (!result->caps)
		return false;
	result->seccomp = seccomp_enter(s);
	return result->seccomp;
}
