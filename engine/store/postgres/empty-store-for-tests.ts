import type { Pool } from 'pg'
import type { StoreSubject } from '../conformance-given.ts'
import { createTestDatabase } from '../test-database.ts'
import { openPool, postgresStore } from './postgres-store.ts'

/**
 * Empties all tables and starts their numbers anew, in a fraction of the time that a new database takes. Events may not be
 * deleted: hence the role of a replica, for which no trigger fires.
 */
const EMPTY = `DO $$ DECLARE each record; BEGIN
  SET LOCAL session_replication_role = replica;
  FOR each IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migration' LOOP
    EXECUTE format('DELETE FROM %I', each.name);
  END LOOP;
  FOR each IN SELECT sequencename AS name FROM pg_sequences WHERE schemaname = 'public' LOOP
    EXECUTE format('ALTER SEQUENCE %I RESTART', each.name);
  END LOOP;
END $$`

export interface PostgresSubject extends StoreSubject {
  readonly pool: Pool
  end(): Promise<void>
}

/** PostgreSQL under a suite: one database, emptied whenever it is opened. */
export async function postgresSubject(): Promise<PostgresSubject> {
  const database = await createTestDatabase()
  const pool = openPool(database.connectionConfig)
  return {
    name: 'PostgreSQL',
    pool,
    async open() {
      await pool.query(EMPTY)
      return { store: postgresStore(pool), close: async () => undefined }
    },
    async end() {
      await pool.end()
      await database.drop()
    },
  }
}
