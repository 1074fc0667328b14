#ifndef EDGE_CLINUX_H
#define EDGE_CLINUX_H
// What Glibc's module map leaves out: these headers are not part of it.
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <sys/timex.h>

/// Names the calling thread, as `top -H` shows it (pthread_setname_np hides behind _GNU_SOURCE).
void edge_name_thread(const char *name);
#endif
