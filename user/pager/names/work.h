/* SPDX-License-Identifier: MIT
 *
 * What one request has an I/O thread do for it, step by step: a handler finds r->work as it left it, sees
 * what came of the last step, and begins the next or ends. There are few of them; a request that finds
 * none waits for one (the table of all). When a request ends early, its work is given up: a step under way
 * comes to its end first, and what it opened is closed. */
#ifndef PAGER_WORK_H
#define PAGER_WORK_H

#include <proto/fs.h>
#include <stdbool.h>
#include "user/pager/cache/file.h"
#include "user/pager/cache/host.h"
#include "user/pager/wait/io.h"
#include "user/pager/wait/request.h"

struct work {
    struct io_job job;
    void (*step)(struct work *w);  /* the step under way: in an I/O thread; sets result */
    void (*apply)(struct work *w); /* afterwards in main, whatever became of the request; or NULL */
    uint8_t *buffer;               /* the thread's, for the step under way: IO_BUFFER_BYTES */
    bool busy;                     /* it is under way */
    bool given_up;
    int result;
    unsigned tries;         /* the handler's */
    uint64_t began;         /* file_changes when the first step began */
    unsigned flags, mode;   /* of what is asked for */
    uint64_t id;            /* opened for it, and not given to a file yet; 0 = none */
    uint64_t old;           /* an id that is of no use any more, to be closed */
    uint64_t hidden;        /* number of a hidden name, or 0 */
    struct fs_stat stat[2]; /* of the two paths */
    bool known[2];          /* stat[] holds something */
    struct file *file;      /* a reference; it is `changing` on this work's behalf if: */
    bool changes;
    struct host_path path[2];
    struct {
        struct fs_setattr set;                         /* for SETATTR */
        char bytes[2 * FS_PATH_MAX + FILE_HIDDEN_MAX]; /* both paths, one after the other */
    } in;
};

/* Once, at the start. */
void work_setup(void);

/* r's work, made if need be; takes over r's handles as places. NULL: the request waits. */
struct work *work_get(struct request *r);

/* Has an I/O thread do this; the request waits for it. */
enum outcome work_begin(struct request *r, void (*step)(struct work *w),
                        void (*apply)(struct work *w));

/* For a request that has one step only: true, it has been done, and r->work has what came of it; false, the request
 * waits for it. */
bool work_done(struct request *r, void (*step)(struct work *w));

/* Gives it up, if there is one. */
void work_end(struct request *r);

/* In a step: gives the old id back. */
void work_close_old(struct work *w);

/* The file is being changed by this work, until work_changed. It must not be changing. */
void work_change(struct work *w, struct file *file);

/* The change is over; stat: see file_change_end. */
void work_changed(struct work *w, const struct fs_stat *stat);

#endif
