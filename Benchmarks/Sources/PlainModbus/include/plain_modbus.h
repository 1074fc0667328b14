// What a careful C programmer writes on libmodbus: the measure of the bus engine, and a server that is not ours.

#ifndef PLAIN_MODBUS_H
#define PLAIN_MODBUS_H

#include <stdint.h>

#define PLAIN_SERVER_REGISTERS 512

/// Starts libmodbus' own server on 127.0.0.1, a thread for each connection, until the process ends. Holding and
/// input register n hold n; any unit answers. Returns its port, or -1 with errno.
int plain_server_start(void);

/// Connects to 127.0.0.1. Returns a context for the other two calls, or NULL with errno.
void *plain_connect(int port, int unit);

/// Reads the same `count` holding registers `reads` times and returns how many of the answers were right.
int plain_read(void *context, int address, int count, int reads);

void plain_close(void *context);

#endif
