/* ctl.h: what the groups of commands share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-session.h"

G_BEGIN_DECLS

/* Exit statuses. */
typedef enum
{
  CTL_DONE,
  CTL_REFUSED,
  CTL_USAGE,
} CtlStatus;

typedef struct _Ctl        Ctl;
typedef struct _CtlCommand CtlCommand;

/* One run of the program. */
struct _Ctl
{
  gboolean      json;
  char         *server;        /* (owned) (nullable) */
  char         *token;         /* (owned) (nullable) */
  char         *token_file;    /* (owned) (nullable) */
  char         *ca;            /* (owned) (nullable): a file, after ctl_open () absolute */
  BwSession    *session;       /* (owned) (nullable): after ctl_connect () */
  GCancellable *cancellable;   /* Ctrl+C or SIGTERM */
  GAsyncResult *result;        /* (owned) (nullable): what ctl_await () waits for */
  GHashTable   *names;         /* (owned) (nullable): of ctl_find_name () */
};

struct _CtlCommand
{
  const char *group;       /* "batch"; (nullable): a command of one word */
  const char *name;        /* "create" */
  const char *arguments;   /* (nullable): "NAME --csv FILE" */
  const char *summary;     /* translated when shown */
  CtlStatus (*run) (Ctl              *ctl,
                    const CtlCommand *command,
                    char            **arguments);
};

/* The commands of each group; the last one has no name. */
extern const CtlCommand ctl_account_commands[];
extern const CtlCommand ctl_audit_commands[];
extern const CtlCommand ctl_batch_commands[];
extern const CtlCommand ctl_bulk_commands[];
extern const CtlCommand ctl_database_commands[];
extern const CtlCommand ctl_design_commands[];
extern const CtlCommand ctl_device_commands[];
extern const CtlCommand ctl_device_edit_commands[];
extern const CtlCommand ctl_device_history_commands[];
extern const CtlCommand ctl_history_commands[];
extern const CtlCommand ctl_labels_commands[];
extern const CtlCommand ctl_noun_commands[];
extern const CtlCommand ctl_overview_commands[];
extern const CtlCommand ctl_own_commands[];
extern const CtlCommand ctl_people_commands[];
extern const CtlCommand ctl_query_commands[];
extern const CtlCommand ctl_request_commands[];
extern const CtlCommand ctl_rule_commands[];
extern const CtlCommand ctl_search_commands[];
extern const CtlCommand ctl_serve_commands[];
extern const CtlCommand ctl_session_commands[];
extern const CtlCommand ctl_stock_commands[];
extern const CtlCommand ctl_verify_commands[];
extern const CtlCommand ctl_view_commands[];

/* Reads the options of a command (@entries: NULL-terminated, (nullable)) out of @arguments and leaves the
 * others; FALSE: the usage was shown. --help shows it and ends the program. */
gboolean   ctl_parse         (Ctl                 *ctl,
                              const CtlCommand    *command,
                              const GOptionEntry  *entries,
                              char               **arguments,
                              guint                n_min,
                              guint                n_max);
CtlStatus  ctl_usage_error   (const CtlCommand    *command,
                              const char          *format,
                              ...) G_GNUC_PRINTF (2, 3);

/* One line on standard error; CTL_REFUSED. */
CtlStatus  ctl_fail          (const GError        *error);
CtlStatus  ctl_fail_text     (const char          *format,
                              ...) G_GNUC_PRINTF (1, 2);

/* Runs the main loop until ctl_result_cb () was called; (transfer full). */
GAsyncResult *ctl_await      (Ctl                 *ctl);
void       ctl_result_cb     (GObject             *source,
                              GAsyncResult        *result,
                              gpointer             ctl);
/* Runs it that long, or until Ctrl+C. */
void       ctl_sleep         (Ctl                 *ctl,
                              guint                milliseconds);

/* A session at the address that options, environment or an earlier login give; the second signs in with the token, too. */
gboolean   ctl_open          (Ctl                 *ctl,
                              GError             **error);
gboolean   ctl_connect       (Ctl                 *ctl,
                              GError             **error);
/* bw_session_call_async () and waiting for it. */
JsonObject *ctl_call         (Ctl                 *ctl,
                              const char          *method,
                              const char          *path_and_query,
                              const char          *body,
                              GError             **error);
/* (transfer full): by its name, or its id */
BwBatch   *ctl_find_batch    (Ctl                 *ctl,
                              const char          *name,
                              GError             **error);
/* (transfer full): the canonical form */
char      *ctl_parse_device_id (const char        *text,
                              GError             **error);

/* Who came in just now: keeps the token for later commands, or prints it, and says who it is. */
CtlStatus  ctl_end_sign_in   (Ctl                 *ctl,
                              gboolean             prints_token);

/* The login that is kept between runs, of this user on this computer. */
gboolean   ctl_store_login   (const char          *server,
                              const char          *token,
                              const char          *ca,          /* (nullable) */
                              GError             **error);
void       ctl_load_login    (char               **ret_server,
                              char               **ret_token,
                              char               **ret_ca);
gboolean   ctl_forget_login  (GError             **error);

/* Output. */
void       ctl_print_document (JsonObject         *document);
void       ctl_print_text    (const char          *text);    /* a GString of JSON, with a line's end */
/* Foreign text for a terminal: nothing in it moves the cursor. (transfer full) */
char      *ctl_clean         (const char          *text);
char      *ctl_format_time   (gint64               at_us);    /* (transfer full): "–" for never */
/* Rows of equally many cells; the first is the head. (element-type GStrv) */
void       ctl_print_table   (GPtrArray           *rows);
/* A table that comes in parts. @widths: one a column, of the parts before; they grow */
void       ctl_print_rows    (GPtrArray           *rows,
                              guint               *widths);
/* A line on a terminal that is written over; nothing when standard error is none, or with --json. */
void       ctl_progress      (Ctl                 *ctl,
                              const char          *format,
                              ...) G_GNUC_PRINTF (2, 3);
void       ctl_progress_end  (Ctl                 *ctl);
/* A line from standard input, without echo on a terminal. (transfer full) (nullable) */
char      *ctl_read_secret   (Ctl                 *ctl,
                              const char          *prompt,
                              GError             **error);
/* The same, of a password that is new: on a terminal it has to be typed twice. */
char      *ctl_read_new_password (Ctl             *ctl,
                              GError             **error);
/* Leaves nothing of it; NULL is nothing. */
void       ctl_free_secret   (char                *secret);

G_END_DECLS
