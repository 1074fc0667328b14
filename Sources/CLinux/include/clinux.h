#ifndef EDGE_CLINUX_H
#define EDGE_CLINUX_H
// What Glibc's module map leaves out. Constants that are enums or macros there come through this header.
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <sys/timex.h>
#endif
