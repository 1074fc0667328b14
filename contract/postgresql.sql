-- A table design for what hubs send, for PostgreSQL 13 or newer. `examples/receiver.py` writes into it. May be run again.
--
-- Every record (alert step, event, batch of readings) is inserted into `record` first, in the transaction that stores what is
-- in it: what came before conflicts there, and nothing else happens. Times of the home's timeline and wall clocks are kept
-- as they came (`*_ms`, milliseconds since 1970): a hub without a clock sends wrong ones, and they must not be refused.
-- Times of this side are timestamptz. Homes have opaque ids; who lives there belongs into tables with other rights.

begin;

-- One row for each hub: what is known of it now. Nothing here is history.
create table if not exists hub (
  home text primary key,
  -- What its retained status said last: online, stopped, lost.
  status text,
  -- When the last heartbeat arrived, by this side's clock, and how soon it promised the next one.
  heartbeat_at timestamptz,
  next_due_seconds integer,
  -- Since when it is overdue; null: it is not. README.md says how this is counted.
  lost_since timestamptz,
  agent_version text,
  configuration_hash text,
  clock_trust text,
  mode text,
  -- The last heartbeat in JSON: queues, dropped readings, power.
  heartbeat jsonb,
  -- By rule and by signal, from the last heartbeat, brief ones spelled out.
  rules jsonb,
  signals jsonb
);
create index if not exists hub_lost on hub (lost_since) where lost_since is not null;

-- Every time that a hub was lost.
create table if not exists outage (
  home text not null,
  began timestamptz not null,
  ended timestamptz,
  primary key (home, began)
);

-- The lists of spelled out heartbeats that brief ones name. Two a hub are enough; see receiver.py.
create table if not exists heartbeat_lists (
  home text not null,
  number bigint not null,
  received_at timestamptz not null,
  rules jsonb not null,
  signals jsonb not null,
  primary key (home, number)
);

-- Deduplication: header.id of everything that was ever stored. 30 rows a day for each home; the longest a hub keeps a record is
-- about a year, so older rows may go.
create table if not exists record (
  id text primary key,
  home text not null,
  sequence bigint not null,
  topic text not null,
  boot_id text not null,
  wall_ms bigint not null,
  clock_trust text not null,
  late boolean not null,
  received_at timestamptz not null default now()
);
create index if not exists record_received on record using brin (received_at);

-- What an alert is now: the state of its latest step.
create table if not exists alert (
  home text not null,
  alert_id text not null,
  rule text not null,
  kind text not null,
  -- red, orange, yellow, technical. Not constrained: a newer hub may say a new word, and must be heard.
  severity text not null,
  -- pre_alarm, raised, escalated, acknowledged, cancelled, cleared
  state text not null,
  signals text[] not null,
  reasons text[] not null,
  test boolean not null,
  began_ms bigint not null,
  raised_ms bigint not null,
  -- When the latest step happened, and its sequence: a step that arrives late must not undo a later one.
  at_ms bigint not null,
  sequence bigint not null,
  primary key (home, alert_id)
);
create index if not exists alert_open on alert (severity, raised_ms) where state in ('raised', 'escalated');

-- Every step of every alert, for ever: this is what is asked for afterwards.
create table if not exists alert_step (
  id text primary key references record (id),
  home text not null,
  alert_id text not null,
  event text not null,
  severity text not null,
  reasons text[] not null,
  at_ms bigint not null,
  sequence bigint not null
);
create index if not exists alert_step_of on alert_step (home, alert_id, at_ms);

-- Who has taken an alert on. A desk's screen inserts here; the receiver tells the hub.
create table if not exists acceptance (
  home text not null,
  alert_id text not null,
  accepted_by text not null,
  accepted_at timestamptz not null default now(),
  -- When the hub was told last; null: not yet.
  told_at timestamptz,
  primary key (home, alert_id)
);
create index if not exists acceptance_untold on acceptance (accepted_at) where told_at is null;

create table if not exists event (
  id text primary key references record (id),
  home text not null,
  code text not null,
  signals text[] not null,
  text text not null,
  at_ms bigint not null
);
create index if not exists event_of on event (home, at_ms);

-- Points of readings. Its key is the contract's: a thinned record may bring points again. In base units of the quantity.
-- A partition a month: old ones are detached and dropped whole. 1,500 rows a day for a home of ten signals (README.md, "What it costs").
create table if not exists reading (
  home text not null,
  signal text not null,
  at_ms bigint not null,
  value bigint not null,
  quantity text not null,
  quality text not null,
  primary key (home, signal, at_ms)
) partition by range (at_ms);
-- Clocks that were never set, and months that nobody has made.
create table if not exists reading_default partition of reading default;

-- Makes the partitions of `count` months; to be called before they begin, by whatever calls things each month.
create or replace function add_reading_months(first_day date, count integer) returns void language plpgsql as $$
declare
  month date := date_trunc('month', first_day);
begin
  for i in 1 .. count loop
    execute format(
      'create table if not exists %I partition of reading for values from (%s) to (%s)',
      'reading_' || to_char(month, 'YYYY_MM'),
      extract(epoch from month)::bigint * 1000, extract(epoch from month + interval '1 month')::bigint * 1000);
    month := month + interval '1 month';
  end loop;
end $$;
select add_reading_months(date_trunc('month', now())::date, 3);

-- Who is told of what, where there is more than one: platform, family, telecare centre. The hub knows none of them.
create table if not exists recipient (
  id bigint generated always as identity primary key,
  home text not null,
  name text not null,
  role text not null check (role in ('platform', 'family', 'centre', 'installer')),
  -- Which alerts: by severity, and by kind where it is not empty.
  severities text[] not null default '{red,orange,yellow}',
  kinds text[] not null default '{}',
  wants_tests boolean not null default false
);
create index if not exists recipient_of on recipient (home);

-- What each recipient is to be told of, worst and oldest first; a test goes to those who want tests.
create or replace view to_tell as
  select r.id as recipient, r.role, r.name, a.*
  from alert a join recipient r using (home)
  where a.state in ('raised', 'escalated') and a.severity = any (r.severities)
    and (r.kinds = '{}' or a.kind = any (r.kinds)) and (r.wants_tests or not a.test)
  order by array_position(array['red', 'orange', 'yellow', 'technical'], a.severity), a.raised_ms;

commit;
