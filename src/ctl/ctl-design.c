/* ctl-design.c: bellwetherctl labels design …
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-ctl"

#include "ctl-design.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bw-error.h"
#include "bw-json.h"
#include "bw-label-logo.h"
#include "ctl-noun.h"

#define PATH "/v1/label-designs"

/* Any size will do to see whether a logo can be drawn. */
#define LOGO_MM 10.0

static const char * const lights[] = {
  [BW_LABEL_LIGHT_GREEN] = "green",
  [BW_LABEL_LIGHT_AMBER] = "amber",
  [BW_LABEL_LIGHT_RED] = "red",
};

char *
ctl_quality_to_text (const BwLabelQuality *quality)
{
  const char *verdict = _("any phone reads it");

  if (quality->reason == BW_LABEL_REASON_SMALL)
    verdict = _("small, so it takes a good printer");
  else if (quality->reason == BW_LABEL_REASON_FEW_DOTS)
    verdict = _("of few dots, so it takes a good printer");
  else if (quality->reason == BW_LABEL_REASON_TOO_SMALL)
    verdict = _("too small for many phones");

  /* Translators: 21 × 21 modules, error correction Q, a module is 0.42 mm (5 dots at 300 dpi), green: any phone reads it */
  return g_strdup_printf (_("%u × %u modules, error correction %s, a module is %.2f mm (%u dots at %u dpi), %s: %s"),
                          quality->n_modules, quality->n_modules, bw_label_correction_to_text (quality->correction),
                          quality->module, quality->dots, quality->dpi, lights[quality->light], verdict);
}

void
ctl_write_quality (GString              *out,
                   const BwLabelQuality *quality)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  bw_json_begin_object (out, "code");
  bw_json_add_int (out, "version", quality->version);
  bw_json_add_string (out, "errorCorrection", bw_label_correction_to_text (quality->correction));
  bw_json_add_raw (out, "module", g_ascii_formatd (number, sizeof number, "%.4f", quality->module));
  bw_json_add_int (out, "dots", quality->dots);
  bw_json_add_int (out, "dpi", quality->dpi);
  bw_json_add_string (out, "light", lights[quality->light]);
  bw_json_end_object (out);
}

static JsonObject *
load (Ctl         *ctl,
      const char  *name,
      GError     **error)
{
  g_autofree char *id = ctl_find_design_id (ctl, name, error);
  g_autofree char *path = id != NULL ? g_strconcat (PATH "/", id, NULL) : NULL;

  return path != NULL ? ctl_call (ctl, "GET", path, NULL, error) : NULL;
}

static char *
get_design_text (JsonObject *document)
{
  JsonNode *node = json_object_get_member (document, "design");

  return node != NULL ? json_to_string (node, TRUE) : g_strdup ("");
}

BwLabelDesign *
ctl_find_design (Ctl         *ctl,
                 const char  *name,
                 GError     **error)
{
  g_autoptr(JsonObject) document = load (ctl, name, error);
  g_autofree char *text = document != NULL ? get_design_text (document) : NULL;

  return text != NULL ? bw_label_design_from_json (text, strlen (text), error) : NULL;
}

GStrv
ctl_list_empty (BwSheet *sheet)
{
  static const BwLabelFieldKind kinds[] = {
    BW_LABEL_FIELD_PRODUCT, BW_LABEL_FIELD_ABBREVIATION, BW_LABEL_FIELD_LICENSE, BW_LABEL_FIELD_MACHINE_ID,
  };
  g_autoptr(GStrvBuilder) words = g_strv_builder_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      if (bw_sheet_leaves_empty (sheet, kinds[i]))
        g_strv_builder_add (words, bw_label_field_kind_to_text (kinds[i]));
    }

  return g_strv_builder_end (words);
}

gboolean
ctl_set_facts (Ctl                 *ctl,
               BwSheet             *sheet,
               BwBatch             *batch,
               const BwLabelFacts  *facts,
               GError             **error)
{
  BwLabelFacts all = *facts;
  g_autoptr(JsonObject) company = NULL;

  if (all.company == NULL && bw_sheet_has_field (sheet, BW_LABEL_FIELD_COMPANY))
    {
      g_autofree char *path = g_strconcat ("/v1/companies/", bw_batch_get_company_id (batch), NULL);

      company = ctl_call (ctl, "GET", path, NULL, error);
      if (company == NULL)
        return FALSE;
      all.company = bw_json_get_string (company, "name");
    }

  return bw_sheet_set_facts (sheet, &all, error);
}

gboolean
ctl_add_with_facts (Ctl           *ctl,
                    BwSheet       *sheet,
                    BwBatch       *batch,
                    const GArray  *serials,
                    GError       **error)
{
  guint first = g_array_index (serials, guint, 0);
  guint last = g_array_index (serials, guint, serials->len - 1);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GPtrArray) devices = NULL;

  bw_session_load_label_facts_async (ctl->session, bw_entity_get_id (BW_ENTITY (batch)), first, last - first + 1,
                                     ctl->cancellable, ctl_result_cb, ctl);
  result = ctl_await (ctl);
  devices = bw_session_load_label_facts_finish (ctl->session, result, error);
  if (devices == NULL)
    return FALSE;

  if (devices->len != last - first + 1)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE,
                   _("the backend gave %u IDs of the %ld that were asked for"), devices->len, (long) (last - first + 1));
      return FALSE;
    }

  for (guint i = 0; i < serials->len; i++)
    {
      guint serial = g_array_index (serials, guint, i);
      const BwDeviceFacts *device = g_ptr_array_index (devices, serial - first);
      const BwLabelFacts facts = {
        .product = device->product, .abbreviation = device->abbreviation, .license = device->license,
        .machine_id = device->machine_id, .company = device->company,
      };

      if (!bw_sheet_add_with_facts (sheet, device->device_id, serial, &facts, error))
        return FALSE;
    }

  return TRUE;
}

static CtlStatus
list (Ctl              *ctl,
      const CtlCommand *command,
      char            **arguments)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_autoptr(JsonObject) reply = NULL;
  g_autoptr(GError) error = NULL;
  JsonArray *items;

  if (!ctl_parse (ctl, command, NULL, arguments, 0, 0))
    return CTL_USAGE;

  if (!ctl_connect (ctl, &error) || (reply = ctl_call (ctl, "GET", PATH, NULL, &error)) == NULL)
    return ctl_fail (error);

  if (ctl->json)
    {
      ctl_print_document (reply);
      return CTL_DONE;
    }

  items = bw_json_get_array (reply, "items");
  g_ptr_array_add (rows, g_strdupv ((char *[]) { (char *) _("ID"), (char *) _("Name"), (char *) _("Company"), NULL }));
  for (guint i = 0; items != NULL && i < json_array_get_length (items); i++)
    {
      JsonObject *item = json_array_get_object_element (items, i);
      g_auto(GStrv) row = g_new0 (char *, 4);

      row[0] = ctl_clean (bw_json_get_string (item, "id"));
      row[1] = ctl_clean (bw_json_get_string (item, "name"));
      row[2] = ctl_clean (bw_json_get_string (item, "company"));
      g_ptr_array_add (rows, g_steal_pointer (&row));
    }
  ctl_print_table (rows);

  return CTL_DONE;
}

/* The design alone, as save reads it. */
static CtlStatus
show (Ctl              *ctl,
      const CtlCommand *command,
      char            **arguments)
{
  g_autofree char *stock_name = NULL;
  const GOptionEntry entries[] = {
    { "stock", 's', G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &stock_name, N_("Say instead how well its code is read on this label"), N_("NAME") },
    { NULL }
  };
  g_autoptr(JsonObject) document = NULL;
  g_autoptr(BwLabelDesign) design = NULL;
  g_autoptr(BwLabelPlan) plan = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  const BwStock *stock = NULL;
  BwLabelQuality quality;
  g_autofree char *sentence = NULL;

  if (!ctl_parse (ctl, command, entries, arguments, 1, 1))
    return CTL_USAGE;

  if ((stock_name != NULL && (stock = bw_stock_find (stock_name, &error)) == NULL) ||
      !ctl_connect (ctl, &error) || (document = load (ctl, arguments[0], &error)) == NULL)
    return ctl_fail (error);

  text = get_design_text (document);
  if (stock == NULL)
    {
      if (ctl->json)
        ctl_print_document (document);
      else
        ctl_print_text (text);
      return CTL_DONE;
    }

  design = bw_label_design_from_json (text, strlen (text), &error);
  if (design == NULL || (plan = bw_label_plan_new (stock, design, &error)) == NULL)
    return ctl_fail (error);

  bw_label_plan_get_quality (plan, &quality);
  if (ctl->json)
    {
      g_autoptr(GString) out = g_string_new (NULL);

      bw_json_begin_object (out, NULL);
      ctl_write_quality (out, &quality);
      bw_json_end_object (out);
      ctl_print_text (out->str);
      return CTL_DONE;
    }

  sentence = ctl_quality_to_text (&quality);
  g_print ("%s\n", sentence);

  return CTL_DONE;
}

/* The id of the one of that very name in the company that it would go to; "" for none. */
static char *
find_own (Ctl         *ctl,
          const char  *name,
          const char  *company_id,
          gint64      *ret_revision,
          GError     **error)
{
  g_autoptr(JsonObject) reply = ctl_call (ctl, "GET", PATH, NULL, error);
  JsonArray *items = bw_json_get_array (reply, "items");

  if (reply == NULL)
    return NULL;

  for (guint i = 0; items != NULL && i < json_array_get_length (items); i++)
    {
      JsonObject *item = json_array_get_object_element (items, i);

      if (g_strcmp0 (bw_json_get_string (item, "name"), name) == 0 &&
          g_strcmp0 (bw_json_get_string (item, "companyId"), company_id) == 0)
        {
          *ret_revision = bw_json_get_int (item, "revision", 0);
          return g_strdup (bw_json_get_string (item, "id"));
        }
    }

  return g_strdup ("");
}

static JsonObject *
send (Ctl         *ctl,
      const char  *name,
      const char  *company_id,
      const char  *design,
      GError     **error)
{
  g_autoptr(GString) body = g_string_new (NULL);
  g_autofree char *path = NULL;
  gint64 revision = 0;
  g_autofree char *id = find_own (ctl, name, company_id, &revision, error);

  if (id == NULL)
    return NULL;

  bw_json_begin_object (body, NULL);
  if (*id != '\0')
    bw_json_add_int (body, "revision", revision);
  else
    {
      bw_json_add_string (body, "name", name);
      bw_json_add_string (body, "companyId", company_id);
    }
  bw_json_add_raw (body, "design", design);
  bw_json_end_object (body);

  path = *id != '\0' ? g_strconcat (PATH "/", id, NULL) : g_strdup (PATH);

  return ctl_call (ctl, *id != '\0' ? "PATCH" : "POST", path, body->str, error);
}

static BwLabelDesign *
read_file (const char  *path,
           GError     **error)
{
  g_autoptr(GError) reason = NULL;
  g_autofree char *text = NULL;
  gsize length;

  if (g_file_get_contents (path, &text, &length, &reason))
    return bw_label_design_from_json (text, length, error);

  g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "%s", reason->message);

  return NULL;
}

/* Backends do not draw, so what cannot be drawn would be found by whoever prints. */
static gboolean
check_logos (const BwLabelDesign  *design,
             GError              **error)
{
  for (guint i = 0; i < design->fields->len; i++)
    {
      const BwLabelField *field = g_ptr_array_index (design->fields, i);
      BwLabelLogo *logo;

      if (field->kind != BW_LABEL_FIELD_LOGO)
        continue;

      logo = bw_label_logo_new (field->logo, LOGO_MM, LOGO_MM, error);
      if (logo == NULL)
        return FALSE;

      bw_label_logo_unref (logo);
    }

  return TRUE;
}

static CtlStatus
save (Ctl              *ctl,
      const CtlCommand *command,
      char            **arguments)
{
  g_autofree char *file = NULL;
  g_autofree char *company = NULL;
  const GOptionEntry entries[] = {
    { "file", 'f', G_OPTION_FLAG_NONE, G_OPTION_ARG_FILENAME, &file, N_("The design, as “labels design show” writes it"), N_("FILE") },
    { "company", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &company, N_("Whose it is; else the company that you act for"), N_("COMPANY") },
    { NULL }
  };
  g_autoptr(BwLabelDesign) design = NULL;
  g_autoptr(JsonObject) session = NULL;
  g_autoptr(JsonObject) saved = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *company_id = NULL;
  g_autofree char *text = NULL;

  if (!ctl_parse (ctl, command, entries, arguments, 1, 1))
    return CTL_USAGE;

  if (file == NULL)
    return ctl_usage_error (command, _("--%s is missing"), "file");

  if ((design = read_file (file, &error)) == NULL || !check_logos (design, &error) || !ctl_connect (ctl, &error))
    return ctl_fail (error);

  if (company != NULL)
    company_id = ctl_find_company (ctl, company, &error);
  else if ((session = ctl_call (ctl, "GET", "/v1/sessions/current", NULL, &error)) != NULL)
    company_id = g_strdup (bw_json_get_string (session, "companyId"));

  if (company_id == NULL)
    return error != NULL ? ctl_fail (error) : ctl_fail_text ("%s", _("you act for no company"));

  text = bw_label_design_to_json (design);
  saved = send (ctl, arguments[0], company_id, text, &error);
  if (saved == NULL)
    return ctl_fail (error);

  if (ctl->json)
    ctl_print_document (saved);
  else
    {
      g_autofree char *name = ctl_clean (arguments[0]);

      g_print (_("The label design “%s” is saved.\n"), name);
    }

  return CTL_DONE;
}

static CtlStatus
delete (Ctl              *ctl,
        const CtlCommand *command,
        char            **arguments)
{
  g_autoptr(JsonObject) reply = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *id = NULL;
  g_autofree char *path = NULL;

  if (!ctl_parse (ctl, command, NULL, arguments, 1, 1))
    return CTL_USAGE;

  if (!ctl_connect (ctl, &error) || (id = ctl_find_design_id (ctl, arguments[0], &error)) == NULL)
    return ctl_fail (error);

  path = g_strconcat (PATH "/", id, NULL);
  reply = ctl_call (ctl, "DELETE", path, NULL, &error);
  if (reply == NULL && error != NULL)
    return ctl_fail (error);

  return CTL_DONE;
}

static gboolean
find_preset (const char    *name,
             BwLabelPreset *ret_preset)
{
  for (guint i = 0; i < BW_LABEL_N_PRESETS; i++)
    {
      if (strcmp (bw_label_preset_to_text (i), name) == 0)
        {
          *ret_preset = i;
          return TRUE;
        }
    }

  return FALSE;
}

/* Needs no backend. */
static CtlStatus
preset (Ctl              *ctl,
        const CtlCommand *command,
        char            **arguments)
{
  g_autofree char *stock_name = NULL;
  g_autofree char *link = NULL;
  int dpi = 0;
  const GOptionEntry entries[] = {
    { "stock", 's', G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &stock_name, N_("The label sheet or roll; see “labels stocks”"), N_("NAME") },
    { "link", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, &link, N_("The code is this address, with {id} where the ID goes"), "URL" },
    { "dpi", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_INT, &dpi, N_("The printer's resolution; else the stock's"), "N" },
    { NULL }
  };
  g_autoptr(BwLabelDesign) base = bw_label_design_new ();
  g_autoptr(BwLabelDesign) design = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  const BwStock *stock;
  BwLabelPreset which;

  if (!ctl_parse (ctl, command, entries, arguments, 1, 1))
    return CTL_USAGE;

  if (stock_name == NULL)
    return ctl_usage_error (command, _("--%s is missing"), "stock");
  if (!find_preset (arguments[0], &which))
    return ctl_usage_error (command, _("there is no layout “%s”"), arguments[0]);

  if (link != NULL)
    {
      g_free (base->link);
      base->link = g_steal_pointer (&link);
    }
  base->dpi = dpi > 0 ? (guint) dpi : 0;

  stock = bw_stock_find (stock_name, &error);
  if (stock == NULL || (design = bw_label_preset_make (which, stock, base, &error)) == NULL)
    return ctl_fail (error);

  text = bw_label_design_to_json (design);
  ctl_print_text (text);

  return CTL_DONE;
}

const CtlCommand ctl_design_commands[] = {
  { "labels", "design list", NULL, N_("List the saved label designs"), list },
  { "labels", "design show", "DESIGN [--stock STOCK]", N_("Write a label design, or how well its code is read on a label"), show },
  { "labels", "design preset", "LAYOUT --stock STOCK [--link URL] [--dpi N]",
    N_("Write a design to begin with: automatic, standard, code-only, code-and-id, product or full"), preset },
  { "labels", "design save", "NAME --file FILE [--company COMPANY]", N_("Save a label design, in place of the one of that name"), save },
  { "labels", "design delete", "DESIGN", N_("Delete a label design"), delete },
  { NULL }
};
