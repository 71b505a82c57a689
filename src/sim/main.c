/* main.c: bellwether-sim, a fleet of devices
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-sim"

#include "sim-options.h"

#include <glib-unix.h>
#include <locale.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXIT_USAGE 2

#define TICK_MS 10

/* A device that fell behind catches up, but not with all of it at once. */
#define MAX_READINGS_A_TICK 20

/* The broker has this long to take the goodbyes. */
#define LEAVE_US (5 * G_USEC_PER_SEC)

/* One thread: the fleet's connections, and a tick that lets values move, echoes
 * come back and faults happen. */

typedef struct
{
  gint64 due_us;
  guint  number;
  guint  property;
  char   value[SIM_VALUE_SIZE];
} Echo;

typedef struct
{
  SimOptions   options;
  BwMqttFleet *fleet;
  GPtrArray   *devices;       /* SimDevice, by their number in the fleet */
  GQueue       echoes;        /* Echo, by time: the delay is the same for all */
  GMainLoop   *loop;
  gint64       started_us;
  gint64       leaving_us;    /* 0: not yet */
  guint        n_ready;
} Sim;

static SimDevice *
get_device (Sim   *sim,
            guint  number)
{
  return g_ptr_array_index (sim->devices, number);
}

static void G_GNUC_PRINTF (2, 3)
tell (Sim        *sim,
      const char *format,
      ...)
{
  va_list arguments;

  if (sim->options.quiet)
    return;

  va_start (arguments, format);
  vprintf (format, arguments);
  va_end (arguments);
  putchar ('\n');
  fflush (stdout);
}

static gint64
next_reading (Sim       *sim,
              SimDevice *device,
              gint64     from_us)
{
  double interval = G_USEC_PER_SEC / sim->options.rate;

  return from_us + (gint64) (interval * (1.0 + sim->options.jitter * (2 * sim_device_random (device) - 1)));
}

static void
connected_cb (BwMqttFleet *fleet,
              guint        number,
              gpointer     user_data)
{
  Sim *sim = user_data;
  SimDevice *device = get_device (sim, number);
  gint64 now_us = g_get_monotonic_time ();

  if (sim->leaving_us != 0)
    return;

  device->is_connected = TRUE;
  sim_device_announce (device, fleet, now_us);
  if (sim->options.rate > 0)
    device->next_us = now_us + (gint64) (sim_device_random (device) * G_USEC_PER_SEC / sim->options.rate);
  tell (sim, "%s connected (%s)", device->id, device->kind->nick);

  if (!device->was_connected)
    {
      device->was_connected = TRUE;
      if (++sim->n_ready == sim->devices->len)
        {
          printf ("ready %u devices after %.1f s\n", sim->n_ready,
                  (double) (now_us - sim->started_us) / G_USEC_PER_SEC);
          fflush (stdout);
        }
    }
}

static void
lost_cb (BwMqttFleet *fleet,
         guint        number,
         gboolean     was_connected,
         const char  *reason,
         gpointer     user_data)
{
  Sim *sim = user_data;
  SimDevice *device = get_device (sim, number);

  device->is_connected = FALSE;
  device->describe_at_us = 0;
  if (sim->leaving_us == 0)
    tell (sim, was_connected ? "%s lost its connection: %s" : "%s cannot connect: %s", device->id, reason);
}

static void
message_cb (BwMqttFleet *fleet,
            guint        number,
            const char  *topic,
            const char  *payload,
            gsize        length,
            gpointer     user_data)
{
  Sim *sim = user_data;
  SimDevice *device = get_device (sim, number);
  g_autofree char *reason = NULL;
  g_autofree char *shown = g_utf8_make_valid (payload, (gssize) MIN (length, 64));
  int property = sim_device_take_set (device, fleet, topic, payload, length, &reason);
  Echo *echo;
  const char *value;

  if (property < 0)
    {
      tell (sim, "%s refused %s = %s: %s", device->id, topic, shown, reason);
      return;
    }

  tell (sim, "%s took %s = %s", device->id, topic, shown);
  if (device->faults & SIM_FAULT_NO_ECHO)
    return;

  /* a colour's value without the name of its form */
  value = g_str_has_prefix (payload, "rgb,") ? payload + strlen ("rgb,") : payload;
  echo = g_new0 (Echo, 1);
  echo->due_us = g_get_monotonic_time () + (gint64) sim->options.delay_ms * 1000;
  echo->number = number;
  echo->property = (guint) property;
  g_strlcpy (echo->value, value, sizeof echo->value);
  g_queue_push_tail (&sim->echoes, echo);
}

static void
run_echoes (Sim    *sim,
            gint64  now_us)
{
  Echo *echo;

  while ((echo = g_queue_peek_head (&sim->echoes)) != NULL && echo->due_us <= now_us)
    {
      SimDevice *device = get_device (sim, echo->number);

      g_queue_pop_head (&sim->echoes);
      if (device->is_connected)
        sim_device_echo (device, sim->fleet, echo->property, echo->value);
      g_free (echo);
    }
}

static void
run_device (Sim       *sim,
            SimDevice *device,
            gint64     now_us)
{
  if (device->dies_at_us != 0 && device->dies_at_us <= now_us)
    {
      bw_mqtt_fleet_freeze (sim->fleet, device->number);
      device->is_dead = TRUE;
      device->is_connected = FALSE;
      tell (sim, "%s died in silence", device->id);
      return;
    }

  if (device->describe_at_us != 0 && device->describe_at_us <= now_us)
    sim_device_describe (device, sim->fleet);

  for (guint i = 0; sim->options.rate > 0 && device->next_us <= now_us; i++)
    {
      if (i == MAX_READINGS_A_TICK)
        {
          device->next_us = now_us;
          break;
        }
      sim_device_read (device, sim->fleet);
      device->next_us = next_reading (sim, device, device->next_us);
    }
}

static gboolean
tick_cb (gpointer data)
{
  Sim *sim = data;
  gint64 now_us = g_get_monotonic_time ();

  if (sim->leaving_us != 0)
    {
      if (bw_mqtt_fleet_get_n_open (sim->fleet) == 0 || now_us > sim->leaving_us + LEAVE_US)
        g_main_loop_quit (sim->loop);
      return G_SOURCE_CONTINUE;
    }

  run_echoes (sim, now_us);
  for (guint i = 0; i < sim->devices->len; i++)
    {
      SimDevice *device = get_device (sim, i);

      if (device->is_connected && !device->is_dead)
        run_device (sim, device, now_us);
    }

  return G_SOURCE_CONTINUE;
}

static gboolean
signal_cb (gpointer data)
{
  Sim *sim = data;

  if (sim->leaving_us != 0)
    return G_SOURCE_CONTINUE;

  sim->leaving_us = g_get_monotonic_time ();
  for (guint i = 0; i < sim->devices->len; i++)
    sim_device_leave (get_device (sim, i), sim->fleet);

  return G_SOURCE_CONTINUE;
}

static gboolean
run (Sim     *sim,
     GError **error)
{
  static const BwMqttFleetFuncs funcs = { connected_cb, lost_cb, message_cb };
  guint tick, terminate, interrupt;

  sim->devices = sim_options_devices (&sim->options, error);
  if (sim->devices == NULL)
    return FALSE;

  sim->fleet = bw_mqtt_fleet_new (sim->options.broker, &funcs, sim, error);
  if (sim->fleet == NULL || !bw_mqtt_fleet_set_trust (sim->fleet, sim->options.ca, NULL, error))
    return FALSE;

  for (guint i = 0; i < sim->devices->len; i++)
    sim_device_join (get_device (sim, i), sim->fleet);

  sim->started_us = g_get_monotonic_time ();
  if (!bw_mqtt_fleet_start (sim->fleet, error))
    return FALSE;

  sim->loop = g_main_loop_new (NULL, FALSE);
  tick = g_timeout_add (TICK_MS, tick_cb, sim);
  terminate = g_unix_signal_add (SIGTERM, signal_cb, sim);
  interrupt = g_unix_signal_add (SIGINT, signal_cb, sim);
  g_main_loop_run (sim->loop);
  g_source_remove (tick);
  g_source_remove (terminate);
  g_source_remove (interrupt);
  g_clear_pointer (&sim->loop, g_main_loop_unref);

  return TRUE;
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GError) error = NULL;
  Sim sim = { .echoes = G_QUEUE_INIT };
  int status = EXIT_SUCCESS;

  setlocale (LC_CTYPE, "");
  signal (SIGPIPE, SIG_IGN);

  if (!sim_options_parse (&sim.options, &argc, &argv, &error) || !run (&sim, &error))
    {
      fprintf (stderr, "bellwether-sim: %s\n", error->message);
      status = error->domain == G_OPTION_ERROR ? EXIT_USAGE : EXIT_FAILURE;
    }

  g_clear_pointer (&sim.fleet, bw_mqtt_fleet_free);
  g_clear_pointer (&sim.devices, g_ptr_array_unref);
  g_queue_clear_full (&sim.echoes, g_free);
  sim_options_clear (&sim.options);

  return status;
}
