/* bw-scanner.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-scanner.h"

#include <string.h>

#include "bw-device-id.h"

/* From key to key. Scanners type every 1 to 30 ms; the fastest people, every 60. */
#define MAX_GAP_MS 50
/* A claim link with the id at its end. */
#define MAX_LENGTH 300

typedef struct
{
  GtkWindow     *window;     /* (unowned): owns it */
  BwScannerFunc  func;
  GString       *typed;      /* since the last pause */
  guint32        last_ms;    /* of the last key */
} Scanner;

static void
scanner_free (gpointer  data,
              GClosure *closure)
{
  Scanner *self = data;

  g_string_free (self->typed, TRUE);
  g_free (self);
}

/* An id, or a link that ends with one. */
static gboolean
find_id (const char *typed,
         char       *ret_id)
{
  const char *slash = MAX (strrchr (typed, '/'), strrchr (typed, '='));

  return bw_device_id_parse (slash != NULL ? slash + 1 : typed, strlen (slash != NULL ? slash + 1 : typed), ret_id);
}

/* The one whose text ends with @typed: a list hands what is typed on to its search. (nullable) */
static GtkEditable *
find_filled (GtkWidget  *widget,
             const char *typed)
{
  if (!gtk_widget_get_mapped (widget))
    return NULL;

  if (GTK_IS_EDITABLE (widget))
    return g_str_has_suffix (gtk_editable_get_text (GTK_EDITABLE (widget)), typed) ? GTK_EDITABLE (widget) : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkEditable *found = find_filled (child, typed);

      if (found != NULL)
        return found;
    }

  return NULL;
}

/* The characters have gone where the focus is, or into a search. */
static void
take_back (Scanner *self)
{
  GtkWidget *focus = gtk_window_get_focus (self->window);
  int n = (int) g_utf8_strlen (self->typed->str, -1);
  GtkEditable *filled;
  g_autofree char *before = NULL;
  int end;

  if (!GTK_IS_EDITABLE (focus))
    {
      filled = find_filled (GTK_WIDGET (self->window), self->typed->str);
      if (filled != NULL)
        gtk_editable_delete_text (filled, (int) g_utf8_strlen (gtk_editable_get_text (filled), -1) - n, -1);
      return;
    }

  end = gtk_editable_get_position (GTK_EDITABLE (focus));
  before = gtk_editable_get_chars (GTK_EDITABLE (focus), MAX (0, end - n), end);
  if (strcmp (before, self->typed->str) == 0)
    gtk_editable_delete_text (GTK_EDITABLE (focus), end - n, end);
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint                  keyval,
                guint                  keycode,
                GdkModifierType        state,
                gpointer               user_data)
{
  Scanner *self = user_data;
  guint32 now_ms = gtk_event_controller_get_current_event_time (GTK_EVENT_CONTROLLER (controller));
  gunichar letter = gdk_keyval_to_unicode (keyval);
  gboolean is_enter = keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter;
  char id[BW_DEVICE_ID_SIZE];

  if (now_ms - self->last_ms > MAX_GAP_MS || self->typed->len > MAX_LENGTH)
    g_string_truncate (self->typed, 0);
  self->last_ms = now_ms;

  if (is_enter && find_id (self->typed->str, id))
    {
      take_back (self);
      g_string_truncate (self->typed, 0);
      self->func (self->window, id);
      return GDK_EVENT_STOP;
    }

  if (is_enter || (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
    g_string_truncate (self->typed, 0);
  else if (letter != 0 && g_unichar_isprint (letter))
    g_string_append_unichar (self->typed, letter);

  return GDK_EVENT_PROPAGATE;
}

void
bw_scanner_watch (GtkWindow     *window,
                  BwScannerFunc  func)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  Scanner *self = g_new0 (Scanner, 1);

  g_return_if_fail (GTK_IS_WINDOW (window));

  self->window = window;
  self->func = func;
  self->typed = g_string_new (NULL);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_data (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self, scanner_free, 0);
  gtk_widget_add_controller (GTK_WIDGET (window), keys);
}
