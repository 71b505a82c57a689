/* bw-rule-service.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-rule-service.h"

#include <string.h>

#include "bw-audit-repo.h"
#include "bw-device-repo.h"
#include "bw-device-service.h"
#include "bw-error.h"
#include "bw-json.h"
#include "bw-people-private.h"
#include "bw-rule.h"

/* News are gathered that long. */
#define LOOK_DELAY_MS 100

/* A device that does not say ready by then is judged by what it has said. */
#define PATIENCE_US (60 * G_USEC_PER_SEC)

/* Looked at again that often while somebody is waited for. */
#define WAIT_S 5

#define MAX_PER_TURN 200
#define MAX_TRIED    500

/**
 * BwRuleService:
 *
 * A device that begins to wait for approval is written down as due, in the transaction that lets it wait. When it
 * has described itself the rules are asked, and what they say is done, in one transaction: each device is judged
 * once, whatever crashes, and one whose approval a person has taken back is never approved behind his back. Main thread.
 */

struct _BwRuleService
{
  GObject       parent_instance;

  BwStore      *store;
  BwFeed       *feed;
  BwAuthority  *authority;
  GCancellable *cancellable;
  guint         look_source;
  gboolean      looking;
  gboolean      again;           /* somebody came meanwhile */
};

G_DEFINE_FINAL_TYPE (BwRuleService, bw_rule_service, G_TYPE_OBJECT)

/* Acting */

typedef struct
{
  BwAuthority *authority;
  GPtrArray   *changed;           /* documents, to be told */
  GArray      *changed_companies; /* gint64 each */
  gint64       n_left;            /* due, but not judged yet */
} Turn;

static void
turn_free (Turn *turn)
{
  bw_authority_unref (turn->authority);
  g_ptr_array_unref (turn->changed);
  g_array_unref (turn->changed_companies);
  g_free (turn);
}

static char *
write_status (BwStatus    status,
              const char *rule)
{
  GString *out = g_string_new (NULL);

  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "status", bw_status_to_nick (status));
  if (rule != NULL)
    bw_json_add_string (out, "rule", rule);
  bw_json_end_object (out);

  return g_string_free (out, FALSE);
}

static gboolean
add_audit (BwStoreThread       *thread,
           const BwRuleRow     *rule,
           const BwRuleDevice  *device,
           const char          *who,
           BwStatus             next,
           GError             **error)
{
  g_autofree char *was = write_status (device->status, NULL);
  g_autofree char *is = write_status (next, rule->name);
  BwAuditRow entry = {
    .login = who, .address = "", .action = bw_rule_action_to_nick (rule->action), .kind = "device",
    .object_id = device->id, .object = device->id, .company_id = device->company_id, .before = was, .after = is,
  };

  return bw_audit_repo_add (thread, &entry, error);
}

static gboolean
act (BwStoreThread       *thread,
     Turn                *turn,
     const BwRuleRow     *rule,
     const BwRuleDevice  *device,
     GError             **error)
{
  gboolean approves = rule->action == BW_RULE_APPROVE;
  g_autofree char *who = g_strdup_printf ("rule %s", rule->name);
  g_autoptr(GString) document = g_string_sized_new (512);
  BwStatus next = BW_STATUS_NEW;

  if (bw_action_decide (approves ? BW_ACTION_APPROVE : BW_ACTION_BLOCK, device->status, BW_STATUS_NEW, &next) != NULL)
    return TRUE;

  if (!bw_device_repo_set_status (thread, device->id, next, device->status, approves ? g_get_real_time () : 0,
                                  approves ? who : NULL, error) ||
      !bw_rule_repo_set_count (thread, rule, error) ||
      !add_audit (thread, rule, device, who, next, error) ||
      !bw_device_repo_write_document (thread->db, device->id, FALSE, document, NULL, error))
    return FALSE;

  g_ptr_array_add (turn->changed, g_string_free (g_steal_pointer (&document), FALSE));
  g_array_append_val (turn->changed_companies, device->company_id);

  return TRUE;
}

static gboolean
judge (BwStoreThread       *thread,
       Turn                *turn,
       GPtrArray           *rules,
       const BwRuleDevice  *device,
       GError             **error)
{
  gboolean spent = FALSE;
  BwRule *rule = NULL;

  if (!bw_rule_repo_forget_due (thread, device->id, error))
    return FALSE;

  if (device->status == BW_STATUS_AWAITING_APPROVAL)
    rule = bw_rules_decide (rules, turn->authority, device, g_get_real_time (), NULL, &spent);

  return rule == NULL || spent || bw_rule_get_row (rule)->action == BW_RULE_LEAVE ||
         act (thread, turn, bw_rule_get_row (rule), device, error);
}

static gboolean
take_turn (BwStoreThread  *thread,
           Turn           *turn,
           GError        **error)
{
  g_autoptr(GPtrArray) rules = bw_rules_load (thread->db, turn->authority, error);
  g_autoptr(GPtrArray) devices = NULL;

  if (rules == NULL)
    return FALSE;

  devices = bw_rule_repo_list_due (thread->db, g_get_real_time () - PATIENCE_US, MAX_PER_TURN, error);
  if (devices == NULL)
    return FALSE;

  for (guint i = 0; i < devices->len; i++)
    {
      if (!judge (thread, turn, rules, g_ptr_array_index (devices, i), error))
        return FALSE;
    }

  if (!bw_rule_repo_count_due (thread->db, &turn->n_left, error))
    return FALSE;

  /* the next turn at once */
  if (devices->len == MAX_PER_TURN)
    turn->n_left = -turn->n_left;

  return TRUE;
}

static gpointer
turn_job (gpointer   owned_by_thread,
          gpointer   task_data,
          GError   **error)
{
  BwStoreThread *thread = owned_by_thread;

  if (!bw_store_begin (thread, error))
    return NULL;

  if (take_turn (thread, task_data, error) && bw_store_commit (thread, error))
    return BW_STORE_DONE;

  bw_store_rollback (thread);

  return NULL;
}

/* Most news are of devices that wait for nothing: a reading job finds that out. */
static gpointer
count_job (gpointer   owned_by_thread,
           gpointer   task_data,
           GError   **error)
{
  BwStoreThread *thread = owned_by_thread;

  return bw_rule_repo_count_due (thread->db, task_data, error) ? BW_STORE_DONE : NULL;
}

static void
schedule (BwRuleService *self,
          guint          delay_ms);

static void
end_look (BwRuleService *self,
          gint64         n_left)
{
  self->looking = FALSE;
  if (self->again || n_left < 0)
    schedule (self, LOOK_DELAY_MS);
  else if (n_left > 0)
    schedule (self, WAIT_S * 1000);
}

static void
turned_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  BwRuleService *self = BW_RULE_SERVICE (source);
  Turn *turn = g_task_get_task_data (G_TASK (result));
  g_autoptr(GError) error = NULL;

  if (g_task_propagate_pointer (G_TASK (result), &error) == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_warning ("The rules for new devices could not be asked: %s, trying again", error->message);
      end_look (self, 1);
      return;
    }

  for (guint i = 0; i < turn->changed->len; i++)
    bw_feed_changed (self->feed, "device", g_array_index (turn->changed_companies, gint64, i),
                     g_ptr_array_index (turn->changed, i));

  end_look (self, turn->n_left);
}

static void
counted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  BwRuleService *self = BW_RULE_SERVICE (source);
  const gint64 *n = g_task_get_task_data (G_TASK (result));
  g_autoptr(GError) error = NULL;
  Turn *turn;
  GTask *task;

  if (g_task_propagate_pointer (G_TASK (result), &error) == NULL || *n == 0)
    {
      end_look (self, error != NULL);
      return;
    }

  turn = g_new0 (Turn, 1);
  turn->authority = bw_authority_ref (self->authority);
  turn->changed = g_ptr_array_new_with_free_func (g_free);
  turn->changed_companies = g_array_new (FALSE, FALSE, sizeof (gint64));
  task = g_task_new (self, self->cancellable, turned_cb, NULL);
  g_task_set_source_tag (task, counted_cb);
  g_task_set_task_data (task, turn, (GDestroyNotify) turn_free);
  bw_store_push_write (self->store, task, turn_job, NULL);
}

static gboolean
look_cb (gpointer user_data)
{
  BwRuleService *self = user_data;
  GTask *task = g_task_new (self, self->cancellable, counted_cb, NULL);

  self->look_source = 0;
  self->looking = TRUE;
  self->again = FALSE;
  g_task_set_source_tag (task, look_cb);
  g_task_set_task_data (task, g_new0 (gint64, 1), g_free);
  bw_store_push_read (self->store, task, count_job, NULL);

  return G_SOURCE_REMOVE;
}

static void
schedule (BwRuleService *self,
          guint          delay_ms)
{
  if (g_cancellable_is_cancelled (self->cancellable))
    return;

  g_clear_handle_id (&self->look_source, g_source_remove);
  self->look_source = g_timeout_add (delay_ms, look_cb, self);
}

void
bw_rule_service_look (BwRuleService *self)
{
  g_return_if_fail (BW_IS_RULE_SERVICE (self));

  if (self->looking)
    self->again = TRUE;
  else if (self->look_source == 0)
    schedule (self, LOOK_DELAY_MS);
}

void
bw_rule_service_stop (BwRuleService *self)
{
  g_return_if_fail (BW_IS_RULE_SERVICE (self));

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->look_source, g_source_remove);
}

/* Trying */

typedef struct
{
  BwAuthority *authority;
  BwActor     *actor;
  gint64       rule_id;
  JsonObject  *draft;        /* (nullable) */
} Trial;

static void
trial_free (Trial *trial)
{
  bw_authority_unref (trial->authority);
  bw_actor_unref (trial->actor);
  g_clear_pointer (&trial->draft, json_object_unref);
  g_free (trial);
}

/* As a change would, but nobody hears of it. */
static BwRule *
make_draft (Trial     *trial,
            GError   **error)
{
  BwChange change = {
    .kind = &bw_rule_kind, .action = BW_CHANGE_CREATE, .authority = trial->authority, .actor = trial->actor,
    .body = trial->draft,
  };
  g_autoptr(BwRuleRow) row = g_new0 (BwRuleRow, 1);

  row->company_id = trial->actor->company_id;
  row->max_per_hour = BW_RULE_DEFAULT_PER_HOUR;
  if (!bw_change_take_id (&change, "companyId", &row->company_id, error) ||
      !bw_change_decide (&change, row->company_id, error) || !bw_people_take_rule (&change, row, error))
    return NULL;

  row->id = trial->rule_id;
  row->enabled = TRUE;
  if (row->position == 0)
    row->position = G_MAXINT64;

  return bw_rule_new (g_steal_pointer (&row));
}

/* The rules as they would be asked; their counts begin anew. */
static gboolean
prepare_rules (Trial      *trial,
               GPtrArray  *rules,
               GError    **error)
{
  gboolean found = trial->rule_id == 0;
  BwRule *draft = NULL;

  if (trial->draft != NULL)
    {
      draft = make_draft (trial, error);
      if (draft == NULL)
        return FALSE;
    }

  for (guint i = rules->len; i > 0; i--)
    {
      BwRuleRow *row = bw_rule_get_row (g_ptr_array_index (rules, i - 1));

      row->n_hour = 0;
      if (trial->rule_id == 0 || row->id != trial->rule_id ||
          !bw_authority_reaches (trial->authority, trial->actor->company_id, row->company_id))
        continue;

      found = TRUE;
      row->enabled = TRUE;
      if (draft != NULL)
        {
          if (bw_rule_get_row (draft)->position == G_MAXINT64)
            bw_rule_get_row (draft)->position = row->position;
          g_ptr_array_remove_index (rules, i - 1);
        }
    }

  if (draft != NULL)
    g_ptr_array_add (rules, draft);
  bw_rules_sort (rules, trial->authority);

  if (!found)
    g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, "there is no rule %" G_GINT64_FORMAT, trial->rule_id);

  return found;
}

/* What a company above wants is not told here but for what comes of it. */
static gboolean
is_known (const Trial *trial,
          BwRule      *rule)
{
  return bw_authority_reaches (trial->authority, trial->actor->company_id, bw_rule_get_row (rule)->company_id);
}

static void
write_rule (GString     *out,
            const Trial *trial,
            BwRule      *rule)
{
  gboolean known = is_known (trial, rule);

  bw_json_begin_object (out, "rule");
  bw_json_add_id (out, "id", known ? bw_rule_get_row (rule)->id : 0);
  bw_json_add_string (out, "name", known ? bw_rule_get_row (rule)->name : NULL);
  bw_json_end_object (out);
}

static void
write_doubts (GString     *out,
              const Trial *trial,
              GArray      *doubts)
{
  bw_json_begin_array (out, "others");
  for (guint i = 0; i < doubts->len; i++)
    {
      const BwRuleDoubt *doubt = &g_array_index (doubts, BwRuleDoubt, i);

      if (!is_known (trial, doubt->rule))
        continue;

      bw_json_begin_object (out, NULL);
      bw_json_add_id (out, "id", bw_rule_get_row (doubt->rule)->id);
      bw_json_add_string (out, "name", bw_rule_get_row (doubt->rule)->name);
      bw_json_add_string (out, "reason", doubt->reason);
      bw_json_end_object (out);
    }
  bw_json_end_array (out);
}

static void
write_device (GString            *out,
              const Trial        *trial,
              const BwRuleDevice *device,
              BwRule             *rule,
              gboolean            spent,
              GArray             *doubts)
{
  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "id", device->id);
  bw_json_add_string (out, "name", device->name);
  bw_json_add_string (out, "product", device->product);
  bw_json_add_string (out, "version", device->version);
  bw_json_add_string (out, "batch", device->batch);
  bw_json_add_string (out, "address", device->address);
  if (rule != NULL)
    write_rule (out, trial, rule);
  else
    bw_json_add_null (out, "rule");
  bw_json_add_string (out, "action", rule != NULL && !spent ? bw_rule_action_to_nick (bw_rule_get_row (rule)->action) : "wait");
  bw_json_add_boolean (out, "spent", spent);
  write_doubts (out, trial, doubts);
  bw_json_end_object (out);
}

static gpointer
try_job (gpointer   owned_by_thread,
         gpointer   task_data,
         GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  Trial *trial = task_data;
  g_autoptr(GPtrArray) rules = bw_rules_load (thread->db, trial->authority, error);
  g_autoptr(GPtrArray) devices = NULL;
  g_autoptr(GString) out = g_string_new (NULL);

  if (rules == NULL || !prepare_rules (trial, rules, error))
    return NULL;

  devices = bw_rule_repo_list_waiting (thread->db, trial->actor->company_id, MAX_TRIED, error);
  if (devices == NULL)
    return NULL;

  bw_json_begin_object (out, NULL);
  bw_json_add_int (out, "total", devices->len);
  bw_json_begin_array (out, "items");
  for (guint i = 0; i < devices->len; i++)
    {
      const BwRuleDevice *device = g_ptr_array_index (devices, i);
      g_autoptr(GArray) doubts = bw_rule_doubts_new ();
      gboolean spent = FALSE;
      BwRule *rule = bw_rules_decide (rules, trial->authority, device, g_get_real_time (), doubts, &spent);

      write_device (out, trial, device, rule, spent, doubts);
    }
  bw_json_end_array (out);
  bw_json_end_object (out);

  return g_string_free_to_bytes (g_steal_pointer (&out));
}

void
bw_rule_service_try_async (BwRuleService       *self,
                           const BwActor       *actor,
                           gint64               rule_id,
                           JsonObject          *draft,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  GTask *task;
  Trial *trial;

  g_return_if_fail (BW_IS_RULE_SERVICE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_rule_service_try_async);
  trial = g_new0 (Trial, 1);
  trial->authority = bw_authority_ref (self->authority);
  trial->actor = bw_actor_ref ((BwActor *) actor);
  trial->rule_id = rule_id;
  if (draft != NULL)
    {
      g_autoptr(JsonNode) node = json_node_alloc ();
      g_autofree char *text = NULL;

      /* the worker's alone */
      json_node_init_object (node, draft);
      text = json_to_string (node, FALSE);
      trial->draft = bw_json_parse_object (text, strlen (text), strlen (text) + 1, NULL);
    }
  g_task_set_task_data (task, trial, (GDestroyNotify) trial_free);
  bw_store_push_search (self->store, task, try_job, (GDestroyNotify) g_bytes_unref);
}

GBytes *
bw_rule_service_try_finish (BwRuleService  *self,
                            GAsyncResult   *result,
                            GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
bw_rule_service_dispose (GObject *object)
{
  BwRuleService *self = (BwRuleService *) object;

  bw_rule_service_stop (self);
  g_clear_object (&self->store);
  g_clear_object (&self->feed);

  G_OBJECT_CLASS (bw_rule_service_parent_class)->dispose (object);
}

static void
bw_rule_service_finalize (GObject *object)
{
  BwRuleService *self = (BwRuleService *) object;

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->authority, bw_authority_unref);

  G_OBJECT_CLASS (bw_rule_service_parent_class)->finalize (object);
}

static void
bw_rule_service_class_init (BwRuleServiceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bw_rule_service_dispose;
  object_class->finalize = bw_rule_service_finalize;
}

static void
bw_rule_service_init (BwRuleService *self)
{
  self->cancellable = g_cancellable_new ();
}

BwRuleService *
bw_rule_service_new (BwStore     *store,
                     BwFeed      *feed,
                     BwAuthority *authority)
{
  BwRuleService *self;

  g_return_val_if_fail (BW_IS_STORE (store), NULL);
  g_return_val_if_fail (BW_IS_FEED (feed), NULL);

  self = g_object_new (BW_TYPE_RULE_SERVICE, NULL);
  self->store = g_object_ref (store);
  self->feed = g_object_ref (feed);
  self->authority = bw_authority_ref (authority);

  return self;
}
