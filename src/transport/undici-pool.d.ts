/**
 * undici's pool without the rest of undici, which also has a browser's `fetch`, caches and mocks; its types describe
 * only the whole.
 */
declare module 'undici/lib/dispatcher/pool.js' {
  import { Pool } from 'undici'
  export = Pool
}

declare module 'undici/lib/core/connect.js' {
  import { buildConnector } from 'undici'
  export = buildConnector
}
