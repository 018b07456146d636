/* SPDX-License-Identifier: MIT
 *
 * The file server: a folder of the host, by name and by byte. Label = operation; an answer's label is
 * 0, or a positive errno (picolibc's numbers). Every request has exactly one answer; it waits while the
 * host works, and several are under way at once, in no order. The path of file data is program ->
 * pager -> fs: the pager opens, reads and writes here, and keeps what it read. Names and directories
 * are asked for here directly. fs itself caches nothing.
 *
 * Places. A right to fs is a *place*: a directory that paths without a leading slash start at, and the
 * owner of the ids opened through it. A program's working directory, and each of its open directories,
 * is a place; FS_PLACE makes one from another (chdir, opendir, fchdir). Copies of a right are the same
 * place. When the last copy is gone - its holders died, or closed it - fs gives back all its ids. So
 * whoever opens files makes a place of its own first.
 *     Where a request may name another place than the one it goes through, a right to that comes as
 * handle 0 (and 1 for the second path); the kernel shows fs its badge, so it cannot be forged, and a
 * right to anyone else's port is EINVAL. Thus the pager opens, with its own right and for itself, what
 * a program names relative to the program's place, and never calls a right that a program gave it.
 *
 * Ids. FS_OPEN gives an id: valid only through the place that opened it, EBADF elsewhere and after
 * FS_CLOSE; an id is never used again. Id 0 is the place's own directory (FS_STAT, FS_READDIR,
 * FS_STATFS, FS_FSYNC, FS_SETATTR). Ids have no position: every read and write says its offset.
 *
 * Clients. All places made from one that was made through the registered right (SERVICE_FS) are one
 * client, which may hold FS_CLIENT_PLACES places and FS_CLIENT_FILES ids: EMFILE. ENFILE: all clients
 * together hold too many. The registered right is not limited but by the latter, and a part of that is
 * kept for it.
 *
 * Paths. `in` holds the path's bytes; its length (1..FS_PATH_MAX) is in the request, no 0 ends it. Any
 * byte but 0 and '/' may stand in a name. fs resolves as POSIX says (XBD 4.13), with Linux's choice
 * where that leaves one: "//" is "/", a trailing slash asks for a directory, more than FS_LINKS_MAX
 * symbolic links are ELOOP, a name longer than 255 bytes or a path longer than FS_PATH_MAX, also while
 * links are put in, is ENAMETOOLONG, a length of 0 is ENOENT. "/" is the share's root, ".." there too,
 * and an absolute symbolic link starts there: no path leaves the share. The last component's symbolic
 * link is followed unless the operation says otherwise.
 *
 * /dev. The root has a folder dev that is not the host's: read-only, with the files null, zero, console,
 * tty and random, whose struct fs_stat has S_IFCHR and DEV_* as rdev. A host's own "dev" is not seen.
 * Nobody opens them here (ENXIO): what stands behind such a number is the business of the library.
 * Changes there are EROFS, of /dev itself EBUSY; a hard link out of it is EXDEV.
 *
 * Buffers. A server is not told how long they are: each request says it in its words, and one that
 * says more than there is gets EINVAL. Absent pages of a buffer are faulted in for the caller
 * (MSG_RESTART); nothing lasting has been done by then.
 *
 * Errors are the host's, as it gives them for the user that QEMU runs as (EACCES, ENOSPC, EROFS ...),
 * and EIO where the host breaks the protocol. QEMU's server keeps names, not inodes: FS_STAT
 * and FS_SETATTR of an id whose name was removed, or is another file's by now, say ENOENT, while FS_READ
 * and FS_WRITE go on; so the pager removes an open file by renaming it first. */
#ifndef OCTAVO_PROTO_FS_H
#define OCTAVO_PROTO_FS_H

#include <stdint.h>

#define FS_PATH_MAX 4095u /* bytes */
#define FS_NAME_MAX 255u
#define FS_LINKS_MAX 40u
#define FS_IO_MAX 32768u /* bytes that one FS_READ or FS_WRITE moves at most */
#define FS_CLIENT_PLACES 128u
#define FS_CLIENT_FILES 512u

/* Words are written a2 a3 a4 a5. "path" is its length in a2 and its bytes in `in`. "id or path": a2 is
 * the path's length, or 0 and a3 is the id. */
enum fs_operation {
    /* path. Answer: handle 0 = a new place there, with the rights to call, copy and send it. ENOTDIR. */
    FS_PLACE = 1,
    /* path, a3 FS_O_*, a4 mode of a new file (umask is the caller's business), a5 = bytes of `out`
     * for a struct fs_stat (0: none is wanted). Answer: a2 id, a3 bytes of stat written (0: the page
     * was gone again, ask FS_STAT). Only regular files and directories: ENXIO. */
    FS_OPEN = 2,
    /* a2 id. */
    FS_CLOSE = 3,
    /* a2 id, a3 offset, a4 bytes; `out`. Answer: a2 bytes: fewer at the end of the file, where the
     * buffer's next page is absent, and beyond FS_IO_MAX. */
    FS_READ = 4,
    /* a2 id, a3 offset, a4 bytes; `in`. Answer: a2 bytes, fewer as above. */
    FS_WRITE = 5,
    /* id or path, a4 FS_AT_*, a5 = bytes of `out`: struct fs_stat. Answer: a2 bytes. */
    FS_STAT = 6,
    /* id or path (after the struct in `in`), a4 FS_AT_*; `in`: struct fs_setattr. What the host cannot
     * do to a symbolic link itself it refuses. */
    FS_SETATTR = 7,
    /* a2 id, a3 cursor (0: from the start), a4 = bytes of `out`: whole struct fs_entry, one after the
     * other, as many as fit. Answer: a2 bytes, 0 = the end. "." and ".." are among them. EINVAL: `out`
     * is too small for the next. */
    FS_READDIR = 8,
    /* path, a3 mode. */
    FS_MKDIR = 9,
    /* path, a3 FS_UNLINK_*. */
    FS_UNLINK = 10,
    /* Two paths one after the other in `in`, a2 and a3 their lengths; handles 0 and 1: both or none. */
    FS_RENAME = 11,
    /* The same: a2 what the new symbolic link says (1..FS_PATH_MAX bytes, any), a3 where it is.
     * Handle 0 is for the second. */
    FS_SYMLINK = 12,
    /* path, a5 = bytes of `out`. Answer: a2 bytes written, cut to a5. EINVAL: no symbolic link. */
    FS_READLINK = 13,
    /* As RENAME: the second becomes a hard link to the first, whose last link is not followed unless a4
     * has FS_AT_FOLLOW. */
    FS_LINK = 14,
    /* id or path, a5 = bytes of `out`: struct fs_statfs. Answer: a2 bytes. */
    FS_STATFS = 15,
    /* a2 id, a3 1 = data only. Answered when the host's fsync is. */
    FS_FSYNC = 16
};

/* FS_OPEN: the values of picolibc's O_*. Appending is the caller's business. */
#define FS_O_RDONLY 0x0u
#define FS_O_WRONLY 0x1u
#define FS_O_RDWR 0x2u
#define FS_O_ACCESS 0x3u
#define FS_O_CREATE 0x40u
#define FS_O_TRUNCATE 0x200u
#define FS_O_EXCLUSIVE 0x800u
#define FS_O_NOFOLLOW 0x100000u
#define FS_O_DIRECTORY 0x200000u

#define FS_AT_NOFOLLOW 1u
#define FS_AT_FOLLOW 2u

#define FS_UNLINK_FILE 0u      /* anything but a directory: EISDIR */
#define FS_UNLINK_DIRECTORY 1u /* an empty directory */

struct fs_stat {
    uint64_t inode;
    uint64_t size;   /* bytes */
    uint64_t blocks; /* of 512 bytes */
    uint64_t links;
    uint64_t rdev;
    uint64_t atime, mtime, ctime; /* s since 1970, as int64_t */
    uint32_t atime_ns, mtime_ns, ctime_ns;
    uint32_t mode; /* type and permissions, <sys/stat.h>'s S_IF* */
    uint32_t uid, gid;
    uint32_t block_size; /* good for reading and writing */
    uint32_t version;    /* the host's guess whether it changed (9P qid.version); has gaps */
};

/* rdev in /dev: Linux's numbers, major << 8 | minor. */
#define DEV_NULL 0x103u
#define DEV_ZERO 0x105u
#define DEV_RANDOM 0x108u
#define DEV_TTY 0x500u
#define DEV_CONSOLE 0x501u

#define FS_SET_MODE 1u
#define FS_SET_SIZE 2u
#define FS_SET_ATIME 4u
#define FS_SET_MTIME 8u
#define FS_SET_ATIME_NOW 16u
#define FS_SET_MTIME_NOW 32u

struct fs_setattr {
    uint32_t valid; /* FS_SET_* */
    uint32_t mode;  /* permissions */
    uint64_t size;
    uint64_t atime, mtime;
    uint32_t atime_ns, mtime_ns;
};

/* One name of a directory; the next begins `length` bytes further, a multiple of 8. */
struct fs_entry {
    uint64_t inode;
    uint64_t cursor; /* FS_READDIR goes on behind this entry with it */
    uint16_t length;
    uint8_t type; /* DT_*, as in <dirent.h>: mode's S_IFMT >> 12; 0 = unknown */
    uint8_t name_length;
    char name[];
};
#define FS_ENTRY_LENGTH(name_length) ((20u + (name_length) + 7u) & ~7u)

struct fs_statfs {
    uint64_t blocks, free, available; /* of block_size bytes; available: to ordinary users */
    uint64_t files, files_free;
    uint64_t id;
    uint32_t block_size;
    uint32_t name_max;
};

#endif
