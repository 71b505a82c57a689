/* ctl-noun.h: what companies, users, participations, roles, tags and others have in common on a terminal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "ctl.h"

G_BEGIN_DECLS

/* How an option becomes a member of the document, or a parameter of the query. */
typedef enum
{
  CTL_FIELD_TEXT,
  CTL_FIELD_DAY,           /* "none": without */
  CTL_FIELD_YES,           /* "true" or "false" */
  CTL_FIELD_FROM,          /* a time; of a day its beginning */
  CTL_FIELD_TO,            /* of a day its end */
  CTL_FIELD_COMPANY,       /* by alias, name or id; as the next ones */
  CTL_FIELD_ROLE,
  CTL_FIELD_USER,          /* by e-mail address or id */
  CTL_FIELD_TAG,
  CTL_FIELD_BATCH,
  CTL_FIELD_TAGS,          /* may be given again and again; "none": without any */
  CTL_FIELD_COMPANIES,
  CTL_FIELD_PERMISSIONS,
} CtlFieldKind;

typedef struct
{
  const char   *option;
  const char   *member;
  CtlFieldKind  kind;
  const char   *argument;   /* translated when shown */
  const char   *summary;
  gboolean      is_needed;  /* to create one */
} CtlField;

typedef enum
{
  CTL_COLUMN_TEXT,
  CTL_COLUMN_NUMBER,
  CTL_COLUMN_TIME,
  CTL_COLUMN_YES,
  CTL_COLUMN_LIST,         /* of texts */
  CTL_COLUMN_COUNT,        /* how many there are in the list */
  CTL_COLUMN_ROLES,        /* "company · role" of each participation */
  CTL_COLUMN_COMPANY,      /* ids, by the names behind them */
  CTL_COLUMN_COMPANIES,
  CTL_COLUMN_TAGS,
} CtlColumnKind;

typedef struct
{
  const char    *head;      /* translated when shown */
  const char    *member;
  CtlColumnKind  kind;
  gboolean       is_detail; /* not in the list */
} CtlColumn;

/* Finds what a person names; (transfer full): the id. */
typedef char *(*CtlResolveFunc) (Ctl         *ctl,
                                 const char  *text,
                                 GError     **error);
/* The rows of a list as people read them; (transfer full). */
typedef JsonArray *(*CtlArrangeFunc) (JsonArray *items);

/* Each table ends with an empty row. */
typedef struct
{
  const char      *group;       /* as in "bellwetherctl company …" */
  const char      *path;
  const CtlColumn *columns;
  const CtlField  *filters;
  const CtlField  *create;
  const CtlField  *edit;
  CtlResolveFunc   resolve;
  CtlArrangeFunc   arrange;     /* (nullable) */
  gint64           usual_limit; /* 0: all of them */
} CtlNoun;

#define CTL_MAX_FIELDS 16

/* What was given on the command line. */
typedef struct
{
  const CtlField *fields;
  char           *texts[CTL_MAX_FIELDS];
  char          **lists[CTL_MAX_FIELDS];
  char           *comment;
  gboolean        preview;
  gint64          limit;
  guint           n_entries;
  GOptionEntry    entries[CTL_MAX_FIELDS + 3];
} CtlOptions;

void           ctl_options_clear      (CtlOptions       *options);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CtlOptions, ctl_options_clear)

/* To an empty one, before ctl_parse () reads them. */
void           ctl_options_add_fields (CtlOptions       *options,
                                       const CtlField   *fields);
void           ctl_options_add_limit  (CtlOptions       *options,
                                       gint64            usual_limit);
void           ctl_options_add_comment (CtlOptions      *options);
void           ctl_options_add_preview (CtlOptions      *options);
/* The first that is needed and was not given; (nullable) */
const char    *ctl_options_find_missing (const CtlOptions *options);
/* Whether none of the fields was given. */
gboolean       ctl_options_are_empty  (const CtlOptions *options);
/* Whatever was given, as members of @body or parameters of @path. */
gboolean       ctl_options_fill_body  (CtlOptions       *options,
                                       Ctl              *ctl,
                                       JsonObject       *body,
                                       GError          **error);
/* A day or a time of this computer's zone, in µs. (transfer full) (nullable) */
char          *ctl_parse_time         (const char       *text,
                                       gboolean          to_its_end,
                                       GError          **error);
gboolean       ctl_options_fill_query (CtlOptions       *options,
                                       Ctl              *ctl,
                                       GString          *path,
                                       GError          **error);

/* The commands of every noun. */
CtlStatus      ctl_noun_list          (Ctl              *ctl,
                                       const CtlCommand *command,
                                       char            **arguments);
CtlStatus      ctl_noun_show          (Ctl              *ctl,
                                       const CtlCommand *command,
                                       char            **arguments);
CtlStatus      ctl_noun_create        (Ctl              *ctl,
                                       const CtlCommand *command,
                                       char            **arguments);
CtlStatus      ctl_noun_edit          (Ctl              *ctl,
                                       const CtlCommand *command,
                                       char            **arguments);
CtlStatus      ctl_noun_delete        (Ctl              *ctl,
                                       const CtlCommand *command,
                                       char            **arguments);

/* The same with tables of another one; what @body of an edit holds is changed, too. */
CtlStatus      ctl_list               (Ctl              *ctl,
                                       const CtlCommand *command,
                                       char            **arguments,
                                       const CtlNoun    *noun);
CtlStatus      ctl_edit               (Ctl              *ctl,
                                       const CtlCommand *command,
                                       char            **arguments,
                                       const CtlField   *fields,
                                       JsonObject       *body);
CtlStatus      ctl_delete             (Ctl              *ctl,
                                       const CtlCommand *command,
                                       char            **arguments,
                                       const CtlNoun    *noun);
/* A change that takes no more than its path; @body: (nullable). Prints how it ended. */
CtlStatus      ctl_change             (Ctl              *ctl,
                                       const char       *method,
                                       const char       *path,
                                       JsonObject       *body);

/* Prints {"items":[…]}, or one document with a line for each column. */
CtlStatus      ctl_print_items        (Ctl              *ctl,
                                       JsonObject       *reply,
                                       const CtlColumn  *columns);
void           ctl_print_fields       (Ctl              *ctl,
                                       JsonObject       *document,
                                       const CtlColumn  *columns);
/* For people only. @widths: (nullable): of a table that comes in parts; @has_head: this is the first one */
void           ctl_print_part         (Ctl              *ctl,
                                       JsonArray        *items,
                                       guint             n_items,
                                       const CtlColumn  *columns,
                                       guint            *widths,
                                       gboolean          has_head);
/* Companies below their parents, their names moved to the right. */
JsonArray     *ctl_arrange_tree       (JsonArray        *items);

char          *ctl_find_company       (Ctl              *ctl,
                                       const char       *text,
                                       GError          **error);
char          *ctl_find_user          (Ctl              *ctl,
                                       const char       *text,
                                       GError          **error);
char          *ctl_find_role          (Ctl              *ctl,
                                       const char       *text,
                                       GError          **error);
char          *ctl_find_tag           (Ctl              *ctl,
                                       const char       *text,
                                       GError          **error);
char          *ctl_find_design_id     (Ctl              *ctl,
                                       const char       *text,
                                       GError          **error);
char          *ctl_find_rule          (Ctl              *ctl,
                                       const char       *text,
                                       GError          **error);
/* By the id only. */
char          *ctl_find_participation (Ctl              *ctl,
                                       const char       *text,
                                       GError          **error);
char          *ctl_find_request       (Ctl              *ctl,
                                       const char       *text,
                                       GError          **error);
/* One's own: by its id, or as ROLE@COMPANY. */
char          *ctl_find_own_participation (Ctl          *ctl,
                                       const char       *text,
                                       GError          **error);
/* What the company or tag of that id is called; the id when that is not to be known. */
const char    *ctl_find_name          (Ctl              *ctl,
                                       const char       *path,
                                       const char       *id);

G_END_DECLS
