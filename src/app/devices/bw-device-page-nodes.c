/* bw-device-page-nodes.c: the rows of the device's properties, and what is wanted of them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-device-page-private.h"

#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-device-text.h"
#include "bw-error-text.h"
#include "bw-json.h"

/* A meter says its values many times a second; eyes need no more than this, and the newest within a tenth. */
#define MOVED_PERIOD_MS 50

/* Without the feed nobody tells how a command ends: then the backend is waited for. */
#define WAIT_WITHOUT_FEED_S 10

/* A wish may be lost with its messages; after that long the backend is asked. */
#define ASK_AFTER_US (12 * G_USEC_PER_SEC)

static char *
make_key (const char *node_id,
          const char *property_id)
{
  return g_strdup_printf ("%s/%s", node_id, property_id);
}

/* (transfer full): all that the rows are made of; when it stays the same so do they */
static char *
describe (const BwDeviceTree *tree,
          guint               n_more_rows)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%u\n", n_more_rows);
  for (guint i = 0; i < tree->nodes->len; i++)
    {
      const BwTreeNode *node = tree->nodes->pdata[i];

      g_string_append_printf (text, "%s\t%s\n", node->id, node->name != NULL ? node->name : "");

      for (guint j = 0; j < node->properties->len; j++)
        {
          const BwTreeProperty *property = node->properties->pdata[j];

          g_string_append_printf (text, "\t%s\t%s\t%s\t%s\t%d%d%d%d\n", property->id,
                                  property->name != NULL ? property->name : "",
                                  property->unit != NULL ? property->unit : "",
                                  property->format != NULL ? property->format : "",
                                  property->datatype, property->settable, property->retained,
                                  property->described);
        }
    }

  return g_string_free (text, FALSE);
}

static void
set_done_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(BwPropertyRow) row = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(BwCommand) command = bw_session_set_finish (BW_SESSION (source), result, &error);

  /* The row may have left the page meanwhile; it is whole as long as we hold it. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || gtk_widget_get_parent (GTK_WIDGET (row)) == NULL)
    return;

  if (command != NULL)
    {
      bw_property_row_take_command (row, command);
    }
  else
    {
      g_autofree char *text = bw_error_to_user_text (error);

      bw_property_row_take_refusal (row, text);
    }
}

/* The device is away, and what is set waits for it. */
static gboolean
is_keeping (BwDevicePage *self)
{
  return self->device != NULL && bw_status_is_approved (bw_device_get_status (self->device)) &&
         !bw_device_get_online (self->device);
}

static void
kept_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(BwPropertyRow) row = user_data;
  g_autoptr(GError) error = NULL;
  gboolean kept = bw_desired_set_finish (BW_DESIRED_SET (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || gtk_widget_get_parent (GTK_WIDGET (row)) == NULL)
    return;

  if (kept)
    bw_property_row_take_kept (row);
  else
    {
      g_autofree char *text = bw_error_to_user_text (error);

      bw_property_row_take_refusal (row, text);
    }
}

static void
wanted_cb (BwDevicePage  *self,
           const char    *value,
           BwPropertyRow *row)
{
  guint wait_s = bw_session_get_feed_connected (self->session) ? 0 : WAIT_WITHOUT_FEED_S;

  if (is_keeping (self))
    {
      bw_desired_set_keep_async (self->desired, bw_property_row_get_node_id (row), bw_property_row_get_property_id (row),
                                 value, self->cancellable, kept_cb, g_object_ref (row));
      return;
    }

  bw_session_set_async (self->session, self->device_id,
                        bw_property_row_get_node_id (row), bw_property_row_get_property_id (row),
                        value, wait_s, self->cancellable, set_done_cb, g_object_ref (row));
}

static void
withdrawn_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(BwDevicePage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  if (bw_desired_set_finish (BW_DESIRED_SET (source), result, &error) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  text = bw_error_to_user_text (error);
  bw_toast_show (self->toasts, text);
}

static void
withdraw_cb (BwDevicePage  *self,
             BwPropertyRow *row)
{
  bw_desired_set_withdraw_async (self->desired, bw_property_row_get_node_id (row), bw_property_row_get_property_id (row),
                                 self->cancellable, withdrawn_cb, g_object_ref (self));
}

static void
desired_changed_cb (BwDevicePage *self,
                    BwDesiredSet *desired)
{
  GHashTableIter iter;
  gpointer row;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    bw_property_row_set_desired (row, bw_desired_set_find (desired, bw_property_row_get_node_id (row),
                                                           bw_property_row_get_property_id (row)));
}

static void
command_asked_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(BwPropertyRow) row = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) document = bw_session_call_finish (BW_SESSION (source), result, &error);
  g_autoptr(BwCommand) command = bw_command_new ();

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || gtk_widget_get_parent (GTK_WIDGET (row)) == NULL)
    return;

  if (document != NULL && bw_entity_load (BW_ENTITY (command), document, &error))
    bw_property_row_take_command (row, command);
  else
    g_debug ("asking what became of a command: %s", error->message);
}

static void
ask_for_command (BwDevicePage  *self,
                 BwPropertyRow *row,
                 const char    *command_id)
{
  g_autofree char *escaped = g_uri_escape_string (command_id, NULL, FALSE);
  g_autofree char *path = g_strconcat ("/v1/commands/", escaped, NULL);

  bw_session_call_async (self->session, "GET", path, NULL, self->cancellable,
                         command_asked_cb, g_object_ref (row));
}

static void
command_changed_cb (BwDevicePage *self,
                    const char   *kind,
                    JsonObject   *document,
                    BwSession    *session)
{
  g_autoptr(BwCommand) command = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *key = NULL;
  BwPropertyRow *row;

  if (g_strcmp0 (bw_json_get_string (document, "deviceId"), self->device_id) != 0)
    return;

  command = bw_command_new ();
  if (!bw_entity_load (BW_ENTITY (command), document, &error))
    {
      g_debug ("a command in the feed: %s, ignoring", error->message);
      return;
    }

  key = make_key (bw_command_get_node (command), bw_command_get_property (command));
  row = g_hash_table_lookup (self->rows, key);
  if (row != NULL)
    bw_property_row_take_command (row, command);
}

static GtkWidget *
make_group (BwDevicePage     *self,
            const BwTreeNode *node,
            guint            *n_left)
{
  GtkWidget *group = adw_preferences_group_new ();
  g_autofree char *title = g_markup_escape_text (bw_device_text_node_name (node), -1);

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);

  for (guint i = 0; i < node->properties->len && *n_left > 0; i++, (*n_left)--)
    {
      const BwTreeProperty *property = node->properties->pdata[i];
      GtkWidget *row = bw_property_row_new (property);

      self->newest_us = MAX (self->newest_us, property->updated_at_us);
      g_signal_connect_object (row, "wanted", G_CALLBACK (wanted_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (row, "withdraw", G_CALLBACK (withdraw_cb), self, G_CONNECT_SWAPPED);
      bw_property_row_set_why_not (BW_PROPERTY_ROW (row), bw_device_page_get_why_not (self));
      bw_property_row_set_keeping (BW_PROPERTY_ROW (row), is_keeping (self));
      bw_property_row_set_desired (BW_PROPERTY_ROW (row), bw_desired_set_find (self->desired, node->id, property->id));
      bw_property_row_set_narrow (BW_PROPERTY_ROW (row), self->width > 0 && self->width < BW_DEVICE_PAGE_NARROW_PX);
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
      g_hash_table_insert (self->rows, make_key (node->id, property->id), row);
    }

  return group;
}

static void
forget_moved (BwDevicePage *self)
{
  g_clear_handle_id (&self->moved_id, g_source_remove);
  g_hash_table_remove_all (self->moved);
}

static void
clear_rows (BwDevicePage *self)
{
  GtkWidget *child;

  forget_moved (self);
  g_hash_table_remove_all (self->rows);

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->nodes_box))) != NULL)
    gtk_box_remove (self->nodes_box, child);
}

static void
build_rows (BwDevicePage       *self,
            const BwDeviceTree *tree)
{
  guint n_left = BW_DEVICE_PAGE_ROWS + self->n_more_rows;
  guint n_shown = 0;

  clear_rows (self);

  for (guint i = 0; i < tree->nodes->len && n_left > 0; i++)
    {
      const BwTreeNode *node = tree->nodes->pdata[i];

      n_shown += MIN (n_left, node->properties->len);
      if (node->properties->len > 0)
        gtk_box_append (self->nodes_box, make_group (self, node, &n_left));
    }

  gtk_widget_set_visible (GTK_WIDGET (self->more_button), n_shown < tree->n_properties);
  if (n_shown < tree->n_properties)
    {
      guint n_more = MIN (tree->n_properties - n_shown, BW_DEVICE_PAGE_ROWS);
      g_autofree char *label = g_strdup_printf (ngettext ("Show %u More Property", "Show %u More Properties", n_more), n_more);

      gtk_button_set_label (self->more_button, label);
    }
}

static void
update_rows (BwDevicePage       *self,
             const BwDeviceTree *tree)
{
  for (guint i = 0; i < tree->nodes->len; i++)
    {
      const BwTreeNode *node = tree->nodes->pdata[i];

      for (guint j = 0; j < node->properties->len; j++)
        {
          const BwTreeProperty *property = node->properties->pdata[j];
          g_autofree char *key = make_key (node->id, property->id);
          BwPropertyRow *row = g_hash_table_lookup (self->rows, key);

          self->newest_us = MAX (self->newest_us, property->updated_at_us);
          if (row != NULL)
            bw_property_row_update (row, property);
        }
    }
}

static void
update_nothing (BwDevicePage       *self,
                const BwDeviceTree *tree)
{
  const char *description;

  gtk_widget_set_visible (GTK_WIDGET (self->nothing_page), tree->n_properties == 0);
  gtk_widget_set_visible (GTK_WIDGET (self->refused_label), tree->n_refused > 0);

  if (tree->n_refused > 0)
    {
      g_autofree char *text = g_strdup_printf (ngettext ("%u more property is above the limits of a device and is not kept.",
                                                         "%u more properties are above the limits of a device and are not kept.",
                                                         tree->n_refused), tree->n_refused);

      gtk_label_set_label (self->refused_label, text);
    }

  if (tree->n_properties > 0)
    return;

  if (bw_device_get_first_seen_us (self->device) == 0)
    description = _("It has never connected. Its nodes and properties appear here when it does.");
  else
    description = _("Its nodes and properties appear here as soon as it says what they are.");

  adw_status_page_set_description (self->nothing_page, description);
}

void
bw_device_page_update_nodes (BwDevicePage *self)
{
  const BwDeviceTree *tree = bw_live_device_get_tree (self->live);
  g_autofree char *structure = NULL;

  if (tree == NULL || self->device == NULL)
    return;

  structure = describe (tree, self->n_more_rows);
  if (g_strcmp0 (structure, self->structure) == 0)
    {
      update_rows (self, tree);
    }
  else
    {
      build_rows (self, tree);
      g_free (self->structure);
      self->structure = g_steal_pointer (&structure);
    }

  update_nothing (self, tree);
}

static gboolean
moved_cb (gpointer user_data)
{
  BwDevicePage *self = user_data;
  BwDeviceTree *tree = bw_live_device_get_tree (self->live);
  GHashTableIter iter;
  gpointer row;

  self->moved_id = 0;

  g_hash_table_iter_init (&iter, self->moved);
  while (tree != NULL && g_hash_table_iter_next (&iter, &row, NULL))
    {
      const BwTreeProperty *property = bw_device_tree_get_property (tree, bw_property_row_get_node_id (row),
                                                                    bw_property_row_get_property_id (row));

      if (property == NULL)
        continue;

      self->newest_us = MAX (self->newest_us, property->updated_at_us);
      bw_property_row_update (row, property);
    }

  g_hash_table_remove_all (self->moved);

  return G_SOURCE_REMOVE;
}

void
bw_device_page_mark_moved (BwDevicePage *self,
                           const char   *node_id,
                           const char   *property_id)
{
  g_autofree char *key = make_key (node_id, property_id);
  BwPropertyRow *row = g_hash_table_lookup (self->rows, key);

  if (row == NULL)
    return;

  g_hash_table_add (self->moved, row);
  if (self->moved_id == 0)
    self->moved_id = g_timeout_add (MOVED_PERIOD_MS, moved_cb, self);
}

const char *
bw_device_page_get_why_not (BwDevicePage *self)
{
  if (self->device == NULL)
    return NULL;

  if (bw_device_get_status (self->device) == BW_STATUS_BLOCKED)
    return _("The device is blocked");

  if (!bw_status_is_approved (bw_device_get_status (self->device)))
    return _("The device is not approved");

  if (!bw_session_get_online (self->session))
    return _("The server does not answer");

  return NULL;
}

void
bw_device_page_update_why_not (BwDevicePage *self)
{
  const char *why_not = bw_device_page_get_why_not (self);
  GHashTableIter iter;
  gpointer row;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    {
      bw_property_row_set_why_not (row, why_not);
      bw_property_row_set_keeping (row, is_keeping (self));
    }
}

void
bw_device_page_fit_rows (BwDevicePage *self)
{
  GHashTableIter iter;
  gpointer row;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    bw_property_row_set_narrow (row, self->width < BW_DEVICE_PAGE_NARROW_PX);
}

void
bw_device_page_tick_rows (BwDevicePage *self,
                          gint64        now_us)
{
  GHashTableIter iter;
  gpointer row;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    {
      const char *command_id = NULL;

      bw_property_row_update_age (row, now_us);

      if (bw_property_row_is_overdue (row, now_us - ASK_AFTER_US, &command_id))
        ask_for_command (self, row, command_id);
    }
}

void
bw_device_page_init_nodes (BwDevicePage *self)
{
  self->rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->moved = g_hash_table_new (NULL, NULL);

  self->desired = bw_desired_set_new (self->session, self->device_id);
  g_signal_connect_object (self->desired, "changed", G_CALLBACK (desired_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "changed::command",
                           G_CALLBACK (command_changed_cb), self, G_CONNECT_SWAPPED);
}

void
bw_device_page_stop_nodes (BwDevicePage *self)
{
  if (self->moved != NULL)
    forget_moved (self);
  if (self->rows != NULL)
    g_hash_table_remove_all (self->rows);
}
