/* bw-fake-history.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-fake-history.h"

#include <math.h>
#include <string.h>

#include "bw-json.h"

#define SECOND_US ((gint64) G_USEC_PER_SEC)
#define HOUR_US   (3600 * SECOND_US)
#define DAY_US    (24 * HOUR_US)

/* A fixed noise, so that all runs see the same. */
#define NOISE(i) ((double) ((guint32) (i) * 2654435761u >> 8) / (1u << 24) - 0.5)

typedef struct
{
  const char *node;
  const char *property;
  const char *datatype;
  const char *unit;
  gint64      period_us;
  gint64      age_us;       /* the first one's */
  gint64      until_us;     /* the last one's age */
} Kind;

static const Kind kinds[] = {
  { "air", "temperature", "float", "°C", 10 * SECOND_US, 30 * DAY_US, 0 },
  { "air", "humidity", "float", "%", 60 * SECOND_US, 30 * DAY_US, 0 },
  { "air", "pressure", "float", "hPa", 60 * SECOND_US, 30 * DAY_US, 0 },
  { "meter", "power", "integer", "W", 60 * SECOND_US, 30 * DAY_US, 0 },
  { "air", "motion", "boolean", NULL, HOUR_US / 2, 30 * DAY_US, 0 },
  { "light", "mode", "enum", NULL, 2 * HOUR_US, 30 * DAY_US, 0 },
  { "light", "label", "string", NULL, 7 * HOUR_US, 30 * DAY_US, 0 },
  { "air", "once", "float", "°C", DAY_US, 2 * HOUR_US, 0 },
  { "old", "ph", "float", NULL, 60 * SECOND_US, 30 * DAY_US, 20 * DAY_US },
  { "$device", "state", "string", NULL, HOUR_US, 5 * HOUR_US, 4 * HOUR_US - 1 },
};

struct _BwFakeHistory
{
  BwFakeBackend *backend;
  char          *base;         /* the path of the device */
  gint64         now_us;
  guint          n_damaged;
  gboolean       is_empty;
  gboolean       is_failing;
  guint          n_asked;
  gint64         from_us;
  gint64         to_us;
  guint          points;
};

typedef struct
{
  gint64 n;
  double min, max, sum;
  gint64 last;        /* the number of the sample */
} Bucket;

static gint64
get_time (BwFakeHistory *self,
          const Kind    *kind,
          gint64         i)
{
  return self->now_us - kind->age_us + i * kind->period_us;
}

/* Nothing came while the device was away; its state is what the backend itself noted. */
static gboolean
exists (BwFakeHistory *self,
        const Kind    *kind,
        gint64         at_us)
{
  gint64 age_us = self->now_us - at_us;

  return age_us > kind->until_us && (kind->node[0] == '$' || age_us > 5 * HOUR_US || age_us <= 4 * HOUR_US);
}

static double
get_number (const Kind *kind,
            gint64      i)
{
  double days = (double) i * (double) kind->period_us / (double) DAY_US;

  if (kind->property[0] == 'h')
    return 55 - 12 * sin (2 * G_PI * days) + 3 * NOISE (i);
  if (g_str_equal (kind->property, "pressure"))
    return 1013 + 9 * sin (days) + 0.4 * NOISE (i);
  if (kind->property[0] == 'p' && g_str_equal (kind->unit != NULL ? kind->unit : "", "W"))
    return floor (120 + 80 * sin (7 * days)) + (i % 40 == 0 ? 400 : 0);

  return 21 + 4 * sin (2 * G_PI * days) + 0.6 * NOISE (i);
}

static void
write_value (const Kind *kind,
             gint64      i,
             GString    *out)
{
  static const char *const modes[] = { "auto", "night", "party" };
  static const char *const labels[] = { "Kitchen", "Küche <&> unten", "\xd7\x9e\xd7\x98\xd7\x91\xd7\x97", "A very long text that does not fit into its place in the band" };
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  if (g_str_equal (kind->datatype, "boolean"))
    g_string_append (out, NOISE (i) > 0.1 ? "true" : "false");
  else if (g_str_equal (kind->datatype, "enum"))
    g_string_append_printf (out, "\"%s\"", modes[i % 3]);
  else if (kind->node[0] == '$')
    g_string_append_printf (out, "\"%s\"", i == 0 ? "lost" : "ready");
  else if (g_str_equal (kind->datatype, "string"))
    g_string_append_printf (out, "\"%s\"", labels[i % 4]);
  else
    g_string_append (out, g_ascii_formatd (buffer, sizeof buffer, "%.2f", get_number (kind, i)));
}

static const Kind *
find_kind (const char *node,
           const char *property)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      if (g_strcmp0 (kinds[i].node, node) == 0 && g_strcmp0 (kinds[i].property, property) == 0)
        return &kinds[i];
    }

  return NULL;
}

static gint64
find_first (BwFakeHistory *self,
            const Kind    *kind,
            gint64         from_us)
{
  gint64 begin_us = self->now_us - kind->age_us;

  return from_us <= begin_us ? 0 : (from_us - begin_us + kind->period_us - 1) / kind->period_us;
}

static guint
count (BwFakeHistory *self,
       const Kind    *kind,
       gint64         from_us,
       gint64         to_us)
{
  guint n = 0;

  for (gint64 i = find_first (self, kind, from_us); get_time (self, kind, i) < MIN (to_us, self->now_us); i++)
    n += exists (self, kind, get_time (self, kind, i));

  return n;
}

guint
bw_fake_history_count (BwFakeHistory *self,
                       const char    *id,
                       gint64         from_us,
                       gint64         to_us)
{
  g_auto(GStrv) parts = g_strsplit (id, "/", 2);
  const Kind *kind = find_kind (parts[0], parts[1]);

  return kind != NULL && !self->is_empty ? count (self, kind, from_us, to_us) : 0;
}

static void
write_samples (BwFakeHistory *self,
               const Kind    *kind,
               GString       *out)
{
  gboolean is_first = TRUE;

  for (gint64 i = find_first (self, kind, self->from_us); get_time (self, kind, i) < MIN (self->to_us, self->now_us); i++)
    {
      if (!exists (self, kind, get_time (self, kind, i)))
        continue;

      g_string_append_printf (out, "%s[%" G_GINT64_FORMAT ",", is_first ? "" : ",", get_time (self, kind, i));
      write_value (kind, i, out);
      g_string_append_c (out, ']');
      is_first = FALSE;
    }
}

static void
write_bucket (const Kind   *kind,
              gint64        at_us,
              const Bucket *bucket,
              GString      *out)
{
  char min[G_ASCII_DTOSTR_BUF_SIZE], max[G_ASCII_DTOSTR_BUF_SIZE], mean[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_printf (out, "%s[%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT ",", out->str[out->len - 1] == '[' ? "" : ",", at_us, bucket->n);
  if (kind->datatype[0] == 'f' || kind->datatype[0] == 'i')
    g_string_append_printf (out, "%s,%s,%s,",
                            g_ascii_formatd (min, sizeof min, "%.2f", bucket->min),
                            g_ascii_formatd (max, sizeof max, "%.2f", bucket->max),
                            g_ascii_formatd (mean, sizeof mean, "%.4f", bucket->sum / (double) bucket->n));
  else
    g_string_append (out, "null,null,null,");
  write_value (kind, bucket->last, out);
  g_string_append_c (out, ']');
}

static void
write_buckets (BwFakeHistory *self,
               const Kind    *kind,
               gint64         step_us,
               GString       *out)
{
  Bucket bucket = { 0 };
  gint64 number = -1;

  for (gint64 i = find_first (self, kind, self->from_us); get_time (self, kind, i) < MIN (self->to_us, self->now_us); i++)
    {
      gint64 at_us = get_time (self, kind, i);
      double value = get_number (kind, i);

      if (!exists (self, kind, at_us))
        continue;

      if ((at_us - self->from_us) / step_us != number)
        {
          if (bucket.n > 0)
            write_bucket (kind, self->from_us + number * step_us, &bucket, out);
          number = (at_us - self->from_us) / step_us;
          bucket = (Bucket) { 0, value, value, 0, i };
        }

      bucket.n++;
      bucket.min = fmin (bucket.min, value);
      bucket.max = fmax (bucket.max, value);
      bucket.sum += value;
      bucket.last = i;
    }

  if (bucket.n > 0)
    write_bucket (kind, self->from_us + number * step_us, &bucket, out);
}

static void
write_before (BwFakeHistory *self,
              const Kind    *kind,
              GString       *out)
{
  gint64 i = find_first (self, kind, self->from_us) - 1;

  while (i >= 0 && !exists (self, kind, get_time (self, kind, i)))
    i--;

  if (i < 0)
    {
      g_string_append (out, ",\"before\":null");
      return;
    }

  g_string_append_printf (out, ",\"before\":[%" G_GINT64_FORMAT ",", get_time (self, kind, i));
  write_value (kind, i, out);
  g_string_append_c (out, ']');
}

static guint
answer_values (BwFakeHistory *self,
               GHashTable    *query,
               GString       *out)
{
  const char *node = g_hash_table_lookup (query, "node");
  const char *property = g_hash_table_lookup (query, "property");
  const Kind *kind = self->is_empty ? NULL : find_kind (node, property);
  guint n;
  gint64 step_us;

  self->n_asked++;
  self->from_us = g_ascii_strtoll (g_hash_table_lookup (query, "from"), NULL, 10);
  self->to_us = g_ascii_strtoll (g_hash_table_lookup (query, "to"), NULL, 10);
  self->points = (guint) g_ascii_strtoll (g_hash_table_lookup (query, "points"), NULL, 10);
  if (self->is_failing)
    {
      g_string_assign (out, "{\"code\":\"unavailable\",\"detail\":\"the history is busy\"}");
      return 503;
    }

  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "node", node);
  bw_json_add_string (out, "property", property);
  bw_json_add_string (out, "datatype", kind != NULL ? kind->datatype : "float");
  bw_json_add_string (out, "unit", kind != NULL ? kind->unit : NULL);
  bw_json_add_int (out, "from", self->from_us);
  bw_json_add_int (out, "to", self->to_us);
  if (self->n_damaged > 0)
    bw_json_add_int (out, "damaged", self->n_damaged);

  n = kind != NULL ? count (self, kind, self->from_us, self->to_us) : 0;
  step_us = (self->to_us - self->from_us + self->points - 1) / self->points;
  bw_json_add_boolean (out, "thinned", n > self->points);
  if (n > self->points)
    bw_json_add_int (out, "stepUs", step_us);
  bw_json_begin_array (out, "points");
  if (n > self->points)
    write_buckets (self, kind, step_us, out);
  else if (n > 0)
    write_samples (self, kind, out);
  bw_json_end_array (out);
  g_string_append_printf (out, ",\"gaps\":[[%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT "]]", self->now_us - 5 * HOUR_US,
                          self->now_us - 4 * HOUR_US);
  if (kind != NULL)
    write_before (self, kind, out);
  bw_json_end_object (out);

  return 200;
}

static guint
answer_series (BwFakeHistory *self,
               GString       *out)
{
  bw_json_begin_object (out, NULL);
  bw_json_begin_array (out, "items");
  for (gsize i = 0; i < G_N_ELEMENTS (kinds) && !self->is_empty; i++)
    {
      bw_json_begin_object (out, NULL);
      bw_json_add_string (out, "node", kinds[i].node);
      bw_json_add_string (out, "property", kinds[i].property);
      bw_json_add_string (out, "datatype", kinds[i].datatype);
      bw_json_add_string (out, "unit", kinds[i].unit);
      bw_json_add_int (out, "n", count (self, &kinds[i], 0, self->now_us));
      bw_json_add_int (out, "firstAt", self->now_us - kinds[i].age_us);
      bw_json_add_int (out, "lastAt", self->now_us - kinds[i].until_us);
      bw_json_end_object (out);
    }
  bw_json_end_array (out);
  bw_json_end_object (out);

  return 200;
}

static guint
answer (const char *path,
        GHashTable *query,
        GString    *out,
        gpointer    data)
{
  BwFakeHistory *self = data;
  const char *tail = g_str_has_prefix (path, self->base) ? path + strlen (self->base) : "";

  if (g_str_equal (tail, "/history/series"))
    return answer_series (self, out);

  if (g_str_equal (tail, "/history") && query != NULL)
    return answer_values (self, query, out);

  if (g_str_equal (tail, "/history.csv"))
    {
      const char *property = query != NULL ? g_hash_table_lookup (query, "property") : NULL;

      g_string_append_printf (out, "at,node,property,value\n2026-11-30T22:00:00.000000Z,air,%s,21.5\n",
                              property != NULL ? property : "all");
      return 200;
    }

  return 0;
}

BwFakeHistory *
bw_fake_history_new (BwFakeBackend *backend,
                     const char    *device_id,
                     gint64         now_us)
{
  BwFakeHistory *self = g_new0 (BwFakeHistory, 1);

  self->backend = backend;
  self->base = g_strconcat ("/v1/devices/", device_id, NULL);
  self->now_us = now_us;
  bw_fake_backend_set_more (backend, answer, self);

  return self;
}

void
bw_fake_history_free (BwFakeHistory *self)
{
  bw_fake_backend_set_more (self->backend, NULL, NULL);
  g_free (self->base);
  g_free (self);
}

void
bw_fake_history_set_damaged (BwFakeHistory *self,
                             guint          n)
{
  self->n_damaged = n;
}

void
bw_fake_history_set_empty (BwFakeHistory *self,
                           gboolean       is_empty)
{
  self->is_empty = is_empty;
}

void
bw_fake_history_set_failing (BwFakeHistory *self,
                             gboolean       is_failing)
{
  self->is_failing = is_failing;
}

guint
bw_fake_history_get_n_asked (BwFakeHistory *self)
{
  return self->n_asked;
}

gint64
bw_fake_history_get_from_us (BwFakeHistory *self)
{
  return self->from_us;
}

gint64
bw_fake_history_get_to_us (BwFakeHistory *self)
{
  return self->to_us;
}

guint
bw_fake_history_get_points (BwFakeHistory *self)
{
  return self->points;
}

/* A day that the backend did not run for its first third, and thirty days from 1 November 2026 on. */
void
bw_fake_history_write_trends (GString *out)
{
  bw_json_begin_object (out, NULL);
  bw_json_add_int (out, "at", BW_FAKE_TRENDS_US + 30 * G_TIME_SPAN_DAY);
  bw_json_begin_object (out, "online");
  bw_json_add_int (out, "from", BW_FAKE_TRENDS_US + 29 * G_TIME_SPAN_DAY);
  bw_json_add_int (out, "step", 5 * G_TIME_SPAN_MINUTE);
  bw_json_begin_array (out, "values");
  for (guint i = 0; i < 288; i++)
    {
      if (i < 96)
        bw_json_add_null (out, NULL);
      else
        bw_json_add_int (out, NULL, 900 + (i % 96 < 48 ? i % 96 : 96 - i % 96) * 8);
    }
  bw_json_end_array (out);
  bw_json_end_object (out);
  bw_json_begin_array (out, "days");
  for (guint i = 0; i < 30; i++)
    {
      bw_json_begin_object (out, NULL);
      bw_json_add_int (out, "from", BW_FAKE_TRENDS_US + i * G_TIME_SPAN_DAY);
      bw_json_add_int (out, "arrived", i % 7 < 5 ? 10 + i : 0);
      bw_json_add_int (out, "approved", i % 7 < 5 ? 9 : 0);
      bw_json_end_object (out);
    }
  bw_json_end_array (out);
  bw_json_end_object (out);
}
