/* test-session.c: the session against a backend that answers what the test wants
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "bw-error.h"
#include "bw-fake-backend.h"
#include "bw-json.h"
#include "bw-session.h"
#include "bw-test.h"

#define SESSION "{\"id\":\"s1\",\"user\":\"ada\",\"userName\":\"Ada\",\"companyId\":\"1\",\"mustChangePassword\":true," \
                "\"expiresAt\":1,\"broker\":{\"url\":\"mqtt://127.0.0.1:1\",\"username\":\"s1\"}}"
#define BATCH   "{\"id\":\"7\",\"revision\":%d,\"name\":\"Spring\",\"info\":\"\",\"color\":\"#3584e4\",\"companyId\":\"1\"," \
                "\"state\":\"%s\",\"count\":2,\"nDone\":2,\"createdAt\":1,\"createdBy\":\"ada\",\"handedOverAt\":0}"

static GAsyncResult *last_result;

static void
result_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  last_result = g_object_ref (result);
}

static gboolean
has_result (gpointer data)
{
  return last_result != NULL;
}

static GAsyncResult *
await (void)
{
  bw_test_wait_for (has_result, NULL);

  return g_steal_pointer (&last_result);
}

static BwSession *
make_session (const char *uri)
{
  g_autoptr(GError) error = NULL;
  BwSession *session = bw_session_new (uri, &error);

  g_assert_no_error (error);

  return session;
}

static BwSession *
resume (BwFakeBackend *backend)
{
  BwSession *session = make_session (bw_fake_backend_get_uri (backend));
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  bw_fake_backend_answer (backend, "GET /v1/sessions/current", 200, SESSION);
  bw_session_resume_async (session, "a-token\n", NULL, result_cb, NULL);
  result = await ();
  g_assert_true (bw_session_resume_finish (session, result, &error));
  g_assert_no_error (error);

  return session;
}

static void
test_addresses (void)
{
  static const char * const good[] = { "http://a:1", "https://a.example", "localhost:8080", " http://[::1]:80/ ", "http://h/path/" };
  static const char * const bad[] = { "", "http://", "ftp://a", "http://a b", "mailto:x@y", "http://u:p@h", "http://h?q", "http://h:99999999" };

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr(BwSession) session = make_session (good[i]);

      g_assert_false (g_str_has_suffix (bw_session_get_base_uri (session), "/"));
    }

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (bw_session_new (bad[i], &error));
      g_assert_error (error, BW_ERROR, BW_ERROR_INVALID);
    }
}

static void
test_sign_in (void)
{
  g_autoptr(BwFakeBackend) backend = bw_fake_backend_new ();
  g_autoptr(BwSession) session = make_session (bw_fake_backend_get_uri (backend));
  g_autoptr(GAsyncResult) refused = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GAsyncResult) out = NULL;
  g_autoptr(GError) error = NULL;

  bw_fake_backend_answer (backend, "POST /v1/sessions", 401,
                          "{\"code\":\"unauthenticated\",\"detail\":\"wrong user or password\"}");
  bw_session_sign_in_async (session, "ada", "\"wrong\\", NULL, result_cb, NULL);
  refused = await ();
  g_assert_false (bw_session_sign_in_finish (session, refused, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_UNAUTHENTICATED);
  g_assert_cmpstr (error->message, ==, "wrong user or password");
  g_assert_cmpstr (bw_fake_backend_get_body (backend, "POST /v1/sessions"), ==,
                   "{\"user\":\"ada\",\"password\":\"\\\"wrong\\\\\"}");
  g_assert_null (bw_session_get_token (session));
  g_assert_true (bw_session_get_online (session));
  g_clear_error (&error);

  bw_fake_backend_answer (backend, "POST /v1/sessions", 201, "{\"token\":\"t0ken\",\"session\":" SESSION "}");
  bw_session_sign_in_async (session, "ada", "right", NULL, result_cb, NULL);
  result = await ();
  g_assert_true (bw_session_sign_in_finish (session, result, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (bw_session_get_token (session), ==, "t0ken");
  g_assert_cmpstr (bw_session_get_user_name (session), ==, "Ada");
  g_assert_true (bw_session_get_must_change_password (session));

  bw_fake_backend_answer (backend, "DELETE /v1/sessions/current", 204, NULL);
  bw_session_sign_out_async (session, NULL, result_cb, NULL);
  out = await ();
  g_assert_true (bw_session_sign_out_finish (session, out, &error));
  g_assert_cmpstr (bw_fake_backend_get_authorization (backend), ==, "Bearer t0ken");
  g_assert_null (bw_session_get_token (session));
}

static void
signed_out_cb (BwSession *session,
               GError    *why,
               gpointer   user_data)
{
  g_assert_error (why, BW_ERROR, BW_ERROR_UNAUTHENTICATED);
  *(guint *) user_data += 1;
}

static void
test_token_ends (void)
{
  g_autoptr(BwFakeBackend) backend = bw_fake_backend_new ();
  g_autoptr(BwSession) session = resume (backend);
  guint n_signed_out = 0;

  g_signal_connect (session, "signed-out", G_CALLBACK (signed_out_cb), &n_signed_out);
  bw_fake_backend_answer (backend, "GET /v1/batches", 401,
                          "{\"code\":\"unauthenticated\",\"detail\":\"the session has ended\"}");

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(GError) error = NULL;

      bw_session_load_batches_async (session, NULL, result_cb, NULL);
      result = await ();
      g_assert_false (bw_session_load_batches_finish (session, result, &error));
      g_assert_error (error, BW_ERROR, BW_ERROR_UNAUTHENTICATED);
      g_assert_cmpuint (n_signed_out, ==, 1);
      g_assert_null (bw_session_get_token (session));
    }
}

static void
test_conflict (void)
{
  g_autoptr(BwFakeBackend) backend = bw_fake_backend_new ();
  g_autoptr(BwSession) session = resume (backend);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  bw_fake_backend_answer (backend, "POST /v1/batches", 409,
                          "{\"code\":\"conflict\",\"detail\":\"there is a batch “Spring” already\"}");
  bw_session_create_batch_async (session, "Spring", 2, NULL, "#3584e4", NULL, NULL, result_cb, NULL);
  result = await ();
  g_assert_null (bw_session_create_batch_finish (session, result, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_CONFLICT);
  g_assert_cmpstr (error->message, ==, "there is a batch “Spring” already");
  g_assert_cmpstr (bw_fake_backend_get_body (backend, "POST /v1/batches"), ==,
                   "{\"name\":\"Spring\",\"count\":2,\"color\":\"#3584e4\"}");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (bw_session_get_batches (session))), ==, 0);
}

/* What is forbidden but for a code of the second factor is told apart by what the document says, not by its words. */
static void
test_a_code_is_needed (void)
{
  static const struct
  {
    const char *reply;
    BwError     code;
  } cases[] = {
    { "{\"code\":\"forbidden\",\"detail\":\"say the code\",\"needs\":\"totp\"}", BW_ERROR_CODE_NEEDED },
    { "{\"code\":\"forbidden\",\"detail\":\"a code is needed\"}", BW_ERROR_FORBIDDEN },
    { "{\"code\":\"forbidden\",\"detail\":\"no\",\"needs\":\"patience\"}", BW_ERROR_FORBIDDEN },
    { "{\"code\":\"forbidden\",\"detail\":\"no\",\"needs\":1}", BW_ERROR_FORBIDDEN },
    { "{\"code\":\"conflict\",\"detail\":\"no\",\"needs\":\"totp\"}", BW_ERROR_CONFLICT },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(BwFakeBackend) backend = bw_fake_backend_new ();
      g_autoptr(BwSession) session = make_session (bw_fake_backend_get_uri (backend));
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(GError) error = NULL;

      bw_fake_backend_answer (backend, "POST /v1/sessions", 403, cases[i].reply);
      bw_session_sign_in_with_code_async (session, "ada", "secret", NULL, NULL, result_cb, NULL);
      result = await ();
      g_assert_false (bw_session_sign_in_finish (session, result, &error));
      g_assert_error (error, BW_ERROR, (int) cases[i].code);
      g_assert_cmpint (bw_session_error_wants_code (error), ==, cases[i].code == BW_ERROR_CODE_NEEDED);
    }
}

static void
test_cancel (void)
{
  g_autoptr(BwFakeBackend) backend = bw_fake_backend_new ();
  g_autoptr(BwSession) session = resume (backend);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  bw_fake_backend_be_silent (backend, "GET /v1/batches");
  bw_session_load_batches_async (session, cancellable, result_cb, NULL);
  while (bw_fake_backend_count (backend, "GET /v1/batches") == 0)
    g_main_context_iteration (NULL, TRUE);

  g_assert_null (last_result);
  g_cancellable_cancel (cancellable);
  result = await ();
  g_assert_false (bw_session_load_batches_finish (session, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (bw_session_get_online (session));
}

/* Each gets one sentence that names the address, and none is a crash. */
static void
test_rubbish (void)
{
  g_autofree char *deep = g_strnfill (100000, '[');
  g_autofree char *deep_reply = g_strconcat ("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", deep, NULL);
  const struct { const char *bytes; gsize length; } rubbish[] = {
    { "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n\xff\xfe\0\1\2", 43 },
    { "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]", 40 },
    { "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{\"items\":", 47 },
    { "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", 41 },
    { "HTTP/1.1 500 Oh\r\nContent-Length: 7\r\n\r\n<html/>", 45 },
    { "HTTP/1.1 302 Go\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", 69 },
    { "SSH-2.0-OpenSSH_9.2\r\n", 21 },
    { "", 0 },
    { deep_reply, strlen (deep_reply) },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rubbish); i++)
    {
      g_autofree char *uri = NULL;
      g_autoptr(GSocketService) service = bw_rubbish_server_new (rubbish[i].bytes, rubbish[i].length, &uri);
      g_autoptr(BwSession) session = make_session (uri);
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(GError) error = NULL;

      bw_session_load_batches_async (session, NULL, result_cb, NULL);
      result = await ();
      g_assert_false (bw_session_load_batches_finish (session, result, &error));
      g_assert_nonnull (error);
      g_assert_true (error->domain == BW_ERROR);
      g_assert_nonnull (strstr (error->message, uri));
      g_assert_null (strchr (error->message, '\n'));
      g_socket_service_stop (service);
    }
}

static char *
endless (GHashTable *query,
         gpointer    data)
{
  GString *text = g_string_sized_new (40 << 20);

  g_string_append (text, "{\"items\":[\"");
  while (text->len < (40u << 20))
    g_string_append (text, "0123456789012345678901234567890123456789012345678901234567890123");

  return g_string_free (text, FALSE);
}

static void
test_too_large (void)
{
  g_autoptr(BwFakeBackend) backend = bw_fake_backend_new ();
  g_autoptr(BwSession) session = resume (backend);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  bw_fake_backend_compute (backend, "GET /v1/batches", endless, NULL);
  bw_session_load_batches_async (session, NULL, result_cb, NULL);
  result = await ();
  g_assert_false (bw_session_load_batches_finish (session, result, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_TOO_LARGE);
}

static void
test_unreachable (void)
{
  g_autofree char *uri = g_strdup_printf ("http://127.0.0.1:%u", (guint) bw_test_free_port ());
  g_autoptr(BwSession) session = make_session (uri);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  bw_session_call_async (session, "GET", "/v1/status", NULL, NULL, result_cb, NULL);
  result = await ();
  g_assert_null (bw_session_call_finish (session, result, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE);
  g_assert_nonnull (strstr (error->message, uri));
  g_assert_false (bw_session_get_online (session));
}

static GPtrArray *
load_ids (BwSession  *session,
          GError    **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  bw_session_load_ids_async (session, "7", 3, 2, NULL, result_cb, NULL);
  result = await ();

  return bw_session_load_ids_finish (session, result, error);
}

static void
test_ids (void)
{
  g_autoptr(BwFakeBackend) backend = bw_fake_backend_new ();
  g_autoptr(BwSession) session = resume (backend);
  g_autoptr(GPtrArray) ids = NULL;
  g_autoptr(GError) error = NULL;

  bw_fake_backend_answer (backend, "GET /v1/batches/7/ids", 200, "aaaa-bbbb-cccc-dddd\n0000-1111-2222-3333\n");
  ids = load_ids (session, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (ids->len, ==, 2);
  g_assert_cmpstr (g_ptr_array_index (ids, 1), ==, "0000-1111-2222-3333");

  bw_fake_backend_answer (backend, "GET /v1/batches/7/ids", 200, "aaaa-bbbb-cccc-dddd\n<html>\n");
  g_assert_null (load_ids (session, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_INVALID);
}

static GPtrArray *
load_facts (BwSession  *session,
            GError    **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  bw_session_load_label_facts_async (session, "7", 3, 2, NULL, result_cb, NULL);
  result = await ();

  return bw_session_load_label_facts_finish (session, result, error);
}

static void
test_label_facts (void)
{
  g_autoptr(BwFakeBackend) backend = bw_fake_backend_new ();
  g_autoptr(BwSession) session = resume (backend);
  g_autoptr(GPtrArray) facts = NULL;
  g_autoptr(GError) error = NULL;
  const BwDeviceFacts *second;

  bw_fake_backend_answer (backend, "GET /v1/batches/7/label-facts", 200,
                          "serial,device_id,name,type,abbreviation,license,machine_id,company,product\r\n"
                          "3,aaaa-bbbb-cccc-dddd,,,,,,\"Main, the first\",\r\n"
                          "4,0000-1111-2222-3333,Lamp,release,LMP,MIT,aa:bb,Main,lamp-2\r\n");
  facts = load_facts (session, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (facts->len, ==, 2);
  g_assert_null (((BwDeviceFacts *) g_ptr_array_index (facts, 0))->type);
  g_assert_cmpstr (((BwDeviceFacts *) g_ptr_array_index (facts, 0))->company, ==, "Main, the first");
  second = g_ptr_array_index (facts, 1);
  g_assert_cmpint (second->serial, ==, 4);
  g_assert_cmpstr (second->device_id, ==, "0000-1111-2222-3333");
  g_assert_cmpstr (second->abbreviation, ==, "LMP");
  g_assert_cmpstr (second->machine_id, ==, "aa:bb");
  g_assert_cmpstr (second->product, ==, "lamp-2");
  g_assert_null (((BwDeviceFacts *) g_ptr_array_index (facts, 0))->product);

  /* a backend of before */
  bw_fake_backend_answer (backend, "GET /v1/batches/7/label-facts", 200,
                          "serial,device_id,name,type,abbreviation,license,machine_id,company\r\n"
                          "3,aaaa-bbbb-cccc-dddd,,,,,,Main\r\n4,0000-1111-2222-3333,,,,,,Main\r\n");
  g_ptr_array_unref (facts);
  facts = load_facts (session, &error);
  g_assert_no_error (error);
  second = g_ptr_array_index (facts, 1);
  g_assert_cmpstr (second->company, ==, "Main");
  g_assert_null (second->product);

  bw_fake_backend_answer (backend, "GET /v1/batches/7/label-facts", 200, "<html>\n<body>\n");
  g_assert_null (load_facts (session, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_INVALID);
}

#define HEAD "device_id,device_key,batch,serial,count,company,color,info,created_at,qr\r\n"
#define ROW1 "aaaa-bbbb-cccc-dddd,0123456789abcdefghjkmnpqrs,\"Spring, \"\"1\"\"\nof 2\",1,2,Main,#3584e4,,2026,AAAABBBBCCCCDDDD\r\n"
#define ROW2 "\"0000-1111-2222-3333\",\"1123456789abcdefghjkmnpqrs\",\"Spring\",2,2,Main,#3584e4,,2026,0000111122223333\r\n"
#define BARE "\"aaaa-bbbb-cccc-dddd\",\"\",\"Spring\",1,2,Main,#3584e4,,2026,X\r\n0000-1111-2222-3333,,Spring,2,2,Main,#3584e4,,2026,X\r\n"

static gboolean
export (BwSession   *session,
        const char  *path,
        gboolean    *ret_had_keys,
        GError     **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  bw_session_export_batch_async (session, "7", path, NULL, NULL, NULL, result_cb, NULL);
  result = await ();

  return bw_session_export_batch_finish (session, result, ret_had_keys, error);
}

static guint
count_files (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

static void
test_export (void)
{
  g_autoptr(BwFakeBackend) backend = bw_fake_backend_new ();
  g_autoptr(BwSession) session = resume (backend);
  g_autofree char *folder = bw_test_make_dir ();
  g_autofree char *path = g_build_filename (folder, "hand-over.csv", NULL);
  g_autofree char *other = g_build_filename (folder, "other.csv", NULL);
  g_autofree char *nowhere = g_build_filename (folder, "no", "such", "folder.csv", NULL);
  g_autofree char *ready = g_strdup_printf (BATCH, 2, "ready");
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  gboolean had_keys = FALSE;
  struct stat info;

  bw_fake_backend_answer (backend, "GET /v1/batches/7", 200, ready);
  bw_fake_backend_answer (backend, "POST /v1/batches/7/handed-over", 200, "{}");

  /* a file that broke off leaves nothing, and the backend keeps the keys */
  bw_fake_backend_answer (backend, "GET /v1/batches/7/hand-over.csv", 200, HEAD ROW1);
  g_assert_false (export (session, path, &had_keys, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE);
  g_clear_error (&error);
  g_assert_cmpuint (bw_fake_backend_count (backend, "POST /v1/batches/7/handed-over"), ==, 0);
  g_assert_cmpuint (count_files (folder), ==, 0);

  bw_fake_backend_answer (backend, "GET /v1/batches/7/hand-over.csv", 200, HEAD ROW1 ROW2);
  g_assert_false (export (session, nowhere, &had_keys, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE);
  g_assert_nonnull (strstr (error->message, nowhere));
  g_clear_error (&error);
  g_assert_cmpuint (bw_fake_backend_count (backend, "POST /v1/batches/7/handed-over"), ==, 0);

  g_assert_true (export (session, path, &had_keys, &error));
  g_assert_no_error (error);
  g_assert_true (had_keys);
  g_assert_cmpuint (bw_fake_backend_count (backend, "POST /v1/batches/7/handed-over"), ==, 1);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, HEAD ROW1 ROW2);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, 0600);

  /* a file without keys never replaces one that may hold them */
  bw_fake_backend_answer (backend, "GET /v1/batches/7/hand-over.csv", 200, HEAD BARE);
  g_assert_false (export (session, path, &had_keys, &error));
  g_assert_error (error, BW_ERROR, BW_ERROR_CONFLICT);
  g_clear_error (&error);
  g_assert_true (export (session, other, &had_keys, &error));
  g_assert_false (had_keys);
  g_assert_cmpuint (bw_fake_backend_count (backend, "POST /v1/batches/7/handed-over"), ==, 1);
  g_assert_cmpuint (count_files (folder), ==, 2);

  /* every field in quotes, as our own backend writes them */
  bw_fake_backend_answer (backend, "GET /v1/batches/7/hand-over.csv", 200, HEAD ROW2 ROW2);
  g_assert_true (export (session, other, &had_keys, &error));
  g_assert_true (had_keys);

  bw_test_remove_dir (folder);
}

static void
test_act_and_set (void)
{
  g_autoptr(BwFakeBackend) backend = bw_fake_backend_new ();
  g_autoptr(BwSession) session = resume (backend);
  static const char * const ids[] = { "aaaa-bbbb-cccc-dddd", "0000-1111-2222-3333", NULL };
  g_autoptr(GAsyncResult) acted = NULL;
  g_autoptr(GAsyncResult) set = NULL;
  g_autoptr(GPtrArray) results = NULL;
  g_autoptr(BwCommand) command = NULL;
  g_autoptr(GError) error = NULL;

  bw_fake_backend_answer (backend, "POST /v1/devices/actions", 200,
                          "{\"results\":[{\"id\":\"aaaa-bbbb-cccc-dddd\",\"reason\":null},"
                          "{\"id\":\"0000-1111-2222-3333\",\"reason\":\"it never connected\"}]}");
  bw_session_act_async (session, "approve", ids, NULL, result_cb, NULL);
  acted = await ();
  results = bw_session_act_finish (session, acted, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (results->len, ==, 2);
  g_assert_null (((BwActionResult *) g_ptr_array_index (results, 0))->reason);
  g_assert_cmpstr (((BwActionResult *) g_ptr_array_index (results, 1))->reason, ==, "it never connected");
  g_assert_cmpstr (bw_fake_backend_get_body (backend, "POST /v1/devices/actions"), ==,
                   "{\"action\":\"approve\",\"ids\":[\"aaaa-bbbb-cccc-dddd\",\"0000-1111-2222-3333\"]}");

  bw_fake_backend_answer (backend, "POST /v1/devices/aaaa-bbbb-cccc-dddd/set", 202,
                          "{\"id\":\"9\",\"revision\":3,\"deviceId\":\"aaaa-bbbb-cccc-dddd\",\"node\":\"n\",\"property\":\"p\","
                          "\"value\":\"1\",\"state\":\"confirmed\",\"reason\":null,\"createdAt\":1,\"updatedAt\":2}");
  bw_session_set_async (session, "aaaa-bbbb-cccc-dddd", "n", "p", "1", 5, NULL, result_cb, NULL);
  set = await ();
  command = bw_session_set_finish (session, set, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (bw_command_get_state (command), ==, BW_COMMAND_CONFIRMED);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/client/session/addresses", test_addresses);
  g_test_add_func ("/client/session/sign-in", test_sign_in);
  g_test_add_func ("/client/session/token-ends", test_token_ends);
  g_test_add_func ("/client/session/conflict", test_conflict);
  g_test_add_func ("/client/session/a-code-is-needed", test_a_code_is_needed);
  g_test_add_func ("/client/session/cancel", test_cancel);
  g_test_add_func ("/client/session/rubbish", test_rubbish);
  g_test_add_func ("/client/session/too-large", test_too_large);
  g_test_add_func ("/client/session/unreachable", test_unreachable);
  g_test_add_func ("/client/session/ids", test_ids);
  g_test_add_func ("/client/session/label-facts", test_label_facts);
  g_test_add_func ("/client/session/export", test_export);
  g_test_add_func ("/client/session/act-and-set", test_act_and_set);

  return g_test_run ();
}
