/* bw-sheet-facts.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-sheet"

#include "bw-sheet-private.h"

#include "bw-error.h"
#include "bw-text.h"

#include <string.h>

#define FACT_MAX_BYTES 200

/* The design of a sheet, and what its fields say of each device. A sheet of a
 * million labels keeps a number for each, and each text once. */

void
bw_sheet_clear_facts (BwSheet *self)
{
  g_clear_pointer (&self->checker, bw_label_painter_free);
  g_clear_pointer (&self->facts, g_array_unref);
  g_clear_pointer (&self->fact_sets, g_array_unref);
  g_clear_pointer (&self->texts, g_string_chunk_free);
}

gboolean
bw_sheet_set_design (BwSheet              *self,
                     const BwLabelDesign  *design,
                     GError              **error)
{
  g_autoptr(BwLabelPlan) plan = NULL;
  BwLabelPlan *before;

  g_return_val_if_fail (BW_IS_SHEET (self) && self->entries->len == 0, FALSE);

  plan = bw_label_plan_new (self->stock, design, error);
  if (plan == NULL)
    return FALSE;

  before = self->plan;
  self->plan = plan;
  g_clear_pointer (&self->checker, bw_label_painter_free);
  self->checker = bw_sheet_create_painter (self);
  if (!bw_label_painter_check (self->checker, &self->common_facts, error) ||
      !bw_sheet_set_calibration (self, &self->calibration, error))
    {
      self->plan = before;
      g_clear_pointer (&self->checker, bw_label_painter_free);
      return FALSE;
    }

  g_steal_pointer (&plan);
  bw_label_plan_unref (before);

  return TRUE;
}

static gboolean
check_facts (BwSheet             *self,
             const BwLabelFacts  *facts,
             GError             **error)
{
  const char * const texts[] = {
    facts->product, facts->abbreviation, facts->license, facts->machine_id, facts->company
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      /* a space at the end is still being typed */
      g_autofree char *text = g_strstrip (g_strdup (texts[i] != NULL ? texts[i] : ""));

      if (*text != '\0' && !bw_name_is_valid (text, FACT_MAX_BYTES))
        {
          g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "a fact on a label is one line of at most 200 bytes");
          return FALSE;
        }
    }

  if (self->checker == NULL)
    self->checker = bw_sheet_create_painter (self);

  return bw_label_painter_check (self->checker, facts, error);
}

static void
ensure_texts (BwSheet *self)
{
  if (self->texts == NULL)
    self->texts = g_string_chunk_new (4096);
}

/* What the design does not show is not kept. */
static const char *
keep (BwSheet          *self,
      BwLabelFieldKind  kind,
      const char       *text)
{
  if (text == NULL || !bw_label_plan_has_field (self->plan, kind))
    return NULL;

  if (*text == '\0')
    return NULL;

  /* each has its own, so that a table to find it again by would only cost memory */
  return kind == BW_LABEL_FIELD_MACHINE_ID ? g_string_chunk_insert (self->texts, text)
                                           : g_string_chunk_insert_const (self->texts, text);
}

static BwLabelFacts
keep_facts (BwSheet            *self,
            const BwLabelFacts *facts)
{
  ensure_texts (self);

  return (BwLabelFacts) {
    .product = keep (self, BW_LABEL_FIELD_PRODUCT, facts->product),
    .abbreviation = keep (self, BW_LABEL_FIELD_ABBREVIATION, facts->abbreviation),
    .license = keep (self, BW_LABEL_FIELD_LICENSE, facts->license),
    .machine_id = keep (self, BW_LABEL_FIELD_MACHINE_ID, facts->machine_id),
    .company = keep (self, BW_LABEL_FIELD_COMPANY, facts->company),
  };
}

gboolean
bw_sheet_set_facts (BwSheet              *self,
                    const BwLabelFacts   *facts,
                    GError              **error)
{
  g_return_val_if_fail (BW_IS_SHEET (self) && facts != NULL, FALSE);

  if (!check_facts (self, facts, error))
    return FALSE;

  self->common_facts = keep_facts (self, facts);

  return TRUE;
}

/* Devices of one product often come one after the other. */
static guint32
intern (BwSheet            *self,
        const BwLabelFacts *facts)
{
  BwLabelFacts kept = keep_facts (self, facts);

  if (self->fact_sets == NULL)
    self->fact_sets = g_array_new (FALSE, FALSE, sizeof (BwLabelFacts));

  if (self->fact_sets->len == 0 ||
      memcmp (&kept, &g_array_index (self->fact_sets, BwLabelFacts, self->fact_sets->len - 1), sizeof kept) != 0)
    g_array_append_val (self->fact_sets, kept);

  return self->fact_sets->len;
}

static const char *
either (const char *own,
        const char *common)
{
  return own != NULL && *own != '\0' ? own : common;
}

/* What a device calls itself may be anything: what is no name on a label is none. */
static const char *
get_own_product (const BwLabelFacts *facts)
{
  return facts->product != NULL && bw_name_is_valid (facts->product, FACT_MAX_BYTES) ? facts->product : NULL;
}

gboolean
bw_sheet_add_with_facts (BwSheet              *self,
                         const char           *id,
                         guint                 serial,
                         const BwLabelFacts   *facts,
                         GError              **error)
{
  BwLabelFacts merged;
  guint32 place;

  g_return_val_if_fail (BW_IS_SHEET (self) && id != NULL && facts != NULL, FALSE);

  merged = (BwLabelFacts) {
    .product = either (get_own_product (facts), self->common_facts.product),
    .abbreviation = either (facts->abbreviation, self->common_facts.abbreviation),
    .license = either (facts->license, self->common_facts.license),
    .machine_id = either (facts->machine_id, self->common_facts.machine_id),
    .company = either (facts->company, self->common_facts.company),
  };
  if (!check_facts (self, &merged, error) || !bw_sheet_add (self, id, serial, error))
    return FALSE;

  if (self->facts == NULL)
    self->facts = g_array_new (FALSE, TRUE, sizeof (guint32));

  place = intern (self, &merged);
  g_array_set_size (self->facts, self->entries->len);
  g_array_index (self->facts, guint32, self->entries->len - 1) = place;

  return TRUE;
}

void
bw_sheet_end_adding (BwSheet *self)
{
  g_return_if_fail (BW_IS_SHEET (self));

  g_clear_pointer (&self->checker, bw_label_painter_free);
}

const BwLabelFacts *
bw_sheet_get_facts (BwSheet *self,
                    guint    entry)
{
  guint32 place = self->facts != NULL && entry < self->facts->len ? g_array_index (self->facts, guint32, entry) : 0;

  return place > 0 ? &g_array_index (self->fact_sets, BwLabelFacts, place - 1) : &self->common_facts;
}

gboolean
bw_sheet_wants_facts (BwSheet *self)
{
  g_return_val_if_fail (BW_IS_SHEET (self), FALSE);

  return bw_sheet_has_field (self, BW_LABEL_FIELD_PRODUCT) || bw_sheet_has_field (self, BW_LABEL_FIELD_ABBREVIATION) ||
         bw_sheet_has_field (self, BW_LABEL_FIELD_LICENSE) || bw_sheet_has_field (self, BW_LABEL_FIELD_MACHINE_ID);
}

static const char *
get_fact (const BwLabelFacts *facts,
          BwLabelFieldKind    kind)
{
  if (kind == BW_LABEL_FIELD_PRODUCT)
    return facts->product;
  if (kind == BW_LABEL_FIELD_ABBREVIATION)
    return facts->abbreviation;
  if (kind == BW_LABEL_FIELD_LICENSE)
    return facts->license;
  if (kind == BW_LABEL_FIELD_MACHINE_ID)
    return facts->machine_id;

  return kind == BW_LABEL_FIELD_COMPANY ? facts->company : "";
}

gboolean
bw_sheet_leaves_empty (BwSheet          *self,
                       BwLabelFieldKind  kind)
{
  g_return_val_if_fail (BW_IS_SHEET (self), FALSE);

  if (!bw_sheet_has_field (self, kind))
    return FALSE;

  for (guint i = 0; i < self->entries->len; i++)
    {
      if (get_fact (bw_sheet_get_facts (self, i), kind) == NULL)
        return TRUE;
    }

  return self->entries->len == 0 && get_fact (&self->common_facts, kind) == NULL;
}
