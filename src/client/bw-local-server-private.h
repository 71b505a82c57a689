/* bw-local-server-private.h: what the files of BwLocalServer share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-local-certificates.h"
#include "bw-local-server.h"

G_BEGIN_DECLS

/* Where the others are, likewise, and where this build is to be installed. (transfer full) */
char    *bw_local_server_find_plugin  (GError     **error);
char    *bw_local_server_find_broker  (GError     **error);

/* @certificates: (nullable): then it listens for TLS, and nothing else */
gboolean bw_local_server_write_conf   (const char           *data_dir,
                                       const char           *plugin,
                                       guint16               port,
                                       BwLocalCertificates  *certificates,
                                       GError              **error);

/* The data folder, made when missing. A descriptor to lock it by; -1 with @error */
int      bw_local_server_open_folder  (const char  *data_dir,
                                       GError     **error);
gboolean bw_local_server_take_lock    (int          fd,
                                       const char  *data_dir,
                                       GError     **error);
gboolean bw_local_server_has_broker_db (const char *data_dir);

/* A port that is free now, @wanted itself when it is not 0. */
gboolean bw_local_server_pick_port    (guint16      wanted,
                                       guint16     *ret_port,
                                       GError     **error);

/* Opens a log to append to; one that has grown long becomes NAME.old first.
 * @ret_start: where this run begins. -1 with @error */
int      bw_local_server_open_log     (const char  *path,
                                       gint64      *ret_start,
                                       GError     **error);
/* The line of a log since @start that says best why the program @name ended. (transfer full) (nullable) */
char    *bw_local_server_last_words   (const char  *path,
                                       gint64       start,
                                       const char  *name);

/* @log_fd: (transfer full). @lock_fd: the child holds it too, so that the folder is free when the last one is gone.
 * @database: (nullable): for the environment, where nobody else sees its password. */
GSubprocess *bw_local_server_spawn    (const char * const *argv,
                                       GSubprocessFlags    flags,
                                       int                 log_fd,
                                       int                 lock_fd,
                                       const char         *database,
                                       GError            **error);
/* One sentence, from its log or from its status. (transfer full) */
GError  *bw_local_server_why_it_ended (const char         *name,
                                       const char         *log_path,
                                       gint64              log_start,
                                       GSubprocess        *process);

G_END_DECLS
