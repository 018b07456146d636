/* SPDX-License-Identifier: MIT
 *
 * A request of proto/init.h on its way through init, and the handlers. The dispatcher (main.c) has
 * found the caller, checked counts, buffers and who may ask; it answers with what the handler returns,
 * and closes the handles that came with the request. So a handler
 *
 *     returns 0 (the answer is word[]), a negative errno, or REQUEST_DONE: the answer was given, is
 *         owed by a parked waiter, or must not be given;
 *     sets a handle it keeps to HANDLE_NONE;
 *     does all that can end in a RESTART before anything that lasts. */
#ifndef OCTAVO_INIT_REQUEST_H
#define OCTAVO_INIT_REQUEST_H

#include "user/init/process.h"
#include <errno.h>
#include <octavo/ipc.h>
#include <proto/init.h>

#define REQUEST_DONE 1

struct request {
    struct process *caller;
    unsigned long token;
    unsigned long w[4]; /* of the request */
    unsigned handles;
    handle_t handle[MSG_MAX_HANDLES];
    unsigned long word[4]; /* of the answer, */
    handle_t give;         /* and a handle of init's to go with it, or HANDLE_NONE */
};

/* Copy between the caller's `in` or `out` and init. 0, a negative errno, or REQUEST_DONE: part of the
 * buffer was absent, and the kernel will repeat the call. At most 4096 bytes. */
int request_copy_in(struct request *request, void *to, size_t length);
int request_copy_out(struct request *request, const void *from, size_t length);

/* Answers with word[] now. False: the caller is gone. */
bool request_answer(struct request *request);

/* spawn.c */
int spawn_handle(struct request *request);
int grant_handle(struct request *request);
int start_handle(struct request *request);
int fork_handle(struct request *request);

/* wait.c */
int exit_handle(struct request *request);
int wait_handle(struct request *request);

/* signal.c */
int kill_handle(struct request *request);
int signals_handle(struct request *request);
int exec_handle(struct request *request);
int alarm_handle(struct request *request);

/* group.c */
int group_handle(struct request *request);

/* foreground.c */
int foreground_handle(struct request *request);

/* query.c */
int process_handle(struct request *request);
int self_handle(struct request *request);
int real_time_handle(struct request *request);
int argument_handle(struct request *request);
int log_handle(struct request *request);

/* lock.c */
int lock_handle(struct request *request);

/* random.c */
int random_handle(struct request *request);

/* power.c */
int synced_handle(struct request *request);
int power_handle(struct request *request);

/* pagers.c */
int pager_image_handle(struct request *request);
int pager_start_handle(struct request *request);
int pager_stop_handle(struct request *request);
int pager_find_handle(struct request *request);
int pager_register_handle(struct request *request);
int pager_alive_handle(struct request *request);

/* supervise.c */
int register_handle(struct request *request);
int service_handle(struct request *request);

#endif
