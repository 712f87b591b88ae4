-- Sign-in tables of the authentication library (its own column names) and who may do what in which tenant.
-- They are read before a tenant is known, hence outside row-level security; they hold no business data.
create schema sign_in;
grant usage on schema sign_in to :app;
create table sign_in."user" ("id" text not null primary key, "name" text not null, "email" text not null unique, "emailVerified" boolean not null, "image" text, "createdAt" timestamptz default current_timestamp not null, "updatedAt" timestamptz default current_timestamp not null, "language" text not null default 'fr');
create table sign_in."session" ("id" text not null primary key, "expiresAt" timestamptz not null, "token" text not null unique, "createdAt" timestamptz default current_timestamp not null, "updatedAt" timestamptz not null, "ipAddress" text, "userAgent" text, "userId" text not null references sign_in."user" ("id") on delete cascade);
create table sign_in."account" ("id" text not null primary key, "accountId" text not null, "providerId" text not null, "userId" text not null references sign_in."user" ("id") on delete cascade, "accessToken" text, "refreshToken" text, "idToken" text, "accessTokenExpiresAt" timestamptz, "refreshTokenExpiresAt" timestamptz, "scope" text, "password" text, "createdAt" timestamptz default current_timestamp not null, "updatedAt" timestamptz not null);
create table sign_in."verification" ("id" text not null primary key, "identifier" text not null, "value" text not null, "expiresAt" timestamptz not null, "createdAt" timestamptz default current_timestamp not null, "updatedAt" timestamptz default current_timestamp not null);
create table sign_in."rateLimit" ("id" text not null primary key, "key" text not null unique, "count" integer not null, "lastRequest" bigint not null);
create index "session_userId_idx" on sign_in."session" ("userId");
create index "account_userId_idx" on sign_in."account" ("userId");
create index "verification_identifier_idx" on sign_in."verification" ("identifier");
grant select, insert, update, delete on all tables in schema sign_in to :app;

create schema access;
grant usage on schema access to :app, :read;

create table access.membership (
  tenant_id uuid not null,
  user_id text collate "C" not null,
  role text collate "C" not null,
  is_active boolean not null default true,
  version int not null default 1,
  created_at timestamptz not null default now(),
  primary key (tenant_id, user_id),
  constraint membership_tenant foreign key (tenant_id) references platform.tenant (tenant_id),
  constraint membership_role check (role in ('administrator', 'credit_manager', 'collector', 'sales', 'accountant', 'cfo', 'read_only'))
);
create index membership_user on access.membership (user_id);

create table access.invitation (
  tenant_id uuid not null,
  invitation_id uuid not null,
  email text collate "C" not null,
  name text collate "C" not null,
  role text collate "C" not null,
  token_hash bytea not null,
  invited_by text collate "C" not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  accepted_at timestamptz,
  withdrawn_at timestamptz,
  primary key (tenant_id, invitation_id),
  constraint invitation_role check (role in ('administrator', 'credit_manager', 'collector', 'sales', 'accountant', 'cfo', 'read_only'))
);
create unique index invitation_token on access.invitation (token_hash);

create table access.api_key (
  tenant_id uuid not null,
  api_key_id uuid not null,
  name text collate "C" not null,
  key_hash bytea not null,
  hint text collate "C" not null,
  permissions text[] not null,
  created_by text collate "C" not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  last_used_on date,
  primary key (tenant_id, api_key_id),
  constraint api_key_name_not_blank check (length(trim(name)) between 1 and 100)
);
create unique index api_key_hash on access.api_key (key_hash);
grant select, insert, update on access.membership, access.invitation, access.api_key to :app;
