/* bw-device-id.h: the name of a device
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Canonical form: `xxxx-xxxx-xxxx-xxxx`, each x in [a-z0-9]. */
#define BW_DEVICE_ID_LENGTH 19
#define BW_DEVICE_ID_SIZE   (BW_DEVICE_ID_LENGTH + 1)

/* What a QR code carries: upper case, no dashes; 16 alphanumeric characters
 * are exactly what version 1 holds at error correction Q. */
#define BW_DEVICE_CODE_LENGTH 16
#define BW_DEVICE_CODE_SIZE   (BW_DEVICE_CODE_LENGTH + 1)

/* Bytes of randomness in an ID that we make: 16 characters of 5 bits. */
#define BW_DEVICE_ID_RANDOM_BYTES 10

/* A device key: 26 base32 characters of a KDF's output, 130 bits. */
#define BW_DEVICE_KEY_LENGTH 26
#define BW_DEVICE_KEY_SIZE   (BW_DEVICE_KEY_LENGTH + 1)

/* BLAKE2b-256 (libsodium's crypto_generichash, no key) of a device key or of
 * a session token, as kept in broker.db. */
#define BW_SECRET_HASH_BYTES 32

/* Reads an ID in any case, with dashes at the right places or none, white space around it allowed. */
bool bw_device_id_parse (const char *text,
                         size_t      length,
                         char        ret_id[BW_DEVICE_ID_SIZE]);

/* True only for the canonical form itself, exactly @length bytes. */
bool bw_device_id_is_canonical (const char *text,
                                size_t      length);

/* The alphabet is Crockford's base32 in lower case: no i, l, o, u. */
void bw_device_id_from_random (const uint8_t random[BW_DEVICE_ID_RANDOM_BYTES],
                               char          ret_id[BW_DEVICE_ID_SIZE]);

/* @id must be canonical. */
void bw_device_id_to_code (const char *id,
                           char        ret_code[BW_DEVICE_CODE_SIZE]);

/* @bytes: 17 random bytes at least; the first 130 bits are used. */
void bw_device_key_from_bytes (const uint8_t *bytes,
                               char           ret_key[BW_DEVICE_KEY_SIZE]);
