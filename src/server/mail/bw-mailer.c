/* bw-mailer.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-mail"

#include "bw-mailer.h"

#include <curl/curl.h>
#include <gio/gio.h>
#include <string.h>

#include "bw-error.h"
#include "bw-people-rules.h"
#include "bw-worker.h"

#define MAX_WAITING   1000
#define CONNECT_S     20L
#define TRANSFER_S    60L
#define LINE_CHARS    76     /* RFC 2045, 6.8 */

/* A server that is away, or says “later”; after the last one it is given up. */
static const guint retry_s[] = { 5, 30, 120, 600, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600 };

/**
 * BwMailer:
 *
 * A queue in memory and one thread that speaks SMTP. What waits is lost when
 * the program ends: an invitation can be made anew at any time, and its code
 * in a file on the disk would be one more secret to guard. Mail leaves one at
 * a time, the oldest that is due first.
 */

typedef struct
{
  char     *to;
  char     *message;
  guint     n_attempts;
  gint64    due_us;
} Mail;

struct _BwMailer
{
  GObject    parent_instance;

  char      *url;
  char      *user;        /* (nullable) */
  char      *password;    /* (nullable) */
  char      *authority;   /* (nullable): a file of certificates; whom the system trusts */
  char      *from;
  BwWorker  *worker;
  GQueue     waiting;
  Mail      *sending;     /* (nullable) */
  guint      timeout_id;
  gint       stopping;    /* atomic */
};

G_DEFINE_FINAL_TYPE (BwMailer, bw_mailer, G_TYPE_OBJECT)

static void pump (BwMailer *self);

static void
mail_free (Mail *mail)
{
  g_free (mail->to);
  g_free (mail->message);
  g_free (mail);
}

/* The message */

static void
append_date (GString *out,
             gint64   now_s)
{
  /* in English whatever the locale */
  static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
  static const char *const months[] = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
  };
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc (now_s);

  g_string_append_printf (out, "Date: %s, %02d %s %d %02d:%02d:%02d +0000\r\n",
                          days[g_date_time_get_day_of_week (time) - 1], g_date_time_get_day_of_month (time),
                          months[g_date_time_get_month (time) - 1], g_date_time_get_year (time),
                          g_date_time_get_hour (time), g_date_time_get_minute (time), g_date_time_get_second (time));
}

/* In lines; so no line of a text is too long, begins with a dot or looks like a header. */
static void
append_base64 (GString    *out,
               const char *text)
{
  g_autofree char *encoded = g_base64_encode ((const guint8 *) text, strlen (text));
  gsize length = strlen (encoded);

  for (gsize i = 0; i < length; i += LINE_CHARS)
    {
      g_string_append_len (out, encoded + i, (gssize) MIN (LINE_CHARS, length - i));
      g_string_append (out, "\r\n");
    }
}

char *
bw_mailer_format (const char *from,
                  const char *to,
                  const char *subject,
                  const char *text,
                  gint64      now_s)
{
  g_autofree char *id = g_uuid_string_random ();
  GString *out = g_string_sized_new (1024);

  append_date (out, now_s);
  g_string_append_printf (out, "From: Bellwether <%s>\r\nTo: <%s>\r\nSubject: %s\r\nMessage-ID: <%s%s>\r\n",
                          from, to, subject, id, strrchr (from, '@'));
  g_string_append (out,
                   "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n"
                   "Content-Transfer-Encoding: base64\r\nAuto-Submitted: auto-generated\r\n\r\n");
  append_base64 (out, text);

  return g_string_free (out, FALSE);
}

/* On the thread */

typedef struct
{
  BwMailer   *mailer;
  const Mail *mail;
  gsize       n_read;
} Transfer;

static size_t
read_cb (char   *buffer,
         size_t  size,
         size_t  n_items,
         void   *user_data)
{
  Transfer *transfer = user_data;
  const char *rest = transfer->mail->message + transfer->n_read;
  gsize length = MIN (strlen (rest), size * n_items);

  memcpy (buffer, rest, length);
  transfer->n_read += length;

  return length;
}

/* not zero: the program ends */
static int
progress_cb (void       *user_data,
             curl_off_t  total_down,
             curl_off_t  now_down,
             curl_off_t  total_up,
             curl_off_t  now_up)
{
  Transfer *transfer = user_data;

  return g_atomic_int_get (&transfer->mailer->stopping);
}

static void
set_options (CURL              *curl,
             Transfer          *transfer,
             struct curl_slist *recipients)
{
  BwMailer *self = transfer->mailer;
  g_autofree char *from = g_strdup_printf ("<%s>", self->from);

  curl_easy_setopt (curl, CURLOPT_URL, self->url);
  curl_easy_setopt (curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt (curl, CURLOPT_MAIL_FROM, from);
  curl_easy_setopt (curl, CURLOPT_MAIL_RCPT, recipients);
  curl_easy_setopt (curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt (curl, CURLOPT_READFUNCTION, read_cb);
  curl_easy_setopt (curl, CURLOPT_READDATA, transfer);
  curl_easy_setopt (curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt (curl, CURLOPT_XFERINFOFUNCTION, progress_cb);
  curl_easy_setopt (curl, CURLOPT_XFERINFODATA, transfer);
  curl_easy_setopt (curl, CURLOPT_CONNECTTIMEOUT, CONNECT_S);
  curl_easy_setopt (curl, CURLOPT_TIMEOUT, TRANSFER_S);
  curl_easy_setopt (curl, CURLOPT_NOSIGNAL, 1L);
  /* a password crosses no network in the clear */
  curl_easy_setopt (curl, CURLOPT_USE_SSL, (long) (self->password != NULL ? CURLUSESSL_ALL : CURLUSESSL_TRY));

  if (self->authority != NULL)
    curl_easy_setopt (curl, CURLOPT_CAINFO, self->authority);
  if (self->user != NULL)
    curl_easy_setopt (curl, CURLOPT_USERNAME, self->user);
  if (self->password != NULL)
    curl_easy_setopt (curl, CURLOPT_PASSWORD, self->password);
}

/* BW_ERROR_UNAVAILABLE: later perhaps; BW_ERROR_INVALID: never. */
static gpointer
send_job (gpointer   owned_by_thread,
          gpointer   task_data,
          GError   **error)
{
  Transfer *transfer = task_data;
  g_autofree char *to = g_strdup_printf ("<%s>", transfer->mail->to);
  struct curl_slist *recipients = curl_slist_append (NULL, to);
  char reason[CURL_ERROR_SIZE] = "";
  CURL *curl = curl_easy_init ();
  long answer = 0;
  CURLcode code;

  set_options (curl, transfer, recipients);
  curl_easy_setopt (curl, CURLOPT_ERRORBUFFER, reason);
  code = curl_easy_perform (curl);
  curl_easy_getinfo (curl, CURLINFO_RESPONSE_CODE, &answer);
  curl_easy_cleanup (curl);
  curl_slist_free_all (recipients);

  if (code == CURLE_OK)
    return GINT_TO_POINTER (1);

  g_set_error (error, BW_ERROR, answer >= 500 ? BW_ERROR_INVALID : BW_ERROR_UNAVAILABLE,
               "%s", *reason != '\0' ? reason : curl_easy_strerror (code));

  return NULL;
}

/* At home */

static gboolean
due_cb (gpointer user_data)
{
  BwMailer *self = user_data;

  self->timeout_id = 0;
  pump (self);

  return G_SOURCE_REMOVE;
}

static int
compare_due (gconstpointer a,
             gconstpointer b,
             gpointer      user_data)
{
  gint64 difference = ((const Mail *) a)->due_us - ((const Mail *) b)->due_us;

  return difference < 0 ? -1 : difference > 0;
}

static void
sent_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  BwMailer *self = BW_MAILER (source);
  g_autoptr(GError) error = NULL;
  Mail *mail = g_steal_pointer (&self->sending);
  gboolean sent = g_task_propagate_pointer (G_TASK (result), &error) != NULL;

  if (sent || g_atomic_int_get (&self->stopping))
    {
      mail_free (mail);
    }
  else if (g_error_matches (error, BW_ERROR, BW_ERROR_INVALID) || mail->n_attempts == G_N_ELEMENTS (retry_s))
    {
      g_message ("The mail to %s was not delivered: %s", mail->to, error->message);
      mail_free (mail);
    }
  else
    {
      g_message ("The mail to %s waits %u s for another attempt: %s",
                 mail->to, retry_s[mail->n_attempts], error->message);
      mail->due_us = g_get_monotonic_time () + retry_s[mail->n_attempts++] * (gint64) G_USEC_PER_SEC;
      g_queue_insert_sorted (&self->waiting, mail, compare_due, NULL);
    }

  if (!g_atomic_int_get (&self->stopping))
    pump (self);
}

/* Sends the first that is due, or sees to it that it is. */
static void
pump (BwMailer *self)
{
  Mail *first = g_queue_peek_head (&self->waiting);
  gint64 now_us = g_get_monotonic_time ();
  Transfer *transfer;
  GTask *task;

  g_clear_handle_id (&self->timeout_id, g_source_remove);
  if (first == NULL || self->sending != NULL)
    return;

  if (first->due_us > now_us)
    {
      self->timeout_id = g_timeout_add ((guint) ((first->due_us - now_us) / 1000) + 1, due_cb, self);
      return;
    }

  self->sending = g_queue_pop_head (&self->waiting);
  transfer = g_new0 (Transfer, 1);
  transfer->mailer = self;
  transfer->mail = self->sending;

  task = g_task_new (self, NULL, sent_cb, NULL);
  g_task_set_source_tag (task, pump);
  g_task_set_task_data (task, transfer, g_free);
  bw_worker_push (self->worker, task, send_job, NULL);
}

static void
bw_mailer_dispose (GObject *object)
{
  BwMailer *self = (BwMailer *) object;

  g_clear_handle_id (&self->timeout_id, g_source_remove);
  g_clear_object (&self->worker);
  g_queue_clear_full (&self->waiting, (GDestroyNotify) mail_free);

  G_OBJECT_CLASS (bw_mailer_parent_class)->dispose (object);
}

static void
bw_mailer_finalize (GObject *object)
{
  BwMailer *self = (BwMailer *) object;

  g_free (self->url);
  g_free (self->user);
  g_free (self->password);
  g_free (self->authority);
  g_free (self->from);

  G_OBJECT_CLASS (bw_mailer_parent_class)->finalize (object);
}

static void
bw_mailer_class_init (BwMailerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bw_mailer_dispose;
  object_class->finalize = bw_mailer_finalize;
}

static void
bw_mailer_init (BwMailer *self)
{
  g_queue_init (&self->waiting);
  self->worker = bw_worker_new ("mail", 2, NULL, NULL);
}

/* Just a server: whose it is stands elsewhere. (transfer full): as libcurl wants it */
static char *
check_url (const char  *text,
           GError     **error)
{
  g_autoptr(GUri) uri = g_uri_parse (text, G_URI_FLAGS_NONE, NULL);
  const char *scheme = uri != NULL ? g_uri_get_scheme (uri) : NULL;
  gboolean is_smtp = g_strcmp0 (scheme, "smtp") == 0 || g_strcmp0 (scheme, "smtps") == 0;

  if (is_smtp && g_uri_get_host (uri) != NULL && *g_uri_get_host (uri) != '\0' && g_uri_get_userinfo (uri) == NULL &&
      g_uri_get_query (uri) == NULL && g_uri_get_fragment (uri) == NULL &&
      (*g_uri_get_path (uri) == '\0' || g_str_equal (g_uri_get_path (uri), "/")))
    return g_uri_to_string (uri);

  g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
               "the mail server is written smtp://HOST:PORT or smtps://HOST:PORT, without a user");

  return NULL;
}

BwMailer *
bw_mailer_new (const char  *url,
               const char  *user,
               const char  *password,
               const char  *authority,
               const char  *from,
               GError     **error)
{
  g_autofree char *checked = check_url (url, error);
  BwMailer *self;

  if (checked == NULL)
    return NULL;

  if (from == NULL || !bw_email_is_valid (from))
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID,
                           "the sender of mail (mail-from) must be an e-mail address");
      return NULL;
    }

  if (curl_global_init (CURL_GLOBAL_DEFAULT) != CURLE_OK)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_UNAVAILABLE, "libcurl does not work here");
      return NULL;
    }

  self = g_object_new (BW_TYPE_MAILER, NULL);
  self->url = g_steal_pointer (&checked);
  self->user = g_strdup (user);
  self->password = g_strdup (password);
  self->authority = g_strdup (authority);
  self->from = g_strdup (from);

  return self;
}

gboolean
bw_mailer_send (BwMailer   *self,
                const char *to,
                const char *subject,
                const char *text)
{
  Mail *mail;

  g_return_val_if_fail (BW_IS_MAILER (self), FALSE);
  g_return_val_if_fail (g_str_is_ascii (subject) && strpbrk (subject, "\r\n") == NULL, FALSE);

  if (!bw_email_is_valid (to) || g_queue_get_length (&self->waiting) >= MAX_WAITING)
    return FALSE;

  mail = g_new0 (Mail, 1);
  mail->to = g_strdup (to);
  mail->message = bw_mailer_format (self->from, to, subject, text, g_get_real_time () / G_USEC_PER_SEC);
  mail->due_us = g_get_monotonic_time ();
  g_queue_insert_sorted (&self->waiting, mail, compare_due, NULL);
  pump (self);

  return TRUE;
}

void
bw_mailer_stop (BwMailer *self)
{
  g_return_if_fail (BW_IS_MAILER (self));

  g_atomic_int_set (&self->stopping, 1);
  g_clear_handle_id (&self->timeout_id, g_source_remove);

  while (self->sending != NULL)
    g_main_context_iteration (NULL, TRUE);
}
