-- Removals that are under way when this version starts are looked at like all others: each ending grant gets the timer that
-- it would have been given when it began to end. The bound is the one that is in force unless configured otherwise; who
-- looks too early looks again.
INSERT INTO timer (id, kind, about, due_at)
SELECT substr(name, 7) || ':overdue', 'removal overdue', substr(name, 7),
  (extract(epoch FROM (state ->> 'endingSince')::timestamptz) * 1000)::bigint + 900000
FROM stream_state
WHERE kind = 'grant' AND state ->> 'status' = 'ending' AND state ->> 'endingSince' IS NOT NULL
ON CONFLICT (id) DO NOTHING;
