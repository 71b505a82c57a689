/* sim-options.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-sim"

#include "sim-options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bw-csv.h"
#include "bw-error.h"

#define MAX_DEVICES  100000
#define MAX_RATE     1000.0
#define MAX_DELAY_MS 60000
#define N_DIALECTS   3

static const char * const dialect_nicks[N_DIALECTS] = { "homie3", "homie4", "homie5" };

static const struct
{
  const char *nick;
  SimFault    fault;
} faults[] = {
  { "no-echo", SIM_FAULT_NO_ECHO },
  { "silent-death", SIM_FAULT_SILENT_DEATH },
  { "bad-values", SIM_FAULT_BAD_VALUES },
  { "late-description", SIM_FAULT_LATE_DESCRIPTION },
  { "refuse", SIM_FAULT_REFUSE },
};

static gboolean
fail_usage (GError     **error,
            const char  *format,
            const char  *value)
{
  g_autoptr(GString) text = g_string_new (format);

  g_string_replace (text, "%s", value, 1);
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, text->str);

  return FALSE;
}

static gboolean
parse_kind (SimOptions  *self,
            const char  *text,
            GError     **error)
{
  if (text == NULL || strcmp (text, "mixed") == 0)
    return TRUE;

  self->kind = sim_kind_find (text);
  if (self->kind == NULL)
    return fail_usage (error, "there is no kind “%s”; there are relay, meter, lamp, thermostat, charger and mixed", text);

  return TRUE;
}

static gboolean
parse_dialect (SimOptions  *self,
               const char  *text,
               GError     **error)
{
  self->dialect = -1;
  if (text == NULL || strcmp (text, "mixed") == 0)
    return TRUE;

  for (gint i = 0; i < N_DIALECTS; i++)
    {
      if (strcmp (dialect_nicks[i], text) == 0)
        {
          self->dialect = i;
          return TRUE;
        }
    }

  return fail_usage (error, "there is no dialect “%s”; there are homie5, homie4, homie3 and mixed", text);
}

static gboolean
parse_faults (SimOptions          *self,
              const char * const  *texts,
              GError             **error)
{
  for (guint i = 0; texts != NULL && texts[i] != NULL; i++)
    {
      guint found = 0;

      for (guint j = 0; j < G_N_ELEMENTS (faults); j++)
        {
          if (strcmp (faults[j].nick, texts[i]) == 0)
            found = faults[j].fault;
        }

      if (found == 0)
        return fail_usage (error, "there is no fault “%s”; there are no-echo, silent-death, bad-values, "
                           "late-description and refuse", texts[i]);
      self->faults |= found;
    }

  return TRUE;
}

static gboolean
check (SimOptions  *self,
       GError     **error)
{
  const char *wrong = NULL;

  if (self->broker == NULL)
    wrong = "--broker mqtt://HOST:PORT is missing";
  else if ((self->devices != NULL) == (self->count != 0))
    wrong = "give either --devices FILE or --count N";
  else if (self->count < 0 || self->count > MAX_DEVICES || self->limit < 0)
    wrong = "the number of devices is between 1 and 100000";
  else if (!(self->rate >= 0.0 && self->rate <= MAX_RATE))
    wrong = "the rate is between 0 and 1000 values a second";
  else if (!(self->jitter >= 0.0 && self->jitter <= 1.0))
    wrong = "the jitter is between 0 and 1";
  else if (self->delay_ms < 0 || self->delay_ms > MAX_DELAY_MS)
    wrong = "the delay is between 0 and 60000 milliseconds";

  if (wrong == NULL)
    return TRUE;

  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, wrong);

  return FALSE;
}

gboolean
sim_options_parse (SimOptions   *self,
                   int          *argc,
                   char       ***argv,
                   GError      **error)
{
  g_autofree char *kind = NULL;
  g_autofree char *dialect = NULL;
  g_auto(GStrv) fault_texts = NULL;
  gboolean version = FALSE;
  const GOptionEntry entries[] = {
    { "broker", 'b', 0, G_OPTION_ARG_STRING, &self->broker, "the broker: mqtt://HOST:PORT or mqtts://HOST:PORT", "URL" },
    { "ca", 0, 0, G_OPTION_ARG_FILENAME, &self->ca,
      "who signs the certificate of a broker at mqtts://; else BELLWETHER_CA, else whom the system trusts", "FILE" },
    { "devices", 'd', 0, G_OPTION_ARG_FILENAME, &self->devices, "a hand-over file: columns device_id and device_key", "FILE" },
    { "count", 'c', 0, G_OPTION_ARG_INT, &self->count, "so many devices with made-up IDs, for a broker that asks nobody", "N" },
    { "limit", 'n', 0, G_OPTION_ARG_INT, &self->limit, "only the first N of the file", "N" },
    { "kind", 'k', 0, G_OPTION_ARG_STRING, &kind, "relay, meter, lamp, thermostat, charger or mixed (mixed)", "KIND" },
    { "dialect", 0, 0, G_OPTION_ARG_STRING, &dialect, "homie5, homie4, homie3 or mixed (mixed)", "DIALECT" },
    { "rate", 'r', 0, G_OPTION_ARG_DOUBLE, &self->rate, "values a second from each device (1)", "R" },
    { "jitter", 0, 0, G_OPTION_ARG_DOUBLE, &self->jitter, "how uneven they come, 0 to 1 (0.2)", "J" },
    { "delay", 0, 0, G_OPTION_ARG_INT, &self->delay_ms, "milliseconds from a set to its echo (5)", "MS" },
    { "fault", 'f', 0, G_OPTION_ARG_STRING_ARRAY, &fault_texts,
      "no-echo, silent-death, bad-values, late-description or refuse; may be given again", "FAULT" },
    { "seed", 's', 0, G_OPTION_ARG_INT, &self->seed, "another number, other values (1)", "N" },
    { "quiet", 'q', 0, G_OPTION_ARG_NONE, &self->quiet, "print nothing but the line that says ready", NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &version, "print the version and end", NULL },
    G_OPTION_ENTRY_NULL
  };
  GOptionContext *context = g_option_context_new (NULL);
  gboolean ok;

  self->rate = 1.0;
  self->jitter = 0.2;
  self->delay_ms = 5;
  self->seed = 1;

  g_option_context_set_summary (context, "Plays a fleet of devices: connects each to the broker, lets its values move and answers sets.");
  g_option_context_add_main_entries (context, entries, NULL);
  ok = g_option_context_parse (context, argc, argv, error);
  g_option_context_free (context);

  if (ok && version)
    {
      printf ("bellwether-sim %s\n", BW_VERSION);
      exit (EXIT_SUCCESS);
    }

  if (self->ca == NULL)
    self->ca = g_strdup (g_getenv ("BELLWETHER_CA"));

  if (ok && *argc > 1)
    ok = fail_usage (error, "“%s” is not expected here", (*argv)[1]);

  return ok && check (self, error) && parse_kind (self, kind, error) && parse_dialect (self, dialect, error) &&
         parse_faults (self, (const char * const *) fault_texts, error);
}

void
sim_options_clear (SimOptions *self)
{
  g_clear_pointer (&self->broker, g_free);
  g_clear_pointer (&self->ca, g_free);
  g_clear_pointer (&self->devices, g_free);
}

/* Mixed goes round: five kinds in three dialects are fifteen different devices. */
static void
add_device (SimOptions *self,
            GPtrArray  *devices,
            const char *id,
            const char *key)
{
  SimDevice *device = g_new0 (SimDevice, 1);
  guint number = devices->len;

  sim_device_init (device, id, key,
                   self->kind != NULL ? self->kind : &sim_kinds[number % sim_n_kinds],
                   self->dialect >= 0 ? (SimDialect) self->dialect : (SimDialect) (N_DIALECTS - 1 - number % N_DIALECTS),
                   self->faults, (guint64) self->seed * G_GUINT64_CONSTANT (1000003) + number);
  g_ptr_array_add (devices, device);
}

static void
add_made_up (SimOptions *self,
             GPtrArray  *devices)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed ((guint32) self->seed);

  for (gint i = 0; i < self->count; i++)
    {
      guint8 random[32];
      char id[BW_DEVICE_ID_SIZE];
      char key[BW_DEVICE_KEY_SIZE];

      for (guint j = 0; j < sizeof random; j++)
        random[j] = (guint8) g_rand_int_range (rand, 0, 256);
      bw_device_id_from_random (random, id);
      bw_device_key_from_bytes (random + BW_DEVICE_ID_RANDOM_BYTES, key);
      add_device (self, devices, id, key);
    }
}

static int
find_column (GPtrArray  *header,
             const char *name)
{
  for (guint i = 0; i < header->len; i++)
    {
      if (strcmp (g_ptr_array_index (header, i), name) == 0)
        return (int) i;
    }

  return -1;
}

static gboolean
add_record (SimOptions  *self,
            GPtrArray   *devices,
            GPtrArray   *record,
            int          id_column,
            int          key_column,
            guint        line,
            GError     **error)
{
  char id[BW_DEVICE_ID_SIZE];
  const char *text, *key;

  if ((int) record->len <= MAX (id_column, key_column))
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "record %u of “%s” has too few fields", line, self->devices);
      return FALSE;
    }

  text = g_ptr_array_index (record, id_column);
  key = g_ptr_array_index (record, key_column);
  if (!bw_device_id_parse (text, strlen (text), id) || *key == '\0' || strlen (key) > BW_DEVICE_KEY_LENGTH)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "record %u of “%s” has no Device ID and key", line, self->devices);
      return FALSE;
    }

  add_device (self, devices, id, key);

  return TRUE;
}

static gboolean
add_file (SimOptions  *self,
          GPtrArray   *devices,
          GError     **error)
{
  g_autofree char *text = NULL;
  g_autoptr(GPtrArray) header = NULL;
  g_autoptr(GError) local_error = NULL;
  const char *p, *end;
  gsize length;
  int id_column, key_column;
  guint limit = self->limit > 0 ? (guint) self->limit : MAX_DEVICES;

  if (!g_file_get_contents (self->devices, &text, &length, error))
    return FALSE;

  p = text;
  end = text + length;
  header = bw_csv_read_record (&p, end, &local_error);
  id_column = header != NULL ? find_column (header, "device_id") : -1;
  key_column = header != NULL ? find_column (header, "device_key") : -1;
  if (id_column < 0 || key_column < 0)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
                   "“%s” is no hand-over file: it has no columns device_id and device_key", self->devices);
      return FALSE;
    }

  for (guint line = 2; devices->len < limit; line++)
    {
      g_autoptr(GPtrArray) record = bw_csv_read_record (&p, end, &local_error);

      if (local_error != NULL)
        {
          g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "record %u of “%s”: %s", line, self->devices, local_error->message);
          return FALSE;
        }
      if (record == NULL)
        break;
      if (!add_record (self, devices, record, id_column, key_column, line, error))
        return FALSE;
    }

  return TRUE;
}

GPtrArray *
sim_options_devices (SimOptions  *self,
                     GError     **error)
{
  g_autoptr(GPtrArray) devices = g_ptr_array_new_with_free_func (g_free);

  if (self->devices == NULL)
    add_made_up (self, devices);
  else if (!add_file (self, devices, error))
    return NULL;

  if (devices->len == 0)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "“%s” holds no device", self->devices);
      return NULL;
    }

  return g_steal_pointer (&devices);
}
