/* SPDX-License-Identifier: MIT
 *
 * The shell's language as a tree (POSIX XCU 2.10). Words stay as written, quotes and all, for
 * expand.c. parse.c makes the tree, lex.c the tokens that it is made of. */
#ifndef OCTAVO_SH_PARSE_H
#define OCTAVO_SH_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/queue.h>
#include "user/bin/sh/arena.h"

enum redirection_kind {
    REDIRECT_READ,       /* < */
    REDIRECT_WRITE,      /* > */
    REDIRECT_CLOBBER,    /* >| */
    REDIRECT_APPEND,     /* >> */
    REDIRECT_READ_WRITE, /* <> */
    REDIRECT_DUP,        /* <& and >& */
    REDIRECT_HERE        /* << and <<- */
};

struct redirection {
    STAILQ_ENTRY(redirection) link;
    enum redirection_kind kind;
    int fd;
    char *word; /* file name; DUP: descriptor number, or "-" to close; HERE: the delimiter */
    char *body; /* HERE */
    bool quoted, strip; /* HERE: the delimiter was quoted; <<- */
    STAILQ_ENTRY(redirection) pending;
};
STAILQ_HEAD(redirection_list, redirection);

struct word {
    STAILQ_ENTRY(word) link;
    char text[]; /* raw */
};
STAILQ_HEAD(word_list, word);

enum node_kind {
    NODE_SIMPLE,     /* assignments, words, redirections */
    NODE_PIPE,       /* left | right */
    NODE_AND,        /* left && right */
    NODE_OR,         /* left || right */
    NODE_NOT,        /* ! left */
    NODE_SEQUENCE,   /* left ; right */
    NODE_BACKGROUND, /* left & */
    NODE_SUBSHELL,   /* ( left ) */
    NODE_GROUP,      /* { left } */
    NODE_IF,         /* if left then right else other */
    NODE_WHILE,      /* while left do right */
    NODE_UNTIL,      /* until left do right */
    NODE_FOR,        /* for name in words do right; has_words: `in` was there */
    NODE_CASE,       /* case first of words in items */
    NODE_FUNCTION    /* name() right */
};

struct case_item {
    STAILQ_ENTRY(case_item) link;
    struct word_list patterns;
    struct node *body; /* NULL: nothing */
};

struct node {
    enum node_kind kind;
    bool has_words;
    struct node *left, *right, *other;
    struct word_list assignments, words;
    struct redirection_list redirections; /* of a simple or compound command */
    STAILQ_HEAD(, case_item) items;
    char *name;
    char *text; /* BACKGROUND: the list as written, for `jobs` */
};

enum parse_result {
    PARSE_DONE,
    PARSE_EMPTY, /* no command before the end of the text */
    PARSE_MORE,  /* ends inside something: more lines are wanted */
    PARSE_ERROR  /* *error says what is wrong, in static memory */
};

/* Parses the next complete command, up to the newline that ends it, from text at *position, which moves
 * behind it. The tree is in *arena, which only PARSE_DONE leaves, to be dropped by the caller. */
enum parse_result parse_command(const char *text, size_t *position, struct node **node,
                                struct arena **arena, const char **error);

/* Parses what is behind a "$(" in text and ends with its ")": *end is behind that. *node is NULL when
 * there is no command in it. The rest as above. */
enum parse_result parse_substitution(const char *text, size_t *end, struct node **node,
                                     struct arena **arena, const char **error);

/* Is text a name and, up to `length`, nothing else? (POSIX XBD 3.235) */
bool name_valid(const char *text, size_t length);

#endif
