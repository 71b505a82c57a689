/* bw-design-text.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-design-text.h"

#include <glib/gi18n.h>

static const char * const kinds[] = {
  [BW_LABEL_FIELD_QR] = NC_("label field", "QR Code"),
  [BW_LABEL_FIELD_ID] = NC_("label field", "Device ID"),
  [BW_LABEL_FIELD_CHECK] = NC_("label field", "Check Character"),
  [BW_LABEL_FIELD_BATCH] = NC_("label field", "Batch"),
  [BW_LABEL_FIELD_SERIAL] = NC_("label field", "Serial"),
  [BW_LABEL_FIELD_PRODUCT] = NC_("label field", "Product"),
  [BW_LABEL_FIELD_ABBREVIATION] = NC_("label field", "Abbreviation"),
  [BW_LABEL_FIELD_LICENSE] = NC_("label field", "License"),
  [BW_LABEL_FIELD_MACHINE_ID] = NC_("label field", "Machine ID"),
  [BW_LABEL_FIELD_COMPANY] = NC_("label field", "Company"),
  [BW_LABEL_FIELD_TEXT] = NC_("label field", "Text"),
  [BW_LABEL_FIELD_LOGO] = NC_("label field", "Logo"),
  [BW_LABEL_FIELD_COLOR_BAR] = NC_("label field", "Color Bar"),
};

static const char * const presets[] = {
  [BW_LABEL_PRESET_AUTOMATIC] = NC_("label layout", "Automatic"),
  [BW_LABEL_PRESET_STANDARD] = NC_("label layout", "Standard"),
  [BW_LABEL_PRESET_CODE_ONLY] = NC_("label layout", "Code Only"),
  [BW_LABEL_PRESET_CODE_AND_ID] = NC_("label layout", "Code and ID"),
  [BW_LABEL_PRESET_PRODUCT] = NC_("label layout", "Product"),
  [BW_LABEL_PRESET_FULL] = NC_("label layout", "All Fields"),
};

G_STATIC_ASSERT (G_N_ELEMENTS (kinds) == BW_LABEL_N_FIELD_KINDS);
G_STATIC_ASSERT (G_N_ELEMENTS (presets) == BW_LABEL_N_PRESETS);

const char *
bw_label_field_kind_to_word (BwLabelFieldKind kind)
{
  return g_dpgettext2 (NULL, "label field", kinds[kind]);
}

const char *
bw_label_preset_to_word (BwLabelPreset preset)
{
  return g_dpgettext2 (NULL, "label layout", presets[preset]);
}

const char *
bw_label_light_to_css_class (BwLabelLight light)
{
  switch (light)
    {
    case BW_LABEL_LIGHT_GREEN:
      return "success";

    case BW_LABEL_LIGHT_AMBER:
      return "warning";

    case BW_LABEL_LIGHT_RED:
    default:
      return "error";
    }
}

const char *
bw_label_reason_to_sentence (BwLabelReason reason)
{
  switch (reason)
    {
    case BW_LABEL_REASON_SMALL:
      return _("Amber: the code is small, which takes a good printer.");

    case BW_LABEL_REASON_FEW_DOTS:
      return _("Amber: the code has few dots, which takes a good printer.");

    case BW_LABEL_REASON_TOO_SMALL:
      return _("Red: the code is too small for many phones.");

    case BW_LABEL_REASON_GOOD:
    default:
      return _("Green: any phone reads this code.");
    }
}

char *
bw_label_quality_to_user_text (const BwLabelQuality *quality)
{
  /* Translators: a sentence; then 21 × 21 modules, error correction Q; a module is 0.42 mm, 5 dots at 300 dpi */
  return g_strdup_printf (_("%s %u × %u modules, error correction %s; a module is %.2f mm, %u dots at %u dpi."),
                          bw_label_reason_to_sentence (quality->reason), quality->n_modules, quality->n_modules,
                          bw_label_correction_to_text (quality->correction),
                          quality->module, quality->dots, quality->dpi);
}
