/* freehold upgrade: an appliance's other slot filled from a signed file and started, and the way back. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "io/file.h"
#include "ops/control_client.h"
#include "ops/ops.h"
#include "ops/upgrade_slots.h"

static const char help[] =
	"freehold upgrade FILE [--older] [--check] [--no-reboot]\n"
	"freehold upgrade --status\n"
	"freehold upgrade --back [--no-reboot]\n\n"
	"On the appliance, as root. FILE is verified, by the key that the image has, before anything is "
	"written; then it\n"
	"fills the slot that does not run, which is started. A slot that does not come up with its services "
	"within three\n"
	"starts is left for the one before, and configuration and store are the same in both. --older takes "
	"what is older\n"
	"than this version, --check writes nothing, --no-reboot leaves the start to the next one. --status "
	"says what the\n"
	"slots hold; --back starts the other one again.\n\n"
	"Option: --root DIR: the appliance whose files lie under DIR, which is not started again.\n";

enum { FACTS_MAX = 4096 };

struct appliance {
	const char *root; /* "" or of --root */
	char esp[UPGRADE_PATH_SIZE];
	unsigned running; /* 0: a */
	uint8_t key[ED25519_PUBLIC_LEN];
	struct upgrade_manifest facts; /* of what runs */
	struct upgrade_slot slots[2];
	bool reboot;
};

static bool complain(const char *what)
{
	fprintf(stderr, "freehold upgrade: %s\n", what);
	return false;
}

static bool read_file(const struct appliance *a, const char *name, struct bytes *out)
{
	char path[UPGRADE_PATH_SIZE];

	snprintf(path, sizeof(path), "%s%s", a->root, name);
	if (file_read(path, FACTS_MAX, out))
		return true;
	fprintf(stderr, "freehold upgrade: this is no appliance: %s: %m\n", path);
	return false;
}

static bool read_key(struct appliance *a)
{
	struct bytes file;
	size_t len = 0;
	bool ok;

	if (!read_file(a, "/usr/lib/freehold/update.pub", &file))
		return false;
	ok = file.len == 2 * sizeof(a->key) + 1 &&
	     text_unhex(bytes_of(file.data, file.len - 1), a->key, sizeof(a->key), &len);
	file_free(&file);
	return ok || complain("/usr/lib/freehold/update.pub is no key");
}

static bool read_facts(struct appliance *a)
{
	struct bytes file;
	bool ok;

	if (!read_file(a, "/usr/lib/freehold/appliance", &file))
		return false;
	ok = upgrade_manifest_read(file, &a->facts);
	file_free(&file);
	return ok || complain("/usr/lib/freehold/appliance is damaged");
}

static bool read_running(struct appliance *a)
{
	struct bytes file;
	bool ok;

	if (!read_file(a, "/run/appliance/slot", &file))
		return false;
	ok = file.len == 2 && (file.data[0] == 'a' || file.data[0] == 'b');
	a->running = ok ? (unsigned)(file.data[0] - 'a') : 0;
	file_free(&file);
	return ok || complain("/run/appliance/slot names none");
}

static bool read_slots(struct appliance *a)
{
	snprintf(a->esp, sizeof(a->esp), "%s/efi", a->root);
	if (upgrade_slots_read(a->esp, a->slots))
		return true;
	fprintf(stderr, "freehold upgrade: the entries of the boot loader in %s: %m\n", a->esp);
	return false;
}

static bool open_appliance(struct appliance *a)
{
	return read_facts(a) && read_key(a) && read_running(a) && read_slots(a);
}

static void print_slot(const struct appliance *a, unsigned slot)
{
	const struct upgrade_slot *s = &a->slots[slot];

	printf("slot %c: ", (char)('a' + slot));
	if (!s->there)
		printf("empty\n");
	else if (s->tries_left == UPGRADE_GOOD)
		printf("%s, good%s\n", s->version, slot == a->running ? ", running" : "");
	else if (slot == a->running)
		printf("%s, running, not known to be good yet\n", s->version);
	else if (s->tries_left == 0)
		printf("%s, did not come up\n", s->version);
	else
		printf("%s, is started next, %d tries left\n", s->version, s->tries_left);
}

/* The new name is durable; whoever stops the machine unmounts all that is written. */
static bool start_again(const struct appliance *a)
{
	if (!a->reboot)
		return true;
	fflush(stdout);
	execlp("systemctl", "systemctl", "reboot", (char *)NULL);
	fprintf(stderr, "freehold upgrade: systemctl reboot: %m; start the machine again\n");
	return false;
}

static bool switch_to(const struct appliance *a, unsigned slot, const char *version)
{
	if (!upgrade_slot_arm(a->esp, a->slots, slot, version)) {
		fprintf(stderr, "freehold upgrade: the entry of the boot loader in %s: %m\n", a->esp);
		return false;
	}
	printf("slot %c is started next, with version %s\n", (char)('a' + slot), version);
	return start_again(a);
}

static bool go_back(const struct appliance *a)
{
	unsigned other = !a->running;
	const struct upgrade_slot *s = &a->slots[other];

	if (!s->there)
		return complain("the other slot is empty");
	if (s->tries_left == 0)
		return complain("the other slot did not come up; upgrade with its file to try it again");
	return switch_to(a, other, s->version);
}

/* Whether what is signed is also for this machine, and now. */
static bool check_use(const struct appliance *a, const struct upgrade_manifest *m, bool older)
{
	if (strcmp(m->architecture, a->facts.architecture) != 0) {
		fprintf(stderr, "freehold upgrade: it is for %s, and this machine is %s\n", m->architecture,
			a->facts.architecture);
		return false;
	}
	if (m->made_s < a->facts.made_s && !older) {
		fprintf(stderr,
			"freehold upgrade: its version %s is older than %s, which runs; --older takes it\n",
			m->version, a->facts.version);
		return false;
	}
	if (a->slots[a->running].tries_left != UPGRADE_GOOD)
		return complain("what runs is not known to be good yet, and the other slot is the way back: "
				"wait until it is");
	return true;
}

/* Syncs and closes; both happen whatever came before. */
static bool close_written(int fd, bool ok, char error[UPGRADE_ERROR_SIZE])
{
	bool synced = fsync(fd) == 0;

	if (ok && !synced)
		snprintf(error, UPGRADE_ERROR_SIZE, "it cannot be written: %m");
	close(fd);
	return ok && synced;
}

static bool write_part(int from, const struct upgrade_part *part, const char *path, int flags)
{
	char error[UPGRADE_ERROR_SIZE] = "";
	int to = open(path, O_WRONLY | O_CLOEXEC | flags, 0600);
	off_t room = to < 0 ? 0 : lseek(to, 0, SEEK_END);

	if (to < 0 || lseek(to, 0, SEEK_SET) != 0) {
		fprintf(stderr, "freehold upgrade: %s: %m\n", path);
		if (to >= 0)
			close(to);
		return false;
	}
	if (!(flags & O_CREAT) && (uint64_t)room < part->size) {
		fprintf(stderr, "freehold upgrade: %s has %jd octets, too few for %ju\n", path,
			(intmax_t)room, (uintmax_t)part->size);
		close(to);
		return false;
	}
	if (close_written(to, upgrade_part_copy(from, part, to, error), error))
		return true;
	fprintf(stderr, "freehold upgrade: %s: %s\n", path, error);
	return false;
}

/* The other slot cannot be started from before the first octet is written until after the last. */
static bool fill(const struct appliance *a, int fd, const struct upgrade_manifest *m)
{
	char boot[UPGRADE_PATH_SIZE], partition[UPGRADE_PATH_SIZE];
	unsigned other = !a->running;

	snprintf(partition, sizeof(partition), "%s/dev/disk/by-partlabel/freehold-%c", a->root,
		(char)('a' + other));
	upgrade_slot_boot_path(a->esp, other, boot);
	if (!upgrade_slot_disarm(a->esp, other)) {
		fprintf(stderr, "freehold upgrade: the entry of the boot loader in %s: %m\n", a->esp);
		return false;
	}
	/* O_EXCL: a partition that is in use is not opened. */
	return write_part(fd, &m->root, partition, O_EXCL) &&
	       write_part(fd, &m->boot, boot, O_CREAT | O_TRUNC) && file_sync_parent(boot);
}

static bool verify(const struct appliance *a, int fd, struct upgrade_manifest *m, char *error)
{
	return upgrade_bundle_read(fd, a->key, m, error) && upgrade_part_copy(fd, &m->boot, -1, error) &&
	       upgrade_part_copy(fd, &m->root, -1, error);
}

static bool upgrade_from(struct appliance *a, const char *file, bool older, bool check)
{
	char error[UPGRADE_ERROR_SIZE] = "";
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	struct upgrade_manifest m;
	bool ok;

	if (fd < 0) {
		fprintf(stderr, "freehold upgrade: %s: %m\n", file);
		return false;
	}
	ok = verify(a, fd, &m, error);
	if (!ok)
		fprintf(stderr, "freehold upgrade: %s: %s\n", file, error);
	ok = ok && check_use(a, &m, older);
	if (ok && check)
		printf("version %s, signed and whole\n", m.version);
	else
		ok = ok && fill(a, fd, &m) && switch_to(a, !a->running, m.version);
	close(fd);
	return ok;
}

int ops_upgrade(struct options *args)
{
	struct appliance a = { .root = "" };
	bool status, back, older, check;
	const char *root, *file = NULL;

	if (options_help(args, help))
		return 0;
	root = options_text(args, "--root");
	a.reboot = !options_flag(args, "--no-reboot") && !root;
	a.root = root ? root : "";
	status = options_flag(args, "--status");
	back = options_flag(args, "--back");
	older = options_flag(args, "--older");
	check = options_flag(args, "--check");
	if (status || back) {
		if (!control_words(args, 1))
			return 2;
	} else {
		file = options_word_only(args, "FILE");
		if (!file)
			return 2;
	}
	if (!open_appliance(&a))
		return 1;
	if (status) {
		print_slot(&a, 0);
		print_slot(&a, 1);
		return 0;
	}
	return (back ? go_back(&a) : upgrade_from(&a, file, older, check)) ? 0 : 1;
}
