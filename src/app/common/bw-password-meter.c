/* bw-password-meter.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-password-meter.h"

#include <math.h>

#include <glib/gi18n.h>

/* Of a guesser's work, as a power of two. Arbitrary, near what password managers draw. */
#define FAIR_BITS   40
#define STRONG_BITS 62

#define N_LEVELS 3

/**
 * BwPasswordMeter:
 *
 * How good a new password is: a bar and a word, so that it is no matter of colour.
 */

struct _BwPasswordMeter
{
  GtkWidget    parent_instance;

  GtkWidget   *box;
  GtkLevelBar *bar;
  GtkLabel    *label;
};

G_DEFINE_FINAL_TYPE (BwPasswordMeter, bw_password_meter, GTK_TYPE_WIDGET)

/* How many characters there are to choose from, going by the kinds that occur. */
static guint
count_alphabet (const char *password)
{
  gboolean has_lower = FALSE, has_upper = FALSE, has_digit = FALSE, has_other = FALSE;

  for (const char *p = password; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_isdigit (c))
        has_digit = TRUE;
      else if (g_unichar_isupper (c))
        has_upper = TRUE;
      else if (g_unichar_isalpha (c))
        has_lower = TRUE;
      else
        has_other = TRUE;
    }

  return has_lower * 26u + has_upper * 26u + has_digit * 10u + has_other * 30u;
}

BwPasswordStrength
bw_password_strength (const char *password)
{
  gunichar before = 0;
  double n = 0;
  double bits;

  g_return_val_if_fail (password != NULL, BW_PASSWORD_TOO_SHORT);

  if (!g_utf8_validate (password, -1, NULL) || g_utf8_strlen (password, -1) < BW_PASSWORD_MIN_CHARACTERS)
    return BW_PASSWORD_TOO_SHORT;

  /* What follows from the character before, as in "aaaa" or "4321", is hardly to be guessed. */
  for (const char *p = password; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      n += c == before || c == before + 1 || c + 1 == before ? 0.2 : 1;
      before = c;
    }

  bits = n * log2 (count_alphabet (password));
  if (bits < FAIR_BITS)
    return BW_PASSWORD_WEAK;

  return bits < STRONG_BITS ? BW_PASSWORD_FAIR : BW_PASSWORD_STRONG;
}

static const char *
strength_to_text (BwPasswordStrength strength)
{
  switch (strength)
    {
    case BW_PASSWORD_TOO_SHORT:
      return _("Too short: at least 8 characters");

    case BW_PASSWORD_WEAK:
      return _("Weak: make it longer, or mix words");

    case BW_PASSWORD_FAIR:
      return _("Fair password");

    case BW_PASSWORD_STRONG:
    default:
      return _("Strong password");
    }
}

static void
bw_password_meter_dispose (GObject *object)
{
  BwPasswordMeter *self = (BwPasswordMeter *) object;

  g_clear_pointer (&self->box, gtk_widget_unparent);

  G_OBJECT_CLASS (bw_password_meter_parent_class)->dispose (object);
}

static void
bw_password_meter_class_init (BwPasswordMeterClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bw_password_meter_dispose;

  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
bw_password_meter_init (BwPasswordMeter *self)
{
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));

  self->bar = GTK_LEVEL_BAR (gtk_level_bar_new_for_interval (0, N_LEVELS));
  gtk_level_bar_set_mode (self->bar, GTK_LEVEL_BAR_MODE_DISCRETE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->bar), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Password strength"), -1);
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->bar));

  self->label = GTK_LABEL (gtk_label_new (""));
  gtk_label_set_xalign (self->label, 0);
  gtk_label_set_wrap (self->label, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->label), "caption");
  gtk_widget_add_css_class (GTK_WIDGET (self->label), "dim-label");
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->label));

  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

void
bw_password_meter_set_password (BwPasswordMeter *self,
                                const char      *password)
{
  BwPasswordStrength strength;

  g_return_if_fail (BW_IS_PASSWORD_METER (self));
  g_return_if_fail (password != NULL);

  strength = bw_password_strength (password);
  gtk_level_bar_set_value (self->bar, (double) strength);
  gtk_label_set_label (self->label, strength_to_text (strength));
  gtk_widget_set_visible (GTK_WIDGET (self), *password != '\0');
}
