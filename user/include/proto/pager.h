/* SPDX-License-Identifier: MIT
 *
 * What programs ask of their pager, through HANDLE_PAGER (badge = space). Label = operation; an
 * answer's label is 0, or a positive errno. Addresses and lengths are bytes in the caller's space;
 * prot is VM_R | VM_W | VM_X of <abi/msg.h>, which are PROT_READ, PROT_WRITE and PROT_EXEC. A server is
 * not told how long a caller's buffers are: every request with an `out` says its bytes in a5, EXEC the
 * bytes of its `in` in a2; a pager writes no more than that, and cuts records from the end. */
#ifndef OCTAVO_PROTO_PAGER_H
#define OCTAVO_PROTO_PAGER_H

#include <proto/fs.h>
#include <stdint.h>

enum pager_operation {
    /* a2 address, a3 length, a4 prot | flags << 8 (MAP_* of <sys/mman.h>), a5 file offset;
     * handle 0 = file. Answer: a2 address, a3 = 1: locked memory, to be brought in by
     * PAGER_POPULATE */
    PAGER_MMAP = 1,
    PAGER_MUNMAP = 2,   /* a2 address, a3 length */
    PAGER_MPROTECT = 3, /* a2 address, a3 length, a4 prot */
    PAGER_BRK = 4,      /* a2 new break, 0 asks. Answer: a2 break, a3 as MMAP's */
    /* an empty space; a2 PAGER_CREATE_ABOVE: of the system's pager, whichever is asked, for a
     * pager to read files by. Answer: handle 0 its right, a2 its badge */
    PAGER_CREATE = 5,
    /* handle 0 = a space's right (its badge names the space); `in`: start block (proto/start.h),
     * a2 bytes. Lays out the image and the stack. The program is the file that the block's path
     * names at the place (proto/fs.h) in handle 1, if one comes, or else of the boot archive.
     * Answer: a2 entry, a3 sp. Or a3 PAGER_EXEC_SELF, handle 0 = the place: the caller's own
     * space becomes the program's; the answer starts it (MSG_START). ENOENT, EACCES, ENOEXEC ... */
    PAGER_EXEC = 6,
    PAGER_STAT = 7,  /* `out`: struct pager_stat */
    PAGER_SPACE = 8, /* a2 space badge, 0 = own; `out`: struct pager_space */
    /* a2 space badge, 0 = own; a3 index of the first; `out`: struct pager_region[]; answer: a2
     * number written, a3 number in all */
    PAGER_REGIONS = 9,
    /* handle 0 = a space's right, or none = own; a2: 1 on, 0 off: keep its faults in the ring */
    PAGER_TRACE = 10,
    /* a2 sequence number of the first wanted; `out`: struct pager_fault[]; answer: a2 number
     * written, a3 sequence number of the first written, a4 sequence number that comes next */
    PAGER_FAULTS = 11,
    /* handle 0 = a space's right, or none = own; a2 PAGER_TUNE_*, a3 value. Answer: a2 = the old
     * value */
    PAGER_TUNE = 12,
    /* a2 index; `out`: name of that program in the boot archive; answer: a2 length. ENOENT
     * beyond the last */
    PAGER_IMAGES = 13,
    /* The caller's own space once more, for fork: regions and objects are shared, private pages are
     * copy-on-write. Nothing is mapped in it. Answer: handle 0 its right, a2 its badge. EAGAIN: too
     * many spaces. ENOMEM. */
    PAGER_CLONE = 15,
    PAGER_MINCORE = 14, /* a2 address, a3 length; `out`: a byte a page, bit 0 = resident */

    /* a2 address, a3 length, a4 new length, a5 new address | MREMAP_*. Answer: a2 address, a3 as MMAP's.
     * Errors are mremap's of Linux. */
    PAGER_MREMAP = 16,
    PAGER_MADVISE = 17,  /* a2 address, a3 length, a4 MADV_* */
    PAGER_MLOCK = 18,    /* a2 address, a3 length, a4 1 lock, 0 unlock; then PAGER_POPULATE */
    PAGER_MLOCKALL = 19, /* a2 MCL_*, 0 = munlockall */
    PAGER_MSYNC = 26,    /* a2 address, a3 length, a4 MS_* */
    /* a2 address, a3 length: maps pages before they are touched, private writable ones as if written.
     * Answer: a2 bytes dealt with, for more is asked again. ENOMEM: no frame; EFAULT: no contents. */
    PAGER_POPULATE = 27,
    /* a2 PAGER_USAGE_* or the badge of a space that the caller made (CREATE, CLONE), which may have ended;
     * a3 1 = this is the last time: it now counts among the caller's children. Answer: a2 minor faults, a3
     * major ones, a4 the most pages it had at a time. A space's own numbers, for a space by badge with those
     * of its children. ESRCH. */
    PAGER_USAGE = 28,
    /* Shared memory with a name: "/name", a2 bytes of it in `in`. OPEN: a3 FS_O_*, RDONLY or RDWR, CREATE,
     * EXCLUSIVE, TRUNCATE; a4 mode of a new one. Answer: handle 0, as an open file's (proto/file.h:
     * FILE_STAT, FILE_SETATTR for the size, and PAGER_MMAP). EINVAL: bad name; ENAMETOOLONG, ENOENT,
     * EEXIST, ENOSPC, EMFILE, ENFILE. */
    PAGER_SHM_OPEN = 29,
    PAGER_SHM_UNLINK = 30,

    /* The policy that says which page goes (user/pager/evict/policy.h). Anybody may ask. `in`: "name" or
     * "name:key=value,...", a2 bytes: takes the place of the one in force, which hands all resident pages
     * over. EINVAL: nothing has happened, and a2 = PAGER_POLICY_*. ENAMETOOLONG. */
    PAGER_POLICY = 31,
    /* a2 index; `out`: "name", what it is, and "key=value, least to most: what" for each parameter, with tabs
     * between. Answer: a2 bytes in all, a3 1 = it is in force. ENOENT beyond the last. */
    PAGER_POLICIES = 32,
    /* a2 0: the policy logs its state first. `out`: the policy and its parameters as they were chosen, then
     * the last lines of its log. Answer: a2 bytes in all. */
    PAGER_DUMP = 33,
    /* a2 space badge, 0 = own. Answer: a2 mapped pages that were accessed since this was asked last (by
     * anybody), a3 mapped pages. Reads and clears accessed bits, but keeps what it finds for the
     * policy. ESRCH. */
    PAGER_WORKING_SET = 36,
    /* A part of the swap disk, for another pager: a2 pages wanted, handle 0 the right to the space
     * that it has here, as long as which it is kept. Answer: handle 0 its right (proto/blk.h), a2 pages. ENODEV: no disk; ENOSPC: no part left. */
    PAGER_SWAP_RANGE = 42,

    /* Files by name. Handle 0 is the place (proto/fs.h) that a path without a leading slash starts at,
     * and whose owner's rights count; the path's bytes are in `in`, 1..FS_PATH_MAX of them. Errors are
     * those of proto/fs.h. Directories are opened, made, read and removed at fs; all else that a cached
     * file can notice comes here. ENODEV: there is no file server. */

    /* a2 bytes of the path, a3 FS_O_* and FILE_O_*, a4 mode of a new file. Answer: handle 0 = the open
     * file (proto/file.h). EISDIR: a directory, open it at fs; ENXIO: no regular file; EMFILE: the
     * caller has too many, ENFILE: all have. */
    PAGER_OPEN = 20,
    /* a2 bytes of the path, a3 FS_AT_*, a5 bytes of `out`: struct fs_stat. Answer: a2 bytes. */
    PAGER_FILE_STAT = 21,
    /* `in`: struct fs_setattr, then the path; a2 bytes of the path, a3 FS_AT_*. */
    PAGER_FILE_SETATTR = 22,
    /* a2 bytes of the path. Not a directory: EISDIR. An open file lives on without a name. */
    PAGER_UNLINK = 23,
    /* Two paths one after the other in `in`, a2 and a3 their bytes; handle 1 = the second's place. */
    PAGER_RENAME = 24,
    /* Writes all that is not on the host's disk yet (sync). */
    PAGER_SYNC = 25,

    /* Records what happens, in the format of proto/trace.h: a3 1 begins, 0 ends; a4 PAGER_RECORD_*, what is
     * kept. a2 bytes of a path in `in`, handle 0 its place: that file is made, or made empty. Or a2 0,
     * handle 0 = an open file's right, for a pager without fs. Answer to the end, when all is written: a2 bytes, a3
     * events. EBUSY: there is a recording already; ENOENT: there is none; EIO, ENOSPC ...: what the first write
     * that failed said, and the file is short. */
    PAGER_RECORD = 34,
    /* handle 0 = a space's right, a2 1 on, 0 off: keeps no page mapped there but those that the instruction under
     * way needs, so that each reference to another page comes as a fault, and into the recording as a
     * TRACE_REFERENCE. Spaces that it makes are the same. */
    PAGER_REFS = 35,

    /* For pagers beside the first, which have files through it: handle 0 = an open file of this pager, that
     * somebody else got from OPEN. READ: as FILE_READ, a2 bytes, a3 offset, a5 bytes of `out`. OF: a5 bytes of
     * `out`: struct pager_file; answer: a2 bytes. EBADF: it is none. */
    PAGER_FILE_READ = 38,
    PAGER_FILE_OF = 39
};

struct pager_file {
    struct fs_stat stat;
    uint32_t flags; /* FS_O_ACCESS and FILE_O_* */
    uint32_t reserved;
    char name[32]; /* the end of the path it was opened by */
};

enum pager_policy_error {
    PAGER_POLICY_NONE = 1, /* no policy of that name */
    PAGER_POLICY_PARAMETER = 2,
    PAGER_POLICY_VALUE = 3,  /* no number, or out of bounds */
    PAGER_POLICY_MEMORY = 4, /* too little for what it has to remember */
    PAGER_POLICY_BROKEN = 5  /* it crashed or did not come back */
};

#define PAGER_RECORD_POLICY 1u     /* the calls of the policy, with its answers */
#define PAGER_RECORD_EVENTS 2u     /* faults, hints, harvests, swap, files */
#define PAGER_RECORD_REFERENCES 4u /* of spaces under PAGER_REFS */
#define PAGER_RECORD_ALL 7u

#define PAGER_SHM_NAME 63 /* bytes at most, with the slash */

#define PAGER_USAGE_SELF 0
#define PAGER_USAGE_CHILDREN 1 /* those asked for with a3 = 1 */

#define PAGER_TUNE_AROUND 1 /* pages mapped by one fault, 1..16 */
#define PAGER_TUNE_REFUSE 2 /* address of one page that is answered with NO; 0 = none (tests) */
/* Of all requests, every so manieth is parked once and run again from the start; 0 = none. Debug builds
 * only, else EINVAL (tests). */
#define PAGER_TUNE_WAIT 3
/* Both of the pager as a whole, in debug builds, else EINVAL (tests). FAIL: the so manieth allocation from now
 * on fails, once; FAIL_ALL: each does that is not for a fault; 0 = none; the answer tells what was left of the last one, 0: it has failed. HOLD: the so
 * manieth run of a handler from now on, for a request that is not the caller's own, does not begin before
 * HOLD comes again; 0 = none. Answer: a2 = what was left, a3 = 1: one is being held. */
#define PAGER_TUNE_FAIL 4
#define PAGER_FAIL_ALL ~0ul
#define PAGER_TUNE_HOLD 5
#define PAGER_HOLD_ASK ~0ul /* the value that changes nothing */

#define PAGER_CREATE_ABOVE 1u
#define PAGER_EXEC_SELF 1u

/* Init's bit, when the machine is about to stop: write all files back, then INIT_SYNCED. */
#define PAGER_NOTIFY_SYNC (1ul << 32)
/* Init's bit, for pagers beside the system's: the main thread answers by INIT_PAGER_ALIVE. */
#define PAGER_NOTIFY_PING (1ul << 33)

struct pager_stat {
    uint64_t frames_limit;  /* FRAMES=, or what the account gives */
    uint64_t frames_used;   /* holding pages of programs or of images */
    uint64_t frames_zeroed; /* free and zero */
    uint64_t frames_free;   /* free in all, zeroed ones included */
    uint64_t frames_anon, frames_cache;
    uint64_t faults;           /* FAULT messages answered */
    uint64_t refused;          /* of them with NO */
    uint64_t mapped;           /* pages mapped by them, neighbours included */
    uint64_t zero_fills;       /* anonymous pages made */
    uint64_t zero_fills_ready; /* of them from frames zeroed before */
    uint64_t cow_breaks;
    /* pages copied from the archive into the cache, or made (user/pager/pager.h) */
    uint64_t image_reads;
    uint64_t calls; /* other requests */
    uint64_t spaces, regions;
    uint64_t metadata; /* bytes of its own heap in use; not records of ended spaces */
    uint64_t file_reads, file_writes; /* pages read from and written to files of the host */
    uint64_t frames_dirty;            /* pages of files that are not on the host yet */
    uint64_t evictions, evictions_dirty, refused_nominations, harvests;
    uint64_t killed;                  /* spaces emptied for lack of memory */
    uint64_t relieved;                /* frames given back to the kernel */
    uint64_t swap_slots, swap_used;   /* pages of the swap disk */
    uint64_t swap_ins;                /* pages that came back, */
    uint64_t swap_again;              /* of them without reading */
    uint64_t swap_read, swap_written; /* pages, neighbours included */
    uint64_t swap_reads, swap_writes; /* requests to the disk */
    uint64_t swap_errors;             /* pages that could not be read or written at first */
    uint64_t open_files, open_shared; /* descriptions, and rights to shared memory with a name */
    uint64_t files, file_ids;         /* that are open, mapped or cached; and their ids at fs */
    uint64_t edges[5][5]; /* of frame states (frame.h), how often each was taken; debug builds */
    uint64_t store_bytes; /* of memory, taken by evicted pages that a pager keeps there itself */
    char policy[24];
};

struct pager_space {
    uint64_t badge;
    uint64_t faults;       /* FAULT messages of this space that were answered */
    uint64_t minor, major; /* as getrusage counts them: without and with reading */
    uint64_t resident;     /* pages mapped now */
    uint64_t anon;         /* of them anonymous */
    uint64_t size;         /* bytes of all regions */
    uint64_t regions;
    uint64_t brk_start, brk;
    char name[32];
};

struct pager_region {
    uint64_t start, end;
    uint64_t resident; /* pages */
    uint64_t offset;   /* in the image, bytes */
    uint32_t prot;
    uint32_t flags; /* PAGER_REGION_* */
    char name[32];  /* "[heap]", "[stack]", "[guard]", image path, "" = anonymous */
};
#define PAGER_REGION_SHARED 1u
#define PAGER_REGION_GROWS 2u
#define PAGER_REGION_GUARD 4u

/* One fault, as the `faults` program shows it. */
struct pager_fault {
    uint64_t sequence;
    uint64_t space;
    uint64_t address, pc;
    uint32_t access; /* ACCESS_* */
    uint32_t action; /* enum pager_action */
    uint32_t pages;  /* mapped, neighbours included */
    uint32_t code;   /* VM_FAULT_* when refused */
    uint64_t region_start, region_end;
    char region[32];
};

enum pager_action {
    PAGER_DID_ZERO = 1,  /* a new zeroed frame */
    PAGER_DID_CACHE = 2, /* a frame of the image, already in the cache */
    PAGER_DID_READ = 3,  /* read into the cache first */
    PAGER_DID_COPY = 4,  /* a private copy of a cached or shared frame */
    PAGER_DID_MAP = 5,   /* an own frame that was there but not mapped, or mapped for less */
    PAGER_DID_GROW = 6,  /* the stack grew by this page (a new zeroed frame) */
    PAGER_DID_REFUSE = 7,
    PAGER_DID_SHARE_ZERO = 8, /* the frame of zeros that all first reads share, read-only */
    PAGER_DID_SWAP_IN = 9     /* an own page came back from swap */
};

#endif
