/* SPDX-License-Identifier: MIT
 *
 * policy.h - what a page replacement policy is.
 *
 * A policy is one C file in user/pager/evict/policy/ (or anywhere: make POLICIES=/my/mine.c). It decides
 * which page must go when memory is full, and nothing else. The same file is compiled, unchanged,
 * into the pager that runs in the guest and into the simulator that runs on your machine; both are
 * called "the mechanism" below. The mechanism moves the pages. The policy only answers questions:
 *
 *      a page comes in    -> enter()     "this frame is yours now"
 *      it is referenced   -> used()      "someone touched it"
 *      memory is full     -> victim()    "name a frame that should go"
 *      a page goes        -> leave()     "forget this frame"
 *
 * A life of a frame is   enter, used*, leave,   and again. A fault with memory full is, in order:
 * victim(incoming), leave(that frame, POLICY_EVICTED), enter(the same frame, now with the new page).
 *
 * What a policy must not do: make system calls, allocate after init(), keep variables outside its
 * own instance (several instances live in one process), or use a library beyond <string.h>. What it
 * may do: be wrong. A nomination that cannot be used is refused and counted, and the mechanism then
 * takes a frame of its own choosing; a bad policy makes a slow system, never a broken one.
 *
 * Same parameters, same number of frames, same seed and same calls must give the same victims, so
 * that a run can be recorded in the guest and repeated in the simulator.
 */
#ifndef PAGER_POLICY_H
#define PAGER_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

/* The name of a page for as long as it exists: page `index` of backing object `object`. */
struct policy_key {
    uint64_t object;
    uint64_t index;
};

/*
 * A frame, as a policy sees it. While the frame is entered, key and number do not change, and no
 * other entered frame has the same key. The two words are the policy's alone: zero at enter(), and
 * never looked at by the mechanism. Use them as a list link or as what you like; if two words are
 * not enough, allocate an array in init() and index it by number.
 */
struct policy_frame {
    struct policy_key key;
    uint32_t number; /* 0 .. max_frames - 1 */
    union {
        TAILQ_ENTRY(policy_frame) link;
        uint64_t word[2];
        void *pointer[2];
    };
};

TAILQ_HEAD(policy_list, policy_frame);

/* Why a frame is entered. */
enum policy_enter {
    POLICY_FAULT,     /* someone touched the page: this is its first reference */
    POLICY_AHEAD,     /* brought along on plan()'s advice: not referenced yet */
    POLICY_TAKEN_OVER /* it was resident under another policy; its past is unknown */
};

/* Why a frame leaves. */
enum policy_leave {
    POLICY_EVICTED,    /* its page may come back: remember the key if that helps */
    POLICY_FREED,      /* its page is gone for good: there is nothing to remember */
    POLICY_HANDED_OVER /* it stays resident, under another policy */
};

/* A parameter, set as name:key=value,key=value. The table ends with a NULL key. */
struct policy_param {
    const char *key;
    int64_t standard, least, most; /* value when not given, and the bounds of what may be given */
    const char *about;             /* one line, with the unit */
};

enum { POLICY_MAX_PARAMS = 8 };

/* What init() is given. It is gone when init() returns: copy what you need. */
struct policy_config {
    uint32_t nframes;    /* how many frames may be entered at once; at least 1 */
    uint32_t max_frames; /* the most that resize() will ever ask for; at least nframes */
    uint64_t seed;       /* the only source of randomness; see policy_random() */
    int64_t value[POLICY_MAX_PARAMS]; /* of the parameters, in the order of the table */
    struct policy_memory *memory;     /* for policy_alloc() */
};

/* What plan() sees: a fault on `key`, and how many absent neighbours could come along. */
struct policy_view {
    struct policy_key key;
    bool write;      /* the fault was a write */
    uint32_t before; /* pages key.index-1, -2, ... that could be brought */
    uint32_t after;  /* pages key.index+1, +2, ... that could be brought */
    uint32_t free;   /* frames that could be filled without evicting anything */
};

/* How many of them to bring. Advice: it is clipped to the view. */
struct policy_plan {
    uint32_t before, after;
};

/*
 * The policy itself. init, enter, leave and victim are needed, the others may be NULL. `self` is
 * what init() returned. None of them may fail except init().
 *
 * In the file, the struct is called POLICY and its name is POLICY_NAME; the build sets both from
 * the name of the file, so a copy under another name is another policy at once.
 */
struct policy {
    const char *name;
    const char *about;                     /* one line for lists */
    const struct policy_param *parameters; /* NULL: none */

    /* Begin. Returns the instance, or NULL if policy_alloc() did. */
    void *(*init)(const struct policy_config *config);

    /*
     * End; all frames have left. A place for last words by policy_log(): the memory from
     * policy_alloc() is taken back by the mechanism. NULL: no last words.
     */
    void (*fini)(void *self);

    /*
     * From now on at most `nframes` frames, 1 .. max_frames. If more are entered than that,
     * victim() is called until they fit. NULL: the policy does not care how many there are.
     */
    void (*resize)(void *self, uint32_t nframes);

    /* Which neighbours should come along with this fault? NULL: as the mechanism likes. */
    struct policy_plan (*plan)(void *self, const struct policy_view *view);

    /* The frame is yours: it may be nominated from now on. */
    void (*enter)(void *self, struct policy_frame *frame, enum policy_enter why);

    /*
     * The page was referenced: a fault on a page already there, or a harvest found the accessed
     * bit set. `dirty` says that the page was written to. How often this comes depends on the
     * mechanism: the simulator in exact mode calls it for every reference, the guest (and the
     * simulator with --bits) only for accessed bits found by a harvest. Each reference is told
     * once: by enter(), or by used(), or by policy_referenced() answering true.
     */
    void (*used)(void *self, struct policy_frame *frame, bool dirty);

    /* Forget the frame: it is not yours any more. */
    void (*leave)(void *self, struct policy_frame *frame, enum policy_leave why);

    /*
     * Name a frame that should go. `incoming` is the page that will take its place, or NULL if
     * memory is only being made free. Returns an entered frame that is not policy_busy(), or NULL
     * if there is none. Must end: after four looks for every frame at most. The frame stays yours
     * until leave() says otherwise; it may not come to that, and victim() may be asked again with
     * the same `incoming`, so do here only what may be done twice.
     */
    struct policy_frame *(*victim)(void *self, const struct policy_key *incoming);

    /*
     * Asked about a victim that is dirty. True: write it back while it stays resident, and ask
     * victim() again. False (or NULL): write it, then drop it. True is obeyed at most once for
     * every frame in one fault.
     */
    bool (*clean_first)(void *self, struct policy_frame *frame);

    /* A harvest is over: time has passed. Comes every so many faults, never by the clock. */
    void (*tick)(void *self);

    /* Tell your state in a few lines of policy_log(). */
    void (*dump)(void *self);
};

/*
 * Services: what the mechanism does for a policy. All but the first two may be called at any time.
 */

/* In init() only: zeroed memory, aligned for any object; NULL when there is no more. */
void *policy_alloc(const struct policy_config *config, size_t bytes);

/*
 * Of entered frames, in enter(), used(), victim(), clean_first() and tick(): was the page
 * referenced since it was last asked (by this call or a harvest)? Clears the accessed bits of all
 * its mappings. In exact mode always false, since used() has told all.
 *
 * The access that faulted is told by enter() alone. Since the machine repeats that instruction and
 * so sets the bit, the first look after a fault is discounted: it clears the bit and says false.
 */
bool policy_referenced(struct policy_frame *frame);

/* Is the frame pinned or under I/O, so that nominating it is of no use now? */
bool policy_busy(const struct policy_frame *frame);

/* Must the page be written back before its frame can be used again? */
bool policy_dirty(const struct policy_frame *frame);

/* A line for the log, as printf() would format it. The last lines are shown when a policy dies. */
void policy_log(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * The next pseudo-random number. Seed *state with config->seed.
 * (splitmix64: Steele, Lea, Flood, Fast Splittable Pseudorandom Number Generators, OOPSLA 2014.)
 */
static inline uint64_t policy_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

/*
 * For the mechanism: the policies that were built in (a table that the build makes from the names
 * of the files, ended by NULL), and how "name:key=value,..." becomes one of them and its values.
 */
extern const struct policy *const policy_table[];

/*
 * Reads `text` into *policy and value[]. Returns NULL if all is well, else what is wrong with it,
 * in a form to be printed after the text: "no such policy", "no such parameter", "bad value".
 */
const char *policy_parse(const char *text, const struct policy **policy,
                         int64_t value[POLICY_MAX_PARAMS]);

#endif
