#include "io/loop.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "base/room.h"
#include "base/stats.h"

struct loop {
	int epoll_fd;
	uint64_t now_ns;
	uint64_t pace_ns;
	bool paced;
	bool stopped;
	int error; /* errno that ends the loop; 0: none */
	bool again;
	struct loop_hook *hooks;
	struct loop_hook *next_hook; /* of a walk under way */
	struct epoll_event ready[LOOP_EVENTS_MAX];
	int ready_count;
	struct loop_watch signals;
	uint64_t share_from_ns, waited_ns; /* of the share of work under way */
	uint16_t busy_permille;
	uint64_t busy_shown;
	struct histogram turns; /* us of work */
	void (*on_signal)(void *arg, int signal);
	void *signal_arg;
};

static const struct stat_def gauge_defs[] = {
	{ "busy_ratio", "share of the last twentieth of a second that the loop worked", NULL, STAT_GAUGE,
		"ratio", 3 },
};
const struct stat_group loop_gauge_group = { "loop", gauge_defs, ARRAY_LEN(gauge_defs) };

static const struct stat_def time_defs[] = {
	{ "turn_seconds", "work of a turn, from what was ready to what is sent", NULL, STAT_COUNTER,
		"seconds", 6 },
};
const struct stat_group loop_time_group = { "loop", time_defs, ARRAY_LEN(time_defs), NULL,
	&histogram_turn_us };

static uint64_t loop_clock_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (uint64_t)ts.tv_sec * NS_PER_S + (uint64_t)ts.tv_nsec;
}

struct loop *loop_new(void)
{
	struct loop *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	l->signals.fd = -1;
	l->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (l->epoll_fd < 0) {
		free(l);
		return NULL;
	}
	l->now_ns = l->share_from_ns = loop_clock_ns(CLOCK_MONOTONIC);
	return l;
}

void loop_free(struct loop *l)
{
	if (!l)
		return;
	if (l->signals.fd >= 0)
		close(l->signals.fd);
	close(l->epoll_fd);
	free(l);
}

uint64_t loop_now_ns(const struct loop *l)
{
	return l->now_ns;
}

uint16_t loop_busy_permille(const struct loop *l)
{
	return l->busy_permille;
}

void loop_figures(struct loop *l, struct stats_list *list)
{
	l->busy_shown = l->busy_permille;
	stats_add(list, (struct stats){ .group = &loop_gauge_group, .values = &l->busy_shown });
	stats_add(list, (struct stats){ .group = &loop_time_group, .values = l->turns.words });
}

uint64_t loop_utc_ms(const struct loop *l)
{
	return loop_clock_ns(CLOCK_REALTIME) / NS_PER_MS;
}

bool loop_watch(struct loop *l, struct loop_watch *w)
{
	struct epoll_event ev = { .events = w->events, .data.ptr = w };

	w->faults = 0;
	return epoll_ctl(l->epoll_fd, EPOLL_CTL_ADD, w->fd, &ev) == 0;
}

bool loop_rewatch(struct loop *l, struct loop_watch *w, uint32_t events)
{
	struct epoll_event ev = { .events = events, .data.ptr = w };

	if (events == w->events)
		return true;
	w->events = events;
	return epoll_ctl(l->epoll_fd, EPOLL_CTL_MOD, w->fd, &ev) == 0;
}

void loop_unwatch(struct loop *l, struct loop_watch *w)
{
	epoll_ctl(l->epoll_fd, EPOLL_CTL_DEL, w->fd, NULL);
	for (int i = 0; i < l->ready_count; i++)
		if (l->ready[i].data.ptr == w)
			l->ready[i].data.ptr = NULL;
}

void loop_hook_add(struct loop *l, struct loop_hook *h)
{
	struct loop_hook **at = &l->hooks;

	while (*at)
		at = &(*at)->next;
	h->next = NULL;
	*at = h;
}

void loop_hook_remove(struct loop *l, struct loop_hook *h)
{
	for (struct loop_hook **at = &l->hooks; *at; at = &(*at)->next)
		if (*at == h) {
			*at = h->next;
			break;
		}
	if (l->next_hook == h)
		l->next_hook = h->next;
}

static void loop_signal_ready(void *arg, uint32_t events)
{
	struct loop *l = arg;
	struct signalfd_siginfo info;

	while (read(l->signals.fd, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGINT || info.ssi_signo == SIGTERM)
			loop_stop(l);
		else if (l->on_signal)
			l->on_signal(l->signal_arg, (int)info.ssi_signo);
	}
}

bool loop_take_signals(struct loop *l, void (*on_signal)(void *arg, int signal), void *arg)
{
	static const int taken[] = { SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2 };
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_LEN(taken); i++)
		sigaddset(&set, taken[i]);
	if (signal(SIGPIPE, SIG_IGN) == SIG_ERR || sigprocmask(SIG_BLOCK, &set, NULL) != 0)
		return false;
	l->on_signal = on_signal;
	l->signal_arg = arg;
	if (l->signals.fd >= 0)
		return true;
	l->signals = (struct loop_watch){ .events = EPOLLIN, .ready = loop_signal_ready, .arg = l };
	l->signals.fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	return l->signals.fd >= 0 && loop_watch(l, &l->signals);
}

bool loop_out_of_room(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

void loop_again(struct loop *l)
{
	l->again = true;
}

void loop_stop(struct loop *l)
{
	l->stopped = true;
}

void loop_fail(struct loop *l, int error)
{
	l->error = error;
}

static uint64_t loop_next_ns(struct loop *l)
{
	uint64_t next = NEVER;

	for (struct loop_hook *h = l->hooks; h; h = h->next)
		if (h->next_ns) {
			uint64_t at = h->next_ns(h->arg);

			next = at < next ? at : next;
		}
	return next;
}

/* It waited for so long, and it is now_ns. */
static void loop_note_share(struct loop *l, uint64_t waited_ns)
{
	uint64_t all = l->now_ns - l->share_from_ns;

	l->waited_ns += waited_ns;
	if (all < (uint64_t)LOOP_SHARE_MS * NS_PER_MS)
		return;
	l->busy_permille = (uint16_t)(l->waited_ns < all ? (all - l->waited_ns) * 1000 / all : 0);
	l->paced = l->busy_permille >= (l->paced ? LOOP_PACED_UNTIL : LOOP_PACED_FROM);
	l->share_from_ns = l->now_ns;
	l->waited_ns = 0;
}

void loop_pace(struct loop *l, uint64_t turn_ns)
{
	l->pace_ns = turn_ns;
}

static void loop_wait(struct loop *l, uint64_t wait)
{
	struct timespec ts = { (time_t)(wait / NS_PER_S), (long)(wait % NS_PER_S) };

	l->ready_count =
		epoll_pwait2(l->epoll_fd, l->ready, LOOP_EVENTS_MAX, wait == NEVER ? NULL : &ts, NULL);
	if (l->ready_count < 0 && errno == ENOSYS) /* before Linux 5.11 */
		l->ready_count = epoll_wait(l->epoll_fd, l->ready, LOOP_EVENTS_MAX,
			wait > 1000 * NS_PER_S ? 1000 * MS_PER_S : (int)((wait + NS_PER_MS - 1) / NS_PER_MS));
}

/* Something is ready, and the turn before this one began only just now. */
static void loop_wait_for_more(struct loop *l)
{
	uint64_t until = l->now_ns + l->pace_ns;
	struct timespec ts = { (time_t)(until / NS_PER_S), (long)(until % NS_PER_S) };

	if (l->ready_count <= 0 || !l->paced || loop_clock_ns(CLOCK_MONOTONIC) >= until)
		return;
	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL); /* woken early it is as good */
	loop_wait(l, 0);
}

/* Waits for descriptors until the next deadline or max_wait_ns. */
static bool loop_gather(struct loop *l, uint64_t max_wait_ns)
{
	uint64_t now = loop_clock_ns(CLOCK_MONOTONIC); /* the turn before ends */
	uint64_t next = loop_next_ns(l);
	uint64_t wait = next == NEVER ? NEVER : next > now ? next - now : 0;

	histogram_add(&l->turns, loop_time_group.bounds, (now - l->now_ns) / 1000);
	wait = l->again ? 0 : wait < max_wait_ns ? wait : max_wait_ns;
	l->again = false;
	loop_wait(l, wait);
	loop_wait_for_more(l);
	l->now_ns = loop_clock_ns(CLOCK_MONOTONIC);
	loop_note_share(l, l->now_ns - now);
	if (l->ready_count >= 0)
		return true;
	l->ready_count = 0;
	return errno == EINTR;
}

/* An interface that was deleted under its descriptor, or the like: it would be ready for ever. */
static bool loop_is_faulty(struct loop *l, struct loop_watch *w, uint32_t events)
{
	w->faults = events & (EPOLLERR | EPOLLHUP) ? w->faults + 1 : 0;
	if (w->faults < LOOP_FAULTS_MAX)
		return false;
	loop_unwatch(l, w);
	loop_fail(l, EBADFD);
	return true;
}

static void loop_run_ready(struct loop *l)
{
	for (int i = 0; i < l->ready_count; i++) {
		struct loop_watch *w = l->ready[i].data.ptr;

		if (w && !loop_is_faulty(l, w, l->ready[i].events))
			w->ready(w->arg, l->ready[i].events);
	}
	l->ready_count = 0;
}

static void loop_run_due(struct loop *l)
{
	for (struct loop_hook *h = l->hooks; h; h = l->next_hook) {
		l->next_hook = h->next;
		if (h->due && h->next_ns && h->next_ns(h->arg) <= l->now_ns)
			h->due(h->arg, l->now_ns);
	}
}

static void loop_run_phase(struct loop *l, enum loop_phase phase)
{
	for (struct loop_hook *h = l->hooks; h; h = l->next_hook) {
		l->next_hook = h->next;
		if (h->turn_end && h->phase == phase)
			h->turn_end(h->arg);
	}
}

bool loop_turn(struct loop *l, uint64_t max_wait_ns)
{
	if (!loop_gather(l, max_wait_ns))
		return false;
	loop_run_ready(l);
	loop_run_due(l);
	for (int phase = 0; phase < LOOP_PHASES; phase++)
		loop_run_phase(l, phase);
	errno = l->error;
	return l->error == 0;
}

bool loop_run(struct loop *l)
{
	l->stopped = false;
	l->error = 0;
	while (!l->stopped)
		if (!loop_turn(l, NEVER))
			return false;
	return true;
}
