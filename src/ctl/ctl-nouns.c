/* ctl-nouns.c: companies, users, participations, roles, tags: their columns, options and commands
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-ctl"

#include "ctl-nouns.h"

#include <glib/gi18n.h>

#define SEARCH { "search", "search", CTL_FIELD_TEXT, N_("TEXT"), N_("Part of a name or an address") }
#define TAG_FILTER { "tag", "tag", CTL_FIELD_TAG, N_("TAG"), N_("Only those marked with it") }
#define SORT { "sort", "sort", CTL_FIELD_TEXT, N_("COLUMN"), N_("A column; with a dash before it, the other way round") }
#define TAGS { "tag", "tags", CTL_FIELD_TAGS, N_("TAG"), N_("All that it is marked with, each again; “none” for none") }
#define FIRST_DAY { "first-day", "firstDay", CTL_FIELD_DAY, N_("DAY"), N_("From this day on, as 2026-11-25, in UTC; “none”: at once") }
#define LAST_DAY { "last-day", "lastDay", CTL_FIELD_DAY, N_("DAY"), N_("To the end of this day; “none”: for good") }
#define ROLE(is_needed) { "role", "roleId", CTL_FIELD_ROLE, N_("ROLE"), N_("The role"), is_needed }

/* Companies */

static const CtlColumn company_columns[] = {
  { N_("Company"), "name", CTL_COLUMN_TEXT },
  { N_("Alias"), "alias", CTL_COLUMN_TEXT },
  { N_("Id"), "id", CTL_COLUMN_TEXT },
  { N_("Devices"), "nDevices", CTL_COLUMN_NUMBER },
  { N_("Participants"), "nParticipations", CTL_COLUMN_NUMBER },
  { N_("Subsidiaries"), "nSubsidiaries", CTL_COLUMN_NUMBER },
  { N_("Parent"), "parentId", CTL_COLUMN_COMPANY, TRUE },
  { N_("Address"), "address", CTL_COLUMN_TEXT, TRUE },
  { N_("Phone"), "phone", CTL_COLUMN_TEXT, TRUE },
  { N_("E-mail"), "email", CTL_COLUMN_TEXT, TRUE },
  { N_("Tags"), "tags", CTL_COLUMN_TAGS, TRUE },
  { N_("Created"), "createdAt", CTL_COLUMN_TIME, TRUE },
  { N_("Edited"), "editedAt", CTL_COLUMN_TIME, TRUE },
  { NULL }
};
static const CtlField company_filters[] = { SEARCH, TAG_FILTER, { NULL } };
static const CtlField company_fields[] = {
  { "name", "name", CTL_FIELD_TEXT, N_("NAME"), N_("The name"), TRUE },
  { "alias", "alias", CTL_FIELD_TEXT, N_("ALIAS"), N_("What a person types to join: a to z, digits and dashes"), TRUE },
  { "parent", "parentId", CTL_FIELD_COMPANY, N_("COMPANY"), N_("The company above") },
  { "address", "address", CTL_FIELD_TEXT, N_("TEXT"), N_("The address") },
  { "phone", "phone", CTL_FIELD_TEXT, N_("NUMBER"), N_("The phone number") },
  { "email", "email", CTL_FIELD_TEXT, N_("ADDRESS"), N_("The e-mail address") },
  TAGS,
  { NULL }
};
static const CtlNoun companies = {
  "company", "/v1/companies", company_columns, company_filters, company_fields, company_fields, ctl_find_company,
  .arrange = ctl_arrange_tree
};

/* Users */

static const CtlColumn user_columns[] = {
  { N_("E-mail"), "email", CTL_COLUMN_TEXT },
  { N_("Name"), "name", CTL_COLUMN_TEXT },
  { N_("Id"), "id", CTL_COLUMN_TEXT },
  { N_("Status"), "status", CTL_COLUMN_TEXT },
  { N_("Suspended"), "suspended", CTL_COLUMN_YES },
  { N_("Last seen"), "lastSeenAt", CTL_COLUMN_TIME },
  { N_("Participations"), "participations", CTL_COLUMN_ROLES },
  { N_("Second factor"), "totp", CTL_COLUMN_YES, TRUE },
  { N_("Tags"), "tags", CTL_COLUMN_TAGS, TRUE },
  { N_("Created"), "createdAt", CTL_COLUMN_TIME, TRUE },
  { N_("Edited"), "editedAt", CTL_COLUMN_TIME, TRUE },
  { NULL }
};
static const CtlField user_filters[] = {
  SEARCH,
  { "status", "status", CTL_FIELD_TEXT, N_("STATUS"), N_("invited, accepted, self-registered or suspended") },
  { "company", "company", CTL_FIELD_COMPANY, N_("COMPANY"), N_("Only those who act in it or below it") },
  { "role", "role", CTL_FIELD_ROLE, N_("ROLE"), N_("Only those who have it") },
  TAG_FILTER, SORT,
  { NULL }
};
static const CtlField user_create[] = {
  { "email", "email", CTL_FIELD_TEXT, N_("ADDRESS"), N_("The e-mail address"), TRUE },
  { "first-name", "firstName", CTL_FIELD_TEXT, N_("NAME"), N_("The first name") },
  { "last-name", "lastName", CTL_FIELD_TEXT, N_("NAME"), N_("The last name") },
  { "company", "companyId", CTL_FIELD_COMPANY, N_("COMPANY"), N_("The company"), TRUE },
  ROLE (FALSE), FIRST_DAY, LAST_DAY, TAGS,
  { NULL }
};
static const CtlField user_edit[] = {
  { "email", "email", CTL_FIELD_TEXT, N_("ADDRESS"), N_("The e-mail address") },
  { "first-name", "firstName", CTL_FIELD_TEXT, N_("NAME"), N_("The first name") },
  { "last-name", "lastName", CTL_FIELD_TEXT, N_("NAME"), N_("The last name") },
  TAGS,
  { NULL }
};
static const CtlNoun users = { "user", "/v1/users", user_columns, user_filters, user_create, user_edit, ctl_find_user };

/* Participations */

static const CtlColumn participation_columns[] = {
  { N_("Id"), "id", CTL_COLUMN_TEXT },
  { N_("User"), "user", CTL_COLUMN_TEXT },
  { N_("E-mail"), "email", CTL_COLUMN_TEXT },
  { N_("Company"), "company", CTL_COLUMN_TEXT },
  { N_("Role"), "role", CTL_COLUMN_TEXT },
  { N_("First day"), "firstDay", CTL_COLUMN_TEXT },
  { N_("Last day"), "lastDay", CTL_COLUMN_TEXT },
  { N_("In force"), "active", CTL_COLUMN_YES },
  { N_("Created"), "createdAt", CTL_COLUMN_TIME, TRUE },
  { N_("Edited"), "editedAt", CTL_COLUMN_TIME, TRUE },
  { NULL }
};
static const CtlField participation_filters[] = {
  SEARCH,
  { "user", "user", CTL_FIELD_USER, N_("USER"), N_("Only those of this user") },
  { "company", "company", CTL_FIELD_COMPANY, N_("COMPANY"), N_("Only those in it or below it") },
  { "role", "role", CTL_FIELD_ROLE, N_("ROLE"), N_("Only those in this role") },
  { "active", "active", CTL_FIELD_YES, "true|false", N_("Only those that are in force now, or are not") },
  SORT,
  { NULL }
};
static const CtlField participation_create[] = {
  { "user", "userId", CTL_FIELD_USER, N_("USER"), N_("The user"), TRUE },
  { "company", "companyId", CTL_FIELD_COMPANY, N_("COMPANY"), N_("The company"), TRUE },
  ROLE (TRUE), FIRST_DAY, LAST_DAY,
  { NULL }
};
static const CtlField participation_edit[] = { ROLE (FALSE), FIRST_DAY, LAST_DAY, { NULL } };
static const CtlNoun participations = {
  "participation", "/v1/participations", participation_columns, participation_filters, participation_create,
  participation_edit, ctl_find_participation
};

/* Roles */

static const CtlColumn role_columns[] = {
  { N_("Role"), "name", CTL_COLUMN_TEXT },
  { N_("Id"), "id", CTL_COLUMN_TEXT },
  { N_("Built in"), "builtin", CTL_COLUMN_TEXT },
  { N_("Participations"), "nParticipations", CTL_COLUMN_NUMBER },
  { N_("Permissions"), "permissions", CTL_COLUMN_COUNT },
  { N_("Lets do"), "permissions", CTL_COLUMN_LIST, TRUE },
  { N_("Tags"), "tags", CTL_COLUMN_TAGS, TRUE },
  { NULL }
};
static const CtlField no_filters[] = { { NULL } };
static const CtlField role_fields[] = {
  { "name", "name", CTL_FIELD_TEXT, N_("NAME"), N_("The name"), TRUE },
  { "permission", "permissions", CTL_FIELD_PERMISSIONS, N_("PERMISSION"), N_("All that it lets do, each again; see “permission list”") },
  TAGS,
  { NULL }
};
static const CtlNoun roles = { "role", "/v1/roles", role_columns, no_filters, role_fields, role_fields, ctl_find_role };

/* Tags */

static const CtlColumn tag_columns[] = {
  { N_("Tag"), "name", CTL_COLUMN_TEXT },
  { N_("Id"), "id", CTL_COLUMN_TEXT },
  { N_("Color"), "color", CTL_COLUMN_TEXT },
  { N_("Marks"), "nObjects", CTL_COLUMN_NUMBER },
  { N_("Companies"), "companyIds", CTL_COLUMN_COMPANIES },
  { NULL }
};
static const CtlField tag_fields[] = {
  { "name", "name", CTL_FIELD_TEXT, N_("NAME"), N_("The name"), TRUE },
  { "color", "color", CTL_FIELD_TEXT, "#RRGGBB", N_("The color") },
  { "company", "companyIds", CTL_FIELD_COMPANIES, N_("COMPANY"), N_("Only for it and those below; again for more; “none”: for all") },
  { NULL }
};
static const CtlNoun tags = { "tag", "/v1/tags", tag_columns, no_filters, tag_fields, tag_fields, ctl_find_tag };

const CtlNoun * const ctl_nouns[] = { &companies, &users, &participations, &roles, &tags, NULL };

const CtlCommand ctl_noun_commands[] = {
  { "company", "list", "[--search TEXT] [--tag TAG] [--limit COUNT]", N_("List the companies in reach, each below its parent"), ctl_noun_list },
  { "company", "show", "COMPANY", N_("Show a company, by alias, name or id"), ctl_noun_show },
  { "company", "create", "--name NAME --alias ALIAS [--parent COMPANY] …", N_("Create a company"), ctl_noun_create },
  { "company", "edit", "COMPANY [--name NAME] [--parent COMPANY] …", N_("Change a company"), ctl_noun_edit },
  { "company", "delete", "COMPANY [--comment TEXT] [--preview]", N_("Delete a company that nothing hangs on"), ctl_noun_delete },
  { "user", "list", "[--search TEXT] [--status STATUS] [--company COMPANY] …", N_("List the users in reach"), ctl_noun_list },
  { "user", "show", "USER", N_("Show a user, by e-mail address or id"), ctl_noun_show },
  { "user", "create", "--email ADDRESS --company COMPANY [--role ROLE] …",
    N_("Invite somebody; the code is shown this once"), ctl_noun_create },
  { "user", "edit", "USER [--email ADDRESS] [--first-name NAME] …", N_("Change a user"), ctl_noun_edit },
  { "user", "delete", "USER [--comment TEXT] [--preview]", N_("Delete a user"), ctl_noun_delete },
  { "participation", "list", "[--user USER] [--company COMPANY] [--role ROLE] …",
    N_("List who acts where, in which role"), ctl_noun_list },
  { "participation", "show", "ID", N_("Show a participation"), ctl_noun_show },
  { "participation", "create", "--user USER --company COMPANY --role ROLE …",
    N_("Give a user a role in a company and all below it"), ctl_noun_create },
  { "participation", "edit", "ID [--role ROLE] [--first-day DAY] [--last-day DAY] …",
    N_("Change a participation's role or days"), ctl_noun_edit },
  { "participation", "delete", "ID [--comment TEXT] [--preview]", N_("End a participation"), ctl_noun_delete },
  { "role", "list", "[--limit COUNT]", N_("List the roles"), ctl_noun_list },
  { "role", "show", "ROLE", N_("Show a role and its permissions"), ctl_noun_show },
  { "role", "create", "--name NAME [--permission PERMISSION]… …", N_("Create a role"), ctl_noun_create },
  { "role", "edit", "ROLE [--name NAME] [--permission PERMISSION]… …", N_("Change a role of one's own making"), ctl_noun_edit },
  { "role", "delete", "ROLE [--comment TEXT] [--preview]", N_("Delete a role that nobody has"), ctl_noun_delete },
  { "tag", "list", "[--limit COUNT]", N_("List the tags"), ctl_noun_list },
  { "tag", "show", "TAG", N_("Show a tag"), ctl_noun_show },
  { "tag", "create", "--name NAME [--color #RRGGBB] [--company COMPANY]…", N_("Create a tag"), ctl_noun_create },
  { "tag", "edit", "TAG [--name NAME] …", N_("Change a tag"), ctl_noun_edit },
  { "tag", "delete", "TAG [--preview]", N_("Delete a tag, and every mark with it"), ctl_noun_delete },
  { NULL }
};
