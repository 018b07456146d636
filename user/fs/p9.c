/* SPDX-License-Identifier: MIT
 *
 * Requests and replies of 9P2000.L: see p9.h. Layouts: diod's protocol.md; QEMU hw/9pfs/9p.c. */
#include "user/fs/p9.h"
#include <errno.h>
#include <string.h>

enum {
    P9_RLERROR = 7, /* only a reply */
    P9_TSTATFS = 8,
    P9_TLOPEN = 12,
    P9_TLCREATE = 14,
    P9_TSYMLINK = 16,
    P9_TREADLINK = 22,
    P9_TGETATTR = 24,
    P9_TSETATTR = 26,
    P9_TREADDIR = 40,
    P9_TFSYNC = 50,
    P9_TLINK = 70,
    P9_TMKDIR = 72,
    P9_TRENAMEAT = 74,
    P9_TUNLINKAT = 76,
    P9_TVERSION = 100,
    P9_TATTACH = 104,
    P9_TWALK = 110,
    P9_TREAD = 116,
    P9_TWRITE = 118,
    P9_TCLUNK = 120
};

#define NO_TAG 0xffffu
#define HEADER 7u       /* size[4] type[1] tag[2] */
#define SMALL 1024u     /* every reply without data, a string or many qids fits */
#define DATA_HEADER 11u /* header and count[4] */

/* Flags of Tlopen and Tlcreate: Linux's own numbers (octal there). */
#define L_EXCL 0200u
#define L_TRUNC 01000u
#define L_DIRECTORY 0200000u
#define L_NOFOLLOW 0400000u
#define L_LARGEFILE 0100000u

#define L_AT_REMOVEDIR 0x200u

#define GETATTR_BASIC 0x7ffull
#define SETATTR_MODE 0x001u
#define SETATTR_SIZE 0x008u
#define SETATTR_ATIME 0x010u
#define SETATTR_MTIME 0x020u
#define SETATTR_ATIME_SET 0x080u
#define SETATTR_MTIME_SET 0x100u

static const char version[] = "9P2000.L";

static struct wire begin(struct p9 *p9, uint8_t type)
{
    struct wire wire = {.bytes = p9->request, .at = 4, .limit = P9_MESSAGE_MAX};
    wire_put8(&wire, type);
    wire_put16(&wire, type == P9_TVERSION ? NO_TAG : p9->tag);
    return wire;
}

/* Sends what `wire` has, which then is the reply, behind its header. extra: bytes of data behind the
 * request's fields. 0 or a negative errno. */
static int transact(struct p9 *p9, struct wire *wire, size_t extra, size_t room)
{
    uint8_t type = p9->request[4];
    struct wire size = {.bytes = p9->request, .limit = 4};

    if (wire->broken || extra > wire->limit - wire->at)
        return -EINVAL;
    wire_put32(&size, (uint32_t)(wire->at + extra));
    int result = p9_exchange(p9, wire->at + extra, room < SMALL ? SMALL : room);
    if (result < 0)
        return result;
    *wire = (struct wire){.bytes = p9->reply, .limit = p9->reply_size};
    uint32_t length = wire_get32(wire);
    uint8_t reply = wire_get8(wire);
    uint16_t tag = wire_get16(wire);
    if (wire->broken || length < HEADER || length > p9->reply_size ||
        tag != (type == P9_TVERSION ? NO_TAG : p9->tag))
        return -EIO;
    wire->limit = length;
    if (reply == P9_RLERROR) {
        uint32_t number = wire_get32(wire);
        return wire->broken ? -EIO : -p9_errno(number);
    }
    return reply == type + 1 ? 0 : -EIO;
}

/* The same for replies of which nothing is wanted. */
static int transact_plain(struct p9 *p9, struct wire *wire)
{
    return transact(p9, wire, 0, SMALL);
}

/* A reply has been taken apart. */
static int end(const struct wire *wire)
{
    return wire->broken ? -EIO : 0;
}

int p9_version(struct p9 *p9)
{
    struct wire wire = begin(p9, P9_TVERSION);
    wire_put32(&wire, P9_MESSAGE_MAX);
    wire_put_name(&wire, (struct wire_name){version, sizeof version - 1});
    int result = transact_plain(p9, &wire);
    if (result < 0)
        return result;
    uint32_t size = wire_get32(&wire);
    struct wire_name name = wire_get_name(&wire);
    if (wire.broken || size != P9_MESSAGE_MAX || name.length != sizeof version - 1 ||
        memcmp(name.bytes, version, name.length) != 0)
        return -EIO;
    return 0;
}

int p9_attach(struct p9 *p9, uint32_t fid, struct wire_qid *qid)
{
    const struct wire_name nothing = {"", 0};
    struct wire wire = begin(p9, P9_TATTACH);
    wire_put32(&wire, fid);
    wire_put32(&wire, P9_NO_FID); /* no authentication */
    wire_put_name(&wire, nothing);
    wire_put_name(&wire, nothing);
    wire_put32(&wire, 0); /* uid */
    int result = transact_plain(p9, &wire);
    if (result < 0)
        return result;
    *qid = wire_get_qid(&wire);
    return end(&wire);
}

int p9_walk(struct p9 *p9, uint32_t fid, uint32_t newfid, const struct wire_name *name,
            unsigned count, struct wire_qid *qid)
{
    struct wire wire = begin(p9, P9_TWALK);
    wire_put32(&wire, fid);
    wire_put32(&wire, newfid);
    wire_put16(&wire, (uint16_t)count);
    for (unsigned i = 0; i < count; i++)
        wire_put_name(&wire, name[i]);
    int result = transact_plain(p9, &wire);
    if (result < 0)
        return result;
    unsigned walked = wire_get16(&wire);
    if (walked > count || (walked == 0 && count > 0))
        return -EIO;
    for (unsigned i = 0; i < walked; i++)
        qid[i] = wire_get_qid(&wire);
    return wire.broken ? -EIO : (int)walked;
}

/* --- Files -------------------------------------------------------------------------------- */

static uint32_t open_flags(unsigned flags)
{
    return (flags & FS_O_ACCESS) | (flags & FS_O_TRUNCATE ? L_TRUNC : 0) |
           (flags & FS_O_EXCLUSIVE ? L_EXCL : 0) | (flags & FS_O_DIRECTORY ? L_DIRECTORY : 0) |
           L_NOFOLLOW | L_LARGEFILE;
}

int p9_open(struct p9 *p9, uint32_t fid, unsigned flags)
{
    struct wire wire = begin(p9, P9_TLOPEN);
    wire_put32(&wire, fid);
    wire_put32(&wire, open_flags(flags & ~FS_O_EXCLUSIVE));
    return transact_plain(p9, &wire);
}

int p9_create(struct p9 *p9, uint32_t fid, struct wire_name name, unsigned flags, uint32_t mode)
{
    struct wire wire = begin(p9, P9_TLCREATE);
    wire_put32(&wire, fid);
    wire_put_name(&wire, name);
    wire_put32(&wire, open_flags(flags));
    wire_put32(&wire, mode);
    wire_put32(&wire, 0); /* gid */
    return transact_plain(p9, &wire);
}

int p9_clunk(struct p9 *p9, uint32_t fid)
{
    struct wire wire = begin(p9, P9_TCLUNK);
    wire_put32(&wire, fid);
    return transact_plain(p9, &wire);
}

/* Tread or Treaddir: *wire is the data of the reply. Its length, or a negative errno. */
static long fetch(struct p9 *p9, uint8_t type, uint32_t fid, uint64_t offset, uint32_t count,
                  struct wire *wire)
{
    if (count > P9_DATA_MAX)
        return -EINVAL;
    *wire = begin(p9, type);
    wire_put32(wire, fid);
    wire_put64(wire, offset);
    wire_put32(wire, count);
    int result = transact(p9, wire, 0, DATA_HEADER + count);
    if (result < 0)
        return result;
    uint32_t got = wire_get32(wire);
    if (wire->broken || got > count || got > wire->limit - wire->at)
        return -EIO;
    wire->limit = wire->at + got;
    return got;
}

long p9_read(struct p9 *p9, uint32_t fid, uint64_t offset, uint32_t count, const uint8_t **data)
{
    struct wire wire;
    long got = fetch(p9, P9_TREAD, fid, offset, count, &wire);
    if (got >= 0)
        *data = wire.bytes + wire.at;
    return got;
}

int p9_readdir(struct p9 *p9, uint32_t fid, uint64_t cursor, uint32_t count, struct wire *entries)
{
    long got = fetch(p9, P9_TREADDIR, fid, cursor, count, entries);
    return got < 0 ? (int)got : 0;
}

int p9_entry(struct wire *entries, struct p9_entry *entry)
{
    if (entries->at == entries->limit)
        return 0;
    entry->qid = wire_get_qid(entries);
    entry->cursor = wire_get64(entries);
    entry->type = wire_get8(entries);
    entry->name = wire_get_name(entries);
    if (entries->broken || entry->name.length == 0 || entry->name.length > FS_NAME_MAX ||
        memchr(entry->name.bytes, '/', entry->name.length) ||
        memchr(entry->name.bytes, '\0', entry->name.length))
        return -EIO;
    return 1;
}

long p9_write(struct p9 *p9, uint32_t fid, uint64_t offset, uint32_t count)
{
    struct wire wire = begin(p9, P9_TWRITE);
    wire_put32(&wire, fid);
    wire_put64(&wire, offset);
    wire_put32(&wire, count);
    int result = transact(p9, &wire, count, SMALL);
    if (result < 0)
        return result;
    uint32_t written = wire_get32(&wire);
    return wire.broken || written > count ? -EIO : (long)written;
}

int p9_fsync(struct p9 *p9, uint32_t fid, bool data_only)
{
    struct wire wire = begin(p9, P9_TFSYNC);
    wire_put32(&wire, fid);
    wire_put32(&wire, data_only);
    return transact_plain(p9, &wire);
}

/* --- Attributes ----------------------------------------------------------------------------- */

/* Seconds go to *seconds; the nanoseconds. */
static uint32_t get_time(struct wire *wire, uint64_t *seconds)
{
    *seconds = wire_get64(wire);
    uint64_t ns = wire_get64(wire);
    if (ns >= 1000000000u)
        wire->broken = true;
    return (uint32_t)ns;
}

int p9_getattr(struct p9 *p9, uint32_t fid, struct fs_stat *stat)
{
    struct wire wire = begin(p9, P9_TGETATTR);
    wire_put32(&wire, fid);
    wire_put64(&wire, GETATTR_BASIC);
    int result = transact_plain(p9, &wire);
    if (result < 0)
        return result;
    uint64_t valid = wire_get64(&wire);
    struct wire_qid qid = wire_get_qid(&wire);
    *stat = (struct fs_stat){.inode = qid.path, .version = qid.version};
    stat->mode = wire_get32(&wire);
    stat->uid = wire_get32(&wire);
    stat->gid = wire_get32(&wire);
    stat->links = wire_get64(&wire);
    stat->rdev = wire_get64(&wire);
    stat->size = wire_get64(&wire);
    stat->block_size = (uint32_t)wire_get64(&wire);
    stat->blocks = wire_get64(&wire);
    stat->atime_ns = get_time(&wire, &stat->atime);
    stat->mtime_ns = get_time(&wire, &stat->mtime);
    stat->ctime_ns = get_time(&wire, &stat->ctime);
    return (valid & GETATTR_BASIC) == GETATTR_BASIC ? end(&wire) : -EIO;
}

static uint32_t setattr_valid(uint32_t valid)
{
    return (valid & FS_SET_MODE ? SETATTR_MODE : 0) | (valid & FS_SET_SIZE ? SETATTR_SIZE : 0) |
           (valid & FS_SET_ATIME ? SETATTR_ATIME | SETATTR_ATIME_SET : 0) |
           (valid & FS_SET_MTIME ? SETATTR_MTIME | SETATTR_MTIME_SET : 0) |
           (valid & FS_SET_ATIME_NOW ? SETATTR_ATIME : 0) |
           (valid & FS_SET_MTIME_NOW ? SETATTR_MTIME : 0);
}

int p9_setattr(struct p9 *p9, uint32_t fid, const struct fs_setattr *set)
{
    struct wire wire = begin(p9, P9_TSETATTR);
    wire_put32(&wire, fid);
    wire_put32(&wire, setattr_valid(set->valid));
    wire_put32(&wire, set->mode);
    wire_put32(&wire, 0); /* uid, gid: not ours to set */
    wire_put32(&wire, 0);
    wire_put64(&wire, set->size);
    wire_put64(&wire, set->atime);
    wire_put64(&wire, set->atime_ns);
    wire_put64(&wire, set->mtime);
    wire_put64(&wire, set->mtime_ns);
    return transact_plain(p9, &wire);
}

int p9_statfs(struct p9 *p9, uint32_t fid, struct fs_statfs *statfs)
{
    struct wire wire = begin(p9, P9_TSTATFS);
    wire_put32(&wire, fid);
    int result = transact_plain(p9, &wire);
    if (result < 0)
        return result;
    *statfs = (struct fs_statfs){0};
    wire_get32(&wire); /* type */
    statfs->block_size = wire_get32(&wire);
    statfs->blocks = wire_get64(&wire);
    statfs->free = wire_get64(&wire);
    statfs->available = wire_get64(&wire);
    statfs->files = wire_get64(&wire);
    statfs->files_free = wire_get64(&wire);
    statfs->id = wire_get64(&wire);
    statfs->name_max = wire_get32(&wire);
    return end(&wire);
}

/* --- Names ---------------------------------------------------------------------------------- */

int p9_mkdir(struct p9 *p9, uint32_t fid, struct wire_name name, uint32_t mode)
{
    struct wire wire = begin(p9, P9_TMKDIR);
    wire_put32(&wire, fid);
    wire_put_name(&wire, name);
    wire_put32(&wire, mode);
    wire_put32(&wire, 0); /* gid */
    return transact_plain(p9, &wire);
}

int p9_unlink(struct p9 *p9, uint32_t fid, struct wire_name name, bool is_directory)
{
    struct wire wire = begin(p9, P9_TUNLINKAT);
    wire_put32(&wire, fid);
    wire_put_name(&wire, name);
    wire_put32(&wire, is_directory ? L_AT_REMOVEDIR : 0);
    return transact_plain(p9, &wire);
}

int p9_rename(struct p9 *p9, uint32_t fid, struct wire_name name, uint32_t new_fid,
              struct wire_name new_name)
{
    struct wire wire = begin(p9, P9_TRENAMEAT);
    wire_put32(&wire, fid);
    wire_put_name(&wire, name);
    wire_put32(&wire, new_fid);
    wire_put_name(&wire, new_name);
    return transact_plain(p9, &wire);
}

int p9_symlink(struct p9 *p9, uint32_t fid, struct wire_name name, struct wire_name target)
{
    struct wire wire = begin(p9, P9_TSYMLINK);
    wire_put32(&wire, fid);
    wire_put_name(&wire, name);
    wire_put_name(&wire, target);
    wire_put32(&wire, 0); /* gid */
    return transact_plain(p9, &wire);
}

int p9_link(struct p9 *p9, uint32_t fid, struct wire_name name, uint32_t file_fid)
{
    struct wire wire = begin(p9, P9_TLINK);
    wire_put32(&wire, fid);
    wire_put32(&wire, file_fid);
    wire_put_name(&wire, name);
    return transact_plain(p9, &wire);
}

int p9_readlink(struct p9 *p9, uint32_t fid, struct wire_name *target)
{
    struct wire wire = begin(p9, P9_TREADLINK);
    wire_put32(&wire, fid);
    int result = transact(p9, &wire, 0, HEADER + 2 + FS_PATH_MAX + 1);
    if (result < 0)
        return result;
    *target = wire_get_name(&wire);
    if (target->length > FS_PATH_MAX || memchr(target->bytes, '\0', target->length))
        return -EIO;
    return end(&wire);
}
