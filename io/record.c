#include "io/record.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define LOG_ROOM "io"

/* In one write each, without a buffer: a process that crashes has written what it crashed by. */
static bool record_write(void *arg, struct bytes octets)
{
	struct recorder *r = arg;

	while (octets.len > 0) {
		ssize_t n = write(r->fd, octets.data, octets.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			log_error(r->env->log, "the recording ends: %m");
			return false;
		}
		octets = bytes_of(octets.data + n, octets.len - (size_t)n);
	}
	return true;
}

static void record_msg(void *arg, bool in, const struct msg *m)
{
	struct recorder *r = arg;

	if (in)
		recording_in(&r->recording, loop_now_ns(r->loop), m);
	else
		recording_out(&r->recording, m);
}

static void record_deadline(void *arg, uint64_t now_ns)
{
	recording_mark(&((struct recorder *)arg)->recording, RECORD_DEADLINE, now_ns);
}

static void record_turn(void *arg, bool kept)
{
	recording_mark(&((struct recorder *)arg)->recording, RECORD_TURN, kept);
}

bool recorder_open(struct recorder *r, const char *path, struct loop *l, struct env *env)
{
	*r = (struct recorder){ .loop = l, .env = env };
	r->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	return r->fd >= 0;
}

bool recorder_begin(struct recorder *r, struct bind *b, const struct record_head *head)
{
	r->tap = (struct bind_tap){ record_msg, record_deadline, record_turn, r };
	recording_init(&r->recording, RECORD_FILE_MAX, record_write, r);
	recording_head(&r->recording, head);
	if (r->env->store && !recording_store(&r->recording, r->env->store))
		return false;
	r->env->recording = &r->recording;
	return bind_tap_add(b, &r->tap) && !r->recording.ended;
}

void recorder_ready(struct recorder *r)
{
	if (r->fd >= 0 && r->env)
		recording_mark(&r->recording, RECORD_READY, 0);
}

void recorder_end(struct recorder *r)
{
	if (r->fd < 0 || !r->env)
		return;
	recording_mark(&r->recording, RECORD_END, 0);
	r->env->recording = NULL;
	close(r->fd);
	r->fd = -1;
}
