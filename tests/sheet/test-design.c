/* test-design.c: the document of a label design, its presets and its light
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-error.h"
#include "bw-label-check.h"
#include "bw-label-logo.h"
#include "bw-sheet-private.h"
#include "bw-sheet.h"

#include <math.h>
#include <string.h>

#define ID "k3m9-t2xw-0001-7hnc"

static BwLabelDesign *
parse (const char *json)
{
  g_autoptr(GError) error = NULL;
  BwLabelDesign *design = bw_label_design_from_json (json, strlen (json), &error);

  g_assert_no_error (error);

  return design;
}

#define FIELDS(fields) "{\"format\":1,\"fields\":[{\"kind\":\"qr\",\"x\":0,\"y\":0,\"width\":20,\"height\":20}" fields "]}"

static void
test_refused (void)
{
  static const struct { const char *json, *sentence; } cases[] = {
    { "[]", NULL },
    { "{}", "a label design has “format” 1, others are not known here" },
    { "{\"format\":2}", "a label design has “format” 1, others are not known here" },
    { "{\"format\":1,\"colour\":1}", "a label design has no member “colour”" },
    { "{\"format\":1,\"dpi\":\"300\"}", "“dpi” of a label design is a number" },
    { "{\"format\":1,\"dpi\":50}", "a printer has 100 to 2400 dots per inch" },
    { "{\"format\":1,\"dpi\":-1}", "a printer has 100 to 2400 dots per inch" },
    { "{\"format\":1,\"errorCorrection\":\"X\"}", "“errorCorrection” of a label design is one of auto, L, M, Q, H" },
    { "{\"format\":1,\"link\":\"ftp://x/{id}\"}", "a claim link begins with https:// or http://" },
    { "{\"format\":1,\"link\":\"https://x/\"}", "a claim link has {id} once, where the ID goes" },
    { "{\"format\":1,\"link\":\"https://x/{id}/{id}\"}", "a claim link has {id} once, where the ID goes" },
    { "{\"format\":1,\"link\":\"https://x y/{id}\"}", "a claim link has neither spaces nor letters outside of ASCII" },
    { "{\"format\":1,\"fields\":{}}", "“fields” of a label design is a list" },
    { "{\"format\":1,\"fields\":[1]}", "a field of a label design is an object" },
    { "{\"format\":1,\"fields\":[{}]}", "a field of a label design has no kind" },
    { "{\"format\":1,\"fields\":[{\"kind\":\"text\",\"text\":\"a\",\"width\":1,\"height\":1}]}", "a label has one field “qr”" },
    { FIELDS (",{\"kind\":\"qr\",\"x\":30,\"y\":0,\"width\":20,\"height\":20}"), "a label has one field “qr”" },
    { FIELDS (",{\"kind\":\"id\",\"x\":19,\"y\":0,\"width\":20,\"height\":20}"),
      "the field “id” lies in the quiet zone of the code, which stays white" },
    { FIELDS (",{\"kind\":\"id\",\"x\":20,\"y\":0,\"width\":20,\"height\":5},{\"kind\":\"batch\",\"x\":39,\"y\":4,\"width\":9,\"height\":3}"),
      "the fields “id” and “batch” overlap" },
    { FIELDS (",{\"kind\":\"text\",\"x\":20,\"y\":0,\"width\":20,\"height\":5}"), "the field “text” has no text" },
    { FIELDS (",{\"kind\":\"text\",\"text\":\"a\\nb\",\"x\":20,\"y\":0,\"width\":20,\"height\":5}"),
      "the text of the field “text” is one line of at most 200 bytes" },
    { FIELDS (",{\"kind\":\"batch\",\"pt\":3,\"x\":20,\"y\":0,\"width\":20,\"height\":5}"),
      "the letters of the field “batch” are 0 (as large as fits) or 4 to 96 points high" },
    { FIELDS (",{\"kind\":\"color-bar\",\"pt\":8,\"x\":20,\"y\":0,\"width\":20,\"height\":5}"), "the field “color-bar” has no letters" },
    { FIELDS (",{\"kind\":\"batch\",\"x\":-3,\"y\":0,\"width\":20,\"height\":5}"), "the field “batch” does not lie on the label" },
    { FIELDS (",{\"kind\":\"batch\",\"x\":20,\"y\":0,\"width\":0,\"height\":5}"), "the field “batch” does not lie on the label" },
    { FIELDS (",{\"kind\":\"batch\",\"x\":20,\"y\":0,\"width\":1e300,\"height\":5}"), "the field “batch” does not lie on the label" },
    { FIELDS (",{\"kind\":\"logo\",\"x\":20,\"y\":0,\"width\":20,\"height\":5}"),
      "a logo belongs to a field “logo”, and each of those has one" },
    { FIELDS (",{\"kind\":\"logo\",\"logo\":\"%%\",\"x\":20,\"y\":0,\"width\":20,\"height\":5}"), "a logo is written in base64" },
    { FIELDS (",{\"kind\":\"batch\",\"angle\":9,\"x\":20,\"y\":0,\"width\":20,\"height\":5}"),
      "a field of a label design has no member “angle”" },
    { "{\"format\":1,\"units\":\"label\",\"fields\":[{\"kind\":\"qr\",\"x\":0,\"y\":0,\"width\":1.2,\"height\":0.5}]}",
      "the field “qr” does not lie on the label" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      BwLabelDesign *design = bw_label_design_from_json (cases[i].json, strlen (cases[i].json), &error);

      g_assert_null (design);
      g_assert_error (error, BW_ERROR, BW_ERROR_INVALID);
      if (cases[i].sentence != NULL)
        g_assert_cmpstr (error->message, ==, cases[i].sentence);
    }
}

static void
test_round_trip (void)
{
  g_autoptr(BwLabelDesign) base = bw_label_design_new ();
  g_autoptr(BwLabelDesign) design = NULL;
  g_autoptr(BwLabelDesign) again = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  g_free (base->link);
  base->link = g_strdup ("https://example.com/{id}");
  base->correction = BW_LABEL_CORRECTION_M;
  base->dpi = 600;
  design = bw_label_preset_make (BW_LABEL_PRESET_FULL, bw_stock_find ("L7163", NULL), base, NULL);
  g_assert_nonnull (design);

  first = bw_label_design_to_json (design);
  again = parse (first);
  second = bw_label_design_to_json (again);
  g_assert_cmpstr (first, ==, second);
  g_assert_cmpuint (again->fields->len, ==, design->fields->len);
  g_assert_cmpint (again->correction, ==, BW_LABEL_CORRECTION_M);
  g_assert_cmpuint (again->dpi, ==, 600);
}

static void
check_plan (const BwStock       *stock,
            const BwLabelDesign *design)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(BwLabelPlan) plan = bw_label_plan_new (stock, design, &error);
  const BwLabelLayout *at;
  BwLabelQuality quality;
  double dot;

  g_assert_no_error (error);
  at = bw_label_plan_get_layout (plan);
  bw_label_plan_get_quality (plan, &quality);
  dot = 25.4 / quality.dpi;
  g_assert_cmpfloat_with_epsilon (at->module, at->module_dots * dot, 1e-6);
  g_assert_cmpfloat_with_epsilon (at->code.width, at->n_modules * at->module, 1e-6);
  g_assert_cmpint (quality.light, !=, BW_LABEL_LIGHT_RED);

  /* nobody else is in the quiet zone */
  for (guint i = 0; i < design->fields->len; i++)
    {
      const BwLabelField *field = g_ptr_array_index (design->fields, i);
      BwRect rect = bw_label_design_get_rect (design, field, stock);

      if (field->kind == BW_LABEL_FIELD_QR)
        continue;
      g_assert_true (rect.x >= at->quiet.x + at->quiet.width - 2e-3 || rect.x + rect.width <= at->quiet.x + 2e-3 ||
                     rect.y >= at->quiet.y + at->quiet.height - 2e-3 || rect.y + rect.height <= at->quiet.y + 2e-3);
    }
}

/* Whatever a preset makes passes what is asked of a document, on every stock. */
static void
test_presets (void)
{
  guint n_stocks;
  const BwStock * const *stocks = bw_stock_get_all (&n_stocks);
  guint n_made[BW_LABEL_N_PRESETS] = { 0 };

  for (guint i = 0; i < n_stocks; i++)
    {
      for (guint preset = 0; preset < BW_LABEL_N_PRESETS; preset++)
        {
          g_autoptr(GError) error = NULL;
          g_autoptr(BwLabelDesign) design = bw_label_preset_make (preset, stocks[i], NULL, &error);

          if (design == NULL)
            {
              g_assert_error (error, BW_ERROR, BW_ERROR_INVALID);
              g_test_message ("%s", error->message);
              continue;
            }
          n_made[preset]++;
          check_plan (stocks[i], design);
        }
    }

  for (guint preset = 0; preset < BW_LABEL_N_PRESETS; preset++)
    g_test_message ("%s on %u of %u stocks", bw_label_preset_to_text (preset), n_made[preset], n_stocks);
  g_assert_cmpuint (n_made[BW_LABEL_PRESET_AUTOMATIC], ==, n_stocks);
  g_assert_cmpuint (n_made[BW_LABEL_PRESET_STANDARD], ==, n_stocks);
  g_assert_cmpuint (n_made[BW_LABEL_PRESET_CODE_ONLY], ==, n_stocks);
  g_assert_cmpuint (n_made[BW_LABEL_PRESET_CODE_AND_ID], >=, n_stocks * 3 / 4);
  g_assert_cmpuint (n_made[BW_LABEL_PRESET_FULL], >=, n_stocks / 3);
}

/* A design in parts of the label goes onto others of the same shape. */
static void
test_relative (void)
{
  const BwStock *small = bw_stock_find ("L7160", NULL);
  const BwStock *large = bw_stock_find ("L7165", NULL);
  g_autoptr(BwLabelDesign) design = bw_label_preset_make (BW_LABEL_PRESET_PRODUCT, small, NULL, NULL);
  g_autofree char *json = NULL;
  g_autoptr(BwLabelDesign) again = NULL;

  for (guint i = 0; i < design->fields->len; i++)
    {
      BwLabelField *field = g_ptr_array_index (design->fields, i);
      BwRect rect = bw_label_design_get_rect (design, field, small);

      design->is_relative = TRUE;
      bw_label_design_set_rect (design, field, small, &rect);
      design->is_relative = i + 1 == design->fields->len;
    }

  json = bw_label_design_to_json (design);
  again = parse (json);
  check_plan (small, again);
  check_plan (large, again);
}

static void
check_light (guint        dpi,
             double       side,
             const char  *link,
             BwLabelLight light,
             guint        dots,
             guint        version)
{
  g_autoptr(BwLabelDesign) design = bw_label_design_new ();
  g_autoptr(BwLabelPlan) plan = NULL;
  g_autoptr(GError) error = NULL;
  BwLabelField *field = bw_label_field_new (BW_LABEL_FIELD_QR);
  const BwStock *stock = bw_stock_find ("L7165", NULL);
  BwLabelQuality quality;

  field->rect = (BwRect) { 5, 5, side, side };
  g_ptr_array_add (design->fields, field);
  g_free (design->link);
  design->link = g_strdup (link);
  design->dpi = dpi;
  g_assert_true (bw_label_design_get_light (design, stock, &quality, &error));
  g_assert_no_error (error);
  g_assert_cmpint (quality.light, ==, light);
  g_assert_cmpuint (quality.dots, ==, dots);
  g_assert_cmpuint (quality.version, ==, version);

  plan = bw_label_plan_new (stock, design, &error);
  if (light != BW_LABEL_LIGHT_RED)
    {
      g_assert_no_error (error);
      return;
    }

  /* refused with the reason, until it is allowed */
  g_assert_error (error, BW_ERROR, BW_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "allow small codes"));
  design->allow_small = TRUE;
  plan = bw_label_plan_new (stock, design, NULL);
  g_assert_nonnull (plan);
}

static void
test_light (void)
{
  check_light (300, 29 * 0.43, "", BW_LABEL_LIGHT_GREEN, 5, 1);
  check_light (300, 29 * 0.35, "", BW_LABEL_LIGHT_AMBER, 4, 1);
  check_light (300, 29 * 0.30, "", BW_LABEL_LIGHT_RED, 3, 1);
  check_light (203, 29 * 0.51, "", BW_LABEL_LIGHT_GREEN, 4, 1);
  check_light (203, 29 * 0.40, "", BW_LABEL_LIGHT_AMBER, 3, 1);
  check_light (150, 29 * 0.55, "", BW_LABEL_LIGHT_AMBER, 3, 1);
  check_light (600, 29 * 0.35, "", BW_LABEL_LIGHT_AMBER, 8, 1);
  check_light (300, 37 * 0.43, "https://app.example.com/d/{id}", BW_LABEL_LIGHT_GREEN, 5, 3);
}

/* The highest error correction that does not raise the version. */
static void
test_correction (void)
{
  static const struct { const char *link; BwLabelCorrection wanted, taken; guint version; } cases[] = {
    { "", BW_LABEL_CORRECTION_AUTO, BW_LABEL_CORRECTION_Q, 1 },
    { "", BW_LABEL_CORRECTION_H, BW_LABEL_CORRECTION_H, 2 },
    { "HTTPS://X.IO/D/{id}", BW_LABEL_CORRECTION_AUTO, BW_LABEL_CORRECTION_M, 2 },
    { "https://app.example.com/d/{id}", BW_LABEL_CORRECTION_AUTO, BW_LABEL_CORRECTION_M, 3 },
    { "https://app.example.com/d/{id}", BW_LABEL_CORRECTION_Q, BW_LABEL_CORRECTION_Q, 4 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(BwLabelDesign) design = bw_label_design_new ();
      BwLabelQuality quality;

      g_free (design->link);
      design->link = g_strdup (cases[i].link);
      design->correction = cases[i].wanted;
      g_assert_true (bw_label_design_get_light (design, bw_stock_find ("L7165", NULL), &quality, NULL));
      g_assert_cmpint (quality.correction, ==, cases[i].taken);
      g_assert_cmpuint (quality.version, ==, cases[i].version);
    }
}

/* Too small for a printer of such dots, as they are laid out automatically: the light is red, and what would print them
 * says at which resolution. */
static void
test_never (void)
{
  static const struct
  {
    const char *stock;
    guint       dpi;
  } cases[] = { { "L4731", 203 }, { "4386", 203 }, { "TZe-12", 180 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const BwStock *stock = bw_stock_find (cases[i].stock, NULL);
      g_autoptr(BwLabelDesign) design = bw_label_design_new ();
      g_autofree char *wanted = g_strdup_printf ("a label of “%s” has no room for a code that can be read at %u dpi",
                                                 cases[i].stock, cases[i].dpi);
      g_autoptr(GError) error = NULL;
      BwLabelQuality quality;

      design->dpi = cases[i].dpi;
      g_assert_true (bw_label_design_get_light (design, stock, &quality, &error));
      g_assert_no_error (error);
      g_assert_cmpint (quality.light, ==, BW_LABEL_LIGHT_RED);
      g_assert_cmpint (quality.reason, ==, BW_LABEL_REASON_TOO_SMALL);
      g_assert_null (bw_label_plan_new (stock, design, &error));
      g_assert_error (error, BW_ERROR, BW_ERROR_INVALID);
      g_assert_cmpstr (error->message, ==, wanted);
    }
}

/* ISO/IEC 7064 MOD 37,36: the GRid standard's own example ends in M. */
static void
test_check (void)
{
  char id[] = ID;
  char check = bw_label_check_character (ID);

  g_assert_cmpint (bw_label_check_character ("A12425GABC1234002"), ==, 'M');
  g_assert_cmpint (bw_label_check_character ("K3M9T2XW00017HNC"), ==, check);

  /* no single wrong character passes */
  for (guint i = 0; i < strlen (ID); i++)
    {
      if (ID[i] == '-')
        continue;
      for (const char *c = "0123456789abcdefghijklmnopqrstuvwxyz"; *c != '\0'; c++)
        {
          id[i] = *c;
          g_assert_true ((*c == ID[i]) == (bw_label_check_character (id) == check));
        }
      id[i] = ID[i];
    }
}

static void
check_sheet_refuses (BwSheet             *sheet,
                     const BwLabelDesign *design,
                     const char          *sentence)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (bw_sheet_set_design (sheet, design, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, sentence));
}

static void
test_fitting (void)
{
  const BwStock *stock = bw_stock_find ("L7160", NULL);
  g_autoptr(BwSheet) sheet = bw_sheet_new (stock, "Winter", NULL, 1000000, 0, 1, NULL);
  g_autoptr(BwLabelDesign) id =
    parse (FIELDS (",{\"kind\":\"id\",\"x\":30,\"y\":10,\"width\":10,\"height\":4}"));
  g_autoptr(BwLabelDesign) serial =
    parse (FIELDS (",{\"kind\":\"serial\",\"x\":30,\"y\":10,\"width\":10,\"height\":4}"));
  g_autoptr(BwLabelDesign) text =
    parse (FIELDS (",{\"kind\":\"text\",\"text\":\"If found, please call us at once\",\"x\":30,\"y\":10,\"width\":10,\"height\":4}"));
  g_autoptr(BwLabelDesign) low =
    parse (FIELDS (",{\"kind\":\"company\",\"x\":30,\"y\":10,\"width\":10,\"height\":1}"));
  g_autoptr(BwLabelDesign) outside =
    parse (FIELDS (",{\"kind\":\"company\",\"x\":60,\"y\":10,\"width\":10,\"height\":4}"));
  g_autoptr(BwLabelDesign) machine =
    parse (FIELDS (",{\"kind\":\"machine-id\",\"x\":30,\"y\":10,\"width\":10,\"height\":4},"
                   "{\"kind\":\"company\",\"x\":30,\"y\":20,\"width\":10,\"height\":4}"));
  g_autoptr(BwLabelDesign) svg =
    parse (FIELDS (",{\"kind\":\"logo\",\"logo\":\"PCFFTlRJVFkgeCAneHgnPjxzdmcvPg==\",\"x\":30,\"y\":10,\"width\":10,\"height\":4}"));
  BwLabelFacts facts = { .machine_id = "M-1", .company = "A company with quite a long name" };
  g_autoptr(GError) error = NULL;

  check_sheet_refuses (sheet, id, "the field “id” is too small for its text");
  check_sheet_refuses (sheet, serial, "does not fit into its field “serial”");
  check_sheet_refuses (sheet, text, "does not fit into its field “text”");
  check_sheet_refuses (sheet, low, "the field “company” is too small for its text");
  check_sheet_refuses (sheet, outside, "does not lie on the printable part");
  check_sheet_refuses (sheet, svg, "neither a PNG nor an SVG");

  /* a company is cut short, a machine ID never */
  bw_sheet_set_design (sheet, machine, &error);
  g_assert_no_error (error);
  bw_sheet_add_with_facts (sheet, ID, 1, &facts, &error);
  g_assert_no_error (error);
  facts.machine_id = "M-1234567890-1234567890";
  g_assert_false (bw_sheet_add_with_facts (sheet, ID, 2, &facts, &error));
  g_assert_nonnull (strstr (error->message, "“M-1234567890-1234567890” does not fit into its field “machine-id”"));
  g_assert_cmpuint (bw_sheet_get_n_labels (sheet), ==, 1);
}

/* A device's own word for itself comes before that for all, when it is one that a label can show. */
static void
test_own_product (void)
{
  static const struct { const char *own; const char *shown; } cases[] = {
    { "Lamp 2", "Lamp 2" }, { NULL, "Pump" }, { "", "Pump" }, { "two\nlines", "Pump" },
  };
  const BwStock *stock = bw_stock_find ("L7160", NULL);
  g_autoptr(BwLabelDesign) design = bw_label_preset_make (BW_LABEL_PRESET_PRODUCT, stock, NULL, NULL);
  g_autoptr(BwSheet) sheet = bw_sheet_new (stock, "Winter", NULL, 10, 0, 1, NULL);
  BwLabelFacts facts = { .product = "Pump" };
  g_autoptr(GError) error = NULL;

  g_assert_true (bw_sheet_set_design (sheet, design, &error));
  g_assert_true (bw_sheet_wants_facts (sheet));
  g_assert_true (bw_sheet_set_facts (sheet, &facts, &error));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      facts.product = cases[i].own;
      bw_sheet_add_with_facts (sheet, ID, i + 1, &facts, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (bw_sheet_get_facts (sheet, i)->product, ==, cases[i].shown);
    }
}

/* A PNG of a few bytes that says it has a thousand million pixels. */
static void
test_png_bomb (void)
{
  static const guchar png[] =
    "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x7f\xff\0\0\x7f\xff\x08\x06\0\0\0\0\0\0\0";
  g_autoptr(BwLabelDesign) design = bw_label_preset_make (BW_LABEL_PRESET_CODE_ONLY, bw_stock_find ("L7160", NULL), NULL, NULL);
  g_autoptr(BwLabelPlan) plan = NULL;
  g_autoptr(GError) error = NULL;
  BwLabelField *field = bw_label_field_new (BW_LABEL_FIELD_LOGO);

  field->rect = (BwRect) { 3, 3, 8, 8 };
  field->logo = g_bytes_new_static (png, sizeof png - 1);
  g_ptr_array_add (design->fields, field);
  plan = bw_label_plan_new (bw_stock_find ("L7160", NULL), design, &error);
  g_assert_null (plan);
  g_assert_error (error, BW_ERROR, BW_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "32767 × 32767 pixels"));
}

static void
check_svg (const char *svg,
           const char *sentence)
{
  g_autoptr(BwLabelDesign) design = bw_label_preset_make (BW_LABEL_PRESET_CODE_ONLY, bw_stock_find ("L7160", NULL), NULL, NULL);
  g_autoptr(BwLabelPlan) plan = NULL;
  g_autoptr(GError) error = NULL;
  BwLabelField *field = bw_label_field_new (BW_LABEL_FIELD_LOGO);

  field->rect = (BwRect) { 3, 3, 8, 8 };
  field->logo = g_bytes_new (svg, strlen (svg));
  g_ptr_array_add (design->fields, field);
  plan = bw_label_plan_new (bw_stock_find ("L7160", NULL), design, &error);
  if (sentence == NULL)
    {
      g_assert_no_error (error);
      return;
    }

  g_assert_error (error, BW_ERROR, BW_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, sentence));
}

#define SVG(inside) "<svg xmlns='http://www.w3.org/2000/svg' xmlns:s='http://www.w3.org/2000/svg' width='40' height='20'>" inside "</svg>"

/* Each of these would take minutes to hours, or much memory. */
static void
test_svg_bombs (void)
{
  g_autoptr(GString) copies = g_string_new (NULL);
  g_autofree char *svg = NULL;

  check_svg (SVG ("<rect width='4' height='4'/><use href='#a'/>"), NULL);
  check_svg ("<?xml version='1.0' encoding='UTF-8'?>" SVG (""), NULL);
  check_svg (SVG ("<clipPath id='a'/><clipPath id='b'/><clipPath id='c'/><clipPath id='d'/><clipPath id='e'/><clipPath id='f'/>"), "“clipPath”");
  check_svg (SVG ("<g style='mix-blend-mode:multiply'/>"), "“mix-blend-mode”");
  check_svg (SVG ("<filter id='f'><feTurbulence baseFrequency='.1' numOctaves='200000'/></filter>"), "“filter”");
  check_svg (SVG ("<s:filter id='f'><feTurbulence baseFrequency='.1' numOctaves='200000'/></s:filter>"), "“filter”");
  check_svg (SVG ("<pattern\nid='p'/>"), "“pattern”");
  check_svg (SVG ("<image href='data:,'/>"), "“image”");
  check_svg (SVG ("<text y='20'>Bellwether</text>"), "turn them into paths");
  check_svg ("<!DOCTYPE svg [<!ENTITY a 'aaa'>]>" SVG ("&a;"), "neither a PNG nor an SVG");
  check_svg ("<?xml version='1.0' encoding=\"UTF-7\"?>" SVG (""), "neither a PNG nor an SVG");
  check_svg ("<svg", "neither a PNG nor an SVG");
  check_svg ("\xff\xfe<svg", "neither a PNG nor an SVG");

  for (guint i = 1; i < 12; i++)
    g_string_append_printf (copies, "<g id='a%u'><use href='#a%u'/><use href='#a%u'/></g>", i, i - 1, i - 1);
  svg = g_strdup_printf (SVG ("%s"), copies->str);
  check_svg (svg, "“use”");
}

static void
prepared_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_false (bw_label_logo_prepare_finish (result, &bytes, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "takes more than 3 seconds to draw"));
  *(gboolean *) user_data = TRUE;
}

/* One that the checks let pass: so many gradients, each over all of it. The main loop goes on meanwhile, and who asks
 * again hears the same at once. */
static void
test_svg_slow (void)
{
  g_autoptr(GString) svg = g_string_new ("<svg xmlns='http://www.w3.org/2000/svg' width='40' height='40'>"
                                         "<radialGradient id='a'><stop stop-color='red'/><stop offset='1' stop-color='blue'/></radialGradient>");
  g_autoptr(GBytes) bytes = NULL;
  gboolean is_done = FALSE;
  gint64 begun_us;
  guint n = 0;

  while (svg->len < 200 * 1024)
    g_string_append (svg, "<path fill='url(#a)' d='M0 0h40v40H0z'/>");
  g_string_append (svg, "</svg>");
  bytes = g_bytes_new (svg->str, svg->len);

  bw_label_logo_prepare_async (bytes, NULL, prepared_cb, &is_done);
  while (!is_done)
    {
      g_assert_cmpuint (n++, <, 1000);
      g_usleep (10000);
      g_main_context_iteration (NULL, FALSE);
    }
  g_assert_cmpuint (n, >=, 50);

  begun_us = g_get_monotonic_time ();
  check_svg (svg->str, "takes more than 3 seconds to draw: save it as a PNG file");
  g_assert_cmpint (g_get_monotonic_time () - begun_us, <, G_USEC_PER_SEC);
}

/* A link that no label has room for is refused in one sentence. */
static void
test_long_link (void)
{
  g_autoptr(BwLabelDesign) design = bw_label_design_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(BwLabelPlan) plan = NULL;

  g_free (design->link);
  design->link = g_strdup ("https://a-really-long-name-of-a-server.example.com/claims/of/devices/{id}");
  plan = bw_label_plan_new (bw_stock_find ("L4731", NULL), design, &error);
  g_assert_null (plan);
  g_assert_error (error, BW_ERROR, BW_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "the claim link is too long for it"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sheet/design/never", test_never);
  g_test_add_func ("/sheet/design/refused", test_refused);
  g_test_add_func ("/sheet/design/round-trip", test_round_trip);
  g_test_add_func ("/sheet/design/presets", test_presets);
  g_test_add_func ("/sheet/design/relative", test_relative);
  g_test_add_func ("/sheet/design/light", test_light);
  g_test_add_func ("/sheet/design/correction", test_correction);
  g_test_add_func ("/sheet/design/check", test_check);
  g_test_add_func ("/sheet/design/fitting", test_fitting);
  g_test_add_func ("/sheet/design/own-product", test_own_product);
  g_test_add_func ("/sheet/design/png-bomb", test_png_bomb);
  g_test_add_func ("/sheet/design/svg-bombs", test_svg_bombs);
  g_test_add_func ("/sheet/design/svg-slow", test_svg_slow);
  g_test_add_func ("/sheet/design/long-link", test_long_link);

  return g_test_run ();
}
