/**
 * Given on the command line, so that what runs is what stands here. Sized for a small machine that also runs
 * Tenure; a large installation sets DATABASE_URL.
 */
export function settings(socketFolder: string, port: number): readonly string[] {
  const values: Readonly<Record<string, string>> = {
    listen_addresses: '',
    unix_socket_directories: socketFolder,
    unix_socket_permissions: '0700',
    port: String(port),

    // What makes a commit durable: the defaults, and said, because everything else stands on them.
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',

    max_connections: '100',
    shared_buffers: '64MB',
    min_wal_size: '80MB',
    max_wal_size: '512MB',
    random_page_cost: '1.1',
    jit: 'off',
    io_method: 'sync', // no three reader processes beside a database that fits in memory

    // A log for operators: no statement and no DETAIL line, because both would carry people's data.
    log_destination: 'stderr',
    logging_collector: 'off',
    log_min_messages: 'warning',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_checkpoints: 'off',

    timezone: 'UTC',
    log_timezone: 'UTC',
    lc_messages: 'C', // we read some of its messages
  }
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}
