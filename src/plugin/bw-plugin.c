/* bw-plugin.c: bellwether in a stock Mosquitto 2
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-plugin.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sodium.h>

#include <mosquitto.h>
#include <mosquitto_broker.h>
#include <mosquitto_plugin.h>

/* The broker runs one thread and everybody waits while we are in it: no network,
 * no slow hash (a device key is 130 random bits, so a fast one is enough), and
 * SQLite only to admit somebody and when the database was written. */

#define EXPORT __attribute__ ((visibility ("default")))

#define POLL_INTERVAL_US   (100 * 1000)
#define EXPIRE_INTERVAL_US (1000 * 1000)

/* A backend subscribes several filters, one behind the other. */
#define SAVE_DELAY_US      (500 * 1000)

/* More changes than this at once, and looking at everybody who is here is quicker. */
#define CHANGES_PER_TICK   1000

static mosquitto_plugin_id_t *plugin_id;

static int64_t
read_clock (clockid_t which)
{
  struct timespec now;

  clock_gettime (which, &now);

  return (int64_t) now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t
bw_plugin_get_time (void)
{
  return read_clock (CLOCK_REALTIME);
}

void
bw_plugin_save_soon (BwPlugin *self)
{
  if (!self->is_saved)
    self->save_at_us = read_clock (CLOCK_MONOTONIC_COARSE) + SAVE_DELAY_US;
}

/* Mosquitto writes its sessions down each autosave_interval only. One that is killed before its first save would come
 * back without the backend's, and keep nothing for it while it is away. The signal is how Mosquitto is asked to. */
static void
save_once (BwPlugin *self,
           int64_t   now_us)
{
  if (self->is_saved || self->save_at_us == 0 || now_us < self->save_at_us)
    return;

  self->is_saved = true;
  kill (getpid (), SIGUSR1);
}

static void
take_changes (BwPlugin *self)
{
  char username[BW_USERNAME_MAX_BYTES + 1];

  for (unsigned n = 0; n < CHANGES_PER_TICK; n++)
    {
      switch (bw_broker_db_next_change (self->db, username))
        {
        case BW_CHANGES_ONE:
          bw_admission_review_one (self, username);
          break;

        case BW_CHANGES_MISSED:
          bw_admission_review_all (self);
          return;

        case BW_CHANGES_END:
        default:
          return;
        }
    }

  bw_broker_db_skip_changes (self->db);
  bw_admission_review_all (self);
}

static int
tick_cb (int   event,
         void *event_data,
         void *user_data)
{
  BwPlugin *self = user_data;
  int64_t now_us = read_clock (CLOCK_MONOTONIC_COARSE);

  bw_presences_say (&self->presences);
  save_once (self, now_us);

  if (now_us < self->poll_at_us)
    return MOSQ_ERR_SUCCESS;
  self->poll_at_us = now_us + POLL_INTERVAL_US;

  switch (bw_broker_db_poll (self->db, now_us))
    {
    case BW_POLL_OPENED:
      self->generation++;
      bw_admission_review_all (self);
      break;

    case BW_POLL_WRITTEN:
      self->generation++;
      take_changes (self);
      break;

    case BW_POLL_QUIET:
    case BW_POLL_ABSENT:
    default:
      break;
    }

  if (now_us >= self->expire_at_us)
    {
      self->expire_at_us = now_us + EXPIRE_INTERVAL_US;
      bw_admission_review_expired (self);
    }

  return MOSQ_ERR_SUCCESS;
}

static const struct
{
  int                        event;
  MOSQ_FUNC_generic_callback callback;
} callbacks[] = {
  { MOSQ_EVT_BASIC_AUTH, bw_admission_auth_cb },
  { MOSQ_EVT_DISCONNECT, bw_admission_leave_cb },
  { MOSQ_EVT_ACL_CHECK, bw_acl_check_cb },
  { MOSQ_EVT_TICK, tick_cb },
};

#define N_CALLBACKS (sizeof callbacks / sizeof callbacks[0])

static void
plugin_free (BwPlugin *self)
{
  if (self == NULL)
    return;

  bw_broker_db_free (self->db);
  bw_clients_clear (&self->clients);
  bw_presences_clear (&self->presences);
  bw_held_clear (&self->held);
  bw_quotas_clear (&self->quotas);
  free (self);
}

static BwPlugin *
plugin_new (const char *path)
{
  BwPlugin *self = calloc (1, sizeof *self);

  if (self == NULL)
    return NULL;

  self->db = bw_broker_db_new (path);
  if (self->db == NULL || !bw_clients_init (&self->clients) || !bw_presences_init (&self->presences) ||
      !bw_held_init (&self->held) || !bw_quotas_init (&self->quotas))
    {
      plugin_free (self);
      return NULL;
    }

  return self;
}

EXPORT int
mosquitto_plugin_version (int        n_versions,
                          const int *versions)
{
  for (int i = 0; i < n_versions; i++)
    {
      if (versions[i] == MOSQ_PLUGIN_VERSION)
        return MOSQ_PLUGIN_VERSION;
    }

  return -1;
}

EXPORT int
mosquitto_plugin_init (mosquitto_plugin_id_t *identifier,
                       void                 **user_data,
                       struct mosquitto_opt  *options,
                       int                    n_options)
{
  const char *path = NULL;
  BwPlugin *self;

  for (int i = 0; i < n_options; i++)
    {
      if (strcmp (options[i].key, "database") == 0)
        path = options[i].value;
    }

  if (path == NULL || *path == '\0')
    {
      mosquitto_log_printf (MOSQ_LOG_ERR, "bellwether: mosquitto.conf needs a line plugin_opt_database PATH");
      return MOSQ_ERR_INVAL;
    }

  if (sodium_init () < 0)
    {
      mosquitto_log_printf (MOSQ_LOG_ERR, "bellwether: libsodium does not start");
      return MOSQ_ERR_UNKNOWN;
    }

  self = plugin_new (path);
  if (self == NULL)
    return MOSQ_ERR_NOMEM;

  plugin_id = identifier;
  *user_data = self;

  for (size_t i = 0; i < N_CALLBACKS; i++)
    {
      int status = mosquitto_callback_register (plugin_id, callbacks[i].event, callbacks[i].callback, NULL, self);

      if (status != MOSQ_ERR_SUCCESS)
        return status;
    }

  return MOSQ_ERR_SUCCESS;
}

EXPORT int
mosquitto_plugin_cleanup (void                 *user_data,
                          struct mosquitto_opt *options,
                          int                   n_options)
{
  for (size_t i = 0; i < N_CALLBACKS; i++)
    mosquitto_callback_unregister (plugin_id, callbacks[i].event, callbacks[i].callback, NULL);

  plugin_free (user_data);

  return MOSQ_ERR_SUCCESS;
}
