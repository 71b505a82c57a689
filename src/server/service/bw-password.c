/* bw-password.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-password.h"

#include <sodium.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "bw-error.h"
#include "bw-worker.h"

#define N_THREADS    2
#define MAX_WAITING  32
#define MAX_STRANGERS 24    /* of those; a flood of strangers leaves room for people who are known here */
#define NICENESS     10

/* Argon2id; 64 MiB, about 0.15 s on one core. */
#define OPS_LIMIT    crypto_pwhash_OPSLIMIT_INTERACTIVE
#define MEMORY_LIMIT crypto_pwhash_MEMLIMIT_INTERACTIVE

/**
 * BwPasswordPool:
 *
 * Two threads that do nothing but Argon2, so that its memory and time are
 * bounded whoever asks; the queue before them is bounded too. They give way to
 * every other thread.
 */

struct _BwPasswordPool
{
  GObject   parent_instance;

  BwWorker *workers[N_THREADS];
  guint     n_waiting[N_THREADS];
};

G_DEFINE_FINAL_TYPE (BwPasswordPool, bw_password_pool, G_TYPE_OBJECT)

typedef struct
{
  BwPasswordPool *pool;
  guint           thread;
  char           *hash;
  char           *password;
  char           *new_password;
} Job;

typedef struct
{
  char *new_hash;
} Verdict;

static void
wipe (char *secret)
{
  if (secret != NULL)
    sodium_memzero (secret, strlen (secret));
  g_free (secret);
}

static void
job_free (Job *job)
{
  job->pool->n_waiting[job->thread]--;
  g_object_unref (job->pool);
  g_free (job->hash);
  wipe (job->password);
  wipe (job->new_password);
  g_free (job);
}

static void
verdict_free (Verdict *verdict)
{
  g_free (verdict->new_hash);
  g_free (verdict);
}

char *
bw_password_hash (const char  *password,
                  GError     **error)
{
  char hash[crypto_pwhash_STRBYTES];

  if (crypto_pwhash_str (hash, password, strlen (password), OPS_LIMIT, MEMORY_LIMIT) != 0)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_UNAVAILABLE, "there is not enough memory to hash a password");
      return NULL;
    }

  return g_strdup (hash);
}

/* on a thread of the pool */
static void
give_way (void)
{
  static _Thread_local gboolean done;

  /* on Linux a thread has a niceness of its own; where it may not be set nothing is lost but that */
  if (!done)
    setpriority (PRIO_PROCESS, (id_t) gettid (), NICENESS);
  done = TRUE;
}

static gpointer
verify_job (gpointer   owned_by_thread,
            gpointer   task_data,
            GError   **error)
{
  Job *job = task_data;
  g_autofree char *nobody = NULL;
  Verdict *verdict;

  give_way ();
  if (job->hash == NULL)
    nobody = bw_password_hash (job->password, error);

  if (job->hash == NULL && nobody == NULL)
    return NULL;

  if (job->hash == NULL || crypto_pwhash_str_verify (job->hash, job->password, strlen (job->password)) != 0)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_UNAUTHENTICATED, "the user or the password is wrong");
      return NULL;
    }

  verdict = g_new0 (Verdict, 1);
  if (job->new_password != NULL)
    {
      verdict->new_hash = bw_password_hash (job->new_password, error);
      if (verdict->new_hash == NULL)
        g_clear_pointer (&verdict, verdict_free);
    }

  return verdict;
}

/* on a thread of the pool */
static gpointer
hash_job (gpointer   owned_by_thread,
          gpointer   task_data,
          GError   **error)
{
  const Job *job = task_data;

  give_way ();

  return bw_password_hash (job->password, error);
}

static void
bw_password_pool_dispose (GObject *object)
{
  BwPasswordPool *self = (BwPasswordPool *) object;

  for (guint i = 0; i < N_THREADS; i++)
    g_clear_object (&self->workers[i]);

  G_OBJECT_CLASS (bw_password_pool_parent_class)->dispose (object);
}

static void
bw_password_pool_class_init (BwPasswordPoolClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bw_password_pool_dispose;
}

static void
bw_password_pool_init (BwPasswordPool *self)
{
  for (guint i = 0; i < N_THREADS; i++)
    self->workers[i] = bw_worker_new ("argon2", MAX_WAITING, NULL, NULL);
}

BwPasswordPool *
bw_password_pool_new (void)
{
  return g_object_new (BW_TYPE_PASSWORD_POOL, NULL);
}

/* @job: (transfer full); its secrets are copies. */
static void
push (BwPasswordPool *self,
      Job            *job,
      gboolean        is_known,
      GTask          *task,
      BwWorkerFunc    func,
      GDestroyNotify  result_destroy)
{
  guint thread = self->n_waiting[0] <= self->n_waiting[1] ? 0 : 1;

  job->pool = g_object_ref (self);
  job->thread = thread;
  self->n_waiting[thread]++;
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);

  if (self->n_waiting[thread] > (is_known ? MAX_WAITING : MAX_STRANGERS) / N_THREADS)
    {
      g_task_return_new_error (task, BW_ERROR, BW_ERROR_TOO_MANY,
                               "too many people are signing in; try again in a moment");
      g_object_unref (task);
      return;
    }

  bw_worker_push (self->workers[thread], task, func, result_destroy);
}

void
bw_password_pool_verify_async (BwPasswordPool      *self,
                               const char          *hash,
                               const char          *password,
                               const char          *new_password,
                               gboolean             is_known,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  GTask *task;
  Job *job;

  g_return_if_fail (BW_IS_PASSWORD_POOL (self));
  g_return_if_fail (password != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_password_pool_verify_async);

  job = g_new0 (Job, 1);
  job->hash = g_strdup (hash);
  job->password = g_strdup (password);
  job->new_password = g_strdup (new_password);
  push (self, job, is_known, task, verify_job, (GDestroyNotify) verdict_free);
}

gboolean
bw_password_pool_verify_finish (BwPasswordPool  *self,
                                GAsyncResult    *result,
                                char           **ret_new_hash,
                                GError         **error)
{
  Verdict *verdict;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  verdict = g_task_propagate_pointer (G_TASK (result), error);
  if (verdict == NULL)
    return FALSE;

  if (ret_new_hash != NULL)
    *ret_new_hash = g_steal_pointer (&verdict->new_hash);
  verdict_free (verdict);

  return TRUE;
}

void
bw_password_pool_hash_async (BwPasswordPool      *self,
                             const char          *password,
                             gboolean             is_known,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  GTask *task;
  Job *job;

  g_return_if_fail (BW_IS_PASSWORD_POOL (self));
  g_return_if_fail (password != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, bw_password_pool_hash_async);

  job = g_new0 (Job, 1);
  job->password = g_strdup (password);
  push (self, job, is_known, task, hash_job, g_free);
}

char *
bw_password_pool_hash_finish (BwPasswordPool  *self,
                              GAsyncResult    *result,
                              GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

gboolean
bw_password_check (const char  *password,
                   GError     **error)
{
  gsize length = strlen (password);

  if (length > BW_PASSWORD_MAX_BYTES)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "a password has at most %d bytes", BW_PASSWORD_MAX_BYTES);
  else if (!g_utf8_validate (password, (gssize) length, NULL) ||
           g_utf8_strlen (password, (gssize) length) < BW_PASSWORD_MIN_CHARS)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "a password needs at least %d characters", BW_PASSWORD_MIN_CHARS);
  else
    return TRUE;

  return FALSE;
}

char *
bw_password_make (void)
{
  static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
  guint8 random[20];
  GString *password = g_string_new (NULL);

  randombytes_buf (random, sizeof random);
  for (guint i = 0; i < sizeof random; i++)
    {
      if (i > 0 && i % 5 == 0)
        g_string_append_c (password, '-');
      g_string_append_c (password, alphabet[random[i] & 31]);
    }
  sodium_memzero (random, sizeof random);

  return g_string_free (password, FALSE);
}
