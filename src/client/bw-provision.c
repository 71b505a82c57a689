/* bw-provision.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-provision.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#include "bw-csv-reader.h"
#include "bw-csv.h"
#include "bw-device-id.h"
#include "bw-error.h"
#include "bw-json.h"
#include "bw-part-file.h"

/* Where the firmware looks in its non-volatile storage; names have at most 15 characters there. */
#define NVS_NAMESPACE "bellwether"

/* The columns of the hand-over file that go into a device. */
typedef enum
{
  DEVICE_ID,
  DEVICE_KEY,
  BATCH,
  SERIAL,
  COUNT,
  TYPE,
  ABBREVIATION,
  LICENSE,
  MACHINE_ID,
  N_COLUMNS,
} Column;

static const char *const names[N_COLUMNS] = {
  [DEVICE_ID] = "device_id",
  [DEVICE_KEY] = "device_key",
  [BATCH] = "batch",
  [SERIAL] = "serial",
  [COUNT] = "count",
  [TYPE] = "type",
  [ABBREVIATION] = "abbreviation",
  [LICENSE] = "license",
  [MACHINE_ID] = "machine_id",
};

typedef struct
{
  struct archive       *archive;
  struct archive_entry *entry;
  BwHandOverFormat      format;
  GString              *text;       /* of one device */
  GString              *sums;
  int                   places[N_COLUMNS];
} Zip;

static void
zip_clear (Zip *zip)
{
  g_clear_pointer (&zip->entry, archive_entry_free);
  g_clear_pointer (&zip->archive, archive_write_free);

  if (zip->text != NULL)
    {
      explicit_bzero (zip->text->str, zip->text->allocated_len);
      g_string_free (zip->text, TRUE);
    }
  if (zip->sums != NULL)
    g_string_free (zip->sums, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Zip, zip_clear)

static gboolean
fail (Zip     *zip,
      GError **error)
{
  const char *why = archive_error_string (zip->archive);

  g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE, "cannot write the ZIP file: %s", why != NULL ? why : "unknown");

  return FALSE;
}

/* They are small and mostly random: nothing is gained by compressing them. */
static gboolean
begin_zip (Zip     *zip,
           int      fd,
           GError **error)
{
  zip->archive = archive_write_new ();
  zip->entry = archive_entry_new ();
  zip->text = g_string_sized_new (1024);
  zip->sums = g_string_sized_new (64 * 1024);

  return (archive_write_set_format_zip (zip->archive) == ARCHIVE_OK &&
          archive_write_zip_set_compression_store (zip->archive) == ARCHIVE_OK &&
          archive_write_set_bytes_in_last_block (zip->archive, 1) == ARCHIVE_OK &&
          archive_write_open_fd (zip->archive, fd) == ARCHIVE_OK) || fail (zip, error);
}

static gboolean
add_file (Zip         *zip,
          const char  *name,
          GString     *text,
          GError     **error)
{
  archive_entry_clear (zip->entry);
  archive_entry_set_pathname_utf8 (zip->entry, name);
  archive_entry_set_filetype (zip->entry, AE_IFREG);
  archive_entry_set_perm (zip->entry, 0600);
  archive_entry_set_size (zip->entry, (la_int64_t) text->len);
  archive_entry_set_mtime (zip->entry, g_get_real_time () / G_USEC_PER_SEC, 0);

  return (archive_write_header (zip->archive, zip->entry) == ARCHIVE_OK &&
          archive_write_data (zip->archive, text->str, text->len) == (la_ssize_t) text->len) || fail (zip, error);
}

static const char *
get (const Zip         *zip,
     const BwCsvReader *reader,
     Column             column)
{
  int place = zip->places[column];

  return place >= 0 && (guint) place < reader->n_fields ? reader->fields[place] : "";
}

static void
add_text (Zip               *zip,
          const BwCsvReader *reader,
          const char        *member,
          Column             column)
{
  const char *value = get (zip, reader, column);

  bw_json_add_string (zip->text, member, *value != '\0' ? value : NULL);
}

static void
write_json (Zip               *zip,
            const BwCsvReader *reader)
{
  bw_json_begin_object (zip->text, NULL);
  add_text (zip, reader, "deviceId", DEVICE_ID);
  add_text (zip, reader, "deviceKey", DEVICE_KEY);
  add_text (zip, reader, "batch", BATCH);
  bw_json_add_int (zip->text, "serial", g_ascii_strtoll (get (zip, reader, SERIAL), NULL, 10));
  add_text (zip, reader, "type", TYPE);
  add_text (zip, reader, "abbreviation", ABBREVIATION);
  add_text (zip, reader, "license", LICENSE);
  add_text (zip, reader, "machineId", MACHINE_ID);
  bw_json_end_object (zip->text);
  g_string_append_c (zip->text, '\n');
}

/* As nvs_partition_gen.py reads it: a row that opens a namespace, then what stands in it. */
static void
write_nvs (Zip               *zip,
           const BwCsvReader *reader)
{
  const char *key = get (zip, reader, DEVICE_KEY);

  g_string_append (zip->text, "key,type,encoding,value\n" NVS_NAMESPACE ",namespace,,\n");
  g_string_append_printf (zip->text, "device_id,data,string,%s\n", get (zip, reader, DEVICE_ID));
  if (*key != '\0')
    g_string_append_printf (zip->text, "device_key,data,string,%s\n", key);
  g_string_append_printf (zip->text, "serial,data,u32,%" G_GINT64_FORMAT "\n",
                          g_ascii_strtoll (get (zip, reader, SERIAL), NULL, 10));
}

static gboolean
add_device (Zip                *zip,
            const BwCsvReader  *reader,
            GError            **error)
{
  const char *id = get (zip, reader, DEVICE_ID);
  const char *key = get (zip, reader, DEVICE_KEY);
  gint64 serial = g_ascii_strtoll (get (zip, reader, SERIAL), NULL, 10);
  int n_digits = (int) CLAMP (strlen (get (zip, reader, COUNT)), 4, 9);
  g_autofree char *name = NULL;
  g_autofree char *sum = NULL;

  /* they become the name of a file, and a field of one */
  if (!bw_device_id_is_canonical (id, strlen (id)) || serial < 1 ||
      strspn (key, G_CSET_a_2_z G_CSET_DIGITS) != strlen (key))
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "row %u of the hand-over file names no device", reader->line);
      return FALSE;
    }

  g_string_truncate (zip->text, 0);
  if (zip->format == BW_HAND_OVER_JSON)
    write_json (zip, reader);
  else
    write_nvs (zip, reader);

  name = g_strdup_printf ("%0*" G_GINT64_FORMAT "-%s.%s", n_digits, serial, id,
                          zip->format == BW_HAND_OVER_JSON ? "json" : "csv");
  sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) zip->text->str, zip->text->len);
  g_string_append_printf (zip->sums, "%s  %s\n", sum, name);

  return add_file (zip, name, zip->text, error);
}

static gboolean
read_head (Zip          *zip,
           BwCsvReader  *reader,
           GError      **error)
{
  if (!bw_csv_reader_next (reader, error))
    return FALSE;

  for (guint column = 0; column < N_COLUMNS; column++)
    {
      zip->places[column] = -1;
      for (guint i = 0; i < reader->n_fields; i++)
        {
          if (strcmp (reader->fields[i], names[column]) == 0)
            zip->places[column] = (int) i;
        }
    }

  return TRUE;
}

gboolean
bw_provision_write_zip (const char        *table,
                        gsize              size,
                        BwHandOverFormat   format,
                        int                fd,
                        GCancellable      *cancellable,
                        GError           **error)
{
  g_auto(BwCsvReader) reader = { NULL, };
  g_auto(Zip) zip = { NULL, NULL, format };
  g_autoptr(GError) local_error = NULL;

  g_return_val_if_fail (format != BW_HAND_OVER_CSV, FALSE);

  if (!bw_csv_reader_init (&reader, table, size, error) || !read_head (&zip, &reader, error) ||
      !begin_zip (&zip, fd, error))
    return FALSE;

  while (bw_csv_reader_next (&reader, &local_error))
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error) || !add_device (&zip, &reader, error))
        return FALSE;
    }

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  return add_file (&zip, "SHA256SUMS", zip.sums, error) &&
         (archive_write_close (zip.archive) == ARCHIVE_OK || fail (&zip, error));
}

/* A hand-over file of one row. */
static GString *
write_table (JsonObject *device,
             const char *id,
             const char *key)
{
  static const char *const members[N_COLUMNS] = {
    [BATCH] = "batch", [TYPE] = "type", [ABBREVIATION] = "abbreviation", [LICENSE] = "license", [MACHINE_ID] = "machineId",
  };
  g_autofree char *serial = g_strdup_printf ("%" G_GINT64_FORMAT, bw_json_get_int (device, "serial", 0));
  GString *table = g_string_sized_new (4096);

  for (guint i = 0; i < N_COLUMNS; i++)
    bw_csv_append_field (table, names[i], i + 1 == N_COLUMNS);

  for (guint i = 0; i < N_COLUMNS; i++)
    {
      const char *value = members[i] != NULL ? bw_json_get_string (device, members[i]) : NULL;

      if (i == DEVICE_ID)
        value = id;
      else if (i == DEVICE_KEY)
        value = key;
      else if (i == SERIAL)
        value = serial;
      bw_csv_append_field (table, value != NULL ? value : "", i + 1 == N_COLUMNS);
    }

  return table;
}

static void
wipe (GString *text)
{
  explicit_bzero (text->str, text->allocated_len);
  g_string_free (text, TRUE);
}

gboolean
bw_provision_save_one (JsonObject        *device,
                       const char        *id,
                       const char        *key,
                       BwHandOverFormat   format,
                       const char        *path,
                       GError           **error)
{
  g_auto(Zip) zip = { NULL, NULL, format };
  g_autoptr(BwPartFile) file = NULL;
  GString *table;
  gboolean ok;

  g_return_val_if_fail (format != BW_HAND_OVER_CSV, FALSE);
  g_return_val_if_fail (id != NULL && key != NULL && path != NULL, FALSE);

  table = write_table (device, id, key);
  zip.text = g_string_sized_new (4096);
  {
    g_auto(BwCsvReader) reader = { NULL, };

    ok = bw_csv_reader_init (&reader, table->str, table->len, error) && read_head (&zip, &reader, error) &&
         bw_csv_reader_next (&reader, error);
    if (ok && format == BW_HAND_OVER_JSON)
      write_json (&zip, &reader);
    else if (ok)
      write_nvs (&zip, &reader);
  }
  wipe (table);
  if (!ok)
    return FALSE;

  file = bw_part_file_open (path, error);

  return file != NULL &&
         g_output_stream_write_all (bw_part_file_get_stream (file), zip.text->str, zip.text->len, NULL, NULL, error) &&
         bw_part_file_put_in_place (file, error);
}
