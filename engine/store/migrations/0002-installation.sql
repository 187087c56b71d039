-- What this database belongs to: a sandbox and a real company never share one.
CREATE TABLE installation (
  name  text PRIMARY KEY,
  value text NOT NULL
);
