/* SPDX-License-Identifier: MIT
 *
 * regcomp, regexec and regfree (POSIX.1-2017, XBD 9, with the GNU library's \| \+ \? in basic expressions, back
 * references in extended ones, and \w \W \s \S \b \B \< \> \` \' in both). picolibc 1.8.6 to 1.8.12 use a null
 * pointer after "[" without "]", 1.8 aborts there, none knows back references in extended expressions or empty
 * alternatives, and ((a){1,255}){1,255} does not end in any.
 *
 * An expression becomes a program for a machine that tries all ways at the same time, character by character
 * (Thompson 1968, with registers as in Pike's sam). A way is a place in the program and where its groups begin
 * and end; of two ways at one place the one that is earlier in order of preference stays. So the time is at most
 * the product of both lengths, and nothing recurses but the parser, on parentheses. With back references ways
 * differ by their groups, too, and there is a limit to their number: REG_ESPACE. */
#include <limits.h>
#include <regex.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>
#include "user/lib/mends/bracket.h"

#define OPS_MAX (1 << 16)  /* of a program */
#define WAYS_MAX (1 << 13) /* at one place in the text, with back references */
#define HASHES 4099
#define DEPTH_MAX 250    /* of parentheses */
#define REPEAT_MAX 32767 /* of an interval */
#define ASCII 128
#define NOWHERE \
    ((wint_t)-1) /* the character before the text and behind it, and a byte that is none */

/* x and y are distances in the program, so that a part of it can be moved and copied. */
struct op {
    enum kind { CHARACTER, ANY, SET, BACK, MATCH, SPLIT, JUMP, SAVE, ASSERT } kind;
    int x,
        y; /* the character, set, group, slot or kind of assertion; where to go first, and then */
};

struct set {
    const char *text; /* behind "[" */
    bool has[ASCII];
};

/* What a regex_t points to: the program, and a copy of the expression for its sets. */
struct re_guts {
    struct op *ops;
    struct set *sets;
    char *text;
    size_t count, set_count;
    int flags; /* of regcomp */
    bool refers_back, asserts;
    bool dead[ASCII]; /* found while running: no match begins with it */
};

static wint_t folded(const struct re_guts *g, wint_t c)
{
    return g->flags & REG_ICASE ? towlower(c) : c;
}

/* Is c in the set whose text is at *at, which moves behind it? */
static int set_match(const struct re_guts *g, const char **at, wint_t c, bool *matches)
{
    bool negated = **at == '^';

    *at += negated;
    int error = bracket_match(at, c, g->flags & REG_ICASE ? BRACKET_FOLD : 0, matches);
    *matches = *matches != negated && !(negated && c == '\n' && g->flags & REG_NEWLINE);
    return error;
}

/* --- The parser ---------------------------------------------------------------------------------- */

struct parse {
    struct re_guts *g;
    const char *at;
    bool extended;
    int error, groups, closed; /* closed: bit n says that group n is complete */
};

static void fail(struct parse *p, int error)
{
    p->error = p->error ? p->error : error;
}

/* Room for `more` ops at `place`, behind which the rest moves; NULL: an error. */
static struct op *insert(struct parse *p, size_t place, size_t more)
{
    size_t count = p->g->count + more;
    struct op *ops = p->error || count > OPS_MAX ? NULL : realloc(p->g->ops, count * sizeof(*ops));

    if (!ops) {
        fail(p, REG_ESPACE);
        return NULL;
    }
    memmove(ops + place + more, ops + place, (count - more - place) * sizeof(*ops));
    p->g->ops = ops;
    p->g->count = count;
    return ops + place;
}

static void put(struct parse *p, size_t place, enum kind kind, int x, int y)
{
    struct op *op = insert(p, place, 1);

    if (op)
        *op = (struct op){kind, x, y};
    p->g->asserts |= kind == ASSERT;
}

static void emit(struct parse *p, enum kind kind, int x)
{
    put(p, p->g->count, kind, x, 0);
}

/* The end of the set's text. */
static const char *emit_set(struct parse *p, const char *text)
{
    struct re_guts *g = p->g;
    struct set *sets = realloc(g->sets, (g->set_count + 1) * sizeof(*sets));
    const char *end = text;

    if (!sets)
        fail(p, REG_ESPACE);
    else
        g->sets = sets;
    for (wint_t c = 0; c < ASCII && !p->error; c++) {
        end = sets[g->set_count].text = text;
        p->error = set_match(g, &end, c, &sets[g->set_count].has[c]);
    }
    emit(p, SET, (int)g->set_count++);
    return end;
}

/* An operator is written with a backslash in basic expressions. */
static bool sees(const struct parse *p, char operator)
{
    return p->extended ? *p->at == operator: * p->at == '\\' && p->at[1] == operator;
}

static bool take(struct parse *p, char operator)
{
    bool seen = sees(p, operator);

    p->at += seen ? 2 - p->extended : 0;
    return seen;
}

static void parse_alternatives(struct parse *p, int depth);

static void parse_group(struct parse *p, int depth)
{
    int group = ++p->groups;

    if (depth >= DEPTH_MAX)
        fail(p, REG_ESPACE);
    emit(p, SAVE, 2 * group);
    if (!p->error)
        parse_alternatives(p, depth + 1);
    if (!take(p, ')'))
        fail(p, REG_EPAREN);
    emit(p, SAVE, 2 * group + 1);
    p->closed |= group <= 9 ? 1 << group : 0;
}

/* What is behind a backslash, and no operator. */
static void parse_escape(struct parse *p)
{
    char c = *++p->at;
    const char *set = c == 'w'   ? "[:alnum:]_]"
                      : c == 'W' ? "^[:alnum:]_]"
                      : c == 's' ? "[:space:]]"
                                 : "^[:space:]]";

    if (!c) {
        fail(p, REG_EESCAPE);
        return;
    }
    if (!strchr("wWsS123456789<>bB`'", c)) {
        emit(p, CHARACTER, (int)folded(p->g, bracket_character(&p->at)));
        return;
    }
    p->at++;
    if (strchr("wWsS", c)) {
        emit_set(p, set);
    } else if (c >= '1' && c <= '9') {
        if (!(p->closed & 1 << (c - '0')))
            fail(p, REG_ESUBREG);
        p->g->refers_back = true;
        emit(p, BACK, c - '0');
    } else {
        emit(p, ASSERT, c);
    }
}

/* One piece of a branch without what repeats it; false: it is "^", which cannot be repeated. What repeats but
 * has nothing to repeat comes here, too, and is an error or stands for itself. */
static bool parse_piece(struct parse *p, int depth, bool begins)
{
    char c = *p->at;
    bool ends = c == '$' && (!p->at[1] || (p->at[1] == '\\' && strchr(")|", p->at[2])));

    if (take(p, '(')) {
        parse_group(p, depth);
    } else if (sees(p, '{') || (p->extended && strchr("*+?", c))) {
        fail(p, REG_BADRPT);
    } else if (!p->extended && sees(p, ')')) {
        fail(p, REG_EPAREN);
    } else if ((c == '^' && (p->extended || begins)) || (c == '$' && (p->extended || ends))) {
        p->at++;
        emit(p, ASSERT, c);
    } else if (c == '.') {
        p->at++;
        emit(p, ANY, 0);
    } else if (c == '[') {
        p->at = emit_set(p, p->at + 1);
    } else if (c == '\\') {
        parse_escape(p);
    } else {
        emit(p, CHARACTER, (int)folded(p->g, bracket_character(&p->at)));
        return true;
    }
    return c != '^';
}

/* The part of the program from start on, min to max times; max < 0: without end. */
static void repeat(struct parse *p, size_t start, int min, int max)
{
    struct re_guts *g = p->g;
    size_t size = g->count - start, must = min > 1 ? (size_t)min : 1,
           last = max > 0 ? (size_t)max : must;

    for (size_t i = 1; i < last && max != 0; i++) {
        if (i >= must)
            put(p, g->count, SPLIT, 1, (int)((last - i) * (size + 1)));
        struct op *copy = insert(p, g->count, size);
        if (copy)
            memcpy(copy, g->ops + start, size * sizeof(*copy));
    }
    if (max < 0)
        put(p, g->count, SPLIT, -(int)size, 1);
    if (min == 0)
        put(p, start, SPLIT, 1, (int)(g->count - start) + 1);
    if (max == 0)
        g->count = start;
}

/* A number, or what it is without digits. */
static int parse_number(struct parse *p, int none)
{
    int number = *p->at >= '0' && *p->at <= '9' ? 0 : none;

    for (; *p->at >= '0' && *p->at <= '9'; p->at++)
        number = number > REPEAT_MAX ? number : number * 10 + *p->at - '0';
    return number;
}

/* min and max of an interval, behind its "{". */
static void parse_interval(struct parse *p, int range[2])
{
    const char *start = p->at;

    range[0] = parse_number(p, 0);
    p->at += *p->at == ',';
    range[1] = p->at > start && p->at[-1] == ',' ? parse_number(p, -1) : range[0];
    if (p->at == start || !take(p, '}'))
        fail(p, *p->at ? REG_BADBR : REG_EBRACE);
    if ((range[1] >= 0 && range[1] < range[0]) || range[0] > REPEAT_MAX || range[1] > REPEAT_MAX)
        fail(p, REG_BADBR);
}

static void parse_branch(struct parse *p, int depth)
{
    for (bool begins = true; *p->at && !sees(p, '|') && !(depth > 0 && sees(p, ')'));
         begins = false) {
        size_t start = p->g->count;
        bool repeats = parse_piece(p, depth, begins);
        for (int times = 0; repeats && !p->error; times++) {
            int range[2] = {0, -1};
            if (*p->at == '*')
                p->at++;
            else if (take(p, '+'))
                range[0] = 1;
            else if (take(p, '?'))
                range[1] = 1;
            else if (take(p, '{'))
                parse_interval(p, range);
            else
                break;
            if (times > 0 && !p->extended)
                fail(p, REG_BADRPT);
            if (!p->error)
                repeat(p, start, range[0], range[1]);
        }
        if (p->error)
            return;
    }
}

static void parse_alternatives(struct parse *p, int depth)
{
    struct re_guts *g = p->g;
    size_t jump = SIZE_MAX; /* behind the branch before */

    for (bool more = true; more; emit(p, JUMP, 0)) {
        size_t start = g->count;
        parse_branch(p, depth);
        more = !p->error && take(p, '|');
        if (more)
            put(p, start, SPLIT, 1, (int)(g->count - start) + 2);
        if (jump != SIZE_MAX && !p->error) /* to the jump behind this branch, or to the end */
            g->ops[jump].x = (int)(g->count - jump);
        if (!more)
            return;
        jump = g->count;
    }
}

void regfree(regex_t *regex)
{
    struct re_guts *g = regex->re_g;

    if (!g)
        return;
    free(g->ops);
    free(g->sets);
    free(g->text);
    free(g);
    regex->re_g = NULL;
}

int regcomp(regex_t *restrict regex, const char *restrict text, int flags)
{
    struct re_guts *g = calloc(1, sizeof(*g));
    struct parse p = {.g = g, .extended = flags & REG_EXTENDED};

    regex->re_g = g;
    if (!g || !(g->text = strdup(text))) {
        regfree(regex);
        return REG_ESPACE;
    }
    g->flags = flags;
    p.at = g->text;
    parse_alternatives(&p, 0);
    emit(&p, MATCH, 0);
    regex->re_nsub = (size_t)p.groups;
    if (p.error)
        regfree(regex);
    return p.error;
}

/* --- The machine --------------------------------------------------------------------------------- */

struct way {
    int pc;
    int before;    /* the way with the same hash that was found before it, or -1 */
    long progress; /* bytes of a back reference that have matched */
    long slots
        []; /* offsets: where the match begins, and from 2 on begin and end of groups; -1: unset */
};

struct ways {
    char *bytes;
    size_t count, room;
};

struct seen { /* by pc or hash: at which place it was last reached, and by which way */
    long place;
    int way;
};

struct machine {
    struct re_guts *g;
    const char *text;
    long end;  /* of the text */
    int flags; /* of regexec */
    size_t slots, way_size, seen_size;
    struct ways now, next; /* in order of preference */
    struct ways todo;      /* still to be followed, the last first */
    struct seen *seen;
    wint_t previous, current; /* the characters on both sides of the place */
    long *work;               /* slots of the way that is followed */
    bool full;                /* there was no memory, or too many ways */
};

static struct way *way_at(const struct machine *m, const struct ways *ways, size_t i)
{
    return (struct way *)(void *)(ways->bytes + i * m->way_size);
}

/* Adds a way with the slots that are in m->work. */
static bool add(struct machine *m, struct ways *ways, int pc, int before, long progress)
{
    if (ways->count == ways->room) {
        char *bytes = realloc(ways->bytes, (2 * ways->room + 16) * m->way_size);
        m->full |= !bytes;
        if (!bytes)
            return false;
        ways->bytes = bytes;
        ways->room = 2 * ways->room + 16;
    }
    struct way *way = way_at(m, ways, ways->count++);
    *way = (struct way){.pc = pc, .before = before, .progress = progress};
    memcpy(way->slots, m->work, m->slots * sizeof(long));
    return true;
}

/* The character at an offset and its bytes: 0 at the end. */
static wint_t character_at(const struct machine *m, long offset, long *size)
{
    mbstate_t state = {0};
    wchar_t wide;

    *size = offset < m->end;
    if (*size == 0)
        return NOWHERE;
    if (MB_CUR_MAX == 1)
        return (unsigned char)m->text[offset];
    size_t length = mbrtowc(&wide, m->text + offset, (size_t)(m->end - offset), &state);
    if (length > MB_LEN_MAX)
        return NOWHERE;
    *size = length ? (long)length : 1;
    return (wint_t)wide;
}

static bool is_word(wint_t c)
{
    return c != NOWHERE && (c == '_' || iswalnum(c));
}

static bool assert_holds(const struct machine *m, int kind)
{
    bool begins = m->previous == NOWHERE, ends = m->current == NOWHERE;
    bool before = is_word(m->previous), after = is_word(m->current),
         lines = m->g->flags & REG_NEWLINE;

    if (kind == '^')
        return (begins && !(m->flags & REG_NOTBOL)) || (lines && m->previous == '\n');
    if (kind == '$')
        return (ends && !(m->flags & REG_NOTEOL)) || (lines && m->current == '\n');
    if (kind == '`' || kind == '\'')
        return kind == '`' ? begins : ends;
    if (kind == '<' || kind == '>')
        return before != after && after == (kind == '<');
    return (before != after) == (kind == 'b');
}

/* Notes that the way in m->work is at pc; false: one that is as good was there before. */
static bool arrive(struct machine *m, struct ways *ways, int pc, long progress, long place)
{
    bool differ = m->g->refers_back;
    size_t hash = (size_t)pc;

    for (size_t i = 0; differ && i < m->slots; i++)
        hash = hash * 31 + (size_t)(m->work[i] + progress);
    struct seen *seen = &m->seen[hash % m->seen_size];
    if (seen->place == place && !differ)
        return false;
    if (seen->place != place)
        *seen = (struct seen){place, -1};
    const struct way *way;
    for (int i = seen->way; i >= 0; i = way->before) {
        way = way_at(m, ways, (size_t)i);
        if (way->pc == pc && way->progress == progress &&
            memcmp(way->slots, m->work, m->slots * sizeof(long)) == 0)
            return false;
    }
    if (!differ && m->g->ops[pc].kind > MATCH)
        return true;
    int before = seen->way;
    m->full |= differ && ways->count >= WAYS_MAX;
    seen->way = (int)ways->count;
    return !m->full && add(m, ways, pc, before, progress);
}

/* Follows the way in m->work from pc to all ops that wait for a character. */
static void follow(struct machine *m, struct ways *ways, int pc, long place)
{
    add(m, &m->todo, pc, -1, 0);
    while (m->todo.count > 0 && !m->full) {
        const struct way *way = way_at(m, &m->todo, --m->todo.count);
        memcpy(m->work, way->slots, m->slots * sizeof(long));
        pc = way->pc;
        for (bool goes_on = true; goes_on && arrive(m, ways, pc, 0, place);) {
            const struct op *op = &m->g->ops[pc];
            goes_on = op->kind > MATCH;
            if (op->kind == SPLIT)
                goes_on = add(m, &m->todo, pc + op->y, -1, 0);
            if (op->kind == SAVE && (size_t)op->x < m->slots)
                m->work[op->x] = place;
            if (op->kind == ASSERT)
                goes_on = assert_holds(m, op->x);
            if (op->kind == BACK) /* to an empty group there is nothing to wait for */
                goes_on = m->work[2 * op->x] >= 0 && m->work[2 * op->x] == m->work[2 * op->x + 1];
            pc += op->kind == SPLIT || op->kind == JUMP ? op->x : 1;
        }
    }
}

/* Lets a way go on with the character before a place to that place, if it can. */
static void step(struct machine *m, const struct way *way, long place)
{
    const struct op *op = &m->g->ops[way->pc];
    wint_t c = m->previous;
    long at = 0, end = 0, size = 0;
    bool matches = op->kind == ANY && !(c == '\n' && m->g->flags & REG_NEWLINE);

    if (op->kind == BACK) {
        at = way->slots[2 * op->x] + way->progress;
        end = way->slots[2 * op->x] < 0 ? 0 : way->slots[2 * op->x + 1];
        matches = at < end && folded(m->g, character_at(m, at, &size)) == folded(m->g, c);
    } else if (op->kind == CHARACTER) {
        matches = folded(m->g, c) == (wint_t)op->x;
    } else if (op->kind == SET && c < ASCII) {
        matches = m->g->sets[op->x].has[c];
    } else if (op->kind == SET) {
        const char *text = m->g->sets[op->x].text;
        set_match(m->g, &text, c, &matches);
    }
    if (!matches || c == NOWHERE)
        return;
    memcpy(m->work, way->slots, m->slots * sizeof(long));
    if (at + size < end)
        arrive(m, &m->next, way->pc, way->progress + size, place);
    else
        follow(m, &m->next, way->pc + 1, place);
}

/* Finds the match from an offset on that begins first, and of these the longest. Its slots are in best;
 * best[0] is -1: there is none. */
static void run(struct machine *m, long place, long *best)
{
    long size, following;

    m->previous = NOWHERE;
    m->current = character_at(m, place, &size);
    for (best[0] = -1; !m->full; place += size, size = following) {
        wint_t c = m->current;
        bool alone = m->next.count == 0 && !m->g->asserts && c < ASCII;
        if (best[0] < 0 && !(c < ASCII && m->g->dead[c])) { /* it may begin here */
            memset(m->work, 0xff, m->slots * sizeof(long));
            m->work[0] = place;
            follow(m, &m->next, 0, place);
        }
        struct ways ways = m->now;
        m->now = m->next;
        m->next = ways;
        m->next.count = 0;
        m->previous = c;
        m->current = character_at(m, place + size, &following);
        for (size_t i = 0; i < m->now.count && !m->full; i++) {
            const struct way *way = way_at(m, &m->now, i);
            enum kind kind = m->g->ops[way->pc].kind;
            bool better = best[0] < 0 || way->slots[0] < best[0];
            if (kind < MATCH && (better || way->slots[0] == best[0]))
                step(m, way, place + size);
            if (kind == MATCH && (better || (way->slots[0] == best[0] && place > best[1]))) {
                memcpy(best, way->slots, m->slots * sizeof(long));
                best[1] = place;
            }
        }
        if (alone && best[0] < 0 && m->next.count == 0)
            m->g->dead[c] = true;
        if (size == 0 || (best[0] >= 0 && m->next.count == 0))
            return;
    }
}

int regexec(const regex_t *restrict regex, const char *restrict text, size_t count,
            regmatch_t matches[restrict], int flags)
{
    struct re_guts *g = regex->re_g;
    bool part = flags & REG_STARTEND;
    size_t groups = g->refers_back ? regex->re_nsub + 1 : 1;

    count = g->flags & REG_NOSUB ? 0 : count;
    if (groups < count)
        groups = count < regex->re_nsub + 1 ? count : regex->re_nsub + 1;
    struct machine m = {.g = g, .text = text, .flags = flags, .slots = 2 * groups};
    m.end = part ? matches[0].rm_eo : (long)strlen(text);
    m.way_size = sizeof(struct way) + m.slots * sizeof(long);
    m.seen_size = g->refers_back ? HASHES : g->count;
    m.seen = malloc(m.seen_size * sizeof(*m.seen));
    m.work = malloc(2 * m.slots * sizeof(long));
    long *best = m.work + m.slots;
    m.full = !m.seen || !m.work;
    if (!m.full) {
        memset(m.seen, 0xff, m.seen_size * sizeof(*m.seen));
        run(&m, part ? matches[0].rm_so : 0, best);
    }
    bool found = !m.full && best[0] >= 0;
    for (size_t i = 0; found && i < count; i++)
        matches[i] = i < groups ? (regmatch_t){best[2 * i], best[2 * i + 1]} : (regmatch_t){-1, -1};
    free(m.seen);
    free(m.work);
    free(m.todo.bytes);
    free(m.now.bytes);
    free(m.next.bytes);
    return m.full ? REG_ESPACE : found ? 0 : REG_NOMATCH;
}
