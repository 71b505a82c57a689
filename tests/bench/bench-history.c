/* bench-history.c: the history engine by itself: bench-history FOLDER WHAT …
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "bw-history-private.h"
#include "bw-history-read.h"

#define T0 1790000000000000

typedef struct
{
  BwHistoryDb *db;
  BwHistory   *history;
} Bench;

typedef struct
{
  gpointer  result;
  GError   *error;
  gboolean  done;
} Waiter;

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Waiter *waiter = user_data;

  waiter->result = g_task_propagate_pointer (G_TASK (result), &waiter->error);
  waiter->done = TRUE;
}

static gpointer
wait_for (Waiter *waiter)
{
  while (!waiter->done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_no_error (waiter->error);

  return waiter->result;
}

static void
run (Bench        *bench,
     gboolean      is_write,
     BwWorkerFunc  func,
     gpointer      data)
{
  Waiter waiter = { 0, };
  GTask *task = g_task_new (NULL, NULL, done_cb, &waiter);

  g_task_set_task_data (task, data, NULL);
  if (is_write)
    bw_history_db_push_write (bench->db, task, func, NULL);
  else
    bw_history_db_push_read (bench->db, task, func, NULL);
  wait_for (&waiter);
}

static gpointer
pack_all (gpointer   owned_by_thread,
          gpointer   task_data,
          GError   **error)
{
  BwHistory *history = task_data;
  BwDb *db = bw_history_thread_get_db (owned_by_thread, error);
  gboolean more = TRUE;

  if (!bw_history_ensure_loaded (history, owned_by_thread, db, error))
    return NULL;
  if (history->flush == NULL)
    bw_history_start_flush (history);
  while (history->flush != NULL || history->trimmed < MIN (history->trim_upto, history->seq - 1))
    {
      BwPackSlice *slice;

      if (!bw_db_begin (db, error) || (slice = bw_history_pack (history, db, 20000, error)) == NULL ||
          !bw_db_commit (db, error))
        return NULL;
      bw_history_packed (history, slice);
    }
  while (more)
    {
      history->join_at_us = 0;
      if (!bw_history_join (history, db, &more, error))
        return NULL;
    }
  db->driver->checkpoint (db, NULL);

  return history;
}

static double
now_s (void)
{
  return (double) g_get_monotonic_time () / G_USEC_PER_SEC;
}

/* A sample as both sides get it: number @i of all, one after the other through the series. */
static gint64
make_sample (guint  i,
             guint  n_series,
             guint *ret_series,
             char   text[32])
{
  guint series = i % n_series;
  guint round = i / n_series;
  gint64 at_us = T0 + (gint64) round * 10 * G_USEC_PER_SEC + (gint64) series * 13 + (i * 2654435761u) % 20000;
  guint32 noise = (round * 2246822519u) ^ (series * 3266489917u);

  *ret_series = series;
  switch (series % 10)
    {
    case 0:
    case 1:
      g_snprintf (text, 32, "%u", round * 3 + (noise >> 28));
      break;

    case 2:
      g_strlcpy (text, (noise >> 20) % 16 < 8 ? "true" : "false", 32);
      break;

    case 3:
      g_snprintf (text, 32, "%u.%03u", noise % 50, (noise >> 8) % 1000);
      break;

    default:
      g_snprintf (text, 32, "%u.%u", 20 + (guint) (3 + 3 * sin (round / 40.0 + series)), (noise >> 16) % 10);
      break;
    }

  return at_us;
}

/* What a device says, made before anybody looks at the clock: as it is in the peer's requests. */
typedef struct
{
  gint64 at_us;
  char   text[12];
} Said;

typedef struct
{
  char       device[24];
  char       property[8];
  BwDatatype datatype;
} Name;

typedef struct
{
  Said  *said;
  Name  *names;
  guint  n_series;
} Samples;

static void
make_samples (Samples *samples,
              guint    n)
{
  samples->said = g_new (Said, n);
  samples->names = g_new (Name, samples->n_series);

  for (guint i = 0; i < n; i++)
    {
      char text[32];
      guint series;

      samples->said[i].at_us = make_sample (i, samples->n_series, &series, text);
      if (g_strlcpy (samples->said[i].text, text, sizeof samples->said[i].text) >= sizeof samples->said[i].text)
        g_error ("a sample is too long for its place: %s", text);
    }

  for (guint i = 0; i < samples->n_series; i++)
    {
      Name *name = &samples->names[i];

      g_snprintf (name->device, sizeof name->device, "2ey9-k0xe-%04u-%04u", i / 100000, i / 10 % 10000);
      g_snprintf (name->property, sizeof name->property, "p%u", i % 10);
      name->datatype = i % 10 < 2 ? BW_DATATYPE_INTEGER : i % 10 == 2 ? BW_DATATYPE_BOOLEAN : BW_DATATYPE_FLOAT;
    }
}

static void
samples_clear (Samples *samples)
{
  g_free (samples->said);
  g_free (samples->names);
}

typedef struct
{
  BwHistoryBatch *batch;
  Waiter          waiter;
  double          since;
} Flight;

#define N_FLIGHTS 8

static void
land (Flight *flight,
      double *longest)
{
  wait_for (&flight->waiter);
  *longest = MAX (*longest, now_s () - flight->since);
  flight->waiter.done = FALSE;
  bw_history_batch_clear (flight->batch);
}

static void
fill (BwHistoryBatch *batch,
      const Samples  *samples,
      guint           first,
      guint           n)
{
  for (guint i = first; i < first + n; i++)
    {
      const Name *name = &samples->names[i % samples->n_series];

      bw_history_batch_add (batch, name->device, "node", name->property, name->datatype, NULL, samples->said[i].at_us,
                            samples->said[i].text);
      bw_history_batch_add_mark (batch, (guint16) i, i);
    }
}

static double
get_cpu_us (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);

  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
         (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

/* ingest N SERIES: in batches of 1,000, a few of them waiting, all that follows of it included: samples a second,
 * longest wait in ms, processor time of each in µs */
static void
ingest (Bench *bench,
        guint  n,
        guint  n_series)
{
  Flight flights[N_FLIGHTS] = { 0, };
  Samples samples = { .n_series = n_series };
  double start;
  double start_cpu_us;
  double longest = 0;
  guint n_begun = 0;

  make_samples (&samples, n);
  start = now_s ();
  start_cpu_us = get_cpu_us ();
  for (guint i = 0; i < n; i += 1000, n_begun++)
    {
      Flight *flight = &flights[n_begun % N_FLIGHTS];

      if (n_begun >= N_FLIGHTS)
        land (flight, &longest);
      else
        flight->batch = bw_history_batch_new ();

      fill (flight->batch, &samples, i, MIN (1000, n - i));
      flight->since = now_s ();
      bw_history_push_append (bench->history, g_task_new (NULL, NULL, done_cb, &flight->waiter), flight->batch);
    }

  for (guint i = 0; i < MIN (n_begun, N_FLIGHTS); i++)
    {
      land (&flights[i], &longest);
      bw_history_batch_free (flights[i].batch);
    }
  run (bench, TRUE, pack_all, bench->history);
  printf ("%.0f %.0f %.2f\n", n / (now_s () - start), longest * 1000, (get_cpu_us () - start_cpu_us) / n);
  samples_clear (&samples);
}

/* line N: one property, once a second */
static void
line (Bench *bench,
      guint  n)
{
  g_autoptr(BwHistoryBatch) batch = bw_history_batch_new ();
  double value = 21;

  for (guint i = 0; i < n;)
    {
      Waiter waiter = { 0, };

      for (guint j = 0; j < 5000 && i < n; j++, i++)
        {
          char text[G_ASCII_DTOSTR_BUF_SIZE];

          value = round (value * 10 + (double) ((i * 2654435761u) >> 30) - 1.5) / 10;
          g_ascii_formatd (text, sizeof text, "%.1f", value);
          bw_history_batch_add (batch, "line", "n", "p", BW_DATATYPE_FLOAT, NULL,
                                T0 + (gint64) i * G_USEC_PER_SEC + (i * 2246822519u) % 20000, text);
        }
      bw_history_push_append (bench->history, g_task_new (NULL, NULL, done_cb, &waiter), batch);
      wait_for (&waiter);
      bw_history_batch_clear (batch);
    }
  run (bench, TRUE, pack_all, bench->history);
  printf ("done\n");
}

typedef struct
{
  BwHistory      *history;
  BwHistoryQuery  query;
  GString        *out;
} Read;

static gpointer
read_points (gpointer   owned_by_thread,
             gpointer   task_data,
             GError   **error)
{
  Read *data = task_data;

  return bw_history_write_points (data->history, owned_by_thread, &data->query, data->out, error) ? data : NULL;
}

/* chart FROM_SECONDS SECONDS POINTS: how long it takes, the first time in this process; next: after the same time
 * before it, so that the database is open and the time itself has not been read */
static void
chart (Bench    *bench,
       gint64    from_s,
       gint64    length_s,
       guint     points,
       gboolean  is_next)
{
  g_autoptr(GString) out = g_string_new (NULL);
  Read data = { bench->history, { "line", "n", "p", T0 + from_s * G_USEC_PER_SEC,
                                  T0 + (from_s + length_s) * G_USEC_PER_SEC, points, NULL }, out };
  Read before = { bench->history, { "line", "n", "p", T0 + (from_s - length_s) * G_USEC_PER_SEC,
                                    T0 + from_s * G_USEC_PER_SEC, points, NULL }, out };
  double start;

  if (is_next)
    run (bench, FALSE, read_points, &before);
  g_string_truncate (out, 0);
  start = now_s ();
  run (bench, FALSE, read_points, &data);
  printf ("%.2f %" G_GSIZE_FORMAT "\n", (now_s () - start) * 1000, out->len);
}

typedef struct
{
  BwHistory       *history;
  BwHistoryExport *export;
  GString         *out;
  gboolean         done;
} Export;

static gpointer
export_page (gpointer   owned_by_thread,
             gpointer   task_data,
             GError   **error)
{
  Export *data = task_data;

  return bw_history_export_next (data->export, data->history, owned_by_thread, data->out, &data->done, error) ? data
                                                                                                              : NULL;
}

/* In KiB. Not getrusage(): what it tells includes the size of whoever has started this program. */
static guint64
get_peak_kib (void)
{
  g_autofree char *status = NULL;
  const char *line = NULL;

  if (g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    line = strstr (status, "VmHWM:");

  return line != NULL ? g_ascii_strtoull (line + strlen ("VmHWM:"), NULL, 10) : 0;
}

/* csv FROM_SECONDS SECONDS: milliseconds, lines, peak KiB of the process */
static void
csv (Bench  *bench,
     gint64  from_s,
     gint64  length_s)
{
  BwHistoryQuery query = { "line", "n", "p", T0 + from_s * G_USEC_PER_SEC, T0 + (from_s + length_s) * G_USEC_PER_SEC,
                           0, NULL };
  Export data = { bench->history, bw_history_export_new (&query), g_string_new (NULL), FALSE };
  double start = now_s ();
  gsize n_lines = 0;

  while (!data.done)
    {
      run (bench, FALSE, export_page, &data);
      for (const char *p = data.out->str; (p = strchr (p, '\n')) != NULL; p++)
        n_lines++;
      g_string_truncate (data.out, 0);
    }
  printf ("%.0f %" G_GSIZE_FORMAT " %" G_GUINT64_FORMAT "\n", (now_s () - start) * 1000, n_lines, get_peak_kib ());
  g_string_free (data.out, TRUE);
  bw_history_export_free (data.export);
}

/* lines N SERIES: the same samples in Influx's line protocol, on standard output */
static void
write_lines (guint n,
             guint n_series)
{
  for (guint i = 0; i < n; i++)
    {
      char text[32];
      guint series;
      gint64 at_us = make_sample (i, n_series, &series, text);
      const char *value = strcmp (text, "true") == 0 ? "1" : strcmp (text, "false") == 0 ? "0" : text;

      printf ("s%u,d=%u v=%s %" G_GINT64_FORMAT "000\n", series % 10, series / 10, value, at_us);
    }
}

int
main (int    argc,
      char **argv)
{
  Bench bench = { 0, };
  g_autoptr(GError) error = NULL;
  const char *what = argc > 2 ? argv[2] : "";
  gint64 numbers[3] = { 0, };

  for (int i = 3; i < argc && i < 6; i++)
    numbers[i - 3] = g_ascii_strtoll (argv[i], NULL, 10);

  if (strcmp (what, "lines") == 0)
    {
      write_lines ((guint) numbers[0], (guint) numbers[1]);
      return 0;
    }

  bench.db = bw_history_db_open (argv[1], NULL, FALSE, &error);
  g_assert_no_error (error);
  bench.history = bw_history_new (bench.db);

  if (strcmp (what, "ingest") == 0)
    ingest (&bench, (guint) numbers[0], (guint) numbers[1]);
  else if (strcmp (what, "line") == 0)
    line (&bench, (guint) numbers[0]);
  else
    {
      /* the stage is read, as at a start */
      Waiter waiter = { 0, };
      g_autoptr(BwHistoryBatch) batch = bw_history_batch_new ();

      bw_history_batch_add (batch, "other", "n", "p", BW_DATATYPE_FLOAT, NULL, T0, "1");
      bw_history_push_append (bench.history, g_task_new (NULL, NULL, done_cb, &waiter), batch);
      wait_for (&waiter);
      if (strcmp (what, "chart") == 0 || strcmp (what, "next") == 0)
        chart (&bench, numbers[0], numbers[1], (guint) numbers[2], strcmp (what, "next") == 0);
      else if (strcmp (what, "csv") == 0)
        csv (&bench, numbers[0], numbers[1]);
    }

  g_object_unref (bench.history);
  g_object_unref (bench.db);

  return 0;
}
