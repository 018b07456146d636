/* SPDX-License-Identifier: MIT
 *
 * The requests of proto/init.h and their handlers. The server (main.c, <octavo/server.h>) has found the caller,
 * checked counts, buffers and who may ask; it answers with what the handler returns, and closes the handles
 * that came with the request. So a handler
 *
 *     returns what <octavo/server.h> says; SERVER_ANSWERED also where no answer must be given;
 *     sets a handle it keeps to HANDLE_NONE;
 *     does all that can end in SERVER_ANSWERED before anything that lasts. Copies are of at most 4096 bytes. */
#ifndef OCTAVO_INIT_REQUEST_H
#define OCTAVO_INIT_REQUEST_H

#include "user/init/process.h"
#include <errno.h>
#include <octavo/server.h>
#include <proto/init.h>

static inline struct process *caller_of(const struct server_request *request)
{
    return request->client;
}

/* A handle of init's, which stays init's, to go with the answer. HANDLE_NONE: none. */
static inline void request_give(struct server_request *request, handle_t handle)
{
    request->give[0] = handle;
    request->gives = handle != HANDLE_NONE;
    request->keep_gives = true;
}

/* spawn.c */
int spawn_handle(struct server_request *request);
int grant_handle(struct server_request *request);
int start_handle(struct server_request *request);
int fork_handle(struct server_request *request);

/* wait.c */
int exit_handle(struct server_request *request);
int wait_handle(struct server_request *request);

/* signal.c */
int kill_handle(struct server_request *request);
int signals_handle(struct server_request *request);
int exec_handle(struct server_request *request);
int alarm_handle(struct server_request *request);

/* group.c */
int group_handle(struct server_request *request);

/* foreground.c */
int foreground_handle(struct server_request *request);

/* query.c */
int process_handle(struct server_request *request);
int self_handle(struct server_request *request);
int real_time_handle(struct server_request *request);
int argument_handle(struct server_request *request);
int log_handle(struct server_request *request);

/* lock.c */
int lock_handle(struct server_request *request);

/* random.c */
int random_handle(struct server_request *request);

/* power.c */
int synced_handle(struct server_request *request);
int power_handle(struct server_request *request);

/* pagers.c */
int pager_image_handle(struct server_request *request);
int pager_start_handle(struct server_request *request);
int pager_stop_handle(struct server_request *request);
int pager_find_handle(struct server_request *request);
int pager_register_handle(struct server_request *request);
int pager_alive_handle(struct server_request *request);

/* supervise.c */
int register_handle(struct server_request *request);
int service_handle(struct server_request *request);

#endif
