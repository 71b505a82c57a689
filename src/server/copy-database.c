/* copy-database.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bellwetherd"

#include "copy-database.h"

#include <glib-unix.h>
#include <json-glib/json-glib.h>
#include <signal.h>
#include <stdio.h>

#include "bw-copy.h"
#include "bw-error.h"

#define ENVIRONMENT "env:"
#define TELL_EVERY_US (G_USEC_PER_SEC / 10)

/* The copying blocks and has a thread of its own; this one waits for signals. */
typedef struct
{
  char         *from;
  char         *to;
  GCancellable *cancellable;
  GMainLoop    *loop;
  gint64        told_at_us;
  char         *told_table;
  int           status;
} CopyRun;

/* (transfer full) (nullable) */
static char *
find_text (const char  *text,
           GError     **error)
{
  const char *value;

  if (!g_str_has_prefix (text, ENVIRONMENT))
    return g_strdup (text);

  value = g_getenv (text + strlen (ENVIRONMENT));
  if (value == NULL || *value == '\0')
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "the environment has no %s", text + strlen (ENVIRONMENT));
      return NULL;
    }

  return g_strdup (value);
}

/* FALSE: whoever reads it has gone. */
static gboolean
print_line (JsonBuilder *builder)
{
  g_autoptr(JsonNode) root = json_builder_get_root (builder);
  g_autofree char *text = json_to_string (root, FALSE);

  return puts (text) >= 0 && fflush (stdout) == 0;
}

static void
add_string (JsonBuilder *builder,
            const char  *name,
            const char  *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static void
add_int (JsonBuilder *builder,
         const char  *name,
         gint64       value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

static void
add_boolean (JsonBuilder *builder,
             const char  *name,
             gboolean     value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

static void
tell_progress (BwCopyPhase  phase,
               const char  *table,
               gint64       n_done,
               gint64       n_total,
               gpointer     user_data)
{
  CopyRun *run = user_data;
  g_autoptr(JsonBuilder) builder = NULL;

  if (g_get_monotonic_time () < run->told_at_us + TELL_EVERY_US && g_strcmp0 (table, run->told_table) == 0)
    return;

  run->told_at_us = g_get_monotonic_time ();
  g_free (run->told_table);
  run->told_table = g_strdup (table);
  builder = json_builder_new ();
  json_builder_begin_object (builder);
  add_string (builder, "phase", phase == BW_COPY_COPYING ? "copying" : "comparing");
  add_string (builder, "table", table);
  add_int (builder, "done", n_done);
  add_int (builder, "total", n_total);
  json_builder_end_object (builder);

  if (!print_line (builder))
    g_cancellable_cancel (run->cancellable);
}

static void
tell_result (GPtrArray *tables,
             gboolean   same,
             gint64     duration_us)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  add_boolean (builder, "same", same);
  json_builder_set_member_name (builder, "seconds");
  json_builder_add_double_value (builder, (double) duration_us / G_USEC_PER_SEC);
  json_builder_set_member_name (builder, "tables");
  json_builder_begin_array (builder);
  for (guint i = 0; i < tables->len; i++)
    {
      const BwCopyTable *table = g_ptr_array_index (tables, i);

      json_builder_begin_object (builder);
      add_string (builder, "name", table->name);
      add_int (builder, "rows", table->n_from);
      add_int (builder, "rowsTo", table->n_to);
      add_string (builder, "hash", table->hash_from);
      add_string (builder, "hashTo", table->hash_to);
      add_boolean (builder, "same", table->same);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  print_line (builder);
}

static gboolean
copied_cb (gpointer user_data)
{
  CopyRun *run = user_data;

  g_main_loop_quit (run->loop);

  return G_SOURCE_REMOVE;
}

static gpointer
copy_thread (gpointer data)
{
  CopyRun *run = data;
  gint64 start_us = g_get_monotonic_time ();
  g_autoptr(GPtrArray) tables = NULL;
  g_autoptr(GError) error = NULL;
  gboolean same = bw_copy_run (run->from, run->to, run->cancellable, tell_progress, run, &tables, &error);

  if (tables != NULL)
    tell_result (tables, same, g_get_monotonic_time () - start_us);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_printerr ("bellwetherd: stopped; TO is as it was\n");
  else if (error != NULL)
    g_printerr ("bellwetherd: %s\n", error->message);

  run->status = same ? 0 : 1;
  /* there, where the loop surely runs by then */
  g_idle_add (copied_cb, run);

  return NULL;
}

static gboolean
stop_cb (gpointer user_data)
{
  CopyRun *run = user_data;

  g_cancellable_cancel (run->cancellable);

  return G_SOURCE_CONTINUE;
}

int
copy_database (const char *from,
               const char *to)
{
  CopyRun run = { .status = 1 };
  GThread *thread;
  g_autoptr(GError) error = NULL;

  run.from = find_text (from, &error);
  if (run.from != NULL)
    run.to = find_text (to, &error);

  if (run.to != NULL)
    {
      run.cancellable = g_cancellable_new ();
      run.loop = g_main_loop_new (NULL, FALSE);
      g_unix_signal_add (SIGTERM, stop_cb, &run);
      g_unix_signal_add (SIGINT, stop_cb, &run);
      g_unix_signal_add (SIGHUP, stop_cb, &run);

      thread = g_thread_new ("copy", copy_thread, &run);
      g_main_loop_run (run.loop);
      g_thread_join (thread);
      g_clear_object (&run.cancellable);
      g_clear_pointer (&run.loop, g_main_loop_unref);
    }
  else
    {
      g_printerr ("bellwetherd: %s\n", error->message);
    }

  g_free (run.told_table);
  g_free (run.from);
  g_free (run.to);

  return run.status;
}
