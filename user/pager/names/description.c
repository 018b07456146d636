/* SPDX-License-Identifier: MIT
 *
 * Open file descriptions, and what is asked of them. read() and write() copy between the caller's buffer
 * and the frames of the cache; what is not there is read first. See description.h. */
#include "user/pager/names/description.h"
#include <abi/layout.h>
#include <errno.h>
#include <proto/pager.h>
#include <stdio.h>
#include <string.h>
#include "user/pager/base/memory.h"
#include "user/pager/base/panic.h"
#include "user/pager/base/port.h"
#include "user/pager/base/zero.h"
#include "user/pager/cache/file_read.h"
#include "user/pager/cache/write_back.h"
#include "user/pager/names/work.h"
#include "user/pager/vm/space.h"
#include "user/pager/wait/request.h"

#define DESCRIPTIONS_LEAST 512u
#define DESCRIPTIONS_PART 8u /* so many for a frame */

static struct description *descriptions;
static unsigned descriptions_max; /* a power of two: ENFILE */
static uint64_t description_serial;
unsigned description_count[2];

/* --- the table --- */

void description_setup(void)
{
    descriptions_max = DESCRIPTIONS_LEAST;
    while (descriptions_max < DESCRIPTIONS_MAX &&
           descriptions_max < frames.limit * DESCRIPTIONS_PART)
        descriptions_max *= 2;
    descriptions = memory_metadata(descriptions_max * sizeof(*descriptions));
    PAGER_CHECK(descriptions != NULL);
}

struct description *description_find(uint64_t badge)
{
    struct description *d = &descriptions[badge & (descriptions_max - 1)];

    return badge_is_file(badge) && d->badge == badge ? d : NULL;
}

int description_check(const struct space *opener, const struct description_kind *kind)
{
    if (opener && opener->descriptions[kind->is_file] >= kind->per_space)
        return -EMFILE;
    return description_count[0] + description_count[1] == descriptions_max ? -ENFILE : 0;
}

int description_create(struct space *opener, struct object *object,
                       const struct description_kind *kind, uint32_t flags, handle_t *right)
{
    int error = description_check(opener, kind);
    struct description *d;

    if (error)
        return error;
    do
        d = &descriptions[++description_serial & (descriptions_max - 1)];
    while (d->badge);
    uint64_t badge = FILE_BADGE | description_serial;
    long handle = port_right(badge);
    if (handle < 0)
        return -ENOMEM;
    *d = (struct description){.badge = badge,
                              .kind = kind,
                              .object = object,
                              .opener = opener ? opener->badge : 0,
                              .flags = flags};
    if (kind->is_file) {
        d->file = file_of(object);
        d->errors = d->file->errors;
        file_ref(d->file);
    } else {
        object_ref(object);
    }
    description_count[kind->is_file]++;
    if (opener)
        opener->descriptions[kind->is_file]++;
    *right = (handle_t)handle;
    return 0;
}

void description_close(uint64_t badge)
{
    struct description *d = description_find(badge);

    if (!d)
        return;
    struct space *opener = space_find(d->opener);
    struct description was = *d;
    if (opener)
        opener->descriptions[was.kind->is_file]--;
    description_count[was.kind->is_file]--;
    *d = (struct description){0};
    request_wake(d);
    if (was.file &&
        flags_can_write(was.flags)) /* the host sees it soon, whoever has it open still */
        write_back_file(was.file);
    object_unref(was.object);
}

/* --- the offset, which requests use one after the other --- */

/* Where the request reads or writes: 0; -EINVAL; or 1, it waits. */
static int position_take(struct request *r, struct description *d)
{
    uint64_t at = r->m.w[1];

    if (at != FILE_AT_POSITION) {
        r->at = at;
        return at > FILE_SIZE_MAX ? -EINVAL : 0;
    }
    if (d->user && d->user != r->m.token) {
        request_wait(r, d);
        return 1;
    }
    r->at = d->offset;
    return 0;
}

/* The handler must wait: nobody else uses the offset meanwhile. */
static enum outcome position_keep(struct request *r, struct description *d)
{
    if (r->m.w[1] == FILE_AT_POSITION)
        d->user = r->m.token;
    return WAIT;
}

static enum outcome position_done(struct request *r, struct description *d, enum outcome outcome)
{
    if (d->user == r->m.token) {
        d->user = 0;
        request_wake(d);
    }
    return outcome;
}

/* The answer to a transfer of r->progress bytes that ended with `error` (0: well), or, when nothing could be
 * copied, with a wish for the buffer. */
static enum outcome transferred(struct request *r, struct description *d, unsigned direction,
                                uint64_t wanted, bool absent, int error)
{
    if (r->progress == 0 && error)
        return position_done(r, d, answer_errno(r, error));
    if (r->progress == 0 && absent)
        return position_done(r, d, request_restart(r, direction, 0, wanted));
    if (r->m.w[1] == FILE_AT_POSITION)
        d->offset = r->at + r->progress;
    return position_done(r, d, answer_word(r, r->progress));
}

/* --- reading --- */

static enum outcome file_read(struct request *r, struct description *d)
{
    struct file *file = d->file;
    uint64_t wanted = r->m.w[0] < FILE_IO_MAX ? r->m.w[0] : FILE_IO_MAX;
    bool absent = false;
    enum pager_action how;
    int error = flags_can_read(d->flags) ? position_take(r, d) : -EBADF;

    if (error)
        return error < 0 ? answer_errno(r, error) : WAIT;
    while (r->progress < wanted && !error && !absent) {
        uint64_t at = r->at + r->progress, in_page = at & PAGE_MASK, left = wanted - r->progress;
        struct frame *frame;
        if (at >= file->size)
            break;
        uint64_t n = PAGE_SIZE - in_page < left ? PAGE_SIZE - in_page : left;
        if (n > file->size - at)
            n = file->size - at;
        error = file_read_page(r, &file->object, at >> PAGE_SHIFT, &frame, &how);
        if (error == REQUEST_WAITS)
            return position_keep(r, d);
        if (error)
            break;
        long copied = sys_copy(r->m.token, COPY_OUT, r->progress,
                               (unsigned long)(uintptr_t)frame_memory(frame) + in_page, n);
        if (copied < 0)
            error = (int)copied;
        else
            r->progress += (uint64_t)copied;
        absent = copied >= 0 && (uint64_t)copied < n;
        if (frame->flags & FRAME_AHEAD)
            file->object.ops->ahead(&file->object, frame);
    }
    return transferred(r, d, COPY_OUT, wanted, absent, error);
}

/* --- writing --- */

/* A page that is not cached, of which all that matters is overwritten: n bytes copied from the caller to
 * its place, zeros around them. The bytes copied; less than n only where `short_ok`; or an errno. */
static long write_new(struct request *r, struct file *file, uint64_t at, uint64_t n, bool short_ok)
{
    struct frame *frame = cache_add(&file->object, at >> PAGE_SHIFT);
    uint64_t in_page = at & PAGE_MASK;

    if (!frame)
        return -ENOMEM;
    char *memory = frame_memory(frame);
    long copied =
        sys_copy(r->m.token, COPY_IN, r->progress, (unsigned long)(uintptr_t)memory + in_page, n);
    if (copied <= 0 || (!short_ok && (uint64_t)copied < n)) {
        frame_set_state(frame, FRAME_READING);
        cache_drop(frame);
        frame_release(frame);
        return copied < 0 ? copied : 0;
    }
    memset(memory, 0, in_page);
    memset(memory + in_page + copied, 0, PAGE_SIZE - in_page - (uint64_t)copied);
    write_back_dirty(file, frame);
    return copied;
}

/* Copies one page's part: the bytes; 0, the buffer's page is absent; or an errno or REQUEST_WAITS in *error. */
static uint64_t write_page(struct request *r, struct file *file, uint64_t at, uint64_t n,
                           int *error)
{
    uint64_t index = at >> PAGE_SHIFT, in_page = at & PAGE_MASK;
    struct frame *frame = cache_find(&file->object, index);
    bool beyond = index << PAGE_SHIFT >= file->size;
    enum pager_action how;
    long copied = 0;

    if (!frame && (beyond || n == PAGE_SIZE || (in_page == 0 && at + n >= file->size))) {
        copied = write_new(r, file, at, n, beyond);
        if (copied == -ENOMEM && io_pending > 0) {
            request_wait(r, &frames);
            *error = REQUEST_WAITS;
            return 0;
        }
    }
    if (copied == 0) { /* it has contents already; or the buffer's first bytes are absent */
        if (!frame && beyond)
            return 0;
        *error = file_read_page(r, &file->object, index, &frame, &how);
        if (*error)
            return 0;
        copied = sys_copy(r->m.token, COPY_IN, r->progress,
                          (unsigned long)(uintptr_t)frame_memory(frame) + in_page, n);
        if (copied > 0)
            write_back_dirty(file, frame);
    }
    if (copied < 0)
        *error = (int)copied;
    return copied < 0 ? 0 : (uint64_t)copied;
}

/* May more be written now? 0; 1, the request waits until less is dirty; or what became of earlier writes: a
 * file that could not be written is tried again first, so the error is told again as long as it lasts. */
static int write_admit(struct request *r, struct description *d)
{
    struct file *file = d->file;

    if (write_back_must_wait(file) || (file->stuck && !r->waited)) {
        r->waited = true;
        write_back_file(file);
        if (file->changing) {
            request_wait(r, file);
            return 1;
        }
    }
    if (d->errors == file->errors)
        return 0;
    d->errors = file->errors;
    return file->error;
}

static enum outcome file_write(struct request *r, struct description *d)
{
    struct file *file = d->file;
    uint64_t wanted = r->m.w[0] < FILE_IO_MAX ? r->m.w[0] : FILE_IO_MAX;
    bool absent = false;
    int error = flags_can_write(d->flags) ? position_take(r, d) : -EBADF;

    if (error)
        return error < 0 ? answer_errno(r, error) : WAIT;
    if (r->progress == 0) {
        if (d->flags & FILE_O_APPEND && r->m.w[1] == FILE_AT_POSITION)
            d->offset = r->at = file->size;
        if (r->at > FILE_SIZE_MAX - wanted)
            return position_done(r, d, answer_errno(r, -EFBIG));
        error = write_admit(r, d);
        if (error)
            return error < 0 ? position_done(r, d, answer_errno(r, error)) : position_keep(r, d);
    }
    while (r->progress < wanted && !error && !absent) {
        uint64_t at = r->at + r->progress, room = PAGE_SIZE - (at & PAGE_MASK);
        uint64_t left = wanted - r->progress, n = room < left ? room : left;
        if (at + n > file->size)
            file_zero_tail(file);
        uint64_t copied = write_page(r, file, at, n, &error);
        if (error == REQUEST_WAITS)
            return position_keep(r, d);
        r->progress += copied;
        absent = !error && copied < n;
        if (copied > 0 && at + copied > file->size)
            file->size = at + copied;
    }
    if (file->dirty >= FILE_DIRTY_START && !file->stuck)
        write_back_file(file);
    return transferred(r, d, COPY_IN, wanted, absent, error);
}

/* --- the rest --- */

static enum outcome file_seek(struct request *r, struct description *d)
{
    int64_t offset = (int64_t)r->m.w[0];
    uint64_t base = r->m.w[1] == SEEK_SET ? 0 : r->m.w[1] == SEEK_CUR ? d->offset : d->file->size;

    if (d->user) {
        request_wait(r, d);
        return WAIT;
    }
    if (r->m.w[1] > SEEK_END)
        return answer_errno(r, -EINVAL);
    if (offset < 0 ? (uint64_t)-offset > base || offset == INT64_MIN
                   : base > FILE_SIZE_MAX - (uint64_t)offset)
        return answer_errno(r, offset < 0 ? -EINVAL : -EOVERFLOW);
    d->offset = base + (uint64_t)offset;
    return answer_word(r, d->offset);
}

static enum outcome file_stat_request(struct request *r, struct description *d)
{
    struct fs_stat stat;

    file_stat(d->file, &stat);
    return request_answer(r, &stat, sizeof(stat));
}

int description_check_set(const struct fs_setattr *set)
{
    const uint32_t both_a = FS_SET_ATIME | FS_SET_ATIME_NOW;
    const uint32_t both_m = FS_SET_MTIME | FS_SET_MTIME_NOW;
    const uint32_t all = FS_SET_MODE | FS_SET_SIZE | both_a | both_m;

    if (set->valid & ~all || (set->valid & both_a) == both_a || (set->valid & both_m) == both_m ||
        (set->valid & FS_SET_ATIME && set->atime_ns >= 1000000000u) ||
        (set->valid & FS_SET_MTIME && set->mtime_ns >= 1000000000u) ||
        (set->valid & FS_SET_SIZE && set->size > FILE_SIZE_MAX) ||
        (set->valid & FS_SET_MODE && set->mode & ~07777u))
        return -EINVAL;
    return 0;
}

/* What a SETATTR did: the size holds here too. */
static void set_apply(struct work *w)
{
    if (w->result == 0 && w->in.set.valid & FS_SET_SIZE) {
        if (w->in.set.size < w->file->size)
            file_shrink(w->file, w->in.set.size);
        else
            file_zero_tail(w->file);
        w->file->size = w->in.set.size;
    }
    work_changed(w, w->known[0] ? &w->stat[0] : NULL);
}

enum outcome description_set_attributes(struct request *r, struct file *file,
                                        void (*step)(struct work *w))
{
    struct work *w = r->work;

    /* Writing back later would change the times again. */
    if (w->in.set.valid & (FS_SET_MTIME | FS_SET_MTIME_NOW) && file->dirty > 0 && !file->stuck)
        write_back_file(file);
    if (file->changing)
        return request_wait(r, file);
    work_change(w, file);
    return work_begin(r, step, set_apply);
}

static void step_set(struct work *w)
{
    uint64_t id = w->file->id[FILE_ID_WRITE] ? w->file->id[FILE_ID_WRITE] : file_reader(w->file);

    w->result = w->file->backing->setattr(id, &w->in.set);
    w->known[0] = w->file->backing->stat(id, &w->stat[0]) == 0;
}

static enum outcome file_setattr_request(struct request *r, struct description *d)
{
    struct work *w = work_get(r);

    if (!w)
        return WAIT;
    if (w->step)
        return answer_errno(r, w->result);
    int error = request_copy(r, COPY_IN, 0, &w->in.set, sizeof(w->in.set));
    if (error > 0)
        return DONE;
    if (!error)
        error = description_check_set(&w->in.set);
    if (!error && w->in.set.valid & FS_SET_SIZE && !flags_can_write(d->flags))
        error = -EINVAL;
    if (!error && !d->file->backing->setattr)
        error = -EPERM;
    if (error || w->in.set.valid == 0)
        return answer_errno(r, error);
    return description_set_attributes(r, d->file, step_set);
}

static void step_sync(struct work *w)
{
    w->result = w->file->backing->sync(file_reader(w->file), w->flags);
}

/* First what is dirty is written, then the host writes it to its disk. */
static enum outcome file_sync_request(struct request *r, struct description *d)
{
    struct file *file = d->file;
    struct work *w = r->work;

    if (r->m.w[0] > 1)
        return answer_errno(r, -EINVAL);
    if (w && w->step)
        return answer_errno(r, w->result);
    if (!file->backing->sync)
        return answer_errno(r, 0);
    if (write_back_sync_waits(r, file))
        return WAIT;
    if (d->errors != file->errors) {
        d->errors = file->errors;
        return answer_errno(r, file->error);
    }
    w = work_get(r);
    if (!w)
        return WAIT;
    file_ref(file);
    w->file = file;
    w->flags = (unsigned)r->m.w[0];
    return work_begin(r, step_sync, NULL);
}

enum outcome description_flags(struct request *r, struct description *d)
{
    const uint32_t settable = FILE_O_APPEND | FILE_O_NONBLOCK;

    if (r->m.w[0] & ~(uint64_t)settable)
        return answer_errno(r, -EINVAL);
    d->flags = (d->flags & ~(uint32_t)r->m.w[0]) | ((uint32_t)r->m.w[1] & (uint32_t)r->m.w[0]);
    return answer_word(r, d->flags);
}

/* The description of a right that the caller hands over: r->m.w as for the same request through it. */
static struct description *given(struct request *r)
{
    struct description *d = MSG_HANDLES(r->m.tag) == 1 ? description_find(r->badge[0]) : NULL;

    return d && d->file ? d : NULL;
}

enum outcome description_read_given(struct request *r)
{
    struct description *d = given(r);

    return d ? r->m.w[1] > FILE_SIZE_MAX ? answer_errno(r, -EINVAL) : file_read(r, d)
             : answer_errno(r, -EBADF);
}

enum outcome description_tell_given(struct request *r)
{
    struct description *d = given(r);
    struct pager_file file;

    if (!d)
        return answer_errno(r, -EBADF);
    memset(&file, 0, sizeof(file));
    file_stat(d->file, &file.stat);
    file.flags = d->flags;
    memcpy(file.name, d->file->name, sizeof(file.name));
    return request_answer(r, &file, sizeof(file));
}

const struct description_kind description_file = {
    .is_file = true,
    .per_space = 512,
    .operation = {[FILE_READ] = {file_read, MSG_OUT},
                  [FILE_WRITE] = {file_write, MSG_IN},
                  [FILE_SEEK] = {file_seek, 0},
                  [FILE_STAT] = {file_stat_request, MSG_OUT},
                  [FILE_SETATTR] = {file_setattr_request, MSG_IN},
                  [FILE_SYNC] = {file_sync_request, 0},
                  [FILE_FLAGS] = {description_flags, 0}},
};

void description_given_up(struct request *r)
{
    struct description *d = description_find(r->m.badge);

    if (d)
        position_done(r, d, DONE);
}

enum outcome description_request(struct request *r)
{
    unsigned long label = MSG_LABEL(r->m.tag);
    struct description *d = description_find(r->m.badge);

    if (!d)
        return answer_errno(r, -EBADF);
    if (label > FILE_FLAGS || !d->kind->operation[label].handler)
        return answer_errno(r, -ENOSYS);
    if (MSG_HANDLES(r->m.tag) > 0 || d->kind->operation[label].buffers & ~r->m.tag)
        return answer_errno(r, -EINVAL);
    return d->kind->operation[label].handler(r, d);
}
