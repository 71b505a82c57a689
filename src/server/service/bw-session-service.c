/* bw-session-service.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-session-service-private.h"

#include <sodium.h>
#include <string.h>

#include "bw-error.h"
#include "bw-session-repo.h"

#define TOUCH_US                 (5 * G_TIME_SPAN_MINUTE)
#define SWEEP_S                  15

/**
 * BwSessionService:
 *
 * Tokens are 256 random bits; only their hash is kept, in the database, in
 * broker.db and here in memory, so that asking who somebody is costs one hash
 * and no job. A session ends when it is idle too long, after its lifetime,
 * at sign-out, and when the person changes the password elsewhere.
 *
 * Main thread, but for bw_session_service_authenticate().
 */

G_DEFINE_FINAL_TYPE (BwSessionService, bw_session_service, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static guint
hash_hash (gconstpointer key)
{
  guint value;

  memcpy (&value, key, sizeof value);

  return value;
}

static gboolean
hash_equal (gconstpointer a,
            gconstpointer b)
{
  return sodium_memcmp (a, b, BW_SECRET_HASH_BYTES) == 0;
}

static void
entry_free (BwSessionEntry *entry)
{
  bw_actor_unref (entry->actor);
  bw_session_fact_free (entry->fact);
  g_free (entry);
}

static gboolean
is_over (const BwSessionEntry *entry,
         gint64                now_us,
         gint64                idle_us)
{
  return now_us >= entry->expires_at_us ||
         (!entry->is_unattended && now_us - entry->last_used_at_us > idle_us);
}

static gboolean
is_in_force (const BwSessionEntry *entry,
             gint64                now_us)
{
  return entry->fact->participation.id != 0 && bw_participation_is_active (&entry->fact->participation, now_us);
}

/* With the lock. */
static void
renew_actor (BwSessionEntry *entry,
             gint64          now_us)
{
  const BwSessionFact *fact = entry->fact;

  g_clear_pointer (&entry->actor, bw_actor_unref);
  entry->actor = bw_actor_new (fact->id, fact->account,
                               is_in_force (entry, now_us) ? &fact->participation : NULL,
                               fact->account->must_change_password && !entry->is_unattended,
                               entry->expires_at_us);
}

/* With the lock. Whether the participation has begun or ended since the actor was made; he is another then. */
static gboolean
follow_time (BwSessionEntry *entry,
             gint64          now_us)
{
  if (is_in_force (entry, now_us) == (entry->actor->participation_id != 0))
    return FALSE;

  renew_actor (entry, now_us);

  return TRUE;
}

void
bw_session_service_add_entry (BwSessionService   *self,
                              const BwSessionRow *row,
                              BwSessionFact      *fact)
{
  BwSessionEntry *entry = g_new0 (BwSessionEntry, 1);

  memcpy (entry->token_hash, row->token_hash, sizeof entry->token_hash);
  entry->fact = fact;
  entry->expires_at_us = row->expires_at_us;
  entry->created_at_us = row->created_at_us;
  entry->last_used_at_us = row->last_used_at_us;
  entry->stored_at_us = row->last_used_at_us;
  entry->is_unattended = row->is_unattended;
  renew_actor (entry, g_get_real_time ());

  g_mutex_lock (&self->lock);
  g_hash_table_replace (self->sessions, entry->token_hash, entry);
  g_mutex_unlock (&self->lock);
}

GPtrArray *
bw_session_service_take_out (BwSessionService *self,
                             gint64            account_id,
                             const char       *keep,
                             guint             n_max)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);

  g_mutex_lock (&self->lock);

  for (;;)
    {
      GHashTableIter iter;
      BwSessionEntry *entry;
      BwSessionEntry *oldest = NULL;
      guint n = 0;

      g_hash_table_iter_init (&iter, self->sessions);
      while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &entry))
        {
          if (entry->actor->account_id != account_id || entry->is_unattended ||
              g_strcmp0 (entry->actor->session_id, keep) == 0)
            continue;
          n++;
          if (oldest == NULL || entry->created_at_us < oldest->created_at_us)
            oldest = entry;
        }

      if (n <= n_max)
        break;

      g_ptr_array_add (ids, g_strdup (oldest->actor->session_id));
      g_hash_table_remove (self->sessions, oldest->token_hash);
    }

  g_mutex_unlock (&self->lock);

  return ids;
}

/* On the store's thread. */

gboolean
bw_session_service_remove_rows (BwStoreThread  *thread,
                                GPtrArray      *ids,
                                GError        **error)
{
  for (guint i = 0; i < ids->len; i++)
    {
      if (!bw_session_repo_remove (thread, g_ptr_array_index (ids, i), error))
        return FALSE;
    }

  return TRUE;
}

static gpointer
remove_job (gpointer   owned_by_thread,
            gpointer   task_data,
            GError   **error)
{
  BwStoreThread *thread = owned_by_thread;

  if (!bw_store_begin (thread, error))
    return NULL;

  if (bw_session_service_remove_rows (thread, task_data, error) && bw_store_commit (thread, error))
    return BW_STORE_DONE;

  bw_store_rollback (thread);

  return NULL;
}

static gpointer
touch_job (gpointer   owned_by_thread,
           gpointer   task_data,
           GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  GPtrArray *ids = task_data;
  gint64 now_us = g_get_real_time ();

  if (!bw_store_begin (thread, error))
    return NULL;

  for (guint i = 0; i < ids->len; i++)
    {
      if (!bw_session_repo_touch (thread, g_ptr_array_index (ids, i), now_us, error))
        {
          bw_store_rollback (thread);
          return NULL;
        }
    }

  return bw_store_commit (thread, error) ? BW_STORE_DONE : NULL;
}

/* Participations that have begun or ended: the broker must know. */
static gpointer
mark_job (gpointer   owned_by_thread,
          gpointer   task_data,
          GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  GPtrArray *ids = task_data;

  if (!bw_store_begin (thread, error))
    return NULL;

  for (guint i = 0; i < ids->len; i++)
    {
      if (!bw_store_mark (thread, "session", g_ptr_array_index (ids, i), error))
        {
          bw_store_rollback (thread);
          return NULL;
        }
    }

  return bw_store_commit (thread, error) ? BW_STORE_DONE : NULL;
}

static void
swept_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (g_task_propagate_pointer (G_TASK (result), &error) == NULL)
    g_debug ("Sweeping sessions: %s, trying again later", error->message);
}

/* @ids: (transfer full) */
static void
push_ids (BwSessionService *self,
          GPtrArray        *ids,
          BwWorkerFunc      job)
{
  GTask *task;

  if (ids->len == 0)
    {
      g_ptr_array_unref (ids);
      return;
    }

  task = g_task_new (self, NULL, swept_cb, NULL);
  g_task_set_source_tag (task, push_ids);
  g_task_set_task_data (task, ids, (GDestroyNotify) g_ptr_array_unref);
  bw_store_push_write (self->store, task, job, NULL);
}

void
bw_session_service_end_rows (BwSessionService *self,
                             GPtrArray        *ids)
{
  push_ids (self, ids, remove_job);
}

static gboolean
sweep_cb (gpointer user_data)
{
  BwSessionService *self = user_data;
  GPtrArray *over = g_ptr_array_new_with_free_func (g_free);
  GPtrArray *used = g_ptr_array_new_with_free_func (g_free);
  GPtrArray *turned = g_ptr_array_new_with_free_func (g_free);
  gint64 now_us = g_get_real_time ();
  GHashTableIter iter;
  BwSessionEntry *entry;

  g_mutex_lock (&self->lock);
  g_hash_table_iter_init (&iter, self->sessions);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &entry))
    {
      if (is_over (entry, now_us, self->idle_us))
        {
          g_ptr_array_add (over, g_strdup (entry->actor->session_id));
          g_hash_table_iter_remove (&iter);
          continue;
        }

      if (follow_time (entry, now_us))
        g_ptr_array_add (turned, g_strdup (entry->actor->session_id));

      if (entry->last_used_at_us - entry->stored_at_us > TOUCH_US)
        {
          g_ptr_array_add (used, g_strdup (entry->actor->session_id));
          entry->stored_at_us = entry->last_used_at_us;
        }
    }
  g_mutex_unlock (&self->lock);

  push_ids (self, over, remove_job);
  push_ids (self, used, touch_job);
  push_ids (self, turned, mark_job);

  return G_SOURCE_CONTINUE;
}

static void
bw_session_service_dispose (GObject *object)
{
  BwSessionService *self = (BwSessionService *) object;

  g_clear_handle_id (&self->sweep_id, g_source_remove);
  g_clear_object (&self->passwords);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (bw_session_service_parent_class)->dispose (object);
}

static void
bw_session_service_finalize (GObject *object)
{
  BwSessionService *self = (BwSessionService *) object;

  g_clear_pointer (&self->sessions, g_hash_table_unref);
  g_clear_pointer (&self->authority, bw_authority_unref);
  g_clear_pointer (&self->gate, bw_sign_in_gate_free);
  g_clear_pointer (&self->totp_key, bw_totp_key_unref);
  g_clear_pointer (&self->broker_url, g_free);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (bw_session_service_parent_class)->finalize (object);
}

static void
bw_session_service_class_init (BwSessionServiceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bw_session_service_dispose;
  object_class->finalize = bw_session_service_finalize;

  /* Somebody has changed what others see of the own account: kind, company, id. */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_INT64, G_TYPE_INT64);
}

static void
bw_session_service_init (BwSessionService *self)
{
  g_mutex_init (&self->lock);
  self->sessions = g_hash_table_new_full (hash_hash, hash_equal, NULL, (GDestroyNotify) entry_free);
  self->gate = bw_sign_in_gate_new ();
  self->passwords = bw_password_pool_new ();
}

BwSessionService *
bw_session_service_new (BwStore     *store,
                        BwAuthority *authority,
                        const char  *broker_url,
                        gint64       idle_us,
                        gint64       lifetime_us)
{
  BwSessionService *self;

  g_return_val_if_fail (BW_IS_STORE (store), NULL);

  self = g_object_new (BW_TYPE_SESSION_SERVICE, NULL);
  self->store = g_object_ref (store);
  self->authority = bw_authority_ref (authority);
  self->broker_url = g_strdup (broker_url);
  self->idle_us = idle_us;
  self->lifetime_us = lifetime_us;

  return self;
}

/* Starting */

typedef struct
{
  BwSessionStart  start;
  BwAuthority    *authority;
  GPtrArray      *sessions;   /* BwSessionRow */
  GPtrArray      *facts;      /* BwSessionFact */
  BwTotpKey      *totp_key;   /* (nullable) */
} Start;

/* Without it everything else works. */
static void
load_totp_key (Start *start)
{
  g_autoptr(GError) error = NULL;

  start->totp_key = bw_totp_key_load (start->start.data_folder, &error);
  if (start->totp_key == NULL)
    g_message ("No second factors: %s", error->message);
}

static gpointer
start_job (gpointer   owned_by_thread,
           gpointer   task_data,
           GError   **error)
{
  BwStoreThread *thread = owned_by_thread;
  Start *start = task_data;

  start->sessions = bw_session_start_job (thread, &start->start, error);
  if (start->sessions == NULL || !bw_authority_load (start->authority, thread->db, error))
    return NULL;

  start->facts = bw_session_facts_read (thread->db, 0, 0, 0, error);
  load_totp_key (start);

  return start->facts != NULL ? start : NULL;
}

static void
start_free (Start *start)
{
  g_free (start->start.data_folder);
  g_free (start->start.token_file);
  bw_authority_unref (start->authority);
  g_clear_pointer (&start->sessions, g_ptr_array_unref);
  g_clear_pointer (&start->facts, g_ptr_array_unref);
  g_clear_pointer (&start->totp_key, bw_totp_key_unref);
  g_free (start);
}

void
bw_session_service_start_async (BwSessionService    *self,
                                const char          *token_file,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  Start *start;
  GTask *task;

  g_return_if_fail (BW_IS_SESSION_SERVICE (self));

  start = g_new0 (Start, 1);
  start->start.data_folder = g_strdup (bw_store_get_data_folder (self->store));
  start->start.token_file = g_strdup (token_file);
  start->start.lifetime_us = self->lifetime_us;
  start->authority = bw_authority_ref (self->authority);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_session_service_start_async);
  g_task_set_task_data (task, start, (GDestroyNotify) start_free);
  bw_store_push_write (self->store, task, start_job, NULL);
}

/* (nullable) */
static const BwSessionRow *
find_row (GPtrArray  *sessions,
          const char *id)
{
  for (guint i = 0; i < sessions->len; i++)
    {
      const BwSessionRow *row = g_ptr_array_index (sessions, i);

      if (strcmp (row->id, id) == 0)
        return row;
    }

  return NULL;
}

gboolean
bw_session_service_start_finish (BwSessionService  *self,
                                 GAsyncResult      *result,
                                 GError           **error)
{
  Start *start;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  start = g_task_propagate_pointer (G_TASK (result), error);
  if (start == NULL)
    return FALSE;

  self->totp_key = g_steal_pointer (&start->totp_key);
  while (start->facts->len > 0)
    {
      BwSessionFact *fact = g_ptr_array_steal_index (start->facts, 0);
      const BwSessionRow *row = find_row (start->sessions, fact->id);

      if (row != NULL)
        bw_session_service_add_entry (self, row, fact);
      else
        bw_session_fact_free (fact);
    }

  self->sweep_id = g_timeout_add_seconds (SWEEP_S, sweep_cb, self);

  return TRUE;
}

/* Following what changes */

void
bw_session_service_tell (BwSessionService *self,
                         const char       *kind,
                         gint64            company_id,
                         gint64            id)
{
  g_signal_emit (self, signals[CHANGED], 0, kind, company_id, id);
}

gboolean
bw_session_service_find (BwSessionService *self,
                         const char       *id,
                         gint64           *ret_last_used_us)
{
  gint64 now_us = g_get_real_time ();
  gboolean found = FALSE;
  GHashTableIter iter;
  BwSessionEntry *entry;

  g_mutex_lock (&self->lock);
  g_hash_table_iter_init (&iter, self->sessions);
  while (!found && g_hash_table_iter_next (&iter, NULL, (gpointer *) &entry))
    {
      if (strcmp (entry->fact->id, id) != 0 || is_over (entry, now_us, self->idle_us))
        continue;
      *ret_last_used_us = entry->last_used_at_us;
      found = TRUE;
    }
  g_mutex_unlock (&self->lock);

  return found;
}

void
bw_session_service_drop (BwSessionService *self,
                         const char       *id)
{
  GHashTableIter iter;
  BwSessionEntry *entry;

  g_mutex_lock (&self->lock);
  g_hash_table_iter_init (&iter, self->sessions);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &entry))
    {
      if (strcmp (entry->fact->id, id) == 0)
        g_hash_table_iter_remove (&iter);
    }
  g_mutex_unlock (&self->lock);
}

void
bw_session_service_take_facts (BwSessionService *self,
                               GPtrArray        *facts)
{
  gint64 now_us = g_get_real_time ();

  g_return_if_fail (BW_IS_SESSION_SERVICE (self));

  g_mutex_lock (&self->lock);
  while (facts->len > 0)
    {
      BwSessionFact *fact = g_ptr_array_steal_index (facts, facts->len - 1);
      GHashTableIter iter;
      BwSessionEntry *entry;

      g_hash_table_iter_init (&iter, self->sessions);
      while (fact != NULL && g_hash_table_iter_next (&iter, NULL, (gpointer *) &entry))
        {
          if (strcmp (entry->fact->id, fact->id) != 0)
            continue;
          bw_session_fact_free (entry->fact);
          entry->fact = g_steal_pointer (&fact);
          renew_actor (entry, now_us);
        }
      g_clear_pointer (&fact, bw_session_fact_free);
    }
  g_mutex_unlock (&self->lock);
}

void
bw_session_service_forget_account (BwSessionService *self,
                                   gint64            account_id)
{
  GHashTableIter iter;
  BwSessionEntry *entry;

  g_return_if_fail (BW_IS_SESSION_SERVICE (self));

  g_mutex_lock (&self->lock);
  g_hash_table_iter_init (&iter, self->sessions);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &entry))
    {
      if (entry->actor->account_id == account_id && !entry->is_unattended)
        g_hash_table_iter_remove (&iter);
    }
  g_mutex_unlock (&self->lock);
}

BwActor *
bw_session_service_authenticate (BwSessionService  *self,
                                 const char        *token,
                                 GError           **error)
{
  guint8 hash[BW_SECRET_HASH_BYTES];
  gint64 now_us = g_get_real_time ();
  BwActor *actor = NULL;
  BwSessionEntry *entry;

  g_return_val_if_fail (BW_IS_SESSION_SERVICE (self), NULL);

  bw_session_hash_token (token, hash);

  g_mutex_lock (&self->lock);
  entry = g_hash_table_lookup (self->sessions, hash);
  if (entry != NULL && !is_over (entry, now_us, self->idle_us))
    {
      entry->last_used_at_us = now_us;
      follow_time (entry, now_us);
      actor = bw_actor_ref (entry->actor);
    }
  g_mutex_unlock (&self->lock);

  if (actor == NULL)
    g_set_error_literal (error, BW_ERROR, BW_ERROR_UNAUTHENTICATED, "the token is unknown or has expired");

  return actor;
}
