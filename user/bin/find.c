/* SPDX-License-Identifier: MIT
 *
 * find [-HLP] [path]... [expression] (POSIX XCU find; -iname -maxdepth -mindepth -mmin -empty -delete
 * -print0 -quit as elsewhere). A folder's names are taken in the order of their bytes. */
#define _GNU_SOURCE /* FNM_CASEFOLD */
#include "user/lib/tool/tool.h"
#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BATCH_ROOM 4096 /* bytes of names for one -exec {} + */

enum kind { AND, OR, NOT, TEST };

struct node;
typedef int evaluate(struct node *node, const char *path, const struct stat *status);

struct node {
    enum kind kind;
    struct node *left, *right;
    evaluate *evaluate;
    const char *text;
    char **command; /* -exec, NULL-terminated */
    int words;
    char sign; /* + - or 0, before a number */
    long long number;
    unsigned long long unit;
    mode_t mode;
    char letter;
    struct timespec time;
    char **batch; /* -exec {} +: what is collected */
    int batched;
    size_t batch_size;
    struct node *next_batch;
};

static int follow, follow_operands, depth_first, prints_itself, pruned, quit;
static long max_depth = 1l << 30, min_depth;
static long depth;
static time_t now;
static char **word; /* of the expression, not taken yet */
static struct node *batches;

extern char **environ;

/* --- Evaluation ------------------------------------------------------------------------------- */

static int is_number(const struct node *node, long long value)
{
    return node->sign == '+'   ? value > node->number
           : node->sign == '-' ? value < node->number
                               : value == node->number;
}

static int match_base(const struct node *node, const char *path, int flags)
{
    char *base = tool_base(path);
    int result = fnmatch(node->text, base, flags) == 0;

    free(base);
    return result;
}

static int eval_name(struct node *node, const char *path, const struct stat *status)
{
    (void)status;
    return match_base(node, path, 0);
}

static int eval_iname(struct node *node, const char *path, const struct stat *status)
{
    (void)status;
    return match_base(node, path, FNM_CASEFOLD);
}

static int eval_path(struct node *node, const char *path, const struct stat *status)
{
    (void)status;
    return fnmatch(node->text, path, 0) == 0;
}

static int eval_type(struct node *node, const char *path, const struct stat *status)
{
    static const struct {
        char letter;
        mode_t type;
    } types[] = {{'f', S_IFREG}, {'d', S_IFDIR}, {'l', S_IFLNK}, {'c', S_IFCHR},
                 {'b', S_IFBLK}, {'p', S_IFIFO}, {'s', S_IFSOCK}};

    (void)path;
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if ((status->st_mode & S_IFMT) == types[i].type)
            return types[i].letter == node->letter;
    return 0;
}

static int eval_size(struct node *node, const char *path, const struct stat *status)
{
    unsigned long long size = (unsigned long long)status->st_size;

    (void)path;
    return is_number(node, (long long)((size + node->unit - 1) / node->unit));
}

static int eval_time(struct node *node, const char *path, const struct stat *status)
{
    time_t t = node->letter == 'a'   ? status->st_atim.tv_sec
               : node->letter == 'c' ? status->st_ctim.tv_sec
                                     : status->st_mtim.tv_sec;
    long long age = (long long)(now - t);

    (void)path;
    if (node->unit == 60) /* minutes count as begun, days as passed */
        return is_number(node, node->sign == '-' ? age / 60 : (age + 59) / 60);
    return is_number(node, age / (long long)node->unit);
}

static int eval_newer(struct node *node, const char *path, const struct stat *status)
{
    const struct timespec *t = &status->st_mtim;

    (void)path;
    return t->tv_sec > node->time.tv_sec ||
           (t->tv_sec == node->time.tv_sec && t->tv_nsec > node->time.tv_nsec);
}

static int eval_perm(struct node *node, const char *path, const struct stat *status)
{
    mode_t mode = status->st_mode & 07777;

    (void)path;
    return node->sign == '-'   ? (mode & node->mode) == node->mode
           : node->sign == '/' ? node->mode == 0 || (mode & node->mode) != 0
                               : mode == node->mode;
}

static int eval_links(struct node *node, const char *path, const struct stat *status)
{
    (void)path;
    return is_number(node, (long long)(node->letter == 'i' ? status->st_ino : status->st_nlink));
}

static int eval_empty(struct node *node, const char *path, const struct stat *status)
{
    (void)node;
    if (!S_ISDIR(status->st_mode))
        return S_ISREG(status->st_mode) && status->st_size == 0;
    char **names = tool_names(path);
    int empty = names && !*names;
    if (names)
        tool_names_free(names);
    return empty;
}

static int eval_print(struct node *node, const char *path, const struct stat *status)
{
    (void)status;
    fputs(path, stdout);
    putchar(node->letter);
    return 1;
}

static int eval_prune(struct node *node, const char *path, const struct stat *status)
{
    (void)node;
    (void)path;
    (void)status;
    pruned = 1;
    return 1;
}

static int eval_quit(struct node *node, const char *path, const struct stat *status)
{
    (void)node;
    (void)path;
    (void)status;
    quit = 1;
    return 1;
}

static int eval_constant(struct node *node, const char *path, const struct stat *status)
{
    (void)path;
    (void)status;
    return (int)node->number;
}

static int eval_delete(struct node *node, const char *path, const struct stat *status)
{
    (void)node;
    if (strcmp(path, ".") == 0)
        return 1;
    if ((S_ISDIR(status->st_mode) ? rmdir(path) : unlink(path)) == 0)
        return 1;
    tool_warn("cannot delete '%s'", path);
    return 0;
}

/* text with each {} replaced, in malloc's memory. */
static char *replace(const char *text, const char *path)
{
    size_t size = 1;

    for (const char *at = text; *at; at++)
        size += strncmp(at, "{}", 2) == 0 ? strlen(path) : 1;
    char *result = tool_memory(NULL, size + 1), *to = result;
    for (; *text; text++)
        if (strncmp(text, "{}", 2) == 0) {
            to = stpcpy(to, path);
            text++;
        } else {
            *to++ = *text;
        }
    *to = '\0';
    return result;
}

static int eval_exec(struct node *node, const char *path, const struct stat *status)
{
    char **argv = tool_memory(NULL, ((size_t)node->words + 1) * sizeof(*argv));
    int result = 0;

    (void)status;
    if (node->letter == 'o' && !tool_ask("< %s ... %s >", node->command[0], path)) {
        free(argv);
        return 0;
    }
    for (int i = 0; i < node->words; i++)
        argv[i] = replace(node->command[i], path);
    argv[node->words] = NULL;
    pid_t pid = tool_start(argv, environ);
    if (pid > 0)
        result = tool_wait(pid) == 0;
    else
        tool_status = 1;
    for (int i = 0; i < node->words; i++)
        free(argv[i]);
    free(argv);
    return result;
}

static void batch_run(struct node *node)
{
    if (node->batched == 0)
        return;
    char **argv = tool_memory(NULL, (size_t)(node->words + node->batched + 1) * sizeof(*argv));
    memcpy(argv, node->command, (size_t)node->words * sizeof(*argv));
    memcpy(argv + node->words, node->batch, (size_t)node->batched * sizeof(*argv));
    argv[node->words + node->batched] = NULL;
    pid_t pid = tool_start(argv, environ);
    if (pid < 0 || tool_wait(pid) != 0)
        tool_status = 1;
    for (int i = 0; i < node->batched; i++)
        free(node->batch[i]);
    free(argv);
    node->batched = 0;
    node->batch_size = 0;
}

static int eval_batch(struct node *node, const char *path, const struct stat *status)
{
    size_t size = strlen(path) + 1;

    (void)status;
    if (node->batch_size + size > BATCH_ROOM)
        batch_run(node);
    node->batch = tool_memory(node->batch, (size_t)(node->batched + 1) * sizeof(*node->batch));
    node->batch[node->batched++] = strcpy(tool_memory(NULL, size), path);
    node->batch_size += size;
    return 1;
}

static int evaluate_node(struct node *node, const char *path, const struct stat *status)
{
    switch (node->kind) {
    case AND:
        return evaluate_node(node->left, path, status) && !quit &&
               evaluate_node(node->right, path, status);
    case OR:
        return evaluate_node(node->left, path, status) ||
               (!quit && evaluate_node(node->right, path, status));
    case NOT:
        return !evaluate_node(node->left, path, status);
    case TEST:
        break;
    }
    return node->evaluate(node, path, status);
}

/* --- The expression ---------------------------------------------------------------------------- */

static struct node *node_new(enum kind kind, struct node *left, struct node *right)
{
    struct node *node = calloc(1, sizeof(*node));

    if (!node)
        tool_die("no memory");
    node->kind = kind;
    node->left = left;
    node->right = right;
    return node;
}

static const char *operand(const char *name)
{
    if (!*word)
        tool_die("missing argument to '%s'", name);
    return *word++;
}

static void take_number(struct node *node, const char *text, char **end)
{
    node->sign = *text == '+' || *text == '-' ? *text : 0;
    text += node->sign != 0;
    if (!isdigit((unsigned char)*text))
        tool_die("%s: not a number", text);
    node->number = strtoll(text, end, 10);
}

static void take_size(struct node *node, const char *text)
{
    static const char letters[] = "bcwkMG";
    static const unsigned units[] = {512, 1, 2, 1024, 1048576, 1073741824};
    char *end;

    take_number(node, text, &end);
    const char *at = *end ? strchr(letters, *end) : letters;
    if (!at || (*end && end[1]))
        tool_die("%s: not a size", text);
    node->unit = units[at - letters];
}

static void take_command(struct node *node, const char *name)
{
    node->command = word;
    node->letter = name[1]; /* e: -exec, o: -ok */
    node->evaluate = eval_exec;
    for (; *word; word++, node->words++) {
        if (strcmp(*word, ";") == 0)
            break;
        if (strcmp(*word, "+") == 0 && node->words > 0 && strcmp(word[-1], "{}") == 0) {
            node->words--;
            node->evaluate = eval_batch;
            node->next_batch = batches;
            batches = node;
            break;
        }
    }
    if (!*word++ || node->words == 0)
        tool_die("missing argument to '%s'", name);
}

static void take_perm(struct node *node, const char *text)
{
    node->sign = *text == '-' || *text == '/' ? *text : 0;
    long mode = tool_mode(text + (node->sign != 0), 0, 0);
    if (mode < 0)
        tool_die("%s: not a mode", text);
    node->mode = (mode_t)mode;
}

static void take_newer(struct node *node, const char *path)
{
    struct stat status;

    if (stat(path, &status) < 0) {
        tool_warn("%s", path);
        exit(1);
    }
    node->time = status.st_mtim;
}

static const struct primary {
    const char *name;
    evaluate *evaluate;
    char how; /* what its operand is: t text, n number, d days, m minutes, 0: none ... */
    char letter;
} primaries[] = {
    {"-name", eval_name, 't', 0},         {"-iname", eval_iname, 't', 0},
    {"-path", eval_path, 't', 0},         {"-type", eval_type, 'y', 0},
    {"-size", eval_size, 's', 0},         {"-mtime", eval_time, 'd', 'm'},
    {"-atime", eval_time, 'd', 'a'},      {"-ctime", eval_time, 'd', 'c'},
    {"-mmin", eval_time, 'm', 'm'},       {"-amin", eval_time, 'm', 'a'},
    {"-cmin", eval_time, 'm', 'c'},       {"-newer", eval_newer, 'w', 0},
    {"-perm", eval_perm, 'p', 0},         {"-links", eval_links, 'n', 'l'},
    {"-inum", eval_links, 'n', 'i'},      {"-empty", eval_empty, 0, 0},
    {"-print", eval_print, 'a', '\n'},    {"-print0", eval_print, 'a', '\0'},
    {"-prune", eval_prune, 0, 0},         {"-quit", eval_quit, 0, 0},
    {"-true", eval_constant, '1', 0},     {"-false", eval_constant, 0, 0},
    {"-delete", eval_delete, 'D', 0},     {"-exec", eval_exec, 'x', 0},
    {"-ok", eval_exec, 'x', 0},           {"-depth", eval_constant, 'h', 0},
    {"-xdev", eval_constant, '1', 0},     {"-maxdepth", eval_constant, 'M', 0},
    {"-mindepth", eval_constant, 'L', 0},
};

static void take_operand(struct node *node, const struct primary *p)
{
    char *end;

    switch (p->how) {
    case 't':
        node->text = operand(p->name);
        break;
    case 'y':
        node->letter = *operand(p->name);
        if (!strchr("fdlcbps", node->letter))
            tool_die("unknown type");
        break;
    case 's':
        take_size(node, operand(p->name));
        break;
    case 'd':
    case 'm':
    case 'n':
        take_number(node, operand(p->name), &end);
        if (*end)
            tool_die("%s: not a number", word[-1]);
        node->unit = p->how == 'd' ? 86400 : 60;
        break;
    case 'w':
        take_newer(node, operand(p->name));
        break;
    case 'p':
        take_perm(node, operand(p->name));
        break;
    case 'a':
        prints_itself = 1;
        break;
    case 'D':
        prints_itself = depth_first = 1;
        break;
    case 'x':
        prints_itself = 1;
        take_command(node, p->name);
        break;
    case 'h':
        depth_first = 1;
        node->number = 1;
        break;
    case '1':
        node->number = 1;
        break;
    case 'M':
    case 'L':
        node->number = 1;
        *(p->how == 'M' ? &max_depth : &min_depth) = tool_number(operand(p->name), 1l << 30);
        if (max_depth < 0 || min_depth < 0)
            tool_die("%s: not a depth", word[-1]);
    }
}

static struct node *parse_or(void);

static struct node *parse_primary(void)
{
    const char *name = operand("!");

    if (strcmp(name, "!") == 0 || strcmp(name, "-not") == 0)
        return node_new(NOT, parse_primary(), NULL);
    if (strcmp(name, "(") == 0) {
        struct node *node = parse_or();
        if (!*word || strcmp(*word++, ")") != 0)
            tool_die("missing ')'");
        return node;
    }
    for (size_t i = 0; i < sizeof(primaries) / sizeof(primaries[0]); i++)
        if (strcmp(primaries[i].name, name) == 0) {
            struct node *node = node_new(TEST, NULL, NULL);
            node->evaluate = primaries[i].evaluate;
            node->letter = primaries[i].letter;
            take_operand(node, &primaries[i]);
            return node;
        }
    tool_die("unknown predicate '%s'", name);
}

static int next_is(const char *a, const char *b)
{
    return *word && (strcmp(*word, a) == 0 || strcmp(*word, b) == 0);
}

static struct node *parse_and(void)
{
    struct node *node = parse_primary();

    while (*word && !next_is("-o", "-or") && !next_is(")", ")")) {
        if (next_is("-a", "-and"))
            word++;
        node = node_new(AND, node, parse_primary());
    }
    return node;
}

static struct node *parse_or(void)
{
    struct node *node = parse_and();

    while (next_is("-o", "-or")) {
        word++;
        node = node_new(OR, node, parse_and());
    }
    return node;
}

static struct node *parse(void)
{
    struct node *node, *print = node_new(TEST, NULL, NULL);

    print->evaluate = eval_print;
    print->letter = '\n';
    if (!*word)
        return print;
    node = parse_or();
    if (*word)
        tool_die("unexpected '%s'", *word);
    return prints_itself ? node : node_new(AND, node, print);
}

/* --- The walk ---------------------------------------------------------------------------------- */

/* Folders on the way down: a link to one of them would be a loop. */
struct way {
    const struct way *up;
    dev_t device;
    ino_t inode;
};

static void walk(const char *path, struct node *expression, const struct way *up)
{
    struct stat status;
    int links = follow || (follow_operands && depth == 0);

    if (((links ? stat(path, &status) : lstat(path, &status)) < 0) && lstat(path, &status) < 0) {
        tool_warn("'%s'", path);
        return;
    }
    struct way here = {up, status.st_dev, status.st_ino};
    for (const struct way *w = up; w && follow && S_ISDIR(status.st_mode); w = w->up)
        if (w->device == here.device && w->inode == here.inode) {
            tool_say("'%s': a link to a folder above it", path);
            return;
        }
    pruned = 0;
    if (!depth_first && depth >= min_depth)
        evaluate_node(expression, path, &status);
    if (S_ISDIR(status.st_mode) && !pruned && !quit && depth < max_depth) {
        char **names = tool_names(path);
        if (!names)
            tool_warn("'%s'", path);
        for (char **name = names; name && *name && !quit; name++) {
            char *child = tool_path(path, *name);
            depth++;
            walk(child, expression, &here);
            depth--;
            free(child);
        }
        if (names)
            tool_names_free(names);
    }
    if (depth_first && !quit && depth >= min_depth)
        evaluate_node(expression, path, &status);
}

int main(int argc, char **argv)
{
    static char here[] = ".";
    int i = 1;

    tool_begin(argv, "find [-HLP] [path]... [expression]");
    for (; i < argc && argv[i][0] == '-' && strchr("HLP", argv[i][1]) && argv[i][1] && !argv[i][2];
         i++) {
        follow = argv[i][1] == 'L';
        follow_operands = argv[i][1] == 'H';
    }
    int first = i;
    while (i < argc && argv[i][0] != '-' && strcmp(argv[i], "!") != 0 && strcmp(argv[i], "(") != 0)
        i++;
    word = argv + i;
    now = time(NULL);
    struct node *expression = parse();
    if (first == i)
        walk(here, expression, NULL);
    for (; first < i && !quit; first++)
        walk(argv[first], expression, NULL);
    for (struct node *node = batches; node; node = node->next_batch)
        batch_run(node);
    return tool_end();
}
