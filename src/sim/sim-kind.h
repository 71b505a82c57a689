/* sim-kind.h: what the simulated devices are
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SIM_MAX_NODES      2
#define SIM_MAX_PROPERTIES 8
#define SIM_VALUE_SIZE     32

typedef enum
{
  SIM_HOLD,      /* changes only when it is set */
  SIM_WALK,      /* wanders between low and high */
  SIM_FOLLOW,    /* moves towards the property `other` */
  SIM_COUNT,     /* grows */
  SIM_CYCLE,     /* an enum that takes another of its values now and then */
  SIM_BUTTON,    /* says once that it was pressed, and is not retained */
} SimMotion;

typedef struct
{
  const char *node;
  const char *id;
  const char *name;
  const char *datatype;
  const char *unit;        /* (nullable) */
  const char *format;      /* (nullable): as Homie 5 has it */
  gboolean    settable;
  SimMotion   motion;
  const char *initial;
  double      low;
  double      high;
  double      step;
  const char *other;       /* followed; or the gate: 0 unless that property has the value `gate` */
  const char *gate;
} SimProperty;

typedef struct
{
  const char *id;
  const char *name;
  const char *type;
} SimNode;

typedef struct
{
  const char  *nick;
  const char  *name;
  const char  *product;
  const char  *version;
  SimNode      nodes[SIM_MAX_NODES];            /* up to the one without an id */
  SimProperty  properties[SIM_MAX_PROPERTIES];
} SimKind;

extern const SimKind sim_kinds[];
extern const guint   sim_n_kinds;

/* NULL: there is none. */
const SimKind *sim_kind_find           (const char          *nick);
guint          sim_kind_get_n_nodes    (const SimKind       *kind);
guint          sim_kind_get_n          (const SimKind       *kind);
int            sim_kind_find_property  (const SimKind       *kind,
                                        const char          *node,
                                        gsize                node_length,
                                        const char          *id,
                                        gsize                id_length);

/* Whether a device takes @text; if not, (transfer full) the reason it gives. */
char          *sim_property_refuse     (const SimProperty   *property,
                                        const char          *text,
                                        gsize                length);

/* The next reading into @value, which holds the last one. @random: 0 to 1;
 * @other: (nullable): the value of the property it names. */
void           sim_property_move       (const SimProperty   *property,
                                        char                 value[SIM_VALUE_SIZE],
                                        double               random,
                                        const char          *other);

G_END_DECLS
