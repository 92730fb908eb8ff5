create table if not exists done_events (
  id text primary key,
  done_at timestamptz not null default now()
);
create table if not exists videos (
  file text primary key,
  name text
);
create table if not exists changes (
  file text not null,
  change text not null
);
