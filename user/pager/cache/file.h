/* SPDX-License-Identifier: MIT
 *
 * Files of the host, as backing objects: one `struct file` for each that is known, whoever has it open
 * or mapped, with its pages in the cache. It owns the size and the times of what is cached; the host
 * owns the rest, and what is on the host is asked for through fs by I/O jobs.
 *
 * A file is found by its inode, and only as long as the host's attributes are as they were when it was
 * last looked at. Every change made from here is one job at a time (`changing`), which ends with a look
 * at the attributes, so that own changes are not taken for the host's. Where that was not possible, and when
 * one of several names goes, the next look's times are taken for ours (`unseen`). What the host changed
 * becomes a new file; those who use the old one keep it.
 *
 * A file that nobody uses stays for a while, pages and all. Must not know descriptions or paths. */
#ifndef PAGER_FILE_H
#define PAGER_FILE_H

#include <proto/fs.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>
#include "user/pager/cache/cache.h"
#include "user/pager/vm/object.h"
#include "user/pager/wait/io.h"
#include "user/pager/wait/request.h"

#define FILE_SIZE_MAX INT64_MAX

enum { FILE_ID_READ, FILE_ID_WRITE, FILE_IDS };

struct flush;

struct file;
struct host_path;

/* Where the bytes of a file come from: one table for each kind of place. `id` is one of the file's; who calls
 * those functions waits for another server, so only threads do. */
struct backing {
    /* Page `index` of the file into `to`, which is all zero before, in the main thread: 0 or a negative errno.
     * NULL: it takes time, and `read` does it. */
    int (*make)(const struct file *file, uint64_t index, void *to);
    /* Bytes from and to an offset: how many, or a negative errno. */
    long (*read)(uint64_t id, uint64_t offset, void *to, size_t length);
    long (*write)(uint64_t id, uint64_t offset, const void *from, size_t length);
    /* Attributes. NULL: what nobody may change (EPERM). */
    int (*stat)(uint64_t id, struct fs_stat *stat);
    int (*setattr)(uint64_t id, const struct fs_setattr *set);
    /* Has what was written reach the disk. NULL: there is nothing to do. */
    int (*sync)(uint64_t id, unsigned data_only);
    /* The file is not known here any more: what it has there is given back. NULL: it has nothing. */
    void (*end)(const struct file *file);
    unsigned unused_most; /* files kept that nobody uses; 0: FILE_UNUSED_MOST */
};

struct file {
    struct object object; /* first: see file_of */
    const struct backing *backing;
    LIST_ENTRY(file) by_inode; /* while it can be found */
    TAILQ_ENTRY(file) link;    /* of all files in use, or of the unused ones */
    struct fs_stat host;       /* as the host told last */
    uint64_t size;             /* with what is not written to the host yet */
    uint64_t id[FILE_IDS];     /* fs's; 0 = none */
    uint64_t changed;          /* file_changes when the last change from here began or ended */
    uint64_t unseen; /* file_changes at the last one whose outcome was not looked at; 0: all were */
    uint64_t hidden; /* number of its name since it was removed; 0: it was not */
    uint64_t mtime;  /* ns since 1970, of the last write that is not on the host; 0: none */
    uint32_t dirty;  /* pages DIRTY or CLEANING */
    uint32_t pass;   /* of them, those that are still to be written in this pass */
    uint64_t pass_at,
        synced_at; /* file_changes when this pass, and the last one that is over, began */
    uint64_t dirty_first, dirty_end; /* they lie in here */
    int error;                       /* of the last write-back that failed */
    uint32_t errors; /* how many did: file_sync reports each once to each description */
    bool listed, unused;
    bool changing; /* a job changes it at the host */
    bool stuck;    /* writing back failed: only who asks for it tries again */
    uint64_t next; /* read-ahead: the page that goes on where the last reading ended */
    uint32_t window;
    struct io_job ending;
    char name[32]; /* the end of the path it was opened by */
};

/* Counts changes made from here: what a job read before the number grew may be out of date. */
extern uint64_t file_changes;
extern uint64_t file_endings; /* files whose ids and hidden names are being given back */

/* The file that an object is, which must be one: whatever has frames in the cache, a program's image, what a
 * description refers to. */
static inline struct file *file_of(struct object *object)
{
    return (struct file *)object;
}

/* The file of an inode, or NULL. */
struct file *file_find(const struct backing *backing, uint64_t inode);

/* Is it as the host said last, but for what changes from here explain? New links, made at fs, explain a new
 * ctime. */
bool file_is_same(const struct file *file, const struct fs_stat *stat);

/* The host says so in an answer to what was asked when file_changes was `asked`. */
void file_seen(struct file *file, const struct fs_stat *stat, uint64_t asked);

/* It was changed from here in a way that nobody has looked at since. */
void file_change_unseen(struct file *file);

/* A new file with one reference, the caller's. An older one of that inode is not found any more. NULL: no
 * memory. */
struct file *file_create(const struct backing *backing, const struct fs_stat *stat,
                         const char *path, uint64_t length);

/* The file that is as `stat` says, with a reference for the caller, for places whose files are not changed from
 * here. NULL: no memory. */
struct file *file_get(const struct backing *backing, const struct fs_stat *stat, const char *path,
                      uint64_t length);

/* Takes a reference, and it is in use again. */
void file_ref(struct file *file);

/* It is not found any more: the host has changed or removed it. */
void file_forget(struct file *file);

/* Pages that it has, the last one perhaps in part. */
static inline uint64_t file_pages(const struct file *file)
{
    return (file->size + PAGE_MASK) >> PAGE_SHIFT;
}

/* The id to read through, or to write; 0: there is none. */
static inline uint64_t file_reader(const struct file *file)
{
    return file->id[FILE_ID_READ] ? file->id[FILE_ID_READ] : file->id[FILE_ID_WRITE];
}

/* A change at the host begins, and ends: between them nobody else begins one (whoever wants to waits for
 * the file). `stat`: what the host says of it now; NULL: that could not be learnt. */
void file_change_begin(struct file *file);
void file_change_end(struct file *file, const struct fs_stat *stat);

/* Its attributes, for programs. */
void file_stat(const struct file *file, struct fs_stat *stat);

/* --- pages (file_read.h, write_back.h) --- */

/* Before the file grows: who maps its last page may have left something beyond the end. */
void file_zero_tail(struct file *file);

/* The host has truncated it: pages beyond are gone, in every mapping, too. */
void file_shrink(struct file *file, uint64_t size);

/* Visits what is cached of pages [first, end), mostly in order. */
typedef void file_visit(struct file *file, struct frame *frame);
void file_each(struct file *file, uint64_t first, uint64_t end, file_visit *visit);

/* Time of the day, ns since 1970. */
uint64_t file_now(void);

/* Where a file goes that is removed while it is in use: a name in the share's root. Bytes written. */
#define FILE_HIDDEN_MAX 64u
size_t file_hidden_name(uint64_t number, char name[FILE_HIDDEN_MAX]);

/* A number that no hidden name has had. */
uint64_t file_hidden_number(void);

void file_setup(uint64_t real_time);

/* All files that have pages or users, for statistics and the audit. */
struct file *file_first(void);
struct file *file_after(const struct file *file);

#endif
