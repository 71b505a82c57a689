/* bw-company-form.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-company-form.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bw-company-picker.h"
#include "bw-error-text.h"
#include "bw-error.h"
#include "bw-field.h"
#include "bw-json.h"
#include "bw-people-rules.h"
#include "bw-tag-picker.h"
#include "bw-text.h"

#define ALIAS_MAX 40

/**
 * BwCompanyForm:
 *
 * One form for a company that is to be made and for one that is edited. Until somebody types an
 * alias of his own, a new company's follows its name.
 */

enum { NAME, ALIAS, ADDRESS, PHONE, EMAIL, N_FIELDS };

struct _BwCompanyForm
{
  GtkWidget      parent_instance;

  BwSession     *session;            /* (owned) (nullable) */
  JsonObject    *document;           /* (owned) (nullable): as it was loaded */
  char          *parent_id;          /* (nullable) */
  gboolean       is_editable;
  gboolean       is_loading;
  gboolean       is_alias_touched;
  gboolean       is_name_touched;    /* an empty form is no mistake yet */

  GtkWidget     *box;
  GtkEditable   *name_row;
  GtkEditable   *alias_row;
  GtkEditable   *address_row;
  GtkEditable   *phone_row;
  GtkEditable   *email_row;
  GtkLabel      *name_error;
  GtkLabel      *alias_error;
  GtkLabel      *address_error;
  GtkLabel      *phone_error;
  GtkLabel      *email_error;
  GtkLabel      *general_error;
  AdwActionRow  *parent_row;
  GtkWidget     *parent_button;
  AdwActionRow  *tags_row;
  BwTagPicker   *tag_picker;
};

G_DEFINE_FINAL_TYPE (BwCompanyForm, bw_company_form, GTK_TYPE_WIDGET)

enum {
  EDITED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const char * const members[N_FIELDS] = { "name", "alias", "address", "phone", "email" };

static GtkEditable *
get_row (BwCompanyForm *self,
         guint          field)
{
  GtkEditable *rows[N_FIELDS] = { self->name_row, self->alias_row, self->address_row, self->phone_row, self->email_row };

  return rows[field];
}

static void
show_error (BwCompanyForm *self,
            guint          field,
            const char    *text)
{
  GtkLabel *labels[N_FIELDS] = {
    self->name_error, self->alias_error, self->address_error, self->phone_error, self->email_error
  };

  bw_field_show_error (GTK_WIDGET (get_row (self, field)), labels[field], text);
}

static const char *
get_id (BwCompanyForm *self)
{
  return self->document != NULL ? bw_json_get_string (self->document, "id") : NULL;
}

static gboolean
is_alias_taken (BwCompanyForm *self,
                const char    *alias)
{
  GListModel *companies = G_LIST_MODEL (bw_session_get_companies (self->session));
  guint n = g_list_model_get_n_items (companies);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(BwCompany) company = g_list_model_get_item (companies, i);

      if (g_strcmp0 (bw_company_get_alias (company), alias) == 0)
        return g_strcmp0 (bw_entity_get_id (BW_ENTITY (company)), get_id (self)) != 0;
    }

  return FALSE;
}

static gboolean
is_short_text (const char *text,
               gsize       max_bytes)
{
  return *text == '\0' || bw_name_is_valid (text, max_bytes);
}

/* NULL: nothing is wrong with it. */
static const char *
check_field (BwCompanyForm *self,
             guint          field,
             const char    *text)
{
  switch (field)
    {
    case NAME:
      return bw_name_is_valid (text, BW_PEOPLE_MAX_NAME_BYTES)
             ? NULL : _("A name without line breaks is needed, at most 200 bytes long.");

    case ALIAS:
      if (!bw_alias_is_valid (text))
        return _("2 to 40 of the letters a to z, digits and dashes; no dash at its ends.");
      return is_alias_taken (self, text) ? _("Another company has this alias.") : NULL;

    case ADDRESS:
      return is_short_text (text, BW_PEOPLE_MAX_ADDRESS_BYTES) ? NULL : _("The address is too long.");

    case PHONE:
      return is_short_text (text, BW_PEOPLE_MAX_PHONE_BYTES) ? NULL : _("The phone number is too long.");

    case EMAIL:
    default:
      return *text == '\0' || bw_email_is_valid (text) ? NULL : _("This is no e-mail address.");
    }
}

static void
validate (BwCompanyForm *self)
{
  for (guint i = 0; i < N_FIELDS; i++)
    {
      g_autofree char *text = bw_field_get_text (get_row (self, i));
      const char *error = check_field (self, i, text);
      gboolean is_untouched = (i == NAME && !self->is_name_touched) || (i == ALIAS && *text == '\0' && !self->is_alias_touched);

      show_error (self, i, is_untouched ? NULL : error);
    }

  bw_field_show_error (NULL, self->general_error, NULL);
}

static void
edited (BwCompanyForm *self)
{
  if (self->is_loading || self->session == NULL)
    return;

  validate (self);
  g_signal_emit (self, signals[EDITED], 0);
}

/* "Müller & Söhne" → "muller-sohne" */
static char *
make_alias (const char *name)
{
  g_autofree char *ascii = g_str_to_ascii (name, NULL);
  g_autoptr(GString) alias = g_string_new (NULL);

  for (const char *p = ascii; *p != '\0' && alias->len < ALIAS_MAX; p++)
    {
      if (g_ascii_isalnum (*p))
        g_string_append_c (alias, g_ascii_tolower (*p));
      else if (alias->len > 0 && alias->str[alias->len - 1] != '-' && *p != '?' && *p != '\'')
        g_string_append_c (alias, '-');
    }

  while (alias->len > 0 && alias->str[alias->len - 1] == '-')
    g_string_truncate (alias, alias->len - 1);

  return g_string_free (g_steal_pointer (&alias), FALSE);
}

static void
name_changed_cb (BwCompanyForm *self)
{
  if (self->is_loading)
    return;

  self->is_name_touched = TRUE;
  if (self->document == NULL && !self->is_alias_touched)
    {
      g_autofree char *name = bw_field_get_text (self->name_row);
      g_autofree char *alias = make_alias (name);

      self->is_loading = TRUE;
      gtk_editable_set_text (self->alias_row, alias);
      self->is_loading = FALSE;
    }

  edited (self);
}

static void
alias_changed_cb (BwCompanyForm *self)
{
  if (!self->is_loading)
    self->is_alias_touched = TRUE;

  edited (self);
}

/* The parent */

/* The company at the root hangs below none; and whoever acts in one cannot see what it hangs below. */
static gboolean
has_parent_in_reach (BwCompanyForm *self)
{
  return self->document == NULL ||
         (self->parent_id != NULL && bw_entity_list_lookup (bw_session_get_companies (self->session), self->parent_id) != NULL);
}

static void
update_parent (BwCompanyForm *self)
{
  BwCompany *parent = self->parent_id != NULL
                      ? bw_entity_list_lookup (bw_session_get_companies (self->session), self->parent_id) : NULL;
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  g_autofree char *escaped = NULL;
  gboolean can_change = self->is_editable && has_parent_in_reach (self);

  if (parent != NULL)
    {
      path = bw_company_path_to_text (self->session, self->parent_id);
      text = *path != '\0' ? g_strdup_printf ("%s › %s", path, bw_company_get_name (parent))
                           : g_strdup (bw_company_get_name (parent));
    }
  else if (self->parent_id != NULL)
    {
      text = g_strdup (_("A company above yours"));
    }
  else
    {
      text = g_strdup (self->document != NULL ? _("None: this is the company at the root") : _("Your own company"));
    }

  escaped = g_markup_escape_text (text, -1);
  adw_action_row_set_subtitle (self->parent_row, escaped);
  gtk_widget_set_visible (self->parent_button, can_change);
}

static void
parent_picked_cb (BwCompanyForm *self,
                  const char    *company_id)
{
  bw_set_str (&self->parent_id, company_id);
  bw_tag_picker_set_company (self->tag_picker, get_id (self) != NULL ? get_id (self) : company_id);
  update_parent (self);
  edited (self);
}

static void
parent_clicked_cb (BwCompanyForm *self)
{
  GtkWidget *picker = bw_company_picker_new (self->session, _("Parent Company"), get_id (self));

  gtk_window_set_transient_for (GTK_WINDOW (picker), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))));
  g_signal_connect_object (picker, "picked", G_CALLBACK (parent_picked_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (picker));
}

static void
bw_company_form_dispose (GObject *object)
{
  BwCompanyForm *self = (BwCompanyForm *) object;

  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_COMPANY_FORM);
  g_clear_object (&self->session);
  g_clear_pointer (&self->document, json_object_unref);
  g_clear_pointer (&self->parent_id, g_free);

  G_OBJECT_CLASS (bw_company_form_parent_class)->dispose (object);
}

static void
bw_company_form_class_init (BwCompanyFormClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bw_company_form_dispose;

  signals[EDITED] =
    g_signal_new ("edited", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/companies/bw-company-form.ui");
  gtk_widget_class_bind_template_child (widget_class, BwCompanyForm, box);
  gtk_widget_class_bind_template_child (widget_class, BwCompanyForm, name_row);
  gtk_widget_class_bind_template_child (widget_class, BwCompanyForm, alias_row);
  gtk_widget_class_bind_template_child (widget_class, BwCompanyForm, address_row);
  gtk_widget_class_bind_template_child (widget_class, BwCompanyForm, phone_row);
  gtk_widget_class_bind_template_child (widget_class, BwCompanyForm, email_row);
  gtk_widget_class_bind_template_child (widget_class, BwCompanyForm, name_error);
  gtk_widget_class_bind_template_child (widget_class, BwCompanyForm, alias_error);
  gtk_widget_class_bind_template_child (widget_class, BwCompanyForm, address_error);
  gtk_widget_class_bind_template_child (widget_class, BwCompanyForm, phone_error);
  gtk_widget_class_bind_template_child (widget_class, BwCompanyForm, email_error);
  gtk_widget_class_bind_template_child (widget_class, BwCompanyForm, general_error);
  gtk_widget_class_bind_template_child (widget_class, BwCompanyForm, parent_row);
  gtk_widget_class_bind_template_child (widget_class, BwCompanyForm, parent_button);
  gtk_widget_class_bind_template_child (widget_class, BwCompanyForm, tags_row);
  gtk_widget_class_bind_template_child (widget_class, BwCompanyForm, tag_picker);
  gtk_widget_class_bind_template_callback (widget_class, alias_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, edited);
  gtk_widget_class_bind_template_callback (widget_class, name_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, parent_clicked_cb);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);

  g_type_ensure (BW_TYPE_TAG_PICKER);
}

static void
bw_company_form_init (BwCompanyForm *self)
{
  self->is_editable = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
bw_company_form_new (void)
{
  return g_object_new (BW_TYPE_COMPANY_FORM, NULL);
}

void
bw_company_form_set_session (BwCompanyForm *self,
                             BwSession     *session)
{
  g_return_if_fail (BW_IS_COMPANY_FORM (self));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  bw_tag_picker_set_session (self->tag_picker, session);
}

static void
load_tags (BwCompanyForm *self)
{
  JsonArray *array = self->document != NULL ? bw_json_get_array (self->document, "tags") : NULL;
  g_autoptr(GPtrArray) ids = g_ptr_array_new ();

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (json_node_get_value_type (node) == G_TYPE_STRING)
        g_ptr_array_add (ids, (gpointer) json_node_get_string (node));
    }

  g_ptr_array_add (ids, NULL);
  bw_tag_picker_set_ids (self->tag_picker, (const char * const *) ids->pdata);
  bw_tag_picker_set_company (self->tag_picker, get_id (self) != NULL ? get_id (self) : self->parent_id);
}

void
bw_company_form_load (BwCompanyForm *self,
                      JsonObject    *document,
                      const char    *parent_id)
{
  g_return_if_fail (BW_IS_COMPANY_FORM (self));
  g_return_if_fail (self->session != NULL);

  if (document != NULL)
    json_object_ref (document);
  g_clear_pointer (&self->document, json_object_unref);
  self->document = document;
  bw_set_str (&self->parent_id, document != NULL ? bw_json_get_string (document, "parentId") : parent_id);

  self->is_loading = TRUE;
  for (guint i = 0; i < N_FIELDS; i++)
    {
      const char *value = document != NULL ? bw_json_get_string (document, members[i]) : NULL;

      gtk_editable_set_text (get_row (self, i), value != NULL ? value : "");
    }
  load_tags (self);
  self->is_loading = FALSE;

  self->is_name_touched = document != NULL;
  self->is_alias_touched = document != NULL;
  update_parent (self);
  validate (self);
}

void
bw_company_form_set_editable (BwCompanyForm *self,
                              gboolean       is_editable)
{
  g_return_if_fail (BW_IS_COMPANY_FORM (self));

  self->is_editable = is_editable;
  for (guint i = 0; i < N_FIELDS; i++)
    gtk_editable_set_editable (get_row (self, i), is_editable);

  gtk_widget_set_sensitive (GTK_WIDGET (self->tag_picker), is_editable);
  if (self->session != NULL)
    update_parent (self);
}

gboolean
bw_company_form_is_valid (BwCompanyForm *self)
{
  g_return_val_if_fail (BW_IS_COMPANY_FORM (self), FALSE);

  for (guint i = 0; i < N_FIELDS; i++)
    {
      g_autofree char *text = bw_field_get_text (get_row (self, i));

      if (check_field (self, i, text) != NULL)
        return FALSE;
    }

  return TRUE;
}

static gboolean
are_tags_others (BwCompanyForm *self,
                 JsonArray     *tags)
{
  JsonArray *before = self->document != NULL ? bw_json_get_array (self->document, "tags") : NULL;
  guint n_before = before != NULL ? json_array_get_length (before) : 0;

  if (n_before != json_array_get_length (tags))
    return TRUE;

  /* The server has them in the order of their numbers, and so has the picker. */
  for (guint i = 0; i < n_before; i++)
    {
      JsonNode *node = json_array_get_element (before, i);

      if (json_node_get_value_type (node) != G_TYPE_STRING ||
          !g_str_equal (json_node_get_string (node), json_array_get_string_element (tags, i)))
        return TRUE;
    }

  return FALSE;
}

JsonObject *
bw_company_form_make_changes (BwCompanyForm *self)
{
  JsonObject *changes = json_object_new ();
  JsonArray *tags;
  const char *parent_before;

  g_return_val_if_fail (BW_IS_COMPANY_FORM (self), changes);

  for (guint i = 0; i < N_FIELDS; i++)
    {
      g_autofree char *text = bw_field_get_text (get_row (self, i));
      const char *before = self->document != NULL ? bw_json_get_string (self->document, members[i]) : NULL;

      if (g_strcmp0 (text, before != NULL ? before : "") != 0)
        json_object_set_string_member (changes, members[i], text);
    }

  parent_before = self->document != NULL ? bw_json_get_string (self->document, "parentId") : NULL;
  if (self->parent_id != NULL && g_strcmp0 (self->parent_id, parent_before) != 0)
    json_object_set_string_member (changes, "parentId", self->parent_id);

  tags = bw_tag_picker_to_json (self->tag_picker);
  if (are_tags_others (self, tags))
    json_object_set_array_member (changes, "tags", tags);
  else
    json_array_unref (tags);

  return changes;
}

void
bw_company_form_show_error (BwCompanyForm *self,
                            const GError  *error)
{
  g_autofree char *text = NULL;

  g_return_if_fail (BW_IS_COMPANY_FORM (self));
  g_return_if_fail (error != NULL);

  /* Companies out of one's reach have aliases, too: only the server knows them all. */
  if (g_error_matches (error, BW_ERROR, BW_ERROR_CONFLICT) && strstr (error->message, "alias") != NULL)
    {
      show_error (self, ALIAS, _("Another company has this alias."));
      gtk_widget_grab_focus (GTK_WIDGET (self->alias_row));
      return;
    }

  text = bw_error_to_user_text (error);
  bw_field_show_error (NULL, self->general_error, text);
}

void
bw_company_form_focus (BwCompanyForm *self)
{
  g_return_if_fail (BW_IS_COMPANY_FORM (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->name_row));
}
