import type { Pool, PoolClient, Submittable } from 'pg'

/*
 * COPY, which the driver leaves to whoever needs it: a statement that speaks its own part of the protocol. The text
 * format is PostgreSQL's own, a line for each row: it can be read by people, compared by line, and fed to psql.
 */

/** What the driver calls of a statement that is handed to it. */
interface Copying extends Submittable {
  /** The driver puts its own around it, which ends its patience. */
  callback: (fault: Error | null) => void
  handleCopyInResponse(connection: CopyConnection): void
  handleCopyData(message: { readonly chunk: Buffer }): void
  handleCommandComplete(): void
  handleReadyForQuery(): void
  handleError(fault: Error): void
}

interface CopyConnection {
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
}

async function copy(client: PoolClient, statement: string, rows: string): Promise<string> {
  const chunks: Buffer[] = []
  await new Promise<void>((resolve, reject) => {
    const copying: Copying = {
      callback: (fault) => (fault ? reject(fault) : resolve()),
      submit: (connection) => connection.query(statement),
      handleCopyInResponse(connection) {
        if (rows !== '') connection.sendCopyFromChunk(Buffer.from(rows, 'utf8'))
        connection.endCopyFrom()
      },
      // A copy: the driver reads the next part into the same memory.
      handleCopyData: ({ chunk }) => void chunks.push(Buffer.from(chunk)),
      handleCommandComplete: () => undefined,
      handleReadyForQuery: () => copying.callback(null),
      handleError: (fault) => copying.callback(fault),
    }
    client.query(copying)
  })
  return Buffer.concat(chunks).toString('utf8')
}

/** The rows of a query, as COPY writes them. */
export async function copyOut(pool: Pool, query: string): Promise<string> {
  const client = await pool.connect()
  try {
    return await copy(client, `COPY (${query}) TO STDOUT`, '')
  } finally {
    client.release()
  }
}

/** Takes such rows. What a column that is numbered by itself held, it holds again. */
export async function copyIn(pool: Pool, table: string, columns: readonly string[], rows: string): Promise<void> {
  const client = await pool.connect()
  try {
    await copy(client, `COPY ${table} (${columns.join(', ')}) FROM STDIN`, rows)
  } finally {
    client.release()
  }
}
