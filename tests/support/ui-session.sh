#!/bin/bash
# ui-session.sh COMMAND...  runs a program for eyes and assistive technology without a display
#
# A home, a session bus and a virtual screen of their own, thrown away afterwards. GTK draws with cairo, without
# animations and with a fixed font, so that two runs give the same picture.
#
#   BW_UI_SIZE=1280x800     the screen
#   BW_UI_SCHEME=dark       the dark style
#   BW_UI_LANGUAGE=de       the language, from the catalogues of the build tree
#   BW_UI_SECRETS=file      a keyring in a file; without it there is none
#
# SPDX-License-Identifier: GPL-3.0-or-later
set -euo pipefail

place=$(mktemp -d "${TMPDIR:-/tmp}/bw-ui.XXXXXX")
trap 'rm -rf "$place"' EXIT

export HOME=$place/home XDG_RUNTIME_DIR=$place/run
export XDG_CONFIG_HOME=$HOME/.config XDG_DATA_HOME=$HOME/.local/share XDG_CACHE_HOME=$HOME/.cache XDG_STATE_HOME=$HOME/.local/state
mkdir -p "$XDG_CONFIG_HOME/gtk-4.0" "$XDG_DATA_HOME" "$XDG_CACHE_HOME" "$XDG_RUNTIME_DIR"
chmod 700 "$XDG_RUNTIME_DIR"
cat >"$XDG_CONFIG_HOME/gtk-4.0/settings.ini" <<'INI'
[Settings]
gtk-font-name=Cantarell 11
gtk-enable-animations=0
gtk-cursor-blink=0
INI

export BW_UI_SESSION=1 LANG=C.UTF-8 LC_ALL=C.UTF-8 TZ=UTC GSETTINGS_BACKEND=${GSETTINGS_BACKEND:-memory}
export GDK_BACKEND=x11 GSK_RENDERER=cairo GDK_DEBUG=gl-disable
export GTK_A11Y=${GTK_A11Y:-atspi} GTK_USE_PORTAL=0 ADW_DISABLE_PORTAL=1 GIO_USE_VFS=local GIO_USE_PROXY_RESOLVER=dummy
unset WAYLAND_DISPLAY DISPLAY DBUS_SESSION_BUS_ADDRESS

if [ "${BW_UI_SCHEME:-}" = dark ]; then
  export ADW_DEBUG_COLOR_SCHEME=prefer-dark
fi

# gettext takes no catalogue in the C locale, whatever LANGUAGE says; a locale of our own needs no root.
# Only the program gets it: this shell has started without and would complain.
language=()
if [ -n "${BW_UI_LANGUAGE:-}" ]; then
  territory=${BW_UI_LANGUAGE}_$([ "$BW_UI_LANGUAGE" = uk ] && echo UA || echo "${BW_UI_LANGUAGE^^}")
  mkdir "$place/locales"
  localedef -i "$territory" -f UTF-8 "$place/locales/$territory.UTF-8" 2>/dev/null || true
  language=(env LOCPATH="$place/locales" LANG="$territory.UTF-8" LC_ALL="$territory.UTF-8" LANGUAGE="$BW_UI_LANGUAGE")
fi

if [ "${BW_UI_SECRETS:-}" = file ]; then
  export SECRET_BACKEND=file SECRET_FILE_TEST_PATH=$place/keyring SECRET_FILE_TEST_PASSWORD=test
fi

# Two that look for a free screen at once find the same one: each begins to look at a place of its own.
# What the bus starts writes where the bus does: beside the program's own output, not into it.
status=0
exec 3>&1
dbus-run-session -- sh -c 'exec "$@" >&3 3>&-' sh xvfb-run -n "$((100 + $$ % 30000))" -a -s "-screen 0 ${BW_UI_SIZE:-1280x800}x24 -nolisten tcp" "${language[@]}" "$@" >&2 || status=$?
exit "$status"
