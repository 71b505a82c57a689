/* bw-design-row.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-design-row.h"

#include <glib/gi18n.h>
#include <string.h>

#include "bw-compat.h"
#include "bw-design-editor.h"
#include "bw-design-text.h"
#include "bw-error-text.h"
#include "bw-error.h"
#include "bw-json.h"
#include "bw-label-logo.h"

#define PATH "/v1/label-designs"

/**
 * BwDesignRow:
 *
 * The choice of a label design. A saved one is fetched when it is chosen, since
 * its logo may be large.
 */

struct _BwDesignRow
{
  AdwActionRow    parent_instance;

  BwSession      *session;
  GCancellable   *cancellable;    /* of the last question */
  const BwStock  *stock;
  BwLabelBatch    batch;
  char           *batch_name;
  char           *company;
  JsonArray      *saved;          /* (nullable): documents without their designs */
  char           *wanted;         /* (nullable): the id to choose when the list is here */
  BwLabelDesign  *design;         /* (nullable) */
  BwLabelDesign  *fetched;        /* (nullable): a saved one whose logo is being drawn */
  JsonObject     *document;       /* (nullable): of a saved one */
  GError         *problem;        /* (nullable) */
  gboolean        is_filling;

  AdwEntryRow    *entries[BW_LABEL_N_FIELD_KINDS];   /* the form's; (nullable) each */
  GtkDropDown    *drop;
  GtkWidget      *edit_button;
};

G_DEFINE_FINAL_TYPE (BwDesignRow, bw_design_row, ADW_TYPE_ACTION_ROW)

enum {
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
has_field (BwDesignRow      *self,
           BwLabelFieldKind  kind)
{
  for (guint i = 0; self->design != NULL && i < self->design->fields->len; i++)
    {
      if (((BwLabelField *) g_ptr_array_index (self->design->fields, i))->kind == kind)
        return TRUE;
    }

  return FALSE;
}

/* What was typed. (nullable) */
static const char *
get_text (BwDesignRow      *self,
          BwLabelFieldKind  kind)
{
  const char *text = self->entries[kind] != NULL ? gtk_editable_get_text (GTK_EDITABLE (self->entries[kind])) : "";

  return *text != '\0' ? text : NULL;
}

/* What it shows and nobody has said; of what differs from device to device the server may know more.
 * (transfer full) (nullable) */
static char *
list_empty (BwDesignRow *self)
{
  static const BwLabelFieldKind kinds[] = {
    BW_LABEL_FIELD_PRODUCT, BW_LABEL_FIELD_COMPANY
  };
  g_autoptr(GString) words = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      BwLabelFieldKind kind = kinds[i];
      gboolean is_known = kind == BW_LABEL_FIELD_COMPANY ? self->company != NULL : get_text (self, kind) != NULL;

      if (has_field (self, kind) && !is_known)
        g_string_append_printf (words, "%s%s", words->len > 0 ? ", " : "", bw_label_field_kind_to_word (kind));
    }

  return words->len > 0 ? g_string_free (g_steal_pointer (&words), FALSE) : NULL;
}

static char *
describe (BwDesignRow          *self,
          const BwLabelQuality *quality)
{
  g_autofree char *empty = list_empty (self);
  const char *sentence = bw_label_reason_to_sentence (quality->reason);

  if (empty == NULL)
    return g_strdup (sentence);

  /* Translators: a sentence; then names of fields on a label: Product, License */
  return g_strdup_printf (_("%s Stays empty: %s."), sentence, empty);
}

static void
say (BwDesignRow *self)
{
  g_autofree char *text = NULL;
  g_autofree char *escaped = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(BwLabelDesign) automatic = bw_label_design_new ();
  BwLabelQuality quality;

  if (self->problem != NULL)
    text = bw_error_to_field_text (self->problem);
  else if (self->stock != NULL)
    {
      if (bw_label_design_get_light (self->design != NULL ? self->design : automatic, self->stock, &quality, &error))
        text = describe (self, &quality);
      else
        text = bw_error_to_field_text (error);
    }

  for (guint kind = 0; kind < BW_LABEL_N_FIELD_KINDS; kind++)
    {
      if (self->entries[kind] != NULL)
        gtk_widget_set_visible (GTK_WIDGET (self->entries[kind]), has_field (self, kind));
    }

  escaped = text != NULL ? g_markup_escape_text (text, -1) : NULL;
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), escaped != NULL ? escaped : "");
  gtk_widget_set_sensitive (self->edit_button, self->stock != NULL && self->fetched == NULL &&
                                               (self->problem == NULL || self->document != NULL));
}

static void
tell (BwDesignRow *self)
{
  say (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
forget_choice (BwDesignRow *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  g_clear_pointer (&self->design, bw_label_design_free);
  g_clear_pointer (&self->fetched, bw_label_design_free);
  g_clear_pointer (&self->document, json_object_unref);
  g_clear_error (&self->problem);
}

/* Of a design that is being made ready. (nullable) */
static GBytes *
find_logo (const BwLabelDesign *design)
{
  for (guint i = 0; i < design->fields->len; i++)
    {
      const BwLabelField *field = g_ptr_array_index (design->fields, i);

      if (field->logo != NULL)
        return field->logo;
    }

  return NULL;
}

static void
take_fetched (BwDesignRow *self)
{
  g_clear_error (&self->problem);
  self->design = g_steal_pointer (&self->fetched);
  tell (self);
}

/* What is wrong with a logo is said where the label is laid out. */
static void
logo_prepared_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(BwDesignRow) self = user_data;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;

  bw_label_logo_prepare_finish (result, &bytes, &error);
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) && self->session != NULL)
    take_fetched (self);
}

static void
design_loaded_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(BwDesignRow) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) document = bw_session_call_finish (BW_SESSION (source), result, &error);
  JsonNode *node = document != NULL ? json_object_get_member (document, "design") : NULL;
  g_autofree char *text = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->session == NULL)
    return;

  if (node == NULL && error == NULL)
    g_set_error_literal (&error, BW_ERROR, BW_ERROR_INVALID, "the backend's answer holds no design");
  else if (node != NULL)
    {
      text = json_to_string (node, FALSE);
      self->fetched = bw_label_design_from_json (text, strlen (text), &error);
    }

  if (self->fetched == NULL)
    {
      g_clear_error (&self->problem);
      self->problem = g_steal_pointer (&error);
      tell (self);
      return;
    }

  self->document = g_steal_pointer (&document);
  if (find_logo (self->fetched) != NULL)
    bw_label_logo_prepare_async (find_logo (self->fetched), self->cancellable, logo_prepared_cb, g_object_ref (self));
  else
    take_fetched (self);
}

static void
choose_saved (BwDesignRow *self,
              guint        i)
{
  JsonObject *item = json_array_get_object_element (self->saved, i);
  g_autofree char *path = g_strconcat (PATH "/", bw_json_get_string (item, "id"), NULL);

  self->problem = g_error_new_literal (BW_ERROR, BW_ERROR_UNAVAILABLE, _("the design is being fetched"));
  bw_session_call_async (self->session, "GET", path, NULL, self->cancellable, design_loaded_cb, g_object_ref (self));
}

static void
selected_cb (BwDesignRow *self)
{
  guint selected = gtk_drop_down_get_selected (self->drop);

  if (self->is_filling || self->session == NULL || self->stock == NULL)
    return;

  forget_choice (self);
  if (selected >= BW_LABEL_N_PRESETS)
    {
      if (self->saved != NULL && selected - BW_LABEL_N_PRESETS < json_array_get_length (self->saved))
        choose_saved (self, selected - BW_LABEL_N_PRESETS);
    }
  else if (selected != BW_LABEL_PRESET_AUTOMATIC)
    self->design = bw_label_preset_make (selected, self->stock, NULL, &self->problem);

  tell (self);
}

/* The layouts first, then the saved ones; another company's with its name. */
static void
fill (BwDesignRow *self)
{
  g_autoptr(GtkStringList) names = gtk_string_list_new (NULL);
  guint selected = self->wanted == NULL ? gtk_drop_down_get_selected (self->drop) : 0;

  for (guint i = 0; i < BW_LABEL_N_PRESETS; i++)
    gtk_string_list_append (names, bw_label_preset_to_word (i));

  for (guint i = 0; self->saved != NULL && i < json_array_get_length (self->saved); i++)
    {
      JsonObject *item = json_array_get_object_element (self->saved, i);
      const char *name = bw_json_get_string (item, "name");
      const char *company = bw_json_get_string (item, "company");
      gboolean is_own = g_strcmp0 (bw_json_get_string (item, "companyId"), bw_session_get_company_id (self->session)) == 0;
      g_autofree char *text = is_own ? g_strdup (name) : g_strdup_printf ("%s (%s)", name, company);

      gtk_string_list_append (names, text);
      if (self->wanted != NULL && g_strcmp0 (bw_json_get_string (item, "id"), self->wanted) == 0)
        selected = BW_LABEL_N_PRESETS + i;
    }

  self->is_filling = TRUE;
  gtk_drop_down_set_model (self->drop, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->drop, selected < g_list_model_get_n_items (G_LIST_MODEL (names)) ? selected : 0);
  self->is_filling = FALSE;
}

static void
list_loaded_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(BwDesignRow) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) reply = bw_session_call_finish (BW_SESSION (source), result, &error);
  JsonArray *items = bw_json_get_array (reply, "items");
  gboolean was_wanted = self->wanted != NULL;

  if (self->session == NULL)
    return;

  /* without it there are still the layouts */
  if (items == NULL)
    {
      g_debug ("label designs: %s", error != NULL ? error->message : "no list");
      return;
    }

  g_clear_pointer (&self->saved, json_array_unref);
  self->saved = json_array_ref (items);
  fill (self);
  if (was_wanted)
    selected_cb (self);
}

static void
load_list (BwDesignRow *self)
{
  bw_session_call_async (self->session, "GET", PATH, NULL, NULL, list_loaded_cb, g_object_ref (self));
}

static void
saved_cb (BwDesignRow *self,
          const char  *id)
{
  if (self->session == NULL)
    return;

  g_free (self->wanted);
  /* an id that nothing has: after a delete the automatic one is chosen */
  self->wanted = g_strdup (id != NULL ? id : "");
  load_list (self);
}

static void
edit_clicked_cb (BwDesignRow *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  const BwLabelFacts facts = { .company = self->company };
  GtkWidget *editor;

  if (self->session == NULL || self->stock == NULL)
    return;

  editor = bw_design_editor_new (self->session, self->stock, &self->batch, &facts, self->document, self->design);
  gtk_window_set_transient_for (GTK_WINDOW (editor), GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL);
  g_signal_connect_object (editor, "saved", G_CALLBACK (saved_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (editor));
}

static void
bw_design_row_dispose (GObject *object)
{
  BwDesignRow *self = (BwDesignRow *) object;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->session);
  for (guint kind = 0; kind < BW_LABEL_N_FIELD_KINDS; kind++)
    g_clear_weak_pointer (&self->entries[kind]);
  g_clear_pointer (&self->saved, json_array_unref);
  g_clear_pointer (&self->document, json_object_unref);
  g_clear_pointer (&self->design, bw_label_design_free);
  g_clear_pointer (&self->fetched, bw_label_design_free);
  self->stock = NULL;

  G_OBJECT_CLASS (bw_design_row_parent_class)->dispose (object);
}

static void
bw_design_row_finalize (GObject *object)
{
  BwDesignRow *self = (BwDesignRow *) object;

  g_free (self->batch_name);
  g_free (self->company);
  g_free (self->wanted);
  g_clear_error (&self->problem);

  G_OBJECT_CLASS (bw_design_row_parent_class)->finalize (object);
}

static void
bw_design_row_class_init (BwDesignRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bw_design_row_dispose;
  object_class->finalize = bw_design_row_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
bw_design_row_init (BwDesignRow *self)
{
  GtkWidget *drop = gtk_drop_down_new (NULL, NULL);
  GtkExpression *expression = gtk_property_expression_new (GTK_TYPE_STRING_OBJECT, NULL, "string");

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), _("Design"));
  self->cancellable = g_cancellable_new ();
  self->drop = GTK_DROP_DOWN (drop);
  gtk_drop_down_set_expression (self->drop, expression);
  gtk_expression_unref (expression);
  gtk_widget_set_valign (drop, GTK_ALIGN_CENTER);
  bw_accessible_set_label (drop, _("Design"));
  g_signal_connect_swapped (drop, "notify::selected", G_CALLBACK (selected_cb), self);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), drop);

  /* a word would leave the title no room in a narrow window */
  self->edit_button = gtk_button_new_from_icon_name ("document-edit-symbolic");
  gtk_widget_set_tooltip_text (self->edit_button, _("Edit…"));
  bw_accessible_set_label (self->edit_button, _("Edit…"));
  gtk_widget_set_valign (self->edit_button, GTK_ALIGN_CENTER);
  g_signal_connect_swapped (self->edit_button, "clicked", G_CALLBACK (edit_clicked_cb), self);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->edit_button);
}

void
bw_design_row_set_session (BwDesignRow        *self,
                           BwSession          *session,
                           const BwLabelBatch *batch,
                           const char         *company)
{
  g_return_if_fail (BW_IS_DESIGN_ROW (self) && self->session == NULL);

  self->session = g_object_ref (session);
  self->batch = *batch;
  self->batch.name = self->batch_name = g_strdup (batch->name);
  self->company = g_strdup (company);
  fill (self);
  load_list (self);
}

static void
entry_changed_cb (BwDesignRow *self)
{
  if (self->session != NULL)
    tell (self);
}

void
bw_design_row_set_entries (BwDesignRow *self,
                           AdwEntryRow *product,
                           AdwEntryRow *abbreviation,
                           AdwEntryRow *license)
{
  g_return_if_fail (BW_IS_DESIGN_ROW (self));

  self->entries[BW_LABEL_FIELD_PRODUCT] = product;
  self->entries[BW_LABEL_FIELD_ABBREVIATION] = abbreviation;
  self->entries[BW_LABEL_FIELD_LICENSE] = license;
  for (guint kind = 0; kind < BW_LABEL_N_FIELD_KINDS; kind++)
    {
      if (self->entries[kind] == NULL)
        continue;

      g_object_add_weak_pointer (G_OBJECT (self->entries[kind]), (gpointer *) &self->entries[kind]);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->entries[kind]), bw_label_field_kind_to_word (kind));
      gtk_widget_set_visible (GTK_WIDGET (self->entries[kind]), FALSE);
      g_signal_connect_object (self->entries[kind], "changed", G_CALLBACK (entry_changed_cb), self, G_CONNECT_SWAPPED);
    }
}

void
bw_design_row_set_stock (BwDesignRow   *self,
                         const BwStock *stock)
{
  guint selected;

  g_return_if_fail (BW_IS_DESIGN_ROW (self));

  self->stock = stock;
  selected = gtk_drop_down_get_selected (self->drop);
  if (selected != BW_LABEL_PRESET_AUTOMATIC && selected < BW_LABEL_N_PRESETS)
    selected_cb (self);
  else
    say (self);
}

void
bw_design_row_choose_like (BwDesignRow *self,
                           BwDesignRow *other)
{
  guint selected;

  g_return_if_fail (BW_IS_DESIGN_ROW (self) && BW_IS_DESIGN_ROW (other));

  selected = gtk_drop_down_get_selected (other->drop);
  if (selected < BW_LABEL_N_PRESETS)
    gtk_drop_down_set_selected (self->drop, selected);
  else if (other->document != NULL)
    saved_cb (self, bw_json_get_string (other->document, "id"));
}

const BwLabelDesign *
bw_design_row_get_design (BwDesignRow  *self,
                          GError      **error)
{
  g_return_val_if_fail (BW_IS_DESIGN_ROW (self), NULL);

  if (self->problem != NULL)
    g_propagate_error (error, g_error_copy (self->problem));

  return self->problem == NULL ? self->design : NULL;
}

BwLabelFacts
bw_design_row_get_facts (BwDesignRow *self)
{
  return (BwLabelFacts) {
    .product = get_text (self, BW_LABEL_FIELD_PRODUCT),
    .abbreviation = get_text (self, BW_LABEL_FIELD_ABBREVIATION),
    .license = get_text (self, BW_LABEL_FIELD_LICENSE),
    .company = self->company,
  };
}
