/* bench-labels.c: so many labels to a PDF: seconds, and the most memory it took
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-device-id.h"
#include "bw-sheet.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GError) error = NULL;
  g_autoptr(BwSheet) sheet = NULL;
  g_autoptr(GRand) rand = g_rand_new_with_seed (1);
  const BwStock *stock;
  struct rusage usage;
  gint64 start_us;
  guint n_labels;

  if (argc != 4)
    {
      fprintf (stderr, "usage: bench-labels STOCK COUNT FILE.pdf\n");
      return 2;
    }

  start_us = g_get_monotonic_time ();
  n_labels = (guint) atoi (argv[2]);
  stock = bw_stock_find (argv[1], &error);
  if (stock != NULL)
    sheet = bw_sheet_new (stock, "Benchmark", "#3584e4", n_labels, 0, 1, &error);

  for (guint i = 0; sheet != NULL && i < n_labels; i++)
    {
      guint8 random[BW_DEVICE_ID_RANDOM_BYTES];
      char id[BW_DEVICE_ID_SIZE];

      for (guint j = 0; j < sizeof random; j++)
        random[j] = (guint8) g_rand_int_range (rand, 0, 256);
      bw_device_id_from_random (random, id);
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
