/* bw-tag-filter.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-tag-filter.h"

#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-text.h"

/* A tree that is deeper than this has a circle in it. */
#define MAX_DEPTH 1000

/**
 * BwTagFilter:
 *
 * A drop-down over the session's tags, in order of their names, with *All Tags* at the top. The
 * choice is an id: it stays when tags come and go, and falls back to all when its own one goes.
 */

struct _BwTagFilter
{
  GtkWidget      parent_instance;

  BwSession     *session;       /* (owned) (nullable) */
  GCancellable  *cancellable;
  char          *tag_id;        /* (nullable) */
  gboolean       is_filling;

  GListModel    *tags;          /* (owned): sorted */
  GtkDropDown   *drop_down;
};

G_DEFINE_FINAL_TYPE (BwTagFilter, bw_tag_filter, GTK_TYPE_WIDGET)

enum {
  PROP_0,
  PROP_TAG_ID,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
set_tag_id (BwTagFilter *self,
            const char  *tag_id)
{
  if (bw_set_str (&self->tag_id, tag_id))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TAG_ID]);
}

static void
fill (BwTagFilter *self)
{
  guint n_tags = g_list_model_get_n_items (self->tags);
  g_autoptr(GtkStringList) names = gtk_string_list_new (NULL);
  guint selected = 0;

  gtk_string_list_append (names, _("All Tags"));
  for (guint i = 0; i < n_tags; i++)
    {
      g_autoptr(BwTag) tag = g_list_model_get_item (self->tags, i);

      gtk_string_list_append (names, bw_tag_get_name (tag));
      if (g_strcmp0 (bw_entity_get_id (BW_ENTITY (tag)), self->tag_id) == 0)
        selected = i + 1;
    }

  self->is_filling = TRUE;
  gtk_drop_down_set_model (self->drop_down, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->drop_down, selected);
  self->is_filling = FALSE;

  gtk_widget_set_visible (GTK_WIDGET (self), n_tags > 0);
  if (selected == 0)
    set_tag_id (self, NULL);
}

static void
selected_cb (BwTagFilter *self)
{
  guint selected = gtk_drop_down_get_selected (self->drop_down);
  g_autoptr(BwEntity) tag = NULL;

  if (self->is_filling || self->tags == NULL)
    return;

  if (selected != GTK_INVALID_LIST_POSITION && selected > 0)
    tag = g_list_model_get_item (self->tags, selected - 1);

  set_tag_id (self, tag != NULL ? bw_entity_get_id (tag) : NULL);
}

static void
tags_loaded_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  /* There is nothing to filter by then. */
  if (!bw_session_load_tags_finish (BW_SESSION (source), result, &error))
    g_debug ("tags to filter by: %s", error->message);
}

static void
bw_tag_filter_dispose (GObject *object)
{
  BwTagFilter *self = (BwTagFilter *) object;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->drop_down != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->drop_down));
  self->drop_down = NULL;
  g_clear_object (&self->tags);
  g_clear_object (&self->session);
  g_clear_pointer (&self->tag_id, g_free);

  G_OBJECT_CLASS (bw_tag_filter_parent_class)->dispose (object);
}

static void
bw_tag_filter_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  BwTagFilter *self = BW_TAG_FILTER (object);

  switch (prop_id)
    {
    case PROP_TAG_ID:
      g_value_set_string (value, self->tag_id);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bw_tag_filter_set_property (GObject      *object,
                            guint         prop_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  BwTagFilter *self = BW_TAG_FILTER (object);

  switch (prop_id)
    {
    case PROP_TAG_ID:
      bw_tag_filter_set_tag_id (self, g_value_get_string (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bw_tag_filter_class_init (BwTagFilterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bw_tag_filter_dispose;
  object_class->get_property = bw_tag_filter_get_property;
  object_class->set_property = bw_tag_filter_set_property;

  properties[PROP_TAG_ID] =
    g_param_spec_string ("tag-id", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
bw_tag_filter_init (BwTagFilter *self)
{
  self->cancellable = g_cancellable_new ();
  self->drop_down = GTK_DROP_DOWN (gtk_drop_down_new (NULL, NULL));
  gtk_widget_set_parent (GTK_WIDGET (self->drop_down), GTK_WIDGET (self));
  bw_accessible_set_label (GTK_WIDGET (self->drop_down), _("Tag"));
  g_signal_connect_object (self->drop_down, "notify::selected", G_CALLBACK (selected_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

GtkWidget *
bw_tag_filter_new (void)
{
  return g_object_new (BW_TYPE_TAG_FILTER, NULL);
}

void
bw_tag_filter_set_session (BwTagFilter *self,
                           BwSession   *session)
{
  GtkSorter *sorter;

  g_return_if_fail (BW_IS_TAG_FILTER (self));
  g_return_if_fail (BW_IS_SESSION (session));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  sorter = GTK_SORTER (gtk_string_sorter_new (gtk_property_expression_new (BW_TYPE_TAG, NULL, "name")));
  self->tags = G_LIST_MODEL (gtk_sort_list_model_new (g_object_ref (G_LIST_MODEL (bw_session_get_tags (session))),
                                                      sorter));
  g_signal_connect_object (self->tags, "items-changed", G_CALLBACK (fill), self, G_CONNECT_SWAPPED);
  fill (self);

  bw_session_load_tags_async (session, self->cancellable, tags_loaded_cb, NULL);
}

const char *
bw_tag_filter_get_tag_id (BwTagFilter *self)
{
  g_return_val_if_fail (BW_IS_TAG_FILTER (self), NULL);

  return self->tag_id;
}

void
bw_tag_filter_set_tag_id (BwTagFilter *self,
                          const char  *tag_id)
{
  g_return_if_fail (BW_IS_TAG_FILTER (self));

  set_tag_id (self, tag_id);
  if (self->tags != NULL)
    fill (self);
}

gboolean
bw_tag_is_usable_in (BwTag      *tag,
                     BwSession  *session,
                     const char *company_id)
{
  g_auto(GStrv) company_ids = NULL;
  const char *id = company_id;

  g_return_val_if_fail (BW_IS_TAG (tag), FALSE);
  g_return_val_if_fail (BW_IS_SESSION (session), FALSE);

  g_object_get (tag, "company-ids", &company_ids, NULL);
  if (company_ids == NULL || company_ids[0] == NULL)
    return TRUE;

  for (guint depth = 0; id != NULL && depth < MAX_DEPTH; depth++)
    {
      BwEntity *company = bw_entity_list_lookup (bw_session_get_companies (session), id);

      if (g_strv_contains ((const char * const *) company_ids, id))
        return TRUE;

      id = company != NULL ? bw_record_get_text (BW_RECORD (company), "parent-id") : NULL;
    }

  return FALSE;
}
