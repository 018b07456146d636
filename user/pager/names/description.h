/* SPDX-License-Identifier: MIT
 *
 * Open file descriptions: offset, flags and a reference on a file, or on shared memory with a name, behind a right
 * of its own (its badge has FILE_BADGE set). proto/file.h says what can be asked of one. A description goes with
 * the last copy of its right. */
#ifndef PAGER_DESCRIPTION_H
#define PAGER_DESCRIPTION_H

#include <proto/file.h>
#include <stdbool.h>
#include <stdint.h>
#include "user/pager/cache/file.h"
#include "user/pager/wait/request.h"

#define FILE_BADGE (1ul << 62)
#define DESCRIPTIONS_MAX 4096u /* ENFILE; fewer where there are few frames */

struct description;

/* What a description is of, and what is done when it is asked for something: by operation of proto/file.h, with
 * the buffers that must come with it. */
struct description_kind {
    bool is_file;
    unsigned per_space; /* that one space opened and that are still open: EMFILE */
    struct {
        enum outcome (*handler)(struct request *r, struct description *d);
        unsigned long buffers;
    } operation[FILE_FLAGS + 1];
};
extern const struct description_kind description_file;

struct description {
    uint64_t badge;
    const struct description_kind *kind;
    struct object *object; /* a reference */
    struct file *file;     /* the same, if it is one, else NULL */
    uint64_t offset;
    uint64_t opener; /* badge of the space that opened it */
    uint64_t user;   /* token of the request that uses the offset and waits; 0 = none */
    uint32_t flags;  /* FS_O_ACCESS and FILE_O_* */
    uint32_t errors; /* of file->errors, those it has been told of */
};

/* Makes the table. Once, at the start. */
void description_setup(void);

extern unsigned description_count[2]; /* of all programs: of shared memory, and of files */

/* Is there room for one more of this space? 0, -EMFILE or -ENFILE. */
int description_check(const struct space *opener, const struct description_kind *kind);

/* A description of the object, which is referenced, and *right, a handle on its right. 0 or an errno. */
int description_create(struct space *opener, struct object *object,
                       const struct description_kind *kind, uint32_t flags, handle_t *right);

/* The description of a badge, or NULL. */
struct description *description_find(uint64_t badge);

/* The last copy of its right is gone. */
void description_close(uint64_t badge);

static inline bool badge_is_file(uint64_t badge)
{
    return badge & FILE_BADGE;
}

static inline bool flags_can_read(uint32_t flags)
{
    return (flags & FS_O_ACCESS) != FS_O_WRONLY;
}

static inline bool flags_can_write(uint32_t flags)
{
    return (flags & FS_O_ACCESS) != FS_O_RDONLY;
}

/* Runs a request that came through a description's right. */
enum outcome description_request(struct request *r);

/* A request that waited, or should have, is not run again: others may use the offset. */
void description_given_up(struct request *r);

/* PAGER_FILE_READ and PAGER_FILE_OF: the right is handle 0. */
enum outcome description_read_given(struct request *r);
enum outcome description_tell_given(struct request *r);

/* Changes attributes of a file, as its `set` says; shared by description.c and name.c. `step` asks the host. */
enum outcome description_set_attributes(struct request *r, struct file *file,
                                        void (*step)(struct work *w));

/* FILE_FLAGS, of any kind. */
enum outcome description_flags(struct request *r, struct description *d);

/* 0 or -EINVAL. */
int description_check_set(const struct fs_setattr *set);

#endif
