/* SPDX-License-Identifier: MIT
 *
 * Turns of threads. See hold.h. A thread has one from the first page that is brought for it until it
 * has shown that it needs them no more:
 *
 *   its next request tells   a fault at another pc, or one of a later call (tokens count all requests of a
 *                            thread: a call that is repeated after a RESTART is the next one)
 *   the call is answered     where it was one of this pager's
 *   the kernel tells         asked only when more would be held than may be (look): the thread has
 *                            ended, goes on somewhere else, or has run since
 *
 * An instruction needs four pages at most, two of its own and two of its data, so the last four are held.
 * A system call may need all pages of its buffers at once; these are all held, up to TURN_FRAMES.
 *
 * A thread that waits in some server's call for hours, or runs on another hart, cannot be told from one
 * that is about to need its pages. It gives them up when others need frames, once: if it comes back for
 * them in the same turn, it keeps them like anybody else. */
#include "user/pager/evict/hold.h"
#include <abi/info.h>
#include <abi/msg.h>
#include <octavo/syscall.h>
#include <sys/queue.h>
#include "user/pager/evict/guest.h"
#include "user/pager/vm/space.h"

#define TURNS 32u
#define TURN_FRAMES 24u /* START_MAX bytes, and what the instruction needs */
#define INSTRUCTION_FRAMES 4u
#define HELD_PART 2u  /* of all frames at most one in so many is held, */
#define PAST_PART 4u  /* or kept when its turn is over, */
#define PAST_MOST 64u /* but not more of these */

struct turn {
    TAILQ_ENTRY(turn) link;
    uint64_t token; /* of the request that something was held for last */
    uint64_t pc;    /* of the instruction; 0: only known as a call */
    uint64_t ran;   /* run_time at the first look since then */
    bool call;      /* that request was a call, not a fault */
    bool looked, yielded;
    unsigned count;
    uint32_t frame[TURN_FRAMES]; /* numbers, the last one last */
};

static struct turn table[TURNS];
static unsigned used;                                                     /* of the table, ever */
static TAILQ_HEAD(turn_list, turn) turns = TAILQ_HEAD_INITIALIZER(turns), /* oldest first */
    unused = TAILQ_HEAD_INITIALIZER(unused);
static uint32_t held;                 /* frames, one that two turns hold counted twice */
static uint32_t given_up = PAST_MOST; /* how often turns have let a frame go; 0 is long ago */

/* --- what a turn holds --- */

static void let_go(struct turn *turn, unsigned i)
{
    struct guest_frame *known = guest_of(frame_number(turn->frame[i]));

    known->held--;
    held--;
    known->given_up = ++given_up;
    turn->count--;
    for (; i < turn->count; i++)
        turn->frame[i] = turn->frame[i + 1];
}

static void give_up(struct turn *turn)
{
    while (turn->count > 0)
        let_go(turn, turn->count - 1);
}

static void end(struct turn *turn)
{
    give_up(turn);
    TAILQ_REMOVE(&turns, turn, link);
    TAILQ_INSERT_HEAD(&unused, turn, link);
}

/* --- does it still need them? --- */

enum progress { NONE, PERHAPS, MADE };

static enum progress look(struct turn *turn)
{
    struct info_thread now;

    if (sys_info(INFO_THREAD, turn->token % MSG_TOKEN_SLOTS, (unsigned long)(uintptr_t)&now,
                 sizeof(now)) < 0)
        return MADE;
    if (turn->pc == 0) /* hold_answered will tell */
        return NONE;
    bool asks = now.state == THREAD_SENDING || now.state == THREAD_WAITING;
    bool ran = turn->looked && now.run_time != turn->ran;
    if (!turn->looked)
        turn->ran = now.run_time;
    turn->looked = true;
    if (now.pc == turn->pc)
        return asks ? NONE : ran ? MADE : now.state == THREAD_RUNNING ? PERHAPS : NONE;
    return now.pc == turn->pc + 4 && asks ? PERHAPS : MADE; /* in the call: it may be repeated */
}

/* Is this request about what the turn's last one was about? */
static bool goes_on(const struct turn *turn, const struct request *r, bool call, uint64_t pc)
{
    uint64_t later = (r->m.token - turn->token) / MSG_TOKEN_SLOTS;

    if (later == 0)
        return true;
    if (call) /* only a fault lies between a call and its repetition */
        return later == 1 && !turn->call;
    return (turn->pc == pc || turn->pc == 0) && later <= (turn->call ? 1 : 2);
}

static struct turn *turn_of(const struct request *r)
{
    struct turn *turn;

    TAILQ_FOREACH (turn, &turns, link)
        if ((turn->token ^ r->m.token) % MSG_TOKEN_SLOTS == 0)
            return turn;
    return NULL;
}

/* --- who keeps frames --- */

/* Ends all turns but this one that are over. Those that may be so, and have not yet given up what they held,
 * do it. Has that brought anything? */
static bool sweep(const struct turn *but)
{
    struct turn *turn, *next;
    uint32_t before = held;

    for (turn = TAILQ_FIRST(&turns); turn; turn = next) {
        next = TAILQ_NEXT(turn, link);
        enum progress progress = turn == but ? NONE : look(turn);
        if (progress == MADE) {
            end(turn);
        } else if (progress == PERHAPS && !turn->yielded) {
            turn->yielded = true;
            give_up(turn);
        }
    }
    return held < before;
}

/* The youngest turn that holds anything. */
static struct turn *youngest(void)
{
    struct turn *turn;

    TAILQ_FOREACH_REVERSE(turn, &turns, turn_list, link)
    if (turn->count > 0)
        return turn;
    return NULL;
}

/* Frames of turns that are over stay a while, a part of all, where those of other turns leave room: else
 * a policy that evicts what came last would leave programs a handful of frames to run in, and they
 * would get on, but be too slow to be of any use. */
bool hold_keeps(const struct guest_frame *known)
{
    uint32_t most = frames.limit / PAST_PART < PAST_MOST ? frames.limit / PAST_PART : PAST_MOST;

    return known->held > 0 || (held < most && given_up - known->given_up < most - held);
}

bool hold_yield(const struct request *r)
{
    static uint32_t last;
    struct turn *turn, *own = r ? turn_of(r) : NULL;

    if (given_up != last) { /* what was given up since then is not kept any longer */
        last = given_up += PAST_MOST;
        return true;
    }
    if (sweep(own))
        return true;
    turn = youngest();
    if (!turn || turn == own || turn->count == held)
        return false;
    give_up(turn);
    return true;
}

/* Makes it so that this turn may hold one more: from those that are over, from younger ones, or of its own. */
static bool may_hold(struct turn *turn)
{
    uint32_t most = frames.limit / HELD_PART;

    if (held >= most)
        sweep(turn);
    while (held >= most) {
        struct turn *last = youngest();
        if (last != turn)
            for (struct turn *t = turn; t != last; t = TAILQ_NEXT(t, link))
                if (!t)
                    return false; /* all that hold any are older */
        if (last == turn && turn->count < held)
            return false;
        if (last == turn)
            let_go(turn, 0);
        else
            give_up(last);
    }
    return true;
}

static struct turn *begin(void)
{
    struct turn *turn = TAILQ_FIRST(&unused);

    if (!turn && used == TURNS) {
        sweep(NULL);
        turn = TAILQ_FIRST(&unused);
    }
    if (turn)
        TAILQ_REMOVE(&unused, turn, link);
    else if (used < TURNS)
        turn = &table[used++];
    else
        return NULL;
    *turn = (struct turn){.pc = 0};
    TAILQ_INSERT_TAIL(&turns, turn, link);
    return turn;
}

void hold_frame(const struct request *r, const struct frame *frame)
{
    bool call = MSG_KIND(r->m.tag) == MSG_KIND_CALL;
    uint64_t pc = call ? 0 : r->m.w[1];
    uint32_t number = (uint32_t)(frame - frames.table);
    struct turn *turn = turn_of(r);

    if (turn && !goes_on(turn, r, call, pc)) {
        end(turn);
        turn = NULL;
    }
    if (!turn)
        turn = begin();
    if (!turn) /* it is not its turn */
        return;
    turn->token = r->m.token;
    turn->call = call;
    turn->looked = false;
    if (!call)
        turn->pc = pc;
    for (unsigned i = 0; i < turn->count; i++)
        if (turn->frame[i] == number)
            return;
    if (turn->count == TURN_FRAMES ||
        (turn->count >= INSTRUCTION_FRAMES && !call && !space_is_call(r->space, pc)))
        let_go(turn, 0);
    if (!may_hold(turn))
        return;
    turn->frame[turn->count++] = number;
    guest_of(frame)->held++;
    held++;
}

void hold_answered(const struct request *r)
{
    struct turn *turn = turn_of(r);

    if (turn && goes_on(turn, r, true, 0))
        end(turn);
}

#ifdef OCTAVO_DEBUG
void hold_audit(void)
{
    const struct turn *turn;
    uint32_t sum = 0, counted = 0;

    TAILQ_FOREACH (turn, &turns, link)
        sum += turn->count;
    for (uint32_t number = 0; number < frames.count; number++)
        counted += guest_of(frame_number(number))->held;
    PAGER_CHECK(sum == held && counted == held);
}
#endif
