/* SPDX-License-Identifier: MIT
 *
 * What `test` and `[` decide (POSIX XCU test), for the program and for the shell. With up to four
 * operands POSIX says by their number what is meant; more are an expression with -o, -a, ! and ( ),
 * from the loosest to the tightest. */
#include "user/lib/tool/tool.h"
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TRUE = 0, FALSE = 1, WRONG = 2 };

struct expression {
    char **v;
    int n, at;
    int wrong;
};

static int wrong(struct expression *e, const char *what, const char *text)
{
    if (!e->wrong)
        fprintf(stderr, "%s: %s%s%s\n", tool_name, text ? text : "", text ? ": " : "", what);
    e->wrong = 1;
    return 0;
}

static int is_unary(const char *text)
{
    return text[0] == '-' && text[1] && !text[2] && strchr("bcdefghkLnprSstuwxzO", text[1]);
}

static const char *const binary_names[] = {"=",   "==",  "!=",  "<",   ">",   "-eq", "-ne",
                                           "-gt", "-ge", "-lt", "-le", "-nt", "-ot", "-ef"};
enum binary { EQUAL, EQUAL2, UNEQUAL, BEFORE, AFTER, EQ, NE, GT, GE, LT, LE, NT, OT, EF, BINARIES };

static int binary_of(const char *text)
{
    for (int i = 0; i < BINARIES; i++)
        if (strcmp(text, binary_names[i]) == 0)
            return i;
    return -1;
}

static long long integer(struct expression *e, const char *text)
{
    char *end;

    errno = 0;
    long long value = strtoll(text, &end, 10);
    while (isspace((unsigned char)*end))
        end++;
    if (*end || end == text || errno)
        wrong(e, "integer expected", text);
    return value;
}

static int unary(struct expression *e, char letter, const char *text)
{
    struct stat status;

    switch (letter) {
    case 'n':
        return *text != '\0';
    case 'z':
        return *text == '\0';
    case 't':
        return isatty((int)integer(e, text));
    case 'r':
        return access(text, R_OK) == 0;
    case 'w':
        return access(text, W_OK) == 0;
    case 'x':
        return access(text, X_OK) == 0;
    }
    if ((letter == 'h' || letter == 'L' ? lstat(text, &status) : stat(text, &status)) < 0)
        return 0;
    switch (letter) {
    case 'b':
        return S_ISBLK(status.st_mode);
    case 'c':
        return S_ISCHR(status.st_mode);
    case 'd':
        return S_ISDIR(status.st_mode);
    case 'f':
        return S_ISREG(status.st_mode);
    case 'g':
        return (status.st_mode & S_ISGID) != 0;
    case 'h':
    case 'L':
        return S_ISLNK(status.st_mode);
    case 'k':
        return (status.st_mode & S_ISVTX) != 0;
    case 'p':
        return S_ISFIFO(status.st_mode);
    case 'S':
        return S_ISSOCK(status.st_mode);
    case 's':
        return status.st_size > 0;
    case 'u':
        return (status.st_mode & S_ISUID) != 0;
    case 'O':
        return status.st_uid == geteuid();
    }
    return 1; /* -e */
}

static int compare_files(enum binary op, const char *left, const char *right)
{
    struct stat a, b;
    int has_a = stat(left, &a) == 0, has_b = stat(right, &b) == 0;

    if (op == EF)
        return has_a && has_b && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
    if (op == OT) {
        struct stat swap = a;
        int has = has_a;
        a = b;
        b = swap;
        has_a = has_b;
        has_b = has;
    }
    return has_a &&
           (!has_b || a.st_mtim.tv_sec > b.st_mtim.tv_sec ||
            (a.st_mtim.tv_sec == b.st_mtim.tv_sec && a.st_mtim.tv_nsec > b.st_mtim.tv_nsec));
}

static int binary(struct expression *e, const char *left, enum binary op, const char *right)
{
    switch (op) {
    case EQUAL:
    case EQUAL2:
        return strcmp(left, right) == 0;
    case UNEQUAL:
        return strcmp(left, right) != 0;
    case BEFORE:
        return strcmp(left, right) < 0;
    case AFTER:
        return strcmp(left, right) > 0;
    case NT:
    case OT:
    case EF:
        return compare_files(op, left, right);
    default:
        break;
    }
    long long a = integer(e, left), b = integer(e, right);
    return op == EQ   ? a == b
           : op == NE ? a != b
           : op == GT ? a > b
           : op == GE ? a >= b
           : op == LT ? a < b
                      : a <= b;
}

static int parse_or(struct expression *e);

static int parse_primary(struct expression *e)
{
    if (e->at >= e->n)
        return wrong(e, "argument expected", NULL);
    char *word = e->v[e->at++];
    int left = e->n - e->at, op = left >= 2 ? binary_of(e->v[e->at]) : -1;
    if (op >= 0) {
        e->at += 2;
        return binary(e, word, (enum binary)op, e->v[e->at - 1]);
    }
    if (strcmp(word, "!") == 0 && left > 0)
        return !parse_primary(e);
    if (strcmp(word, "(") == 0 && left > 0) {
        int result = parse_or(e);
        if (e->at >= e->n || strcmp(e->v[e->at++], ")") != 0)
            return wrong(e, "closing paren expected", NULL);
        return result;
    }
    if (is_unary(word) && left > 0)
        return unary(e, word[1], e->v[e->at++]);
    return *word != '\0';
}

static int parse_and(struct expression *e)
{
    int result = parse_primary(e);

    while (!e->wrong && e->at < e->n && strcmp(e->v[e->at], "-a") == 0) {
        e->at++;
        result &= parse_primary(e);
    }
    return result;
}

static int parse_or(struct expression *e)
{
    int result = parse_and(e);

    while (!e->wrong && e->at < e->n && strcmp(e->v[e->at], "-o") == 0) {
        e->at++;
        result |= parse_and(e);
    }
    return result;
}

/* By the number of operands (POSIX XCU test, EXTENDED DESCRIPTION); -1: not one of those cases. */
static int by_number(struct expression *e, char **v, int n)
{
    int op;

    switch (n) {
    case 0:
        return 0;
    case 1:
        return *v[0] != '\0';
    case 2:
        if (strcmp(v[0], "!") == 0)
            return *v[1] == '\0';
        return is_unary(v[0]) ? unary(e, v[0][1], v[1]) : -1;
    case 3:
        if ((op = binary_of(v[1])) >= 0)
            return binary(e, v[0], (enum binary)op, v[2]);
        if (strcmp(v[1], "-a") == 0 || strcmp(v[1], "-o") == 0)
            return v[1][1] == 'a' ? *v[0] && *v[2] : *v[0] || *v[2];
        if (strcmp(v[0], "!") == 0 && (op = by_number(e, v + 1, 2)) >= 0)
            return !op;
        return strcmp(v[0], "(") == 0 && strcmp(v[2], ")") == 0 ? *v[1] != '\0' : -1;
    case 4:
        if (strcmp(v[0], "!") == 0 && (op = by_number(e, v + 1, 3)) >= 0)
            return !op;
        return strcmp(v[0], "(") == 0 && strcmp(v[3], ")") == 0 ? by_number(e, v + 1, 2) : -1;
    }
    return -1;
}

int tool_test(int argc, char **argv)
{
    struct expression e = {.v = argv + 1, .n = argc - 1};

    tool_name = argv[0];
    if (strcmp(argv[0], "[") == 0 && (argc < 2 || strcmp(argv[argc - 1], "]") != 0)) {
        fprintf(stderr, "[: missing ]\n");
        return WRONG;
    }
    e.n -= strcmp(argv[0], "[") == 0;
    int result = by_number(&e, e.v, e.n);
    if (result < 0) {
        result = parse_or(&e);
        if (!e.wrong && e.at < e.n)
            wrong(&e, "unexpected op", e.v[e.at]);
    }
    return e.wrong ? WRONG : result ? TRUE : FALSE;
}
