-- A timer that was done or cancelled leaves no row behind, and the next one of its id would count its fences from 0 again:
-- a worker that had been away since the first could then settle, and so delete, the second. So no two births share a fence:
-- each begins a range of its own, far wider than a timer is ever claimed.
CREATE SEQUENCE timer_fence START 1000000 INCREMENT 1000000;
ALTER TABLE timer ALTER COLUMN fence SET DEFAULT nextval('timer_fence');
