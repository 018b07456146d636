/* SPDX-License-Identifier: MIT
 *
 * A shell line as a tree: a script is and-or lists, each of commands (POSIX XCU 2.9, without pipes
 * and compound commands). Words stay as written, quotes and all, for expand.c. */
#ifndef OCTAVO_SH_PARSE_H
#define OCTAVO_SH_PARSE_H

#include <stdbool.h>
#include <sys/queue.h>

enum redirection_kind { REDIRECT_READ, REDIRECT_WRITE, REDIRECT_APPEND, REDIRECT_DUP };

struct redirection {
    STAILQ_ENTRY(redirection) link;
    enum redirection_kind kind;
    int fd;
    char *word; /* file name; DUP: descriptor number, or "-" to close */
};

struct word {
    STAILQ_ENTRY(word) link;
    char text[]; /* raw */
};
STAILQ_HEAD(word_list, word);

/* When a command runs, by the status of the one before it in its list. */
enum condition { RUN_ALWAYS, RUN_IF_TRUE, RUN_IF_FALSE };

struct command {
    STAILQ_ENTRY(command) link;
    enum condition condition;
    bool negate;
    struct word_list assignments, words;
    STAILQ_HEAD(, redirection) redirections;
};

struct and_or {
    STAILQ_ENTRY(and_or) link;
    bool background;
    char *text; /* as written, for `jobs` and for running it in a shell of its own */
    STAILQ_HEAD(, command) commands;
};

struct script {
    STAILQ_HEAD(, and_or) lists;
};

enum parse_result {
    PARSE_DONE,
    PARSE_MORE, /* ends inside quotes, or after && or ||: more lines are wanted */
    PARSE_ERROR /* *error says what is wrong, in static memory */
};

/* Only PARSE_DONE leaves something in *script. */
enum parse_result script_parse(const char *text, struct script *script, const char **error);
void script_free(struct script *script);

/* Is text a name and, up to `length`, nothing else? (POSIX XBD 3.235) */
bool name_valid(const char *text, unsigned long length);

#endif
