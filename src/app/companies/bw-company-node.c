/* bw-company-node.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-company-node.h"

/**
 * BwCompanyNode:
 *
 * A company with what hangs below it. What is dear to make (folded texts, the key of
 * the name's order) is made when it is first asked for: of 10,000 companies few are ever compared.
 */

G_DEFINE_FINAL_TYPE (BwCompanyNode, bw_company_node, G_TYPE_OBJECT)

static void
bw_company_node_finalize (GObject *object)
{
  BwCompanyNode *self = (BwCompanyNode *) object;

  g_clear_object (&self->company);
  g_clear_object (&self->children);
  g_clear_pointer (&self->coming, g_ptr_array_unref);
  g_free (self->words);
  g_free (self->name_key);

  G_OBJECT_CLASS (bw_company_node_parent_class)->finalize (object);
}

static void
bw_company_node_class_init (BwCompanyNodeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bw_company_node_finalize;
}

static void
bw_company_node_init (BwCompanyNode *self)
{
}

static void
forget_old_words (BwCompanyNode *self)
{
  gint64 revision = bw_entity_get_revision (BW_ENTITY (self->company));

  if (self->words_revision == revision)
    return;

  g_clear_pointer (&self->words, g_free);
  g_clear_pointer (&self->name_key, g_free);
  self->words_revision = revision;
}

BwCompanyNode *
bw_company_node_new (BwCompany *company)
{
  BwCompanyNode *self;

  g_return_val_if_fail (BW_IS_COMPANY (company), NULL);

  self = g_object_new (BW_TYPE_COMPANY_NODE, NULL);
  self->company = g_object_ref (company);
  self->words_revision = bw_entity_get_revision (BW_ENTITY (company));
  self->is_new = TRUE;

  return self;
}

BwCompany *
bw_company_node_get_company (BwCompanyNode *self)
{
  g_return_val_if_fail (BW_IS_COMPANY_NODE (self), NULL);

  return self->company;
}

const char *
bw_company_node_get_id (BwCompanyNode *self)
{
  g_return_val_if_fail (BW_IS_COMPANY_NODE (self), NULL);

  return bw_entity_get_id (BW_ENTITY (self->company));
}

guint
bw_company_node_get_n_children (BwCompanyNode *self)
{
  g_return_val_if_fail (BW_IS_COMPANY_NODE (self), 0);

  return self->children != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->children)) : 0;
}

const char *
bw_company_node_get_words (BwCompanyNode *self)
{
  static const char * const members[] = { "name", "alias", "phone", "email", "address" };

  g_return_val_if_fail (BW_IS_COMPANY_NODE (self), NULL);

  forget_old_words (self);
  if (self->words == NULL)
    {
      g_autoptr(GString) text = g_string_new (NULL);

      for (gsize i = 0; i < G_N_ELEMENTS (members); i++)
        {
          const char *value = bw_record_get_text (BW_RECORD (self->company), members[i]);

          if (value != NULL)
            g_string_append (g_string_append (text, value), "\n");
        }

      self->words = g_utf8_casefold (text->str, -1);
    }

  return self->words;
}

const char *
bw_company_node_get_name_key (BwCompanyNode *self)
{
  g_return_val_if_fail (BW_IS_COMPANY_NODE (self), NULL);

  forget_old_words (self);
  if (self->name_key == NULL)
    {
      g_autofree char *folded = g_utf8_casefold (bw_company_get_name (self->company), -1);

      self->name_key = g_utf8_collate_key (folded, -1);
    }

  return self->name_key;
}

gboolean
bw_company_node_has_tag (BwCompanyNode *self,
                         const char    *tag_id)
{
  g_auto(GStrv) tags = NULL;

  g_return_val_if_fail (BW_IS_COMPANY_NODE (self), FALSE);

  g_object_get (self->company, "tags", &tags, NULL);

  return tags != NULL && g_strv_contains ((const char * const *) tags, tag_id);
}
