/* SPDX-License-Identifier: MIT
 *
 * The console server's state, shared by its request handlers and its receive loop. One thread, so no
 * locks. */
#ifndef OCTAVO_CON_CON_H
#define OCTAVO_CON_CON_H

#include "user/con/line.h"
#include "user/con/output.h"
#include "user/con/parked.h"
#include <abi/handle.h>
#include <octavo/server.h>
#include <proto/con.h>

/* Handles that init gives it. */
#define CON_UART HANDLE_FIRST
#define CON_INIT (HANDLE_FIRST + 1)   /* to notify: CON_NOTIFY_* */
#define CON_SYSTEM (HANDLE_FIRST + 2) /* for the dump key */

#define CON_MODE_DEFAULT (CON_MODE_ECHO | CON_MODE_CANONICAL | CON_MODE_SIGNALS | CON_MODE_CRLF)
#define CON_MODE_ALL CON_MODE_DEFAULT /* what programs may set */

struct con {
    struct output output;
    struct line line;
    struct parked_queue readers, writers, drains;
    bool init_drain; /* init asked for CON_NOTIFY_DRAINED */
};

extern struct con con;

/* The requests of proto/con.h, for the server (main.c): the table, and who may ask. */
extern const struct server_operation request_operations[];
extern const unsigned request_count;
int request_admit(struct server_request *r, unsigned who);

/* Serves those who wait, as far as it goes. Called after every message. True: a writer could be served
 * further, but first messages (a ^C) should have their turn. */
bool request_serve(void);

/* Takes what init wrote into the log ring, as far as there is room. */
void log_serve(void);

/* Does what an input byte asked for besides being read: LINE_*. */
void con_event(unsigned events);

#endif
