/* bench-labels.c: so many labels to a PDF: seconds, and the most memory it took.
 * With a logo they are a design: code, ID, texts, logo and colour bar.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-device-id.h"
#include "bw-sheet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

/* A product's label, and a picture of that many pixels in its upper left corner. */
static BwLabelDesign *
make_design (const BwStock *stock,
             GError       **error)
{
  BwLabelDesign *design = bw_label_preset_make (BW_LABEL_PRESET_PRODUCT, stock, NULL, error);
  g_autoptr(GString) svg = g_string_new ("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 400 80'>");
  BwLabelField *logo = bw_label_field_new (BW_LABEL_FIELD_LOGO);
  BwLabelField *product = g_ptr_array_index (design->fields, 1);

  for (guint i = 0; i < 40; i++)
    g_string_append_printf (svg, "<circle cx='%u' cy='40' r='%u' fill='#%06x'/>", 10 * i, 4 + i % 30, i * 0x03f1a7 & 0xffffff);
  g_string_append (svg, "</svg>");

  product->rect.width /= 2;
  logo->rect = product->rect;
  logo->rect.x += logo->rect.width;
  logo->logo = g_bytes_new (svg->str, svg->len);
  g_ptr_array_add (design->fields, logo);
  g_assert_cmpint (((BwLabelField *) g_ptr_array_index (design->fields, 2))->kind, ==, BW_LABEL_FIELD_CHECK);
  g_ptr_array_remove_index (design->fields, 2);

  return design;
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GError) error = NULL;
  g_autoptr(BwSheet) sheet = NULL;
  g_autoptr(GRand) rand = g_rand_new_with_seed (1);
  g_autoptr(BwLabelDesign) design = NULL;
  char machine[16];
  const BwLabelFacts facts = {
    .product = "Thermostat mini", .abbreviation = "TM-2", .license = "CE 0123", .machine_id = machine, .company = "Example Ltd"
  };
  const BwStock *stock;
  struct rusage usage;
  gint64 start_us;
  guint n_labels;

  if (argc != 4 && (argc != 5 || strcmp (argv[4], "logo") != 0))
    {
      fprintf (stderr, "usage: bench-labels STOCK COUNT FILE.pdf [logo]\n");
      return 2;
    }

  start_us = g_get_monotonic_time ();
  n_labels = (guint) atoi (argv[2]);
  stock = bw_stock_find (argv[1], &error);
  if (stock != NULL)
    sheet = bw_sheet_new (stock, "Benchmark", "#3584e4", n_labels, 0, 1, &error);

  if (sheet != NULL && argc == 5)
    {
      design = make_design (stock, &error);
      if (!bw_sheet_set_design (sheet, design, &error))
        g_clear_object (&sheet);
    }

  for (guint i = 0; sheet != NULL && i < n_labels; i++)
    {
      guint8 random[BW_DEVICE_ID_RANDOM_BYTES];
      char id[BW_DEVICE_ID_SIZE];

      for (guint j = 0; j < sizeof random; j++)
        random[j] = (guint8) g_rand_int_range (rand, 0, 256);
      bw_device_id_from_random (random, id);
      g_snprintf (machine, sizeof machine, "M-%07u", i);
      if (design != NULL)
        bw_sheet_add_with_facts (sheet, id, i + 1, &facts, NULL);
      else
        bw_sheet_add (sheet, id, i + 1, NULL);
    }

  if (sheet == NULL || !bw_sheet_write_pdf (sheet, argv[3], NULL, NULL, NULL, &error))
    {
      fprintf (stderr, "bench-labels: %s\n", error->message);
      return 1;
    }

  getrusage (RUSAGE_SELF, &usage);
  printf ("%.3f %ld\n", (double) (g_get_monotonic_time () - start_us) / G_USEC_PER_SEC, usage.ru_maxrss);

  return 0;
}
