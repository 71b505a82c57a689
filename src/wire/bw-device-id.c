/* bw-device-id.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-device-id.h"

#include <string.h>

#define GROUP_LENGTH 4

/* Crockford's base32, in lower case: nothing that reads like something else. */
static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

/* ASCII only: what isspace() and tolower() do depends on the locale. */
static bool
is_space (char c)
{
  return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool
is_id_char (char c)
{
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static char
to_lower (char c)
{
  return c >= 'A' && c <= 'Z' ? (char) (c - 'A' + 'a') : c;
}

bool
bw_device_id_parse (const char *text,
                    size_t      length,
                    char        ret_id[BW_DEVICE_ID_SIZE])
{
  char id[BW_DEVICE_ID_SIZE];
  bool has_dashes;
  size_t at = 0;

  if (text == NULL)
    return false;

  while (length > 0 && is_space (text[0]))
    {
      text++;
      length--;
    }
  while (length > 0 && is_space (text[length - 1]))
    length--;

  if (length != BW_DEVICE_ID_LENGTH && length != BW_DEVICE_CODE_LENGTH)
    return false;

  has_dashes = length == BW_DEVICE_ID_LENGTH;

  for (size_t i = 0; i < BW_DEVICE_ID_LENGTH; i++)
    {
      if (i % (GROUP_LENGTH + 1) == GROUP_LENGTH)
        {
          if (has_dashes && text[at++] != '-')
            return false;
          id[i] = '-';
        }
      else
        {
          id[i] = to_lower (text[at++]);
          if (!is_id_char (id[i]))
            return false;
        }
    }

  id[BW_DEVICE_ID_LENGTH] = '\0';
  memcpy (ret_id, id, sizeof id);

  return true;
}

bool
bw_device_id_is_canonical (const char *text,
                           size_t      length)
{
  if (text == NULL || length != BW_DEVICE_ID_LENGTH)
    return false;

  for (size_t i = 0; i < BW_DEVICE_ID_LENGTH; i++)
    {
      if (i % (GROUP_LENGTH + 1) == GROUP_LENGTH ? text[i] != '-' : !is_id_char (text[i]))
        return false;
    }

  return true;
}

/* Five bits a character, the highest first. */
static char
base32_at (const uint8_t *bytes,
           size_t         index)
{
  size_t bit = index * 5;
  size_t byte = bit / 8;
  unsigned shift = (unsigned) (bit % 8);
  unsigned window = (unsigned) bytes[byte] << 8;

  /* the last character of a run may end with its byte */
  if (shift > 3)
    window |= bytes[byte + 1];

  return alphabet[(window >> (11 - shift)) & 31];
}

void
bw_device_id_from_random (const uint8_t random[BW_DEVICE_ID_RANDOM_BYTES],
                          char          ret_id[BW_DEVICE_ID_SIZE])
{
  size_t n = 0;

  for (size_t i = 0; i < BW_DEVICE_ID_LENGTH; i++)
    ret_id[i] = i % (GROUP_LENGTH + 1) == GROUP_LENGTH ? '-' : base32_at (random, n++);

  ret_id[BW_DEVICE_ID_LENGTH] = '\0';
}

void
bw_device_id_to_code (const char *id,
                      char        ret_code[BW_DEVICE_CODE_SIZE])
{
  size_t n = 0;

  for (size_t i = 0; i < BW_DEVICE_ID_LENGTH; i++)
    {
      if (i % (GROUP_LENGTH + 1) != GROUP_LENGTH)
        ret_code[n++] = id[i] >= 'a' && id[i] <= 'z' ? (char) (id[i] - 'a' + 'A') : id[i];
    }

  ret_code[n] = '\0';
}

void
bw_device_key_from_bytes (const uint8_t *bytes,
                          char           ret_key[BW_DEVICE_KEY_SIZE])
{
  for (size_t i = 0; i < BW_DEVICE_KEY_LENGTH; i++)
    ret_key[i] = base32_at (bytes, i);

  ret_key[BW_DEVICE_KEY_LENGTH] = '\0';
}
