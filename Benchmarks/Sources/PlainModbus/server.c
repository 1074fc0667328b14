// libmodbus' server as its manual shows it, with a thread for each connection.

#include "plain_modbus.h"

#include <arpa/inet.h>
#include <errno.h>
#include <modbus/modbus.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/// More connections at once than any of the measurements makes.
#define BACKLOG 8

struct server {
    modbus_t *context;
    int listener;
    modbus_mapping_t *registers;
};

struct conversation {
    modbus_t *context;
    modbus_mapping_t *registers;
};

static void *converse(void *argument) {
    struct conversation *conversation = argument;
    uint8_t question[MODBUS_TCP_MAX_ADU_LENGTH];
    for (;;) {
        int length = modbus_receive(conversation->context, question);
        if (length < 0) break;
        if (length > 0 && modbus_reply(conversation->context, question, length, conversation->registers) < 0) break;
    }
    modbus_close(conversation->context);
    modbus_free(conversation->context);
    free(conversation);
    return NULL;
}

static int start(void *(*body)(void *), void *argument) {
    pthread_t thread;
    int failure = pthread_create(&thread, NULL, body, argument);
    if (failure == 0) pthread_detach(thread);
    return failure;
}

static void *serve(void *argument) {
    struct server *server = argument;
    int yes = 1;
    for (;;) {
        int socket = modbus_tcp_accept(server->context, &server->listener);
        if (socket < 0) continue;
        // libmodbus sets this for clients only; an answer must not wait for an acknowledgement.
        setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        struct conversation *conversation = malloc(sizeof *conversation);
        modbus_t *context = modbus_new_tcp("127.0.0.1", 0);
        if (conversation == NULL || context == NULL) {
            close(socket);
            free(conversation);
            modbus_free(context);
            continue;
        }
        modbus_set_socket(context, socket);
        *conversation = (struct conversation){context, server->registers};
        if (start(converse, conversation) != 0) {
            close(socket);
            modbus_free(context);
            free(conversation);
        }
    }
    return NULL;
}

static modbus_mapping_t *numbered_registers(void) {
    modbus_mapping_t *registers = modbus_mapping_new(0, 0, PLAIN_SERVER_REGISTERS, PLAIN_SERVER_REGISTERS);
    for (int index = 0; registers != NULL && index < PLAIN_SERVER_REGISTERS; index++) {
        registers->tab_registers[index] = (uint16_t)index;
        registers->tab_input_registers[index] = (uint16_t)index;
    }
    return registers;
}

int plain_server_start(void) {
    // Never freed: its threads use it until the process ends.
    struct server *server = malloc(sizeof *server);
    if (server == NULL) return -1;
    server->context = modbus_new_tcp("127.0.0.1", 0);
    server->registers = numbered_registers();
    if (server->context == NULL || server->registers == NULL) return -1;
    server->listener = modbus_tcp_listen(server->context, BACKLOG);
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    if (server->listener < 0 || getsockname(server->listener, (struct sockaddr *)&address, &size) != 0) return -1;
    int failure = start(serve, server);
    if (failure != 0) {
        errno = failure;
        return -1;
    }
    return ntohs(address.sin_port);
}
